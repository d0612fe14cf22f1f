"""Invisible and control characters in a file's texts: shown by code point, and reported."""

from dataclasses import replace

import pandas as pd

from citybraid.core.finding import Finding
from citybraid.core.text import INVISIBLE_PREFIX
from citybraid.sources.protocol.reading import Reading, SourceLayer

SHOWN = 3


def with_character_findings(reading: Reading, *, name: str) -> Reading:
    """Return a reading with a finding for each layer whose texts contain invisible characters shown by code point."""
    texts_by_layer: dict[str, set[str]] = {}
    for value in reading.layers:
        texts_by_layer.setdefault(value.var.on, set()).update(_marked_texts(value))
    notes = tuple(
        Finding("repaired", "intake.signs_shown", layer, len(texts), {"name": name, "examples": sorted(texts)[:SHOWN]})
        for layer, texts in texts_by_layer.items()
        if texts
    )
    return replace(reading, findings=(*reading.findings, *notes)) if notes else reading


def _marked_texts(column: SourceLayer) -> set[str]:
    """Return the ids and texts of a column that contain such characters."""
    if not isinstance(column.value, pd.Series):
        return set()
    words = set(column.value) if column.var.kind == "text" else set()
    return {text for text in (*column.value.index, *words) if isinstance(text, str) and INVISIBLE_PREFIX in text}
