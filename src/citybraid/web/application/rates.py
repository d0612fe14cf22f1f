"""How fast one person, or one address, may change things: beyond it a request is refused until some time has passed.

Reading is not counted: how much of it is worked on at once is held by admission. Pieces of uploads are not counted
either: quotas hold those.
"""

import hashlib
import math
import time
from collections.abc import Callable

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from citybraid.web.access.logins import COOKIE
from citybraid.web.application.security import SAFE, refuse

PERSON, ADDRESS = 300, 3000
"""Changes in a minute of a session, and of an address, behind which a whole office may sit."""
KEPT = 10_000
"""Sessions and addresses that are remembered; those that have not asked for longest are forgotten first."""
MINUTE_S = 60.0


class Rated:
    """Refuses changes of those who ask for too many, with the time after which they may go on."""

    def __init__(
        self, app: ASGIApp, *, uploads: str = "/files", clock: Callable[[], float] = time.monotonic
    ) -> None:  # fmt: skip
        self._app, self._uploads, self._clock = app, uploads, clock
        self._left: dict[str, tuple[float, float]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] != "http" or scope["method"] in SAFE or scope["path"].endswith(self._uploads):
            await self._app(scope, receive, send)
            return
        wait = max(self._take(key, most) for key, most in _keys(Request(scope)))
        if not wait:
            await self._app(scope, receive, send)
            return
        answer = refuse("web.too_fast", 429)
        answer.headers["Retry-After"] = str(math.ceil(wait))
        await answer(scope, receive, send)

    def _take(self, key: str, most: int) -> float:
        """Take one of a key's changes; `most` come back in a minute. Return the time until there is one [s]."""
        present, rate = self._clock(), most / MINUTE_S
        left, since = self._left.pop(key, (float(most), present))
        left = min(float(most), left + (present - since) * rate)
        enough = left >= 1
        self._left[key] = (left - 1 if enough else left, present)
        if len(self._left) > KEPT:
            del self._left[next(iter(self._left))]
        return 0.0 if enough else (1 - left) / rate


def _keys(request: Request) -> list[tuple[str, int]]:
    """Return who asks: by address, and by the digest of the session's cookie or key where there is one."""
    host = "" if request.client is None else request.client.host
    cookie = (
        request.cookies.get(COOKIE) or request.cookies.get(f"__Host-{COOKIE}") or request.headers.get("authorization")
    )
    keys = [(f"address:{host}", ADDRESS)]
    if cookie:
        keys.append((f"session:{hashlib.sha256(cookie.encode()).hexdigest()}", PERSON))
    return keys
