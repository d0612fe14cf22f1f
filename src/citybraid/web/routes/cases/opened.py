"""Cases opened as new studies: of an upload, or of the library."""

from fastapi import APIRouter

from citybraid.web.access.permits import Asker, Database, Shared
from citybraid.web.cases.catalogue import published
from citybraid.web.cases.opening import from_case, from_upload
from citybraid.web.routes.files_upload import Opened
from citybraid.web.routes.studies import StudyState, of_owner

router = APIRouter(tags=["cases"])


@router.post("/api/uploads/{upload}/case", status_code=201)
def open_uploaded(upload: Opened, user: Asker, session: Database, shared: Shared) -> StudyState:
    """Open a case of unknown origin as a new study: checked whole by a fenced process, or refused with the reason."""
    return of_owner(from_upload(session, shared.settings.folder, user, upload), user, shared, session)


@router.post("/api/cases/{name}/study", status_code=201)
def open_published(name: str, user: Asker, session: Database, shared: Shared) -> StudyState:
    """Open a published case of the library as a new study."""
    _, _, file = published(shared.settings.cases, name)
    return of_owner(from_case(session, shared.settings.folder, user, file), user, shared, session)
