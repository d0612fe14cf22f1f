"""Answers that a study may name to its question: each is known by the text that titles it."""

from citybraid.core.errors import InputError, PlanError
from citybraid.core.text import catalogue
from citybraid.study.open.schema import StudyFile

TITLE = "answer.{}"
"""Id of the text that titles an answer; the report has a module of that name."""


def known_answers() -> tuple[str, ...]:
    """Return the names of all answers."""
    prefix = TITLE.format("")
    return tuple(sorted(text.removeprefix(prefix) for text in catalogue() if text.startswith(prefix)))


def question_problems(study_file: StudyFile) -> list[PlanError]:
    """Return an error for each answer that does not exist, and for one named twice."""
    settings = study_file.question
    if settings is None:
        return []
    known = known_answers()
    problems: list[PlanError] = [
        InputError("question.unknown_answer", name=name, known=known)
        for name in dict.fromkeys(settings.answers)
        if name not in known
    ]
    twice = [name for name in dict.fromkeys(settings.answers) if settings.answers.count(name) > 1]
    return problems + [InputError("study.twice", part="question.answers", name=name) for name in twice]
