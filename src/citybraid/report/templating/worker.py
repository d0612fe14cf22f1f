"""The process that checks and fills templates of others: fences first, then one template, kept to its own folder.

Started by `citybraid.report.templating.apart`. It may read the template and the pictures alone, write to its folder
alone, and reach no network; an endless loop or memory without end ends this process only.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from citybraid.isolation import within
from citybraid.isolation.limits import set_limits
from citybraid.isolation.message import Message, received, send
from citybraid.isolation.values import pack, unpack

MAX_REQUEST = 64 << 20
"""Largest request [byte]."""
SECONDS, MEMORY_MIB, FILE_MIB = 100.0, 1536.0, 256.0
"""CPU time [s], memory [MiB], and largest file [MiB]."""


def main() -> None:
    """Fill the template that the request names, and answer with nothing, or with what is wrong."""
    context = within.set_fences()
    set_limits(seconds=SECONDS, memory_mib=MEMORY_MIB, file_mib=FILE_MIB)
    send(context.answers, Message({"fences": context.fences}))
    from citybraid.core.errors import InputError
    from citybraid.report.templating.filling import Cell, Picture

    records = {each.__qualname__: each for each in (Cell, Picture)}
    while (request := received(context.asked, most=MAX_REQUEST)) is not None:
        request_read = unpack(request, lambda _, kind: records[kind])
        try:
            result = TASKS[request_read["task"]](Path(request_read["file"]), request_read, context.folder)
        except InputError as refusal:
            send(context.answers, pack(("refused", (refusal.text, dict(refusal.values)))))
        else:
            send(context.answers, pack(("told", result)))


def _check(path: Path, request: Mapping[str, Any], _: Path) -> list[list[int | None]]:
    """Look through a template before anything reads it, check it, and return the pages of its sections.

    One that asks for placeholders is filled with values made up for this.
    """
    from citybraid.report.templating.dry import dry_values
    from citybraid.report.templating.filling import checked, fill, opened
    from citybraid.report.templating.packages import look_through

    look_through(path, request["name"])
    if request["needs"]:
        fill(opened(path, request["name"]), dry_values(), name=request["name"], strict=True)
    pages = checked(path, name=request["name"], needs=request["needs"], styles=request["styles"])
    return [[None if each is None else int(each) for each in page] for page in pages]


def _fill(path: Path, request: Mapping[str, Any], folder: Path) -> None:
    """Look through a template and write it filled with values into a folder."""
    from citybraid.report.templating.apart import FILLED
    from citybraid.report.templating.filling import fill, opened
    from citybraid.report.templating.packages import look_through

    look_through(path, request["name"])
    template = opened(path, request["name"])
    fill(template, request["values"], name=request["name"], strict=request["strict"])
    template.save(str(folder / FILLED))


TASKS: Mapping[str, Callable[[Path, Mapping[str, Any], Path], Any]] = {"check": _check, "fill": _fill}


if __name__ == "__main__":
    main()
