"""Texts of the interface in a language."""

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from citybraid.core.text import LANGUAGES, catalogue, unfilled
from citybraid.web.access.refusals import NotFound

router = APIRouter(tags=["texts"])

PREFIX = "web."
"""Beginning of the ids of the interface's texts."""


@router.get("/api/texts/{language}")
def texts(language: str) -> JSONResponse:
    """Return the interface's texts by id, placeholders as they stand: {name}."""
    if language not in LANGUAGES:
        raise NotFound("web.no_language", code=language, known=LANGUAGES)
    rows = {name: unfilled(name, language) for name in catalogue() if name.startswith(PREFIX)}
    return JSONResponse(rows, headers={"Cache-Control": "private, max-age=60"})
