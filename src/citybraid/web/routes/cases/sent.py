"""Cases that a command line sends: who it sends as and what it may send; handed in as drafts, like any other."""

from fastapi import APIRouter, Request
from pydantic import BaseModel

from citybraid import __version__
from citybraid.sources.protocol.limits import Limits
from citybraid.web.access import audit
from citybraid.web.access.permits import Database, Sender, Server, Shared, address
from citybraid.web.cases import review
from citybraid.web.cases.review import SentState
from citybraid.web.configuration.settings import Mode
from citybraid.web.database.tables import User
from citybraid.web.routes.cases.packed import MOST_LETTERS
from citybraid.web.routes.files_upload import Opened

router = APIRouter(prefix="/api/drafts", tags=["cases"])


class SendingState(BaseModel):
    """Who sends, to which version of the program, the largest case [MiB], and what they have handed in before."""

    citybraid: str
    by: str
    file_mib: float
    cases: list[SentState]


@router.get("")
def sending(user: Sender, shared: Shared) -> SendingState:
    """Tell who the sender is, how large a case may be, and how it stands with those they have handed in."""
    by = _name(user, shared)
    cases = review.sent_by(shared.settings.cases, by)
    return SendingState(citybraid=__version__, by=by, file_mib=Limits().file_mib, cases=cases)


@router.post("/uploads/{upload}", status_code=201)
def send(upload: Opened, request: Request, user: Sender, session: Database, shared: Shared) -> SentState:
    """Hand in the case of an upload as a draft, checked by a fenced process; those who keep the workspace review it."""
    sent_case = review.send(shared.settings.cases, upload, by=_name(user, shared))
    audit.record(
        session, "case_sent", user=user, address=address(request), detail={"case": sent_case.name, "id": sent_case.id}
    )
    return sent_case


def _name(user: User, shared: Server) -> str:
    """Return the name that the history of a case gets: the person's own, on a laptop, which has none, its owner's."""
    laptop = shared.settings.mode is Mode.LAPTOP
    return (user.name if laptop else user.display or user.name)[:MOST_LETTERS]
