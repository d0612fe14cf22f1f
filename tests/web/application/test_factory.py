from dataclasses import replace
from pathlib import Path

from fastapi import FastAPI
from fastapi.testclient import TestClient

from citybraid.core.text import LANGUAGES
from citybraid.web.access.logins import COOKIE
from citybraid.web.application.factory import create_app, routers
from citybraid.web.application.security import HEADERS, MARK
from citybraid.web.configuration.settings import Settings


def test_routes_are_those_of_their_rooms_and_not_built_anew_for_an_app(app: FastAPI) -> None:
    """Building them takes the first request a sixth of a second of the processor, in every app of a test."""
    served = {id(each) for each in app.routes}
    rooms = [each for room in routers() for each in room.routes]
    assert len(rooms) > 100
    assert [each for each in rooms if id(each) not in served] == []


def test_page_comes_with_every_header(stranger: TestClient) -> None:
    answer = stranger.get("/")
    assert answer.text.startswith("<title>citybraid")
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    policy = dict(each.strip().partition(" ")[::2] for each in answer.headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] in {"'none'", "'self'"}
    assert policy["script-src"] == "'self'", "no inline script, none of another host"
    assert policy.get("object-src", policy["default-src"]) == "'none'"
    assert (policy["base-uri"], policy["frame-ancestors"], policy["form-action"]) == ("'none'", "'none'", "'self'")
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert "http" not in answer.headers["Content-Security-Policy"]


def test_nothing_is_told_to_strangers(stranger: TestClient, app: FastAPI) -> None:
    open_to_all = {"/api/texts/{language}", "/api/openapi.json", "/api/health", "/api/door"}
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
    kept = owner.cookies[COOKIE]
    assert owner.delete("/api/session").status_code == 204
    assert owner.get("/api/session").status_code == 401
    owner.cookies.set(COOKIE, kept)
    assert owner.get("/api/session").status_code == 401, "whoever has kept the cookie is not let in either"


def test_unknown_address_is_json_in_every_language(owner: TestClient) -> None:
    answer = owner.get("/api/nowhere")
    assert answer.status_code == 404
    assert set(answer.json()["said"]) == set(LANGUAGES)


def test_cookie_is_closed_to_scripts_and_other_sites(settings: Settings, bundle: Path) -> None:
    for secure, name in ((False, "citybraid"), (True, "__Host-citybraid")):
        app = create_app(replace(settings, secure=secure), bundle=bundle)
        with TestClient(app, base_url="http://127.0.0.1") as client:
            cookie = client.get("/enter", params={"token": settings.token}, follow_redirects=False).headers[
                "set-cookie"
            ]
        assert cookie.startswith(f"{name}=")
        assert "HttpOnly" in cookie
        assert "SameSite=strict" in cookie
        assert ("Secure" in cookie) is secure


def test_answers_are_not_kept(owner: TestClient) -> None:
    assert owner.get("/api/studies").headers["cache-control"] == "no-store"


def test_who_opens_an_address_in_a_browser_reads_a_page_and_no_json(stranger: TestClient) -> None:
    pages = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    answer = stranger.get("/enter", params={"token": "old"}, headers=pages)
    assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (401, "text/html")
    assert "earlier start" in answer.text
    assert '<p lang="zh">' in answer.text
    assert "error" not in answer.text
    assert stranger.get("/api/<script>", headers=pages).text.count("<script") == 0
    assert stranger.get("/enter", params={"token": "old"}).json()["error"] == "web.wrong_token"


def test_a_defect_is_told_without_a_trace(app: FastAPI, stranger: TestClient) -> None:
    @app.get("/api/fails")
    def fails() -> None:
        message = "a secret"
        raise RuntimeError(message)

    answer = stranger.get("/api/fails")
    assert answer.status_code == 500
    assert answer.json()["error"] == "web.defect"
    assert "secret" not in answer.text
