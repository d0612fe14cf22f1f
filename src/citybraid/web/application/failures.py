"""Errors as answers: the status of HTTP, and the message in every language; never a traceback.

Programs get JSON; who opens an address in a browser gets a page with the message alone.
"""

import errno
import logging
from collections.abc import Mapping
from html import escape

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException

from citybraid.core.errors import CapacityError, PlanError, StoreError
from citybraid.core.text import LANGUAGES, say
from citybraid.web.access.refusals import Refused

logger = logging.getLogger("citybraid.web")

HEAD = """<!doctype html>
<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>citybraid</title>
"""

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


def body(text: str, messages: dict[str, str], **more: object) -> dict[str, object]:
    """Return the body of an error: its text id and its message by language."""
    return {"error": text, "said": messages, **more}


def _answer(
    request: Request, content: dict[str, object], status: int, headers: Mapping[str, str] | None = None
) -> Response:
    """Return an error as JSON, or as a page where a browser opens the address itself."""
    if "text/html" not in request.headers.get("accept", ""):
        return JSONResponse(content, status, headers)
    content_said = content["said"]
    messages = content_said if isinstance(content_said, dict) else {}
    lines = "".join(f'<p lang="{language}">{escape(str(text))}</p>' for language, text in messages.items())
    return HTMLResponse(f"{HEAD}<h1>citybraid</h1>{lines}", status, headers)


async def _planned(request: Request, fault: Exception) -> Response:
    if not isinstance(fault, PlanError):
        raise fault
    kinds = (status for kind, status in STATUS.items() if isinstance(fault, kind))
    status = fault.status if isinstance(fault, Refused) else next(kinds, 422)
    more = fault.more if isinstance(fault, Refused) else {}
    return _answer(request, body(fault.text, {each: fault.say(each) for each in LANGUAGES}, **more), status)


async def _invalid(request: Request, fault: Exception) -> Response:
    problems = fault.errors() if isinstance(fault, RequestValidationError) else []
    places = [{"at": ".".join(map(str, each["loc"])), "why": each["msg"]} for each in problems]
    messages = {
        each: say("web.invalid_request", each, places=", ".join(place["at"] for place in places)) for each in LANGUAGES
    }
    return _answer(request, body("web.invalid_request", messages, places=places), 422)


async def _http(request: Request, fault: Exception) -> Response:
    status = fault.status_code if isinstance(fault, HTTPException) else 500
    headers = fault.headers if isinstance(fault, HTTPException) else None
    messages = {each: say("web.no_page", each) for each in LANGUAGES}
    return _answer(request, body("web.no_page", messages), status, headers)


def _says_full(text: str) -> bool:
    return any(each in text.lower() for each in FULL_DATABASE)


async def _system(request: Request, fault: Exception) -> Response:
    """Tell a full disk as what it is; anything else of files and database is a defect."""
    full = fault.errno in FULL if isinstance(fault, OSError) else _says_full(str(fault))
    if not full:
        return await _unforeseen(request, fault)
    logger.error("%s: the disk is full", request.url.path)
    messages = {each: say("web.disk_is_full", each) for each in LANGUAGES}
    return _answer(request, body("web.disk_is_full", messages), STATUS[CapacityError])


async def _unforeseen(request: Request, fault: Exception) -> Response:
    logger.error("%s failed: %s", request.url.path, type(fault).__name__, exc_info=fault)
    return _answer(request, body("web.defect", {each: say("web.defect", each) for each in LANGUAGES}), 500)
