"""The process that reads documents of others: fences first, then one file.

Started by `citybraid.web.foreign.apart`. It may read that file alone, write to its folder alone, and reach no network;
a crash, endless work or memory without end ends this process only.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from citybraid.isolation import within
from citybraid.isolation.limits import set_limits
from citybraid.isolation.message import Message, received, send
from citybraid.isolation.values import pack

MAX_REQUEST = 1 << 20
"""Largest request [byte]."""
SECONDS, MEMORY_MIB, FILE_MIB = 60.0, 1536.0, 512.0
"""CPU time [s], memory [MiB], and largest file [MiB]."""


def main() -> None:
    """Read the file that the request names, and answer with what it says, or with what is wrong."""
    context = within.set_fences()
    set_limits(seconds=SECONDS, memory_mib=MEMORY_MIB, file_mib=FILE_MIB)
    send(context.answers, Message({"fences": context.fences}))
    from citybraid.core.errors import InputError

    while (request := received(context.asked, most=MAX_REQUEST)) is not None:
        try:
            result = TASKS[request.body["task"]](Path(request.body["file"]), request.body)
        except InputError as refusal:
            send(context.answers, pack(("refused", (refusal.text, dict(refusal.values)))))
        else:
            send(context.answers, pack(("told", result)))


def _comments(path: Path, request: Mapping[str, Any]) -> list[list[Any]]:
    """Return the rows of a table of comments with their numbers."""
    from citybraid.report.templating.packages import look_through
    from citybraid.study.review.exchange import read_rows

    if path.suffix.lower() == ".xlsx":
        look_through(path, request["name"])
    return [[number, dict(row)] for number, row in read_rows(path)]


TASKS: Mapping[str, Callable[[Path, Mapping[str, Any]], Any]] = {"comments": _comments}


if __name__ == "__main__":
    main()
