"""Lessons of a case as its authors state them in a file beside the study; what they do not state is told as missing."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, Field, ValidationError
from pydantic_core import PydanticCustomError

from citybraid.core.errors import InputError, InputErrors
from citybraid.core.rows.cases import CaseHazard, CaseWord
from citybraid.core.tables import read_table
from citybraid.core.text import CATALOGUE_LANGUAGES
from citybraid.core.wording.documented import Documented

FILE = "lessons.toml"
LARGEST_BYTES = 1 << 20
"""Largest file of lessons [byte]."""
LONGEST = 8000
"""Most letters of one lesson in one language."""
TOPICS = ("context", "problem", "measures", "effect", "cost", "governance", "failed")
"""What a case tells, in this order."""


class CasePart(Documented):
    """A frozen, closed part of a case."""


def _languages(words: Mapping[str, str]) -> Mapping[str, str]:
    if unknown := sorted(set(words) - set(CATALOGUE_LANGUAGES)):
        raise PydanticCustomError("languages", "it has {got}; zh and en are read", {"got": ", ".join(unknown)})
    return {name: text.strip() for name, text in words.items() if text.strip()}


def _word(kind: str) -> Any:
    def known(words: tuple[str, ...]) -> tuple[str, ...]:
        ids = [row.id for row in read_table(CaseWord) if row.kind == kind]
        return _known(words, ids)

    return known


def _hazards(words: tuple[str, ...]) -> tuple[str, ...]:
    return _known(words, [row.id for row in read_table(CaseHazard)])


def _known(words: tuple[str, ...], ids: list[str]) -> tuple[str, ...]:
    if unknown := [each for each in words if each not in ids]:
        raise PydanticCustomError(
            "words", "{got} is unknown; known are {known}", {"got": ", ".join(unknown), "known": ", ".join(ids)}
        )
    return words


Told = Annotated[Mapping[str, Annotated[str, Field(max_length=LONGEST)]], AfterValidator(_languages)]
Person = Annotated[str, Field(min_length=1, max_length=200)]
NOTHING: Mapping[str, str] = {}


class Lessons(CasePart):
    """What authors tell of a case, in Chinese and English; effects with their errors come from the run instead."""

    authors: Annotated[tuple[Person, ...], Field(max_length=50)] = ()
    """Who made the case."""
    licence: str = Field("", max_length=60)
    """Licence of the case itself, such as CC-BY-4.0; inputs have their own."""
    date: str = Field("", pattern=r"^(\d{4}-\d{2}-\d{2})?$")
    """Day of the case, as 2026-11-28."""
    form: Annotated[tuple[str, ...], AfterValidator(_word("form"))] = ()
    """Form of the place: new_town, city_district, old_neighbourhood ..."""
    levels: Annotated[tuple[str, ...], AfterValidator(_word("level"))] = ()
    """Levels of plans that the case serves: master, special, detailed, renewal."""
    hazards: Annotated[tuple[str, ...], AfterValidator(_hazards)] = ()
    """Hazards that it deals with; where not told, those that its indicators show."""
    context: Told = NOTHING
    """Where and when it was, for whom, under which conditions."""
    problem: Told = NOTHING
    """What was to be solved."""
    measures: Told = NOTHING
    """What was done or proposed, and why."""
    effect: Told = NOTHING
    """What came of it, in the authors' words; the numbers come from the run."""
    cost: Told = NOTHING
    """What it cost and who paid."""
    governance: Told = NOTHING
    """Who decided, who keeps it up, by which instrument."""
    failed: Told = NOTHING
    """What did not work."""

    @property
    def missing(self) -> tuple[str, ...]:
        """What the authors have not told: fields, and topics by language, such as failed.zh."""
        fields = [name for name in ("authors", "licence", "date", "form", "levels") if not getattr(self, name)]
        topics = [
            f"{topic}.{language}"
            for topic in TOPICS
            for language in CATALOGUE_LANGUAGES
            if language not in getattr(self, topic)
        ]
        return (*fields, *topics)


def read_lessons(path: Path) -> Lessons:
    """Read the lessons beside a study; none where there is no such file. Raises InputError where it is unusable."""
    if not path.is_file():
        return Lessons()
    if path.stat().st_size > LARGEST_BYTES:
        raise InputError("case.lessons_large", file=path.name, limit=LARGEST_BYTES >> 20)
    try:
        return Lessons.model_validate(tomllib.loads(path.read_text(encoding="utf-8-sig")))
    except ValidationError as fault:
        raise InputErrors(
            InputError(
                "case.lessons_value", file=path.name, where=".".join(map(str, each["loc"])) or "-", why=each["msg"]
            )
            for each in fault.errors()
        ) from fault
    except (OSError, ValueError, RecursionError) as fault:
        raise InputError("case.lessons_unreadable", file=path.name, why=str(fault)[:200]) from fault
