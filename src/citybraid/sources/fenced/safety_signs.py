"""Signs in a file's texts that cannot be seen or that act on a terminal: shown by number, and told."""

from dataclasses import replace

import pandas as pd

from citybraid.core.finding import Finding
from citybraid.core.text import UNSEEN_MARK
from citybraid.sources.protocol.reading import Found, Reading

SHOWN = 3


def signs_told(reading: Reading, *, name: str) -> Reading:
    """Return a reading with a finding for each layer in whose texts unseen signs stand by number."""
    odd: dict[str, set[str]] = {}
    for found in reading.layers:
        odd.setdefault(found.var.on, set()).update(_odd(found))
    notes = tuple(
        Finding("repaired", "intake.signs_shown", layer, len(texts), {"name": name, "examples": sorted(texts)[:SHOWN]})
        for layer, texts in odd.items()
        if texts
    )
    return replace(reading, findings=(*reading.findings, *notes)) if notes else reading


def _odd(found: Found) -> set[str]:
    """Names and words of a column that hold such signs."""
    if not isinstance(found.value, pd.Series):
        return set()
    words = set(found.value) if found.var.kind == "text" else set()
    return {text for text in (*found.value.index, *words) if isinstance(text, str) and UNSEEN_MARK in text}
