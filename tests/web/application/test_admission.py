import asyncio

import anyio
from starlette.types import Receive, Scope, Send

from citybraid.web.application.admission import Admission


async def _nothing() -> dict[str, object]:
    return {}


async def _unsent(_message: object) -> None:
    return None


def test_no_more_requests_are_worked_on_than_there_are_places() -> None:
    most, now, seen = 3, [0], list[int]()

    async def app(_scope: Scope, _receive: Receive, _send: Send) -> None:
        now[0] += 1
        seen.append(now[0])
        await asyncio.sleep(0.001)
        now[0] -= 1

    async def twenty() -> None:
        admission = Admission(app, most=most)
        async with anyio.create_task_group() as group:
            for _ in range(20):
                group.start_soon(admission, {"type": "http"}, _nothing, _unsent)

    asyncio.run(twenty())
    assert (len(seen), max(seen)) == (20, most)


def test_the_life_of_the_app_takes_no_place() -> None:
    reached = []

    async def app(scope: Scope, _receive: Receive, _send: Send) -> None:
        reached.append(scope["type"])

    asyncio.run(Admission(app, most=0)({"type": "lifespan"}, _nothing, _unsent))
    assert reached == ["lifespan"]
