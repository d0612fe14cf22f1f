"""Files sent as the page sends them, and a second person of the workspace."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient

from citybraid.web.access import logins
from citybraid.web.application.security import MARK
from citybraid.web.database.tables import User

LOCAL = "http://127.0.0.1"


@contextmanager
def client_of(app: FastAPI, name: str, **about: Any) -> Iterator[TestClient]:
    """Provide the client of a person without password, made where there is none."""
    with app.state.server.sessions.begin() as session:
        user = User(name=name, display=name, **about)
        session.add(user)
        session.flush()
        cookie = logins.log_in(session, user)
    with TestClient(app, base_url=LOCAL, headers={MARK: "1"}, cookies={logins.COOKIE: cookie}) as client:
        yield client


def sent(client: TestClient, contents: Mapping[str, bytes]) -> str:
    """Send files by path and return the id of their upload."""
    announced = [{"path": name, "size": len(content)} for name, content in contents.items()]
    answer = client.post("/api/uploads", json={"files": announced})
    assert answer.status_code == 201, answer.json()
    upload = answer.json()
    for each in upload["files"]:
        if not each["refused"] and each["size"]:
            content = next(content for name, content in contents.items() if name == each["path"])
            put = client.put(f"/api/uploads/{upload['id']}/{each['number']}/files", content=content)
            assert put.status_code == 200, put.json()
    return str(upload["id"])


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Return the files below a folder by path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def changes(client: TestClient, study: str, *pairs: tuple[tuple[str, ...], Any]) -> dict[str, Any]:
    """Return the body of a change of a study file, as seen now."""
    seen = client.get(f"/api/studies/{study}/settings").json()
    return {
        "version": seen["version"], "digest": seen["digest"],
        "changes": [{"at": list(at), "value": value} for at, value in pairs],
    }  # fmt: skip
