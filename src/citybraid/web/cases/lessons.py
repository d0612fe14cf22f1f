"""Lessons of a study as its authors tell them, for the case that is packed from it: read, and written as TOML."""

from pathlib import Path

import tomlkit
from pydantic import BaseModel

from citybraid.commons.form.lessons import FILE, TOPICS, Lessons, read_lessons
from citybraid.core.rows.cases import CaseHazard, CaseLicence, CaseWord
from citybraid.core.tables import read_table
from citybraid.web.cases.words import Said, name_said, said
from citybraid.web.studies.study_file import write


class ChoiceState(BaseModel):
    """A word that can be chosen, and its name."""

    value: str
    title: Said


class LessonsState(BaseModel):
    """The lessons as they stand, what is not told yet, and the words that can be chosen."""

    lessons: Lessons
    missing: list[str]
    licences: list[str]
    forms: list[ChoiceState]
    levels: list[ChoiceState]
    hazards: list[ChoiceState]
    topics: list[ChoiceState]


def lessons_of(study: Path) -> LessonsState:
    """Return the lessons of a study; raises InputError where its file cannot be read."""
    lessons = read_lessons(study / FILE)
    words = read_table(CaseWord)
    return LessonsState(
        lessons=lessons, missing=list(lessons.missing),
        licences=[row.id for row in read_table(CaseLicence) if row.share],
        forms=[_choice("case_form", row.id) for row in words if row.kind == "form"],
        levels=[_choice("case_level", row.id) for row in words if row.kind == "level"],
        hazards=[_choice("case_hazard", row.id) for row in read_table(CaseHazard)],
        topics=[ChoiceState(value=each, title=said(f"case_topic.{each}")) for each in TOPICS],
    )  # fmt: skip


def _choice(prefix: str, word: str) -> ChoiceState:
    return ChoiceState(value=word, title=name_said(f"{prefix}.{word}"))


def tell(study: Path, lessons: Lessons) -> LessonsState:
    """Write the lessons of a study in place of those that stand there, and return them."""
    topics = {name: each for name, each in lessons.model_dump(mode="json").items() if each}
    write(study / FILE, tomlkit.dumps(topics))
    return lessons_of(study)
