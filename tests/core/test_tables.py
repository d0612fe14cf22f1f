"""Tables: rows are held to their models, faults name file, row and column, and what was read can be recorded."""

import ast
from importlib.resources import files
from typing import Annotated, ClassVar, Literal

import pytest
from pydantic import Field

from citybraid.core import catalogue, factor, text
from citybraid.core.errors import InputErrors
from citybraid.core.rows.intake import UnitName
from citybraid.core.rows.land import LandCover
from citybraid.core.tables import (
    EMPTY,
    Amount,
    Flag,
    NonEmpty,
    Row,
    cached_with_tables,
    code_table,
    parse_rows,
    read_table,
    record_tables,
    row_models,
    table_files,
)
from citybraid.integrate.choose.prices import prices
from citybraid.sources.text import units
from docs import tables as page
from tests.discovered import PACKAGE, sources, statements, tree

MODELS = {row.TABLE: row for row in row_models()}


class Pump(Row):
    TABLE: ClassVar[str] = "codes/pumps"
    KEY: ClassVar[tuple[str, ...]] = ("id",)

    id: NonEmpty
    kind: Literal["drain", "lift"]
    rate: Annotated[float, Field(gt=0)]
    head: Annotated[Amount | None, EMPTY]
    spare: Flag


HEAD = "id,kind,rate,head,spare\n"


def told(rows: str) -> list[tuple[str, object, object]]:
    with pytest.raises(InputErrors) as caught:
        parse_rows(HEAD + rows, Pump, where="codes/pumps.csv")
    for language in text.LANGUAGES:
        assert "codes/pumps.csv" in caught.value.say(language)
    return [(each.text, each.values.get("row"), each.values.get("column")) for each in caught.value.problems]


def test_cells_become_what_their_columns_hold() -> None:
    first, second = parse_rows(f"{HEAD}a,lift,2.5,,1\nb,drain,1,0,\n", Pump, where="pumps.csv")
    assert (first.rate, first.head, first.spare) == (2.5, None, True)
    assert (second.rate, second.head, second.spare) == (1.0, 0.0, False)


@pytest.mark.parametrize(
    ("row", "text_id", "column"),
    [
        ("a,push,1,,", "table.choice", "kind"),
        ("a,lift,0,,", "table.range", "rate"),
        ("a,lift,1,-2,", "table.range", "head"),
        ("a,lift,fast,,", "table.number", "rate"),
        ("a,lift,nan,,", "table.number", "rate"),
        ("a,lift,,,", "table.empty", "rate"),
        (",lift,1,,", "table.empty", "id"),
        ("a,lift,1,,perhaps", "table.number", "spare"),
    ],
)
def test_a_wrong_cell_is_told_with_its_place(row: str, text_id: str, column: str) -> None:
    assert told(f"x,lift,1,,\n{row}\n") == [(text_id, 3, column)]


def test_all_faults_are_told_at_once() -> None:
    found = told("a,push,0,,\na,lift,1,,\na,lift,1,,\nb,lift,1,,,more\n")
    assert found == [
        ("table.choice", 2, "kind"), ("table.range", 2, "rate"), ("table.twice", 4, None), ("table.surplus", 5, None),
    ]  # fmt: skip


def test_columns_must_be_those_of_the_model() -> None:
    with pytest.raises(InputErrors) as caught:
        parse_rows("id,kind\na,lift\n", Pump, where="pumps.csv")
    assert [each.text for each in caught.value.problems] == ["table.columns"]


def test_every_table_has_a_model_and_every_model_a_table() -> None:
    here = {
        folder: sorted(
            path.relative_to(PACKAGE).with_suffix("").as_posix() for path in (PACKAGE / folder).rglob("*.csv")
        )
        for folder in ("codes", "factors", "texts")
    }
    assert here["codes"] == sorted(name for name in MODELS if name.startswith("codes/"))
    for folder in ("factors", "texts"):
        assert [name for name, _ in table_files(MODELS[f"{folder}/"])] == here[folder]


@pytest.mark.parametrize("name", sorted(MODELS))
def test_every_row_is_valid(name: str) -> None:
    assert read_table(MODELS[name])
    assert read_table(MODELS[name]) is read_table(MODELS[name])


def test_texts_are_the_rows_of_their_tables() -> None:
    assert {row.model_dump()["id"] for row in read_table(MODELS["texts/"])} == set(text.catalogue())


def test_factors_of_ours_say_where_they_come_from_as_a_users_would() -> None:
    assert tuple(MODELS["factors/"].model_fields) == factor.COLUMNS
    entry = files("citybraid").joinpath("factors", "storm.csv")
    ours = factor.parse(entry.read_text(encoding="utf-8"), where="storm.csv", origin="citybraid")
    assert set(ours) <= set(factor.shipped().rows)


def test_what_was_read_is_recorded() -> None:
    with record_tables() as outer:
        with record_tables() as inner:
            read_table(UnitName)
        assert inner == dict(outer)
        read_table(LandCover)
    assert set(inner) == {"codes/units"}
    assert set(outer) == {"codes/units", "codes/land_cover"}
    assert all(len(digest) == 64 for digest in outer.values())
    read_table(UnitName)
    assert set(inner) == {"codes/units"}


def test_what_is_remembered_is_recorded_again() -> None:
    asked = []

    @cached_with_tables
    def covers(least: int, *, most: int) -> int:
        asked.append(least)
        return sum(least <= int(row.code) <= most for row in read_table(LandCover))

    for _ in range(2):
        with record_tables() as tables:
            assert covers(10, most=20) == 2
        assert set(tables) == {"codes/land_cover"}
    assert asked == [10]
    units.is_known_unit("m")
    with record_tables() as tables:
        units.is_known_unit("m")
    assert set(tables) == {"codes/units"}


def test_nothing_keeps_what_it_read_out_of_a_recording() -> None:
    """A function under functools.cache would read its tables once, unseen by every later recording."""
    calls, kept = _calls()
    reading = {("citybraid.core.tables", "read_table")}
    while more := {name for name, called in calls.items() if called & reading} - reading:
        reading |= more
    assert ("citybraid.sources.text.units", "dimension") in reading
    assert not kept & reading


def _calls() -> tuple[dict[tuple[str, str], set[tuple[str, str]]], set[tuple[str, str]]]:
    """Which functions each function calls, by (module, name), and which of them are under functools.cache."""
    calls: dict[tuple[str, str], set[tuple[str, str]]] = {}
    kept = set()
    for path in sources():
        module = ".".join(("citybraid", *path.relative_to(PACKAGE).with_suffix("").parts))
        found = tuple(statements(path))
        names = {
            alias.asname or alias.name: (node.module or "", alias.name)
            for node in found if isinstance(node, ast.ImportFrom) for alias in node.names
        }  # fmt: skip
        for function in (node for node in found if isinstance(node, ast.FunctionDef)):
            called = calls.setdefault((module, function.name), set())
            for node in (each.func for each in ast.walk(function) if isinstance(each, ast.Call)):
                if isinstance(node, ast.Name):
                    called.add(names.get(node.id, (module, node.id)))
                elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in names:
                    called.add((".".join(names[node.value.id]), node.attr))
            if "cache" in {mark.id for mark in function.decorator_list if isinstance(mark, ast.Name)}:
                kept.add((module, function.name))
    return calls, kept


def test_codes_with_colours_are_found_by_name() -> None:
    assert code_table("land_cover") is LandCover
    assert code_table("units") is None
    assert code_table("nothing") is None


def test_no_other_place_reads_a_table() -> None:
    """Texts are read by core.text, so that an error can be said at all."""
    joining = [path for path in sources() if "joinpath" in path.read_text(encoding="utf-8")]
    reading = {
        path.stem for path in joining for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and node.value in ("codes", "factors", "texts")
        and any(isinstance(name, ast.Attribute) and name.attr == "joinpath" for name in ast.walk(tree(path)))
    }  # fmt: skip
    assert reading == {"text"}


def test_the_page_of_tables_has_every_table_and_column() -> None:
    written = page.page()
    assert not [row.TABLE for row in row_models() if f"## {row.TABLE}" not in written]
    assert not [name for row in row_models() for name in row.model_fields if f"| `{name}`" not in written]


def test_the_page_of_measures_tells_which_rows_of_a_price_a_study_has_to_state() -> None:
    """What a portfolio refuses as lacking rows is told as lacking on the page, for measures of one price."""
    named = {name: entry for name, entry in catalogue.known().items() if entry["stage"]}
    lines = [line for line in page.prices_part(named).splitlines() if line.startswith("| `")]
    split = [line.split("|") for line in lines]
    shown = {cells[1].strip(" `"): [cell.strip() for cell in cells[2:5]] for cells in split}
    assert len(shown) == len(named)
    assert shown["external_shading"] == ["800 CNY m-2, verified", "-", "-"]
    missing = prices(shown, factor.shipped(), region="CN-ZJ", year=2025).missing
    needed = ("measure_cost", "measure_upkeep", "measure_lifetime")
    for name, cells in shown.items():
        lacks = {row for row, cell in zip(needed, cells, strict=True) if cell == "-"}
        assert lacks <= set(missing.get(name, ())), name
    assert {name for name, cells in shown.items() if "-" in cells} >= {"external_shading", "woodland", "heat_pump"}
