"""This side of reading documents of others: a fenced process reads, and its plain answer alone is taken."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from citybraid.core.errors import InputError
from citybraid.isolation.arrays import DecodeError
from citybraid.isolation.child import OUT_OF_TIME, Child
from citybraid.isolation.message import Message
from citybraid.isolation.values import unpack

WORKER = "citybraid.web.foreign.worker"
SECONDS, MEMORY_MIB, ANSWER_MIB = 90.0, 2048.0, 256.0
"""Longest time [s], most memory [MiB] and largest answer [MiB] of the process."""


def comment_rows(path: Path) -> list[tuple[int, Mapping[str, str]]]:
    """Read a table of comments of unknown origin: its rows with their numbers; raises InputError."""
    if not path.is_file():
        raise InputError("review.unreadable", file=path.name)
    rows = _ask(path, {"task": "comments", "name": path.name})
    return [(int(number), {str(name): str(cell) for name, cell in row.items()}) for number, row in rows]


def _ask(path: Path, request: Mapping[str, Any]) -> Any:
    name = str(request["name"])
    with Child(WORKER, arguments=[str(path.resolve())]) as child:
        if child.greeting() is None:
            raise InputError("web.foreign.crashed", file=name)
        with child.watched(seconds=SECONDS, mib=MEMORY_MIB) as watch:
            child.send(Message({**request, "file": str(path.resolve())}))
            answer = child.receive(most_mib=ANSWER_MIB)
        if answer is None:
            slow = watch.reason == "time" or child.close() in OUT_OF_TIME
            raise InputError("web.foreign.slow" if slow else "web.foreign.crashed", file=name)
    try:
        kind, reply = unpack(answer, _no_records)
        if kind == "told":
            return reply
        text, values = reply
    except (DecodeError, ValueError, TypeError) as fault:
        raise InputError("web.foreign.crashed", file=name) from fault
    raise InputError(str(text), **{str(each): value for each, value in values.items()})


def _no_records(module: str, _: str) -> type:
    raise DecodeError(module)
