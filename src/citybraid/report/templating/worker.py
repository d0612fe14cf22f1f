"""The process that fills templates of others: fences first, then one template, written into its own folder.

Started by `citybraid.report.templating.apart`. It may read the template and the pictures alone, write to its folder
alone, and reach no network; an endless loop or memory without end ends this process only.
"""

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
    from pathlib import Path

    from citybraid.core.errors import InputError
    from citybraid.report.templating.apart import FILLED
    from citybraid.report.templating.filling import Cell, Picture, fill, opened

    records = {each.__qualname__: each for each in (Cell, Picture)}
    while (request := received(context.asked, most=MAX_REQUEST)) is not None:
        asked = unpack(request, lambda _, kind: records[kind])
        try:
            template = opened(Path(asked["file"]), asked["name"])
            fill(template, asked["values"], name=asked["name"], strict=asked["strict"])
            template.save(str(context.folder / FILLED))
        except InputError as refusal:
            send(context.answers, pack((refusal.text, dict(refusal.values))))
        else:
            send(context.answers, pack(None))


if __name__ == "__main__":
    main()
