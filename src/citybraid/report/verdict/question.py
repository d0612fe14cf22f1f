"""The study's own question on page one, and its answers, which are found by name in citybraid.report.answers."""

from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import NamedTuple

from citybraid.core.errors import InputError
from citybraid.report.chapter import Block, Figure, Paragraph, Table, Text, TextList, TranslatedText, words
from citybraid.report.view import View, need_title
from citybraid.study.open.question import TITLE, known_answers

ROOM = "citybraid.report.answers"


class Answer(NamedTuple):
    """An answer: sentences that say it, the one table or figure that shows it, and pictures of where or how much.

    Of the pictures, most wanted first, page one has the first that tells something; None could not be drawn.
    """

    sentences: Sequence[Text]
    shown: Table | Figure
    pictures: Sequence[Figure | None] = ()

    @property
    def picture(self) -> Figure | None:
        """The first picture whose values are not all of one class, None where there is none."""
        return next((each for each in self.pictures if each is not None and each.telling), None)


class Lacking(NamedTuple):
    """An answer that this run cannot give: the quantities that it lacks, or in words what else."""

    needs: Sequence[Text]

    @classmethod
    def of(cls, *names: str) -> "Lacking":
        """Return the lack of some quantities by name."""
        return cls([need_title(name) for name in names])


def joined(sentences: Sequence[Text]) -> Text:
    """Return sentences as one text, set apart as each language sets them."""
    first, *others = sentences
    return words("question.joined", first=first, others=joined(others)) if others else first


def question(view: View) -> Iterator[Block]:
    """Yield the question of the study, then each of its answers; nothing where the study asks none.

    Raises InputError for an answer that does not exist, as runs of later versions may name.
    """
    question_asked = view.run.manifest.asked.question
    if question_asked is None:
        return
    yield Paragraph(TranslatedText.of(question_asked.ask), "heading")
    for name in question_asked.answers:
        yield from _blocks(name, answered(view, name))
    if view.run.manifest.asked.objectives:
        yield Paragraph(words("question.then"), "heading")


def answered(view: View, name: str) -> Answer | Lacking:
    """Return one answer of a run, or what it lacks for it; raises InputError for one that does not exist."""
    if name not in known_answers():
        raise InputError("question.unknown_answer", name=name, known=known_answers())
    outcome: Answer | Lacking = import_module(f"{ROOM}.{name}").answer(view)
    return outcome


def _blocks(name: str, answer: Answer | Lacking) -> Iterator[Block]:
    if isinstance(answer, Lacking):
        needs = TextList(tuple(answer.needs), ", ")
        yield Paragraph(words("question.lacking", answer=words(TITLE.format(name)), needs=needs), "warning")
        return
    first, *others = answer.sentences
    yield Paragraph(first, "lead")
    yield from (Paragraph(each) for each in others)
    if answer.picture is not None:
        yield answer.picture
    yield answer.shown
