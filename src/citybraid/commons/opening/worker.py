"""The process that opens cases of others: fences first, then one file, which it unpacks into its own folder.

Started by `citybraid.commons.opening.opened`. It may read that file alone, write to its folder alone, and reach no
network; a crash ends this process only.
"""

from pathlib import Path

from citybraid.isolation import within
from citybraid.isolation.limits import set_limits
from citybraid.isolation.message import Message, received, send
from citybraid.isolation.values import pack

MAX_REQUEST = 1 << 20
"""Largest request [byte]."""
SECONDS, MEMORY_MIB, FILE_MIB = 600.0, 1024.0, 4096.0
"""CPU time [s], memory [MiB], and largest file [MiB]."""


def main() -> None:
    """Unpack the file that the request names, and answer with its card, or with what is wrong."""
    context = within.set_fences()
    set_limits(seconds=SECONDS, memory_mib=MEMORY_MIB, file_mib=FILE_MIB)
    send(context.answers, Message({"fences": context.fences}))
    from citybraid.commons.opening.unpacking import Refused, unpack_case

    while (request := received(context.asked, most=MAX_REQUEST)) is not None:
        path = Path(str(request.body["file"]))
        try:
            unpacked = unpack_case(
                path, context.folder / "unpacked", keep=bool(request.body["keep"]),
                tell=lambda read, of: send(context.answers, pack(("read", (read, of)))),
            )  # fmt: skip
        except Refused as refusal:
            send(context.answers, pack(("refused", (refusal.text, dict(refusal.values)))))
        else:
            send(context.answers, pack(("card", unpacked)))


if __name__ == "__main__":
    main()
