"""A workspace with one study, its app, and a client who is its owner."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine, create_engine

from citybraid.web.application.factory import create_app
from citybraid.web.application.security import MARK
from citybraid.web.configuration.settings import DATABASE, Settings
from citybraid.web.database.engine import open_database
from tests.web import postgres
from tests.web.team import LOCAL, STUDY


@pytest.fixture(autouse=True)
def engines(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Engine]]:
    """Close the databases that a test opened; Python 3.13 warns of each that is left open."""
    opened: list[Engine] = []

    def keep(*places: Any, **options: Any) -> Engine:
        opened.append(create_engine(*places, **options))
        return opened[-1]

    monkeypatch.setattr("citybraid.web.database.engine.create_engine", keep)
    yield opened
    for each in opened:
        each.dispose()


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Return the folder of a workspace with one study, 片区 一."""
    folder = tmp_path / "工作区 one"
    (folder / "片区 一").mkdir(parents=True)
    (folder / "片区 一" / "study.toml").write_text(STUDY, encoding="utf-8")
    return folder


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """Return pages that stand in for the built ones."""
    (tmp_path / "bundle" / "assets").mkdir(parents=True)
    (tmp_path / "bundle" / "index.html").write_text("<title>citybraid</title>", encoding="utf-8")
    return tmp_path / "bundle"


@pytest.fixture
def settings(workspace: Path) -> Settings:
    return Settings(folder=workspace)


@pytest.fixture(scope="session")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an empty database with the newest tables: making them takes most of an app's start."""
    settings = Settings(folder=tmp_path_factory.mktemp("tables"))
    open_database(settings).dispose()
    return settings.own / DATABASE


@pytest.fixture
def app(settings: Settings, bundle: Path, tables: Path) -> FastAPI:
    if not settings.database and not settings.own.exists():
        settings.own.mkdir(parents=True)
        shutil.copyfile(tables, settings.own / DATABASE)
    return create_app(settings, bundle=bundle)


@pytest.fixture
def stranger(app: FastAPI) -> Iterator[TestClient]:
    """Return a client who is not logged in."""
    with TestClient(app, base_url=LOCAL, headers={MARK: "1"}, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def owner(app: FastAPI, settings: Settings) -> Iterator[TestClient]:
    """Return the owner's client."""
    with TestClient(app, base_url=LOCAL, headers={MARK: "1"}) as client:
        client.get("/enter", params={"token": settings.token})
        yield client


@pytest.fixture
def study(owner: TestClient) -> str:
    """Return the id of the study."""
    return str(owner.get("/api/studies").json()[0]["id"])


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """Return the address of a PostgreSQL of the tests' own, without the name of a database."""
    yield from postgres.server()


@pytest.fixture(autouse=True, scope="module")
def _no_cases_of_the_program() -> Iterator[None]:
    """Show the cases of a test's own library only; `tests/commons/test_shipped.py` is about those of the program."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("citybraid.commons.library.shipped.shipped", tuple)
        yield
