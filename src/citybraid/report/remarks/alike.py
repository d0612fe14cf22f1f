"""Sentences about alternatives: those of which the same is true share one."""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Literal, cast

from citybraid.core.text import CATALOGUE_LANGUAGES, unfilled
from citybraid.report.chapter import Block, Paragraph, Text, TextList, Words, words

NAME = "alternative"
"""The placeholder of an alternative's name."""


def told_once(
    text: str, items: Sequence[tuple[Text, Mapping[str, Hashable]]], kind: Literal["text", "lead"] = "text"
) -> Iterator[Paragraph]:
    """Yield a sentence for each set of values, with the names of all alternatives that have them."""
    names: dict[tuple[tuple[str, Hashable], ...], list[Text]] = {}
    for name, values in items:
        names.setdefault(tuple(values.items()), []).append(name)
    for shared, alike in names.items():
        alternative = alike[0] if len(alike) == 1 else TextList(tuple(alike), "; ")
        yield Paragraph(words(text, alternative=alternative, **dict(shared)), kind)


def merged(blocks: Iterable[Block]) -> list[Block]:
    """Return blocks in which a sentence that holds for several alternatives stands once, with all their names.

    Only sentences that begin with the name of an alternative are merged, between two headings, where all else that
    they say is the same.
    """
    kept: list[Block] = []
    since = 0
    for block in blocks:
        if isinstance(block, Paragraph) and block.kind == "heading":
            since = len(kept)
        twin = next((at for at in range(since, len(kept)) if _same_but_name(kept[at], block)), None)
        if twin is None:
            kept.append(block)
        else:
            kept[twin] = _named_too(cast("Paragraph", kept[twin]), cast("Paragraph", block))
    return kept


def _same_but_name(one: Block, other: Block) -> bool:
    """Return whether two sentences say the same of two alternatives."""
    if not (isinstance(one, Paragraph) and isinstance(other, Paragraph)):
        return False
    first, second = one.text, other.text
    if not (isinstance(first, Words) and isinstance(second, Words)) or first.text != second.text:
        return False
    if (one.kind, one.appendix) != (other.kind, other.appendix) or not _begins_with_name(first.text):
        return False
    return {**first.values, NAME: ""} == {**second.values, NAME: ""}


@cache
def _begins_with_name(text: str) -> bool:
    """Return whether a text begins with the name of an alternative in every language."""
    return all(unfilled(text, language).startswith(f"{{{NAME}}}") for language in CATALOGUE_LANGUAGES)


def _named_too(one: Paragraph, other: Paragraph) -> Paragraph:
    """Return the first sentence with the name that the second tells added to its names."""
    first, added = cast("Words", one.text), cast("Words", other.text).values[NAME]
    names = first.values[NAME]
    parts = names.parts if isinstance(names, TextList) else (names,)
    if added in parts:
        return one
    together = TextList(cast("tuple[Text, ...]", (*parts, added)), "; ")
    return replace(one, text=Words(first.text, {**first.values, NAME: together}))
