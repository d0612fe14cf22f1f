"""The same search on either index: SQLite's trigrams in a file, PostgreSQL's (pg_trgm) in a server's database."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from citybraid.commons.library import index
from citybraid.commons.library.index import Opened, find
from citybraid.commons.library.library import Library
from citybraid.commons.packing.pack import Packed
from citybraid.web.cases.catalogue import catalogue
from citybraid.web.cases.words_table import words_in
from citybraid.web.configuration.settings import Settings
from citybraid.web.database import engine as engines
from citybraid.web.database.engine import has_trigrams, open_database, sessions
from citybraid.web.database.tables import CaseWords
from tests.commons.made_case import made_place, packed
from tests.commons.test_library import GOOD
from tests.web import postgres

LESSONS = {
    "often": ("内涝、内涝、内涝。积水", "Waterlogging, waterlogging and waterlogging again."),
    "once": ("街区内涝一次", "One waterlogging in the STRASSE, 50 % of it."),
    "long": ("街区内涝一次" + "，其余说明" * 200, "One waterlogging" + " and much else" * 200),
    "none": ("高温", "Heat in summer, a_b."),
}
RANKED = ["often", "once", "none", "long"]
"""By how often they say 内涝, for their length; the hazard of all is called so."""
ASKED = [
    "内涝",
    "内",
    "积水",
    "WATERLOGGING",
    "waterlogging 内涝",
    "straße",
    "50 %",
    "a_b",
    "%",
    "_",
    "\\",
    "' OR 1=1",
    "高温 heat",
    "",
]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder = tmp_path_factory.mktemp("library")
    made = Library.open(folder / "library", create=True)
    for name, (zh, en) in LESSONS.items():
        lessons = f'licence = "CC0-1.0"\n[problem]\nzh = "{zh}"\nen = "{en}"\n'
        case: Packed = packed(made_place(folder / name, name=name, lessons=lessons), folder / f"{name}.zip")
        made.add(case.file, by="Wang")
        made.review(name, GOOD, by="Li")
        made.release(name, by="Li")
    return made


@pytest.fixture(scope="module")
def postgres_index(
    library: Library, postgresql: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Opened, Engine]]:
    settings = Settings(folder=tmp_path_factory.mktemp("studies"), database=postgres.new_database(postgresql))
    engine = open_database(settings)
    opened = words_in(sessions(engine))
    assert opened is not None
    yield opened, engine
    engine.dispose()


def names(library: Library, query: str, opened: Opened | None = None) -> list[str]:
    return [each.version.name for each in find(library, query, opened=opened)]


def test_the_case_that_speaks_most_of_it_comes_first(library: Library) -> None:
    assert names(library, "内涝") == RANKED
    assert names(library, "waterlogging") == ["often", "once", "long"]
    assert names(library, "Straße") == ["once"]
    assert names(library, "50 %") == ["once"]
    assert names(library, "%") == ["once"], "a sign of patterns is a letter like any other"
    assert names(library, "_")[0] == "none"


@postgres.absent
@pytest.mark.parametrize("query", ASKED)
def test_both_find_the_same_in_the_same_order(
    library: Library, postgres_index: tuple[Opened, Engine], query: str
) -> None:
    opened, _ = postgres_index
    assert names(library, query, opened) == names(library, query)
    assert [each.excerpt for each in find(library, query, opened=opened)] == [
        each.excerpt for each in find(library, query)
    ]


@postgres.absent
def test_words_are_found_by_trigrams_there(library: Library, postgres_index: tuple[Opened, Engine]) -> None:
    opened, engine = postgres_index
    assert has_trigrams(engine)
    names(library, "waterlogging", opened)
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL enable_seqscan = off"))
        plan = connection.execute(text("EXPLAIN SELECT name FROM case_words WHERE folded LIKE '%waterlogging%'"))
        assert any(engines.WORDS_INDEX in line for (line,) in plan)


@postgres.absent
def test_the_table_follows_the_library(
    library: Library, postgres_index: tuple[Opened, Engine], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened, engine = postgres_index
    names(library, "内涝", opened)
    monkeypatch.setattr(index, "SCHEMA", "another state")
    assert names(library, "内涝", opened) == RANKED
    with Session(engine) as session:
        assert session.query(CaseWords).count() == len(LESSONS), "nothing of the earlier state stays"


@postgres.absent
def test_without_the_extension_the_same_is_found_and_it_is_told(
    library: Library, postgresql: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A user who may not add extensions, as a hosted database has them."""
    address = postgres.new_database(postgresql)
    keeper = create_engine(address, isolation_level="AUTOCOMMIT")
    with keeper.connect() as connection:
        connection.execute(text("DROP ROLE IF EXISTS plain"))
        connection.execute(text("CREATE ROLE plain LOGIN"))
        connection.execute(text("GRANT CREATE, USAGE ON SCHEMA public TO plain"))
    keeper.dispose()
    settings = Settings(folder=tmp_path, database=address.replace("citybraid@", "plain@"))
    with caplog.at_level(logging.WARNING, "citybraid.web"):
        engine = open_database(settings)
    assert not has_trigrams(engine)
    assert "pg_trgm" in caplog.text
    opened = words_in(sessions(engine))
    assert opened is not None
    for query in ASKED:
        assert names(library, query, opened) == names(library, query)
    engine.dispose()


@postgres.absent
def test_the_catalogue_of_a_server_uses_its_database(
    library: Library, postgres_index: tuple[Opened, Engine], settings: Settings
) -> None:
    opened, engine = postgres_index
    with Session(engine) as session, session.begin():
        session.query(CaseWords).delete()
    told = catalogue(library.folder, "内涝", {}, opened=opened)
    assert [each.name for each in told.cases] == RANKED
    with Session(engine) as session:
        assert session.query(CaseWords).count() == len(LESSONS)
    assert words_in(sessions(open_database(replace(settings, database="")))) is None, "SQLite has its own index"
