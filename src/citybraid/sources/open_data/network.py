"""Whether the servers of sources can be reached: asked before the libraries that read files and maps are loaded."""

import ipaddress
import socket
import threading
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from citybraid.core.errors import InputError, InputErrors
from citybraid.sources.open_data.known import sources

PORTS = {"http": 80, "https": 443}
REACH_SECONDS = 4.0
"""Longest time to reach a server for the first time [s]."""
FOLDER = "open"
"""Folder of fetched files within the cache of a study, and within its data."""
ON_DEMAND = frozenset({"era5"})
"""Sources that write a request for the user where they cannot ask themselves."""


def loopback(url: str) -> bool:
    """Return whether a URL's host is loopback."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def require_network(url: str) -> None:
    """Raise InputError where a URL's server, or the proxy that leads to it, cannot be reached within four seconds."""
    faults = unreached([url])
    if faults:
        raise faults[0]


def require_one_source(names: Collection[str], cache: Path, settings: Sequence[str] = ()) -> None:
    """Raise InputErrors where no server of any of the sources can be reached, so that nothing could be fetched.

    Nothing is asked where a source may do without: its files may lie in the cache, a setting names a saved one, or the
    name is none (told later).
    """
    chosen = {name for name in names if any(setting.startswith(f"{name}.") for setting in settings)}
    servers = {name: _servers(name)[: None if name in chosen else 1] for name in names}
    saved = any(Path(setting.partition("=")[2]).exists() for setting in settings if setting.partition("=")[2])
    may_do_without = any(not urls or name in ON_DEMAND or (cache / name).is_dir() for name, urls in servers.items())
    if saved or may_do_without:
        return
    urls = list(dict.fromkeys(url for each in servers.values() for url in each))
    faults = unreached(urls)
    if len(faults) == len(urls):
        raise InputErrors(faults) if len(faults) > 1 else faults[0]


def _servers(name: str) -> list[str]:
    """Return a source's servers; the first is asked where no option chooses another."""
    return list(dict.fromkeys(row.server for row in sources() if row.source == name))


def unreached(urls: Iterable[str]) -> list[InputError]:
    """Return an error for each URL whose first hop cannot be reached; all are tried at once, four seconds at most.

    A resolver without network may wait for longer than that, so each is asked in a thread of its own.
    """
    hops = [hop for url in urls if (hop := _first_hop(url)) is not None]
    why: dict[tuple[str, int], str] = dict.fromkeys(hops, "no answer")
    attempts = [threading.Thread(target=_reach, args=(hop, why), daemon=True) for hop in why]
    for attempt in attempts:
        attempt.start()
    for attempt in attempts:
        attempt.join(REACH_SECONDS)
    reasons = dict(why)
    return [InputError("fetch.no_network", host=hop[0], why=reasons[hop]) for hop in hops if reasons[hop]]


def _reach(address: tuple[str, int], why: dict[tuple[str, int], str]) -> None:
    """Open and close a connection; empties the reason where that works."""
    try:
        socket.create_connection(address, timeout=REACH_SECONDS).close()
    except OSError as fault:
        why[address] = (fault.strerror or str(fault))[:120]
    else:
        why[address] = ""


def _first_hop(url: str) -> tuple[str, int] | None:
    """Return host and port that a request to a URL connects to, None for loopback."""
    parts = urlsplit(url)
    if loopback(url) or not parts.hostname:
        return None
    proxy = "" if proxy_bypass(parts.hostname) else getproxies().get(parts.scheme, "")
    hop = urlsplit(proxy if "://" in proxy or not proxy else f"http://{proxy}") if proxy else parts
    return hop.hostname or parts.hostname, hop.port or PORTS.get(hop.scheme, 443)
