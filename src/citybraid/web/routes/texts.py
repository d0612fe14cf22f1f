"""Texts of the interface in a language."""

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from citybraid.core.text import (
    INTERFACE_LANGUAGES,
    LANGUAGES,
    UNTRANSLATED,
    catalogue,
    interface_words,
    unfilled,
    unreviewed_words,
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


class Begun(BaseModel):
    """A language that the pages alone begin to speak: texts of all, those it lacks, and those no native has read."""

    texts: int
    missing: int
    unreviewed: int


def languages_begun() -> dict[str, Begun]:
    """Return how far each language of the interface alone has come."""
    names = [name for name in catalogue() if name.startswith(PREFIX)]
    return {
        each: Begun(
            texts=len(names), missing=sum(name not in interface_words(each) for name in names),
            unreviewed=unreviewed_words(each),
        )
        for each in INTERFACE_LANGUAGES
    }  # fmt: skip
