"""The rehearsal of a disaster: its hours, and the picture of each."""

from fastapi import APIRouter, Response

from citybraid.web.access.permits import Viewing
from citybraid.web.results.opened import opened
from citybraid.web.results.rehearsal import RehearsalState, frame, rehearsal

router = APIRouter(tags=["results"])


@router.get("/api/studies/{study}/runs/{run}/rehearsal")
def run_rehearsal(run: str, permitted: Viewing, alternative: str = "", event: str = "") -> RehearsalState | None:
    """Return the hours of an event with figures, streets and phases; null where the run has none."""
    return rehearsal(opened(permitted.folder, run), alternative, event)


@router.get("/api/studies/{study}/runs/{run}/rehearsal/{picture}/{hour}", response_class=Response)
def rehearsal_picture(
    *, run: str, picture: str, hour: int, alternative: str, permitted: Viewing, event: str = ""
) -> Response:
    """Return the picture of an hour: depth of water, or the state of rescue."""
    data = frame(opened(permitted.folder, run), picture, hour, alternative=alternative, event=event)
    return Response(data, media_type="image/png", headers={"Cache-Control": "private, max-age=3600"})
