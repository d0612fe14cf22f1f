"""Texts of the interface in a language."""

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from citybraid.core.text import (
    INTERFACE_LANGUAGES,
    LANGUAGES,
    UNTRANSLATED,
    catalogue,
    interface_words,
    unfilled,
)
from citybraid.web.access.refusals import NotFound

router = APIRouter(tags=["texts"])

PREFIX = "web."
"""Beginning of the ids of the interface's texts."""


@router.get("/api/texts/{language}")
def texts(language: str) -> JSONResponse:
    """Return the interface's texts by id, placeholders as they stand: {name}; what is missing in English, marked."""
    if language not in (*LANGUAGES, *INTERFACE_LANGUAGES):
        raise NotFound("web.no_language", code=language, known=(*LANGUAGES, *INTERFACE_LANGUAGES))
    names = [name for name in catalogue() if name.startswith(PREFIX)]
    if language in INTERFACE_LANGUAGES:
        words = interface_words(language)
        rows = {name: words.get(name) or UNTRANSLATED.format(text=unfilled(name, "en")) for name in names}
    else:
        rows = {name: unfilled(name, language) for name in names}
    return JSONResponse(rows, headers={"Cache-Control": "private, max-age=60"})


def missing_words() -> dict[str, int]:
    """Return how many texts of the interface each language of the interface alone lacks."""
    names = [name for name in catalogue() if name.startswith(PREFIX)]
    return {each: sum(name not in interface_words(each) for name in names) for each in INTERFACE_LANGUAGES}
