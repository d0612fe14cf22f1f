from fastapi import FastAPI
from fastapi.testclient import TestClient

from citybraid.core.text import LANGUAGES
from citybraid.web.application.security import HEADERS, MARK


def test_page_comes_with_every_header(stranger: TestClient) -> None:
    answer = stranger.get("/")
    assert answer.text.startswith("<title>citybraid")
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS


def test_nothing_is_told_to_strangers(stranger: TestClient, app: FastAPI) -> None:
    open_to_all = {"/api/texts/{language}", "/api/openapi.json"}
    for route in app.openapi()["paths"]:
        if route in open_to_all or "get" not in app.openapi()["paths"][route]:
            continue
        assert stranger.get(route.replace("{study}", "x")).status_code in {401, 404, 422}, route


def test_owner_enters_by_the_token_alone(stranger: TestClient) -> None:
    answer = stranger.get("/enter", params={"token": "wrong"})
    assert answer.status_code == 401
    assert set(answer.json()["said"]) == set(LANGUAGES)


def test_another_host_name_is_refused(stranger: TestClient) -> None:
    assert stranger.get("/", headers={"host": "evil.example"}).status_code == 421


def test_a_change_needs_the_mark_and_the_own_origin(owner: TestClient) -> None:
    assert owner.delete("/api/session", headers={MARK: "1", "origin": "http://evil.example"}).status_code == 403
    del owner.headers[MARK]
    assert owner.delete("/api/session").status_code == 403
    assert owner.get("/api/session").status_code == 200


def test_session_ends(owner: TestClient) -> None:
    assert owner.get("/api/session").json()["mode"] == "laptop"
    assert owner.delete("/api/session").status_code == 204
    assert owner.get("/api/session").status_code == 401


def test_unknown_address_is_json_in_every_language(owner: TestClient) -> None:
    answer = owner.get("/api/nowhere")
    assert answer.status_code == 404
    assert set(answer.json()["said"]) == set(LANGUAGES)
