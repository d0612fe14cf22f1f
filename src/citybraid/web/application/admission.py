"""Requests that are worked on at once: the others wait in line, each holding nothing.

A request holds a connection of the database from its first dependency to its end, and needs threads in between. With
more requests under way than connections, those that hold a thread wait for a connection whose holder waits for a
thread. Hence a place is taken before either.
"""

import asyncio

from starlette.types import ASGIApp, Receive, Scope, Send

from citybraid.web.database.engine import CONNECTIONS


class Admission:
    """Lets as many requests in at once as the database has connections."""

    def __init__(self, app: ASGIApp, *, most: int = CONNECTIONS) -> None:
        self._app = app
        self._places = asyncio.Semaphore(most)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Work on a request as soon as there is a place."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        async with self._places:
            await self._app(scope, receive, send)
