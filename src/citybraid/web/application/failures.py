"""Errors as answers: the status of HTTP, and the message in every language; never a traceback."""

import errno
import logging

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException

from citybraid.core.errors import CapacityError, PlanError, StoreError
from citybraid.core.text import LANGUAGES, say
from citybraid.web.access.refusals import Refused

logger = logging.getLogger("citybraid.web")

STATUS: dict[type[PlanError], int] = {StoreError: 500, CapacityError: 507}
"""Status of errors that are not the request's; every other one is answered 422."""
FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
FULL_DATABASE = ("disk is full", "no space left")
"""What SQLite and PostgreSQL say of a disk that is full."""


def answer_failures(app: FastAPI) -> None:
    """Answer every error of a request with its message in every language."""
    app.add_exception_handler(PlanError, _planned)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(OSError, _system)
    app.add_exception_handler(OperationalError, _system)
    app.add_exception_handler(Exception, _unforeseen)


def body(text: str, said: dict[str, str], **more: object) -> dict[str, object]:
    """Return the body of an error: its text id and its message by language."""
    return {"error": text, "said": said, **more}


async def _planned(_request: Request, fault: Exception) -> JSONResponse:
    if not isinstance(fault, PlanError):
        raise fault
    kinds = (status for kind, status in STATUS.items() if isinstance(fault, kind))
    status = fault.status if isinstance(fault, Refused) else next(kinds, 422)
    more = fault.more if isinstance(fault, Refused) else {}
    return JSONResponse(body(fault.text, {each: fault.say(each) for each in LANGUAGES}, **more), status)


async def _invalid(_request: Request, fault: Exception) -> JSONResponse:
    problems = fault.errors() if isinstance(fault, RequestValidationError) else []
    places = [{"at": ".".join(map(str, each["loc"])), "why": each["msg"]} for each in problems]
    said = {
        each: say("web.invalid_request", each, places=", ".join(place["at"] for place in places)) for each in LANGUAGES
    }
    return JSONResponse(body("web.invalid_request", said, places=places), 422)


async def _http(_request: Request, fault: Exception) -> JSONResponse:
    status = fault.status_code if isinstance(fault, HTTPException) else 500
    headers = fault.headers if isinstance(fault, HTTPException) else None
    return JSONResponse(body("web.no_page", {each: say("web.no_page", each) for each in LANGUAGES}), status, headers)


def _says_full(told: str) -> bool:
    return any(each in told.lower() for each in FULL_DATABASE)


async def _system(request: Request, fault: Exception) -> JSONResponse:
    """Tell a full disk as what it is; anything else of files and database is a defect."""
    full = fault.errno in FULL if isinstance(fault, OSError) else _says_full(str(fault))
    if not full:
        return await _unforeseen(request, fault)
    logger.error("%s: the disk is full", request.url.path)
    said = {each: say("web.disk_is_full", each) for each in LANGUAGES}
    return JSONResponse(body("web.disk_is_full", said), STATUS[CapacityError])


async def _unforeseen(request: Request, fault: Exception) -> JSONResponse:
    logger.error("%s failed: %s", request.url.path, type(fault).__name__, exc_info=fault)
    return JSONResponse(body("web.defect", {each: say("web.defect", each) for each in LANGUAGES}), 500)
