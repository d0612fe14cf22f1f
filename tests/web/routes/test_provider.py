from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from citybraid.web.application.factory import create_app
from citybraid.web.configuration.settings import Mode, Settings
from tests.web.access.test_provider import PROVIDER, Issuer


@pytest.fixture
def issuer() -> Issuer:
    return Issuer()


@pytest.fixture
def served(settings: Settings, bundle: Path, issuer: Issuer) -> FastAPI:
    app = create_app(replace(settings, mode=Mode.TEAM, provider=PROVIDER), bundle=bundle)
    app.state.provider_transport = httpx2.MockTransport(issuer)
    return app


def enter(client: TestClient, issuer: Issuer) -> httpx2.Response:
    sent = client.get("/provider/enter", follow_redirects=False)
    query = parse_qs(urlsplit(sent.headers["location"]).query)
    issuer.nonce = query["nonce"][0]
    return client.get("/provider/back", params={"code": "c", "state": query["state"][0]}, follow_redirects=False)


def test_a_person_of_the_provider_enters_twice_as_one_and_sees_no_study(served: FastAPI, issuer: Issuer) -> None:
    with TestClient(served, base_url="http://127.0.0.1") as client:
        assert enter(client, issuer).status_code == 303
        first = client.get("/api/session").json()
        assert (first["display"], first["admin"]) == ("王 规划", False)
        assert client.get("/api/studies").json() == []
        enter(client, issuer)
        assert client.get("/api/session").json() == first


def test_who_was_not_sent_cannot_come_back(served: FastAPI) -> None:
    with TestClient(served, base_url="http://127.0.0.1") as client:
        assert client.get("/provider/back", params={"code": "c", "state": "s"}).status_code == 401


def test_a_server_without_a_provider_has_no_such_page(stranger: TestClient) -> None:
    assert stranger.get("/provider/enter").status_code == 404
