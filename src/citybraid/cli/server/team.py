"""What the commands of a team's server do."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import typer
from sqlalchemy.orm import Session

from citybraid.cli import paper
from citybraid.core.errors import InputError
from citybraid.web.access import audit, keys, people
from citybraid.web.application import backup as backups
from citybraid.web.application.serving import serve
from citybraid.web.configuration.settings import Mode, Provider, Settings
from citybraid.web.database.engine import open_database
from citybraid.web.database.tables import User
from citybraid.web.jobs import queue
from citybraid.web.jobs.held_memory import tells_memory

LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})


class Reached(NamedTuple):
    """How a server is reached."""

    host: str
    port: int
    names: tuple[str, ...]
    https: bool
    proxies: str


class Quota(NamedTuple):
    """What a person may use: room [MiB], cores, jobs that are open; None is the usual limit, or none."""

    space: int | None
    cores: int | None
    jobs: int | None
    minutes: int | None = None
    memory: int | None = None
    """Time [min] and memory [MiB] of one job."""


def start(
    folder: Path, database: str, reached: Reached, *, workers: int, library: Path | None, issuer: str, client: str,
    lang: str,
) -> None:  # fmt: skip
    """Serve a team until it is interrupted.

    Raises InputError where the server would be reached from outside without https, or its provider is half told.
    """
    if reached.host not in LOCAL and not reached.https:
        raise InputError("web.insecure_team")
    settings = Settings(
        folder=folder.resolve(), mode=Mode.TEAM, database=database, host=reached.host, port=reached.port,
        workers=workers, library=library, secure=reached.https, names=reached.names, proxies=reached.proxies,
        metrics_key=os.environ.get("CITYBRAID_METRICS_KEY", ""), provider=_provider(issuer, client),
    )  # fmt: skip
    serve(settings, tell=lambda at: paper.tell("web.team_serving", lang, folder=folder, address=at), browser=False)


def add_person(folder: Path, database: str, name: str, *, admin: bool, lang: str) -> None:
    """Add a person."""
    with _session(folder, database) as session:
        person = people.add_person(session, name, _password(lang), admin=admin)
        kept = person.name
    paper.tell("web.person_added", lang, name=kept)


def set_password(folder: Path, database: str, name: str, *, lang: str) -> None:
    """Give a person a new password; raises InputError where there is none of that name."""
    with _session(folder, database) as session:
        person = _person(session, name)
        people.set_password(session, person, _password(lang))
        kept = person.name
    paper.tell("web.person_added", lang, name=kept)


def set_quota(folder: Path, database: str, name: str, quota: Quota, *, lang: str) -> None:
    """Limit what a person may use; raises InputError where there is none of that name."""
    if quota.memory is not None and not tells_memory():
        raise InputError("web.no_memory_told")
    with _session(folder, database) as session:
        person = _person(session, name)
        given: dict[str, Any] = {
            "space_mib": quota.space, "cores": quota.cores, "jobs": quota.jobs, "job_minutes": quota.minutes,
            "job_mib": quota.memory,
        }  # fmt: skip
        people.set_quota(person, **given)
        audit.record(session, "quota_set", user=person, detail=given)
        kept, jobs = person.name, queue.most_of(person)
    paper.tell(
        "web.quota_set", lang, name=kept, space=quota.space or "–", cores=quota.cores or "–", jobs=jobs,
        minutes=quota.minutes or "–", memory=quota.memory or "–",
    )  # fmt: skip


def add_key(folder: Path, database: str, name: str, *, title: str, days: int, lang: str) -> None:
    """Make a key of a person; raises InputError where there is none of that name."""
    with _session(folder, database) as session:
        person = _person(session, name)
        key, secret = keys.make(session, person, title, lasts=timedelta(days=days))
        audit.record(session, "key_made", user=person, detail={"title": key.title})
        kept, until = person.name, key.expires
    paper.tell("web.key_made", lang, name=kept, until=f"{until:%Y-%m-%d}", secret=secret)


def backup(folder: Path, file: Path, database: str, *, values: bool, lang: str) -> None:
    """Write a backup, with the values of runs or not."""
    count = backups.backup(_settings(folder, database), file, values=values)
    paper.tell("web.backed_up", lang, rows=count.rows, files=count.files, file=file)


def restore(folder: Path, file: Path, database: str, *, lang: str) -> None:
    """Restore a backup."""
    count = backups.restore(Settings(folder=folder.resolve(), mode=Mode.TEAM, database=database), file)
    paper.tell("web.restored", lang, rows=count.rows, files=count.files, folder=folder)


def _settings(folder: Path, database: str) -> Settings:
    if not folder.is_dir():
        raise InputError("web.no_folder", folder=folder)
    return Settings(folder=folder.resolve(), mode=Mode.TEAM, database=database)


@contextmanager
def _session(folder: Path, database: str) -> Iterator[Session]:
    engine = open_database(_settings(folder, database))
    try:
        with Session(engine) as session, session.begin():
            yield session
    finally:
        engine.dispose()


def _person(session: Session, name: str) -> User:
    person = people.person_named(session, name)
    if person is None:
        raise InputError("web.no_person", name=name)
    return person


def _password(lang: str) -> str:
    if sys.stdin.isatty():
        typed: str = typer.prompt(paper.title("web.password_asked", lang or "en"), hide_input=True)
        return typed
    return sys.stdin.readline().rstrip("\r\n")


def _provider(issuer: str, client: str) -> Provider | None:
    given = {"--oidc-issuer": issuer, "--oidc-client": client}
    secret = os.environ.get("CITYBRAID_OIDC_SECRET", "")
    if not any(given.values()) and not secret:
        return None
    if lacking := [name for name, value in {**given, "CITYBRAID_OIDC_SECRET": secret}.items() if not value]:
        raise InputError("web.provider_incomplete", lacking=lacking)
    return Provider(issuer=issuer, client=client, secret=secret)
