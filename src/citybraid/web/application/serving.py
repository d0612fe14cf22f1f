"""`citybraid serve`: start the server, tell its address, open the browser."""

import socket
import threading
import webbrowser
from collections.abc import Callable

import uvicorn

from citybraid.core.errors import InputError
from citybraid.web.application.factory import create_app
from citybraid.web.base.settings import Settings


def serve(settings: Settings, *, tell: Callable[[str], None], browser: bool) -> None:
    """Serve a workspace until it is interrupted; `tell` is given the address that opens it.

    Raises InputError where the folder is missing or the address is taken.
    """
    if not settings.folder.is_dir():
        raise InputError("web.no_folder", folder=settings.folder)
    app = create_app(settings)
    with _bound(settings) as listening:
        port = listening.getsockname()[1]
        address = f"http://{settings.host}:{port}/enter?token={settings.token}"
        tell(address)
        if browser:
            threading.Timer(1.0, webbrowser.open, (address,)).start()
        config = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False, date_header=True)
        uvicorn.Server(config).run(sockets=[listening])


def _bound(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
    except OSError as fault:
        listening.close()
        raise InputError(
            "web.address_taken", host=settings.host, port=settings.port, why=fault.strerror or ""
        ) from fault
    return listening
