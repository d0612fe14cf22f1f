"""A provider of identities by OpenID Connect: where to send a person, and who came back.

OpenID Connect Core 1.0, 3.1 (authorization code flow) with PKCE (RFC 7636); the identity token is verified with
the provider's keys, its issuer, audience, nonce and times.
"""

import secrets
from typing import Any, NamedTuple

import httpx2
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from citybraid.web.access.refusals import NotLoggedIn
from citybraid.web.configuration.settings import Provider

ALGORITHMS = ["RS256", "ES256", "PS256"]
SCOPE = "openid profile"
WAIT_S = 10.0


class Sent(NamedTuple):
    """Where a person is sent, and what their browser keeps until they are back."""

    address: str
    state: str
    nonce: str
    verifier: str


class Came(NamedTuple):
    """Who came back: the provider's name for them, and what they are called."""

    subject: str
    name: str


def send(provider: Provider, back: str, *, transport: httpx2.BaseTransport | None = None) -> Sent:
    """Return the provider's address for a person who wants to enter; `back` is this server's own."""
    with _client(provider, back, transport) as client:
        verifier, nonce = secrets.token_urlsafe(48), secrets.token_urlsafe(16)
        endpoint = _described(client, provider)["authorization_endpoint"]
        address, state = client.create_authorization_url(endpoint, nonce=nonce, code_verifier=verifier)
    return Sent(address, state, nonce, verifier)


def receive(
    provider: Provider, back: str, sent: Sent, *, state: str, code: str, transport: httpx2.BaseTransport | None = None
) -> Came:
    """Exchange the code that a person brought for their identity.

    Raises NotLoggedIn where the state is not the one sent, the code is refused, or the token is not right.
    """
    if not secrets.compare_digest(state.encode(), sent.state.encode()):
        raise NotLoggedIn("web.provider_refused")
    try:
        with _client(provider, back, transport) as client:
            described = _described(client, provider)
            token = client.fetch_token(described["token_endpoint"], code=code, code_verifier=sent.verifier)
            keys = KeySet.import_key_set(client.request("GET", described["jwks_uri"], withhold_token=True).json())
        return _verified(token["id_token"], keys, provider, sent.nonce)
    except (httpx2.HTTPError, JoseError, KeyError, ValueError, NotLoggedIn) as fault:
        raise NotLoggedIn("web.provider_refused") from fault
    except Exception as fault:  # authlib raises errors of several families for what a provider answers
        if not type(fault).__module__.startswith("authlib"):
            raise
        raise NotLoggedIn("web.provider_refused") from fault


def _verified(token: str, keys: KeySet, provider: Provider, nonce: str) -> Came:
    decoded = jwt.decode(token, keys, algorithms=ALGORITHMS)
    claims = CodeIDToken(
        decoded.claims, decoded.header,
        options={
            "iss": {"essential": True, "value": provider.issuer},
            "aud": {"essential": True, "value": provider.client},
            "nonce": {"essential": True, "value": nonce},
        },
        params={"client_id": provider.client, "nonce": nonce},
    )  # fmt: skip
    claims.validate(leeway=60)
    subject = str(decoded.claims["sub"])
    return Came(subject, str(decoded.claims.get("name") or decoded.claims.get("preferred_username") or subject))


def _client(provider: Provider, back: str, transport: httpx2.BaseTransport | None) -> Any:
    return OAuth2Client(
        provider.client, provider.secret, scope=SCOPE, redirect_uri=back, code_challenge_method="S256",
        timeout=WAIT_S, transport=transport, trust_env=True,
    )  # fmt: skip


def _described(client: Any, provider: Provider) -> dict[str, str]:
    """Return the provider's description of itself; raises NotLoggedIn where it names another issuer."""
    address = f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration"
    described: dict[str, str] = client.request("GET", address, withhold_token=True).json()
    if described.get("issuer") != provider.issuer:
        raise NotLoggedIn("web.provider_refused")
    return described
