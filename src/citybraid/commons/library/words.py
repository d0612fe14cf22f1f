"""What the search of a library reads of a case, in Chinese and English."""

from collections.abc import Iterator

from citybraid.commons.form.card import Card
from citybraid.commons.form.lessons import TOPICS
from citybraid.core.text import CATALOGUE_LANGUAGES, known, say


def named(text: str, language: str) -> str:
    """Return a text of the catalogue, the last part of its id where a case of a later version brings an unknown one."""
    return say(text, language) if known(text) else text.rpartition(".")[2]


def measure_name(measure: str, language: str) -> str:
    """Return the name of a measure."""
    return named(f"model.integrate.measures.{measure}", language)


def searched(card: Card) -> str:
    """Return all words that a case is found by."""
    return "\n".join(_lines(card))


def _lines(card: Card) -> Iterator[str]:
    lessons = card.lessons
    yield card.name
    yield from card.title.values()
    yield from (card.note or {}).values()
    yield card.region
    yield from lessons.authors
    for topic in TOPICS:
        yield from getattr(lessons, topic).values()
    for language in CATALOGUE_LANGUAGES:
        yield from (measure_name(each, language) for each in card.measures)
        yield from (named(f"case_hazard.{each}", language) for each in card.hazards)
        yield from (named(f"case_form.{each}", language) for each in lessons.form)
        yield from (named(f"case_level.{each}", language) for each in lessons.levels)
    yield from (objective.title[language] for objective in card.objectives for language in objective.title)
    yield from card.measures
