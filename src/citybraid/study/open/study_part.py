"""What every part of the study file is made of: closed, frozen models, texts in both languages, seeds."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from citybraid.core.text import CATALOGUE_LANGUAGES, LANGUAGES
from citybraid.core.wording.documented import Documented


def _language(language: str) -> str:
    if language not in LANGUAGES:
        raise PydanticCustomError("language", "it must be one of {known}", {"known": ", ".join(LANGUAGES)})
    return language


def _both(words: Mapping[str, str]) -> Mapping[str, str]:
    """Refuse texts that are missing or blank in one language."""
    if any(not words.get(language, "").strip() for language in CATALOGUE_LANGUAGES):
        raise PydanticCustomError("languages", "it must say the same in both zh and en")
    return words


Titles = Annotated[Mapping[Annotated[str, AfterValidator(_language)], str], AfterValidator(_both)]
Seed = Annotated[int, Field(ge=0)]


class StudyPart(Documented):
    """A closed, frozen part of the study file."""
