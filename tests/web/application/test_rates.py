"""Those who change too much too fast wait; those who read do not."""

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.types import Receive, Scope, Send

from citybraid.web.application import rates
from citybraid.web.application.rates import PERSON, Rated
from citybraid.web.application.security import MARK
from tests.web.team import LOCAL


class Clock:
    """A clock that is set."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


async def fine(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def test_a_session_waits_after_too_many_changes_and_may_go_on_later() -> None:
    clock = Clock()
    client = TestClient(Rated(fine, clock=clock), headers={"cookie": "citybraid=one"})
    assert {client.post("/api/a").status_code for _ in range(PERSON)} == {200}
    refused = client.post("/api/a")
    assert (refused.status_code, refused.json()["error"]) == (429, "web.too_fast")
    assert refused.headers["retry-after"] == "1"
    assert client.get("/api/a").status_code == 200, "reading is not counted"
    assert client.put("/api/uploads/u/0/files").status_code == 200, "pieces of uploads are not"
    assert client.post("/api/a", headers={"cookie": "citybraid=other"}).status_code == 200
    clock.now += 1
    assert [client.post("/api/a").status_code for _ in range(7)] == [200] * 5 + [429, 429]


def test_new_cookies_do_not_help_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    assert rates.ADDRESS > PERSON, "several people may share an address"
    monkeypatch.setattr(rates, "ADDRESS", 30)
    client = TestClient(Rated(fine, clock=Clock()))
    found = [
        client.post("/api/a", headers={"cookie": f"citybraid={at}"}).status_code for at in range(rates.ADDRESS + 2)
    ]
    assert found == [200] * rates.ADDRESS + [429, 429]


def test_the_app_holds_it(app: FastAPI) -> None:
    held = next(each for each in app.user_middleware if getattr(each.cls, "__name__", "") == Rated.__name__)
    held.kwargs["clock"] = Clock()
    with TestClient(app, base_url=LOCAL, headers={MARK: "1", "cookie": "citybraid=one"}) as client:
        answers = [client.post("/api/studies/none/jobs", json={}) for _ in range(PERSON + 1)]
    assert [each.status_code == 429 for each in answers] == [False] * PERSON + [True]
    assert "content-security-policy" in answers[-1].headers
