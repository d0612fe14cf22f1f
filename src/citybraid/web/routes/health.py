"""Whether the server works, and its counters."""

import hmac

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import func, select, text

from citybraid.web.access.permits import Database, Shared
from citybraid.web.access.refusals import NotFound
from citybraid.web.database.tables import Job

router = APIRouter(tags=["health"])


@router.get("/api/health")
def health(session: Database, shared: Shared, response: Response) -> dict[str, str]:
    """Answer where the database and the folder of the studies can be reached; 503 where the folder cannot."""
    session.execute(text("SELECT 1"))
    there = shared.settings.folder.is_dir()
    response.status_code = 200 if there else 503
    return {"status": "ok" if there else "no folder"}


@router.get("/metrics", include_in_schema=False)
def metrics(request: Request, session: Database, shared: Shared) -> Response:
    """Return the counters to whoever has the key of the metrics."""
    token = request.headers.get("authorization", "").removeprefix("Bearer ")
    if not shared.settings.metrics_key or not hmac.compare_digest(token.encode(), shared.settings.metrics_key.encode()):
        raise NotFound("web.no_page")
    states = session.execute(select(Job.state, func.count()).group_by(Job.state)).all()
    jobs = "".join(f'citybraid_jobs{{state="{state}"}} {count}\n' for state, count in states)
    body = generate_latest(request.app.state.registry).decode() + f"# TYPE citybraid_jobs gauge\n{jobs}"
    return Response(body, media_type=CONTENT_TYPE_LATEST)
