"""The table of a run's comments: taken out for reviewers, merged when it comes back."""

from typing import Annotated

from fastapi import APIRouter, File, Response, UploadFile

from citybraid.study.review.exchange import MOST_BYTES
from citybraid.web.access.permits import Editing, Viewing
from citybraid.web.reviews.comments import places_of
from citybraid.web.reviews.exchange import MergedState, Suffix, exported, imported

router = APIRouter(tags=["review"])

MEDIA = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv; charset=utf-8",
}  # fmt: skip


@router.get("/api/studies/{study}/runs/{run}/comment-table/{suffix}/files", response_class=Response)
def comment_table(run: str, suffix: Suffix, permitted: Viewing) -> Response:
    """Take the comments as a table that reviewers fill in."""
    data = exported(places_of(permitted.folder, run), suffix)
    headers = {"Content-Disposition": f'attachment; filename="comments.{suffix}"'}
    return Response(data, media_type=MEDIA[suffix], headers=headers)


@router.post("/api/studies/{study}/runs/{run}/comment-table/{suffix}/files")
def merge_table(run: str, suffix: Suffix, file: Annotated[UploadFile, File()], permitted: Editing) -> MergedState:
    """Merge a table that reviewers have filled in; rows that both sides changed are told and left."""
    return imported(places_of(permitted.folder, run), suffix, file.file.read(MOST_BYTES + 1))
