"""The worker process: sandbox and limits first, then one SWMM model, controlled by messages.

Started by `citybraid.resilience.swmm.engine` in a temporary folder that holds `model.inp`. It can read no other user
file and reach no network; a crash ends this process only.
"""

from citybraid.isolation import within
from citybraid.isolation.limits import set_limits
from citybraid.isolation.message import Message, received, send

MOST_FILE_MIB = 4096.0
MAX_REQUEST = 1 << 28
"""Largest command message accepted [byte]."""


def main() -> None:
    """Serve commands until standard input ends."""
    context = within.set_fences(readable=())
    seconds, memory_mib = map(float, context.arguments)
    set_limits(seconds=seconds, memory_mib=memory_mib, file_mib=MOST_FILE_MIB)
    send(context.answers, Message({"fences": context.fences}))
    from citybraid.resilience.swmm.stepping import Engine, EngineError

    engine = Engine()
    while (request := received(context.asked, most=MAX_REQUEST)) is not None:
        try:
            for answer in engine.do(request.body):
                send(context.answers, Message(answer))
        except EngineError as fault:
            send(context.answers, Message({"failed": fault.words}))


if __name__ == "__main__":
    main()
