"""Entering by a provider of identities (OpenID Connect), where the server has one."""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import select

from citybraid.web.access import audit, logins, people
from citybraid.web.access.permits import Database, Shared, address
from citybraid.web.access.refusals import NotFound, NotLoggedIn
from citybraid.web.configuration.settings import Provider, Settings
from citybraid.web.database.tables import User
from citybraid.web.routes.session import set_cookie

router = APIRouter(prefix="/provider", include_in_schema=False)

KEPT = "citybraid-sent"
"""Cookie that a browser keeps from being sent to the provider until it is back."""
KEPT_S = 600
PARTS = 3


@router.get("/enter")
def send(request: Request, shared: Shared) -> Response:
    """Send a person to the provider."""
    provider, by = _provider(shared.settings), _library()
    sent = by.send(provider, _back(request), transport=request.app.state.provider_transport)
    answer = RedirectResponse(sent.address, status_code=303)
    kept = f"{sent.state}.{sent.nonce}.{sent.verifier}"
    answer.set_cookie(
        KEPT, kept, max_age=KEPT_S, httponly=True, secure=shared.settings.secure, samesite="lax", path="/provider"
    )  # fmt: skip
    return answer


@router.get("/back")
def receive(request: Request, shared: Shared, session: Database, code: str = "", state: str = "") -> Response:
    """Let a person in whom the provider has named; a new one has no role in any study yet."""
    provider, by = _provider(shared.settings), _library()
    parts = request.cookies.get(KEPT, "").split(".")
    if len(parts) != PARTS:
        raise NotLoggedIn("web.provider_refused")
    sent = by.Sent("", *parts)
    transport = request.app.state.provider_transport
    came = by.receive(provider, _back(request), sent, state=state, code=code, transport=transport)
    person = session.scalar(select(User).where(User.subject == came.subject))
    if person is None:
        name = f"{people.clean_name(came.name)[:80]} ({came.subject[:32]})"
        person = people.add_person(session, name, None, display=came.name[:120])
        person.subject = came.subject
    if person.disabled:
        raise NotLoggedIn("web.provider_refused")
    audit.record(session, "login_by_provider", user=person, address=address(request))
    answer = RedirectResponse("/", status_code=303)
    answer.delete_cookie(KEPT, path="/provider")
    set_cookie(answer, logins.log_in(session, person), shared.settings)
    return answer


def _provider(settings: Settings) -> Provider:
    if settings.provider is None:
        raise NotFound("web.no_page")
    return settings.provider


def _library() -> Any:
    """Return the module that speaks to a provider; only a server with one needs its libraries."""
    from citybraid.web.access import provider

    return provider


def _back(request: Request) -> str:
    return str(request.url_for("receive"))
