"""`citybraid serve`: start the server, tell its address, open the browser."""

import logging
import signal
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import Any

import uvicorn

from citybraid.core.errors import InputError
from citybraid.web.application.factory import create_app
from citybraid.web.configuration.settings import Mode, Settings
from citybraid.web.jobs.crew import crew
from citybraid.web.maps.clearing import clear_tiles

KEPT_S = 75
"""How long a connection stays open without a request [s].

Longer than proxies keep theirs to the server (nginx 60 s): the side that asks must be the first to close. Of a
connection that the server closes, a reader learns only by the failure of the next request; one that was slow to read
the last answer, by some seconds on a busy machine, met that with the 5 s that uvicorn keeps by itself.
"""


def serve(settings: Settings, *, tell: Callable[[str], None], browser: bool) -> None:
    """Serve a workspace until it is interrupted; `tell` is given the address that opens it.

    Raises InputError where the folder is missing or the address is taken.
    """
    if not settings.folder.is_dir():
        raise InputError("web.no_folder", folder=settings.folder)
    _log(settings.mode)
    _end_in_order()
    app = create_app(settings)
    with _bound(settings) as listening, crew(settings):
        port = listening.getsockname()[1]
        address = f"http://{settings.host}:{port}/"
        if settings.mode is Mode.LAPTOP:
            address += f"enter?token={settings.token}"
        tell(address)
        threading.Thread(target=_clear, args=(settings.folder,), daemon=True).start()
        if browser:
            threading.Timer(1.0, webbrowser.open, (address,)).start()
        uvicorn.Server(_config(app, settings)).run(sockets=[listening])


def _config(app: Any, settings: Settings) -> uvicorn.Config:
    return uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, timeout_keep_alive=KEPT_S,
        proxy_headers=bool(settings.proxies), forwarded_allow_ips=settings.proxies or None,
    )  # fmt: skip


def _clear(workspace: Path) -> None:
    """Remove the old tiles of every study, once at the start, beside the work."""
    for study in sorted(each for each in workspace.iterdir() if (each / "study.toml").is_file()):
        try:
            clear_tiles(study)
        except OSError as fault:
            logging.getLogger("citybraid.web").warning("old tiles stay: %s", fault.strerror)


def _log(mode: Mode) -> None:
    """Write what a team's server tells of itself on standard error, a line of JSON each; a laptop's only its faults."""
    logger = logging.getLogger("citybraid.web")
    if not logger.handlers:
        logger.addHandler(logging.StreamHandler())
    logger.setLevel(logging.INFO if mode is Mode.TEAM else logging.WARNING)


def _end_in_order() -> None:
    """Have SIGTERM end the program as Ctrl-C does, from the start on, so that its workers give their jobs back."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))


def _bound(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # The protocol is named: only then does asyncio send without delay, else each answer waits 40 ms for the reader.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
    except OSError as fault:
        listening.close()
        raise InputError(
            "web.address_taken", host=settings.host, port=settings.port, why=fault.strerror or ""
        ) from fault
    return listening
