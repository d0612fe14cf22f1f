"""Requests over the network: https only (plain http to this machine itself), proxies of the environment, limits."""

import ipaddress
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPException, HTTPMessage, HTTPResponse
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, ProxyHandler, Request, build_opener

from citybraid import __version__
from citybraid.core.errors import InputError
from citybraid.core.model import Params

AGENT = f"citybraid/{__version__}"
PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Answers of a server that may be other a moment later."""
REFUSING = frozenset({401, 403, 407})


class Habits(Params):
    """How patiently files are fetched."""

    timeout: float = 60.0
    """Longest silence of a server [s]."""
    attempts: int = 6
    """Attempts without any progress before a file is given up."""
    pause: float = 1.0
    """Pause before the second attempt; it doubles with each [s]."""
    longest_pause: float = 60.0
    """Longest pause, a server's own wish among them [s]."""
    most_mib: float = 8192.0
    """Largest file [MiB]."""
    spare_mib: float = 256.0
    """Space on the disk that is left free [MiB]."""
    wait: float = 3600.0
    """Longest wait for another process that fetches the same file [s]."""


class BrokenOffError(Exception):
    """The connection or the server failed in a way that may pass; `after` is the server's own wish [s]."""

    def __init__(self, why: str, after: float = 0.0) -> None:
        super().__init__(why)
        self.why = why
        self.after = after


class AbsentError(Exception):
    """The server has no such file."""


class StaleError(Exception):
    """What was fetched before is no beginning of the server's file."""


def loopback(url: str) -> bool:
    """Tell whether an address is this machine itself."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def refuse_unsafe(url: str) -> None:
    """Raise InputError unless an address is https, or plain http to this machine itself."""
    scheme = urlsplit(url).scheme
    if scheme != "https" and not (scheme == "http" and loopback(url)):
        raise InputError("fetch.not_https", url=url[:200])


class _Redirects(HTTPRedirectHandler):
    """Redirections are held to the same rule as addresses."""

    def redirect_request(  # noqa: PLR0917  (as the library calls it)
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        """Return the next request; raises InputError where it leads to an unsafe address."""
        refuse_unsafe(newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _opener(url: str) -> OpenerDirector:
    """An opener: proxies as the environment names them, none for this machine itself."""
    return build_opener(_Redirects, *([ProxyHandler({})] if loopback(url) else []))


@contextmanager
def answer(
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    secret: Mapping[str, str] | None = None,
    body: bytes = b"",
    timeout: float,
) -> Iterator[HTTPResponse]:
    """Give a server's answer to a request; `secret` headers do not follow a redirection.

    Raises AbsentError (404, 410), StaleError (416), BrokenOffError (what may pass), InputError (what will not).
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
            raise _meaning(fault, url) from fault
    except URLError as fault:
        raise BrokenOffError(str(fault.reason)[:160]) from fault
    except (OSError, HTTPException) as fault:
        raise BrokenOffError(f"{type(fault).__name__}: {fault}"[:160]) from fault


def _meaning(fault: HTTPError, url: str) -> Exception:
    if fault.code in (404, 410):
        return AbsentError(url)
    if fault.code == 416:  # noqa: PLR2004  (range not satisfiable)
        return StaleError(url)
    if fault.code in PASSING:
        return BrokenOffError(f"HTTP {fault.code}", _seconds(fault.headers.get("Retry-After", "")))
    if fault.code in REFUSING:
        return InputError("fetch.refused", url=url[:200], code=fault.code)
    return InputError("fetch.status", url=url[:200], code=fault.code)


def _seconds(text: str) -> float:
    return float(text) if text.isdigit() else 0.0
