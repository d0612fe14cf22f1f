"""HTTP requests: https only (plain http to loopback), proxies from the environment, limits."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPException, HTTPMessage, HTTPResponse
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import (
    HTTPRedirectHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
    build_opener,
)

from citybraid import __version__
from citybraid.core.errors import InputError
from citybraid.core.model import Params
from citybraid.sources.open_data.network import loopback

AGENT = f"citybraid/{__version__}"
PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Status codes of transient errors."""
REFUSING = frozenset({401, 403, 407})


class DownloadLimits(Params):
    """Timeouts, retries and limits of downloads."""

    timeout: float = 60.0
    """Socket timeout [s]."""
    attempts: int = 6
    """Attempts without any progress before a file is given up."""
    pause: float = 1.0
    """Pause before the second attempt; it doubles with each [s]."""
    longest_pause: float = 60.0
    """Longest pause, a server's Retry-After included [s]."""
    most_mib: float = 8192.0
    """Largest file [MiB]."""
    spare_mib: float = 256.0
    """Disk space to leave free [MiB]."""
    wait: float = 3600.0
    """Longest wait for another process that fetches the same file [s]."""


class BrokenOffError(Exception):
    """A transient failure of the connection or server; `after` is its Retry-After [s]."""

    def __init__(self, why: str, after: float = 0.0) -> None:
        super().__init__(why)
        self.why = why
        self.after = after


class AbsentError(Exception):
    """The server has no such file."""


class StaleError(Exception):
    """The part fetched before does not match the server's file."""


def refuse_unsafe(url: str) -> None:
    """Raise InputError unless a URL is https, or plain http to loopback."""
    scheme = urlsplit(url).scheme
    if scheme != "https" and not (scheme == "http" and loopback(url)):
        raise InputError("fetch.not_https", url=url[:200])


class _Redirects(HTTPRedirectHandler):
    """Redirects must follow the same rule as URLs."""

    def redirect_request(  # noqa: PLR0917  (as the library calls it)
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        """Return the next request; raises InputError where its URL is unsafe."""
        refuse_unsafe(newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _opener(url: str) -> OpenerDirector:
    """An opener with the environment's proxies, none for loopback."""
    return build_opener(_Redirects, *([ProxyHandler({})] if loopback(url) else []))


@contextmanager
def open_response(
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    secret: Mapping[str, str] | None = None,
    body: bytes = b"",
    timeout: float,
) -> Iterator[HTTPResponse]:
    """Yield a server's response to a request; `secret` headers are not sent on redirects.

    Raises AbsentError (404, 410), StaleError (416), BrokenOffError (transient errors), InputError (permanent errors).
    """
    refuse_unsafe(url)
    request = Request(url, data=body or None, method="POST" if body else "GET")  # noqa: S310  (refuse_unsafe)
    for name, value in {"User-Agent": AGENT, "Accept-Encoding": "identity", **(headers or {})}.items():
        request.add_header(name, value)
    for name, value in (secret or {}).items():
        request.add_unredirected_header(name, value)
    try:
        with _opener(url).open(request, timeout=timeout) as response:
            yield response
    except HTTPError as fault:
        with fault:
            raise _error_of(fault, url) from fault
    except URLError as fault:
        raise BrokenOffError(str(fault.reason)[:160]) from fault
    except (OSError, HTTPException) as fault:
        raise BrokenOffError(f"{type(fault).__name__}: {fault}"[:160]) from fault


def _error_of(fault: HTTPError, url: str) -> Exception:
    if fault.code in (404, 410):
        return AbsentError(url)
    if fault.code == 416:  # noqa: PLR2004  (range not satisfiable)
        return StaleError(url)
    if fault.code in PASSING:
        return BrokenOffError(f"HTTP {fault.code}", _retry_seconds(fault.headers.get("Retry-After", "")))
    if fault.code in REFUSING:
        return InputError("fetch.refused", url=url[:200], code=fault.code)
    return InputError("fetch.status", url=url[:200], code=fault.code)


def _retry_seconds(text: str) -> float:
    return float(text) if text.isdigit() else 0.0
