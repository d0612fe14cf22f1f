"""What the server listens on."""

import asyncio
import socket
import threading
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from citybraid.web.application.serving import KEPT_S, _bound, _config
from citybraid.web.configuration.settings import Settings


def test_answers_are_sent_without_delay(tmp_path: Path) -> None:
    """A connection that asyncio does not know as TCP waits 40 ms for the reader before each second packet."""
    delayed: list[int] = []

    async def note(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        delayed.append(writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()

    async def connect() -> None:
        server = await asyncio.start_server(note, sock=_bound(Settings(folder=tmp_path, port=0)))
        async with server:
            reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname()[:2])
            await reader.read()
            writer.close()

    asyncio.run(connect())
    assert delayed
    assert all(delayed)


async def answer(scope: dict[str, Any], _receive: Any, send: Callable[[dict[str, Any]], Awaitable[None]]) -> None:
    """Answer any request."""
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"ok"})


@pytest.mark.slow
def test_a_connection_outlasts_a_reader_that_pauses(tmp_path: Path) -> None:
    """A reader that asks again after six seconds is answered on the same connection; uvicorn would close it at five."""
    assert KEPT_S > 60, "nginx keeps its connections for 60 s: it must be the first to close"
    settings = Settings(folder=tmp_path, port=0)
    listening = _bound(settings)
    listening.listen()
    server = uvicorn.Server(_config(answer, settings))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        with socket.create_connection(listening.getsockname()[:2], timeout=30) as reader:
            for pause in (6.0, 0.0):
                reader.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
                told = b""
                while not told.endswith(b"ok") and (piece := reader.recv(4096)):
                    told += piece
                assert told.startswith(b"HTTP/1.1 200")
                time.sleep(pause)
    finally:
        server.should_exit = True
        thread.join()
