"""Messages between a process and its child: JSON plus arrays as .npy bytes. No other format is read.

A message is the number of its parts, then each part's size and bytes; the first part is the JSON. A compromised
side can send wrong values, but no code, and no more bytes than the other side accepts.
"""

import json
import struct
from collections.abc import Callable, Iterator, Sequence
from typing import IO, Any, NamedTuple

LENGTH = struct.Struct("<Q")
MOST_PARTS = 1 << 20
BLOCK = 1 << 24
"""Bytes that are read at a time: memory is never allocated for a size that is only claimed."""
Buffer = bytes | bytearray | memoryview


class Message(NamedTuple):
    """Plain data, and the binary parts that it refers to by index."""

    body: Any
    parts: Sequence[Buffer] = ()


def send(stream: IO[bytes], message: Message) -> None:
    """Write a message; raises OSError where the other side has closed."""
    for piece in _pieces(message):
        stream.write(piece)
    stream.flush()


def received(stream: IO[bytes], *, most: int) -> Message | None:
    """Return the next message, None where the other side has closed or sent an invalid one.

    `most` is the largest total size [byte].
    """
    try:
        count = _number(stream.read)
        if not 1 <= count <= MOST_PARTS:
            return None
        parts: list[bytearray] = []
        left = most
        for _ in range(count):
            parts.append(_part(stream.read, left))
            left -= len(parts[-1])
        return Message(json.loads(parts[0]), parts[1:])
    except (OSError, ValueError, EOFError, RecursionError):
        return None


def _pieces(message: Message) -> Iterator[Buffer]:
    body = json.dumps(message.body, ensure_ascii=True).encode("ascii")
    yield LENGTH.pack(len(message.parts) + 1)
    for part in (body, *message.parts):
        yield LENGTH.pack(part.nbytes if isinstance(part, memoryview) else len(part))
        yield part


def _number(read: Callable[[int], bytes]) -> int:
    header = read(LENGTH.size)
    if len(header) != LENGTH.size:
        raise EOFError
    return int(LENGTH.unpack(header)[0])


def _part(read: Callable[[int], bytes], most: int) -> bytearray:
    size = _number(read)
    if size > most:
        raise EOFError
    part = bytearray()
    while len(part) < size:
        block = read(min(BLOCK, size - len(part)))
        if not block:
            raise EOFError
        part += block
    return part
