from dataclasses import replace
from pathlib import Path

from fastapi.testclient import TestClient

from citybraid.web.application.factory import create_app
from citybraid.web.configuration.settings import Settings


def test_health_needs_no_login(stranger: TestClient) -> None:
    assert stranger.get("/api/health").json() == {"status": "ok"}


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
