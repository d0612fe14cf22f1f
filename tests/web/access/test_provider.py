import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from citybraid.web.access.provider import receive, send
from citybraid.web.access.refusals import NotLoggedIn
from citybraid.web.configuration.settings import Provider

ISSUER = "https://id.example"
PROVIDER = Provider(ISSUER, "citybraid", "secret")
BACK = "https://plan.example/provider/back"


class Issuer:
    """A provider of identities that answers as its claims say."""

    def __init__(self, **changed: Any) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "1"})
        self.signing, self.issuer, self.nonce = self.key, ISSUER, ""
        self.changed = changed
        self.asked: dict[str, list[str]] = {}

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        """Answer a request."""
        if request.url.path == "/.well-known/openid-configuration":
            places = {name: f"{ISSUER}/{name}" for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")}
            return httpx2.Response(200, json={"issuer": self.issuer, **places})
        if request.url.path == "/jwks_uri":
            return httpx2.Response(200, json={"keys": [self.key.as_dict(private=False)]})
        self.asked = parse_qs(request.content.decode())
        now = int(time.time())
        claims = {
            "iss": ISSUER,
            "aud": "citybraid",
            "sub": "42",
            "name": "王 规划",
            "nonce": self.nonce,
            "iat": now,
            "exp": now + 60,
        }
        token = jwt.encode({"alg": "RS256", "kid": "1"}, {**claims, **self.changed}, self.signing)
        return httpx2.Response(200, json={"access_token": "a", "token_type": "Bearer", "id_token": token})


def came(issuer: Issuer, *, state: str = "") -> Any:
    transport = httpx2.MockTransport(issuer)
    sent = send(PROVIDER, BACK, transport=transport)
    issuer.nonce = sent.nonce
    return receive(PROVIDER, BACK, sent, state=state or sent.state, code="c", transport=transport)


def test_who_the_provider_names_comes_in() -> None:
    issuer = Issuer()
    assert came(issuer) == ("42", "王 规划")
    assert issuer.asked["code"] == ["c"]
    assert issuer.asked["code_verifier"]


def test_a_person_is_sent_with_state_nonce_and_challenge() -> None:
    sent = send(PROVIDER, BACK, transport=httpx2.MockTransport(Issuer()))
    query = parse_qs(urlsplit(sent.address).query)
    assert query["state"] == [sent.state]
    assert query["nonce"] == [sent.nonce]
    assert query["code_challenge_method"] == ["S256"]
    assert query["redirect_uri"] == [BACK]
    assert sent.verifier not in sent.address


@pytest.mark.parametrize(
    "changed",
    [{"iss": "https://evil.example"}, {"aud": "other"}, {"nonce": "old"}, {"exp": 1}, {"sub": None}],
)
def test_a_token_for_somebody_else_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(NotLoggedIn):
        came(Issuer(**changed))


def test_a_token_of_another_key_is_refused() -> None:
    issuer = Issuer()
    issuer.signing = RSAKey.generate_key(2048, {"kid": "1"})
    with pytest.raises(NotLoggedIn):
        came(issuer)


def test_another_state_is_refused() -> None:
    with pytest.raises(NotLoggedIn):
        came(Issuer(), state="other")


def test_another_issuer_is_refused() -> None:
    issuer = Issuer()
    issuer.issuer = "https://evil.example"
    with pytest.raises(NotLoggedIn):
        came(issuer)
