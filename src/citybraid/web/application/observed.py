"""What a server tells of itself: one line of JSON for each request, counters for Prometheus. No coordinates.

A line and a counter name the route's template, never its address or query, so that neither ids, nor places, nor
tokens reach a log.
"""

import json
import logging
import time

from fastapi import FastAPI
from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

logger = logging.getLogger("citybraid.web.requests")
SECONDS = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
"""Bounds of the histogram of times [s]."""


def observe(app: FastAPI) -> CollectorRegistry:
    """Count and log every request; returns the registry of the counters."""
    registry = CollectorRegistry()
    app.add_middleware(Observed, registry=registry)
    return registry


class Observed:
    """Counts and logs every request."""

    def __init__(self, app: ASGIApp, *, registry: CollectorRegistry) -> None:
        self._app = app
        names = ["method", "route", "status"]
        self._answered = Counter("citybraid_requests", "Requests answered", names, registry=registry)
        self._times = Histogram(
            "citybraid_request_seconds", "Time of requests", ["route"], buckets=SECONDS, registry=registry
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, then count and log it; one that fails counts as 500."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status = time.perf_counter(), 500

        async def sent(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, sent)
        finally:
            method, route, seconds = scope["method"], template(scope), time.perf_counter() - started
            self._answered.labels(method, route, status).inc()
            self._times.labels(route).observe(seconds)
            logger.info(
                json.dumps({"method": method, "route": route, "status": status, "ms": round(seconds * 1000, 1)})
            )


def template(scope: Scope) -> str:
    """Return the template of the route that answered, `-` where none did."""
    path = getattr(scope.get("route"), "path", None)
    return path if isinstance(path, str) else "-"
