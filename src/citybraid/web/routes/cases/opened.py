"""Cases opened as new studies, of an upload or of the library: begun here, read by a job."""

from fastapi import APIRouter
from pydantic import BaseModel
from sqlalchemy.orm import Session

from citybraid.web.access.permits import Asker, Database, Server, Shared
from citybraid.web.cases.catalogue import published
from citybraid.web.cases.opening import begin, from_upload
from citybraid.web.cases.packed import SUFFIX
from citybraid.web.database.tables import StudyRow, User, new_id
from citybraid.web.jobs import queue
from citybraid.web.jobs.turns import places
from citybraid.web.routes.files_upload import Opened
from citybraid.web.routes.jobs import JobState
from citybraid.web.routes.jobs import state as job_state
from citybraid.web.routes.studies import StudyState, of_owner

router = APIRouter(tags=["cases"])


class BegunState(BaseModel):
    """A study that a case is opened as, and the job that reads the case."""

    study: StudyState
    job: JobState


@router.post("/api/uploads/{upload}/case", status_code=202)
def open_uploaded(upload: Opened, user: Asker, session: Database, shared: Shared) -> BegunState:
    """Open a case of unknown origin as a new study: a job checks it whole in a fenced process, or tells why not."""
    return _begun(from_upload(session, shared.settings.folder, user, upload), user, session, shared)


@router.post("/api/cases/{name}/study", status_code=202)
def open_published(name: str, user: Asker, session: Database, shared: Shared) -> BegunState:
    """Open a published case of the library as a new study, by a job."""
    _, _, file = published(shared.settings.cases, name)
    row = begin(session, shared.settings.folder, user, file, name=f"{name}{SUFFIX}")
    return _begun(row, user, session, shared)


def _begun(row: StudyRow, user: User, session: Session, shared: Server) -> BegunState:
    folder = shared.settings.folder / row.path
    job = queue.submit(session, row, user, folder, kind="open", options={}, request=new_id())
    return BegunState(study=of_owner(row, user, shared, session), job=job_state(session, job, places(session)))
