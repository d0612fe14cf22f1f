"""Headers and checks of every request: hosts, origin of changes, content security policy, size of bodies."""

from urllib.parse import urlsplit

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from citybraid.core.text import LANGUAGES, say
from citybraid.web.application.failures import body
from citybraid.web.configuration.settings import Settings

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "worker-src 'self' blob:; font-src 'self'; frame-src 'self'; manifest-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
"""Content security policy of the pages: nothing from another host, no script or style in the page."""
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), camera=(), microphone=()",
}
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
HEALTH = "/api/health"
"""Page that watchers ask by the machine's own address, whatever names the server is reached by."""
MARK = "x-citybraid"
"""Header that every change carries: a form of another site cannot send it."""
MOST_BYTES = 2_000_000
"""Largest body of a request but an upload [byte]."""


def protect(app: FastAPI, settings: Settings, *, uploads: str = "/files") -> None:
    """Check every request before its route, and set the headers of every answer.

    Addresses that end in `uploads` take larger bodies; their route limits them.
    """
    app.add_middleware(Checked, settings=settings, uploads=uploads)


class Checked:
    """Lets through the requests that may pass, and sets the headers of every answer."""

    def __init__(self, app: ASGIApp, *, settings: Settings, uploads: str) -> None:
        self._app, self._settings, self._uploads = app, settings, uploads

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, by a refusal where it may not pass."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if request.url.path.startswith("/api/"):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        refused = _refusal(request, self._settings, self._uploads)
        await (refuse(*refused) if refused else self._app)(scope, receive, sent)


def refuse(text: str, status: int) -> JSONResponse:
    """Return a refusal in every language."""
    return JSONResponse(body(text, {each: say(text, each) for each in LANGUAGES}), status)


def _refusal(request: Request, settings: Settings, uploads: str) -> tuple[str, int] | None:
    host = request.headers.get("host", "")
    name = urlsplit(f"//{host}").hostname or ""
    if settings.hosts and name not in settings.hosts and request.url.path != HEALTH:
        return "web.wrong_host", 421
    if request.method in SAFE:
        return None
    origin = request.headers.get("origin")
    if MARK not in request.headers or (origin is not None and urlsplit(origin).netloc != host):
        return "web.foreign_request", 403
    length = request.headers.get("content-length")
    if request.url.path.endswith(uploads):
        return None
    if length is None and "transfer-encoding" in request.headers:
        return "web.length_needed", 411
    if length is not None and (not length.isdigit() or int(length) > MOST_BYTES):
        return "web.too_large", 413
    return None
