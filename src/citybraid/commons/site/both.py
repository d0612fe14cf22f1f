"""Texts of pages in Chinese and English at once: the reader switches, the page holds both."""

import math
from collections.abc import Callable, Mapping

from markupsafe import Markup, escape

from citybraid.core.text import CATALOGUE_LANGUAGES, say, visible
from citybraid.report.drawing import units
from citybraid.report.drawing.units import label_as_is, places, shown

LANGUAGES = CATALOGUE_LANGUAGES
TAGS = {"en": "en", "zh": "zh-Hans"}
FEW = 1e-3


def pick(texts: Mapping[str, str]) -> Markup:
    """Return a text of each language as a span of its own."""
    spans = [Markup('<span lang="{}">{}</span>').format(TAGS[each], visible(texts[each])) for each in LANGUAGES]
    return Markup("").join(spans)


def spoken(make: Callable[[str], str]) -> Markup:
    """Return what a function says in each language."""
    return pick({language: make(language) for language in LANGUAGES})


def say_both(text: str, **values: object) -> Markup:
    """Return a text of the catalogue in each language."""
    return spoken(lambda language: say(text, language, **values))


def say_with_units(text: str, **values: object) -> Markup:
    """Return a text of the catalogue in each language, with its unit and its currency as each writes them."""
    return spoken(lambda language: say(text, language, **{
        name: label_as_is(str(each), language) if name in ("unit", "currency") else each
        for name, each in values.items()
    }))  # fmt: skip


def words_both(texts: Mapping[str, str]) -> Markup:
    """Return an author's words in each language; where one is missing the other stands, marked."""
    if not any(texts.get(language) for language in LANGUAGES):
        return Markup('<span class="absent">{}</span>').format(say_both("site.not_told"))
    spans = []
    for language in LANGUAGES:
        own = texts.get(language, "")
        other = next(text for each in (language, *LANGUAGES) if (text := texts.get(each, "")))
        body = _paragraphs(own or other)
        mark = Markup("") if own else Markup(' <em class="absent">{}</em>').format(say("site.other_language", language))
        spans.append(Markup('<span lang="{}">{}{}</span>').format(TAGS[language], body, mark))
    return Markup("").join(spans)


def unit_both(unit: str) -> Markup:
    """Return a unit as reports write it, in each language; nothing for a plain number."""
    return pick({language: "" if unit in ("1", "") else label_as_is(unit, language) for language in LANGUAGES})


def number(value: float | str | Markup | None, unit: str = "") -> str:
    """Return a number as reports tell amounts of its unit, else with three digits and whole from a thousand on."""
    if value is None:
        return "–"
    if isinstance(value, Markup):
        return value
    if isinstance(value, str):
        return visible(value)
    if value == 0 or not math.isfinite(value):
        return f"{value:g}"
    if shown(unit).factor == 1.0 and (digits := places(value, unit)) is not None:
        return units.number(value, digits=digits)
    if abs(value) >= units.WHOLE_FROM:
        return units.brief(value)
    text = f"{value:.3g}" if abs(value) >= FEW else f"{value:.1e}"
    return text.replace("-", "−")


def _paragraphs(text: str) -> Markup:
    lines = [escape(visible(line)) for line in text.splitlines() if line.strip()]
    return Markup("<br>").join(lines)
