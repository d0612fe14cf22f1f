"""Sentences about alternatives: those of which the same is true share one."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Literal

from citybraid.report.chapter import Paragraph, Text, TextList, words


def told_once(
    text: str, told: Sequence[tuple[Text, Mapping[str, Hashable]]], kind: Literal["text", "lead"] = "text"
) -> Iterator[Paragraph]:
    """Yield a sentence for each set of values, with the names of all alternatives that have them."""
    names: dict[tuple[tuple[str, Hashable], ...], list[Text]] = {}
    for name, values in told:
        names.setdefault(tuple(values.items()), []).append(name)
    for shared, alike in names.items():
        alternative = alike[0] if len(alike) == 1 else TextList(tuple(alike), "; ")
        yield Paragraph(words(text, alternative=alternative, **dict(shared)), kind)
