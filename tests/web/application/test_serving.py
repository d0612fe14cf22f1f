"""What the server listens on."""

import asyncio
import socket
from pathlib import Path

from citybraid.web.application.serving import _bound
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
