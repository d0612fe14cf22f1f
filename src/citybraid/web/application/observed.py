"""What a server tells of itself: one line of JSON for each request, counters for Prometheus. No coordinates.

A line and a counter name the route's template, never its address or query, so that neither ids, nor places, nor
tokens reach a log.
"""

import json
import logging
import time

from fastapi import FastAPI, Request, Response
from prometheus_client import CollectorRegistry, Counter, Histogram

from citybraid.web.application.security import Next

logger = logging.getLogger("citybraid.web.requests")
SECONDS = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
"""Bounds of the histogram of times [s]."""


def observe(app: FastAPI) -> CollectorRegistry:
    """Count and log every request; returns the registry of the counters."""
    registry = CollectorRegistry()
    answered = Counter("citybraid_requests", "Requests answered", ["method", "route", "status"], registry=registry)
    times = Histogram("citybraid_request_seconds", "Time of requests", ["route"], buckets=SECONDS, registry=registry)

    @app.middleware("http")
    async def observed(request: Request, call_next: Next) -> Response:
        started = time.perf_counter()
        status = 500
        try:
            answer = await call_next(request)
            status = answer.status_code
        finally:
            route, seconds = template(request), time.perf_counter() - started
            answered.labels(request.method, route, status).inc()
            times.labels(route).observe(seconds)
            line = {"method": request.method, "route": route, "status": status, "ms": round(seconds * 1000, 1)}
            logger.info(json.dumps(line))
        return answer

    return registry


def template(request: Request) -> str:
    """Return the template of the route that answered, `-` where none did."""
    path = getattr(request.scope.get("route"), "path", None)
    return path if isinstance(path, str) else "-"
