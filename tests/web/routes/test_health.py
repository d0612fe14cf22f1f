from dataclasses import replace
from pathlib import Path

from fastapi.testclient import TestClient

from citybraid.web.application.factory import create_app
from citybraid.web.configuration.settings import Mode, Settings


def test_health_needs_no_login(stranger: TestClient) -> None:
    assert stranger.get("/api/health").json() == {"status": "ok"}


def test_health_is_asked_by_address_whatever_the_servers_names(settings: Settings, bundle: Path) -> None:
    """A container's health check asks 127.0.0.1, though people reach the server by its name alone."""
    named = replace(settings, mode=Mode.TEAM, names=("plan.example.org",))
    with TestClient(create_app(named, bundle=bundle), base_url="http://127.0.0.1") as client:
        assert client.get("/api/health").status_code == 200
        assert client.get("/api/studies").status_code == 421


def test_without_its_folder_a_server_is_not_well(settings: Settings, bundle: Path) -> None:
    app = create_app(settings, bundle=bundle)
    with TestClient(app, base_url="http://127.0.0.1") as client:
        app.state.server = replace(app.state.server, settings=replace(settings, folder=settings.folder / "away"))
        answer = client.get("/api/health")
    assert (answer.status_code, answer.json()) == (503, {"status": "no folder"})


def test_counters_need_their_key_and_name_no_place(settings: Settings, bundle: Path) -> None:
    app = create_app(replace(settings, metrics_key="k" * 20), bundle=bundle)
    with TestClient(app, base_url="http://127.0.0.1") as client:
        client.get("/api/studies/0a1b2c?lon=120.7")
        assert client.get("/metrics").status_code == 404
        text = client.get("/metrics", headers={"authorization": f"Bearer {'k' * 20}"}).text
    assert 'route="/api/studies/{study}",status="401"' in text
    assert "0a1b2c" not in text
    assert "120.7" not in text


def test_without_a_key_nobody_reads_the_counters(stranger: TestClient) -> None:
    assert stranger.get("/metrics", headers={"authorization": "Bearer "}).status_code == 404
