"""Cases of the pilots that come with the program: cards of real runs without files, beside every library.

A card stands in its pilot's folder; its lessons are those of the folder. They are no published cases: no expert has
answered the checklist, and each tells the day of its run and the cells that it was computed on.
"""

import hashlib
import json
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

from citybraid.commons.form.card import ID_LETTERS, Card, card_bytes, case_id
from citybraid.commons.form.lessons import FILE as LESSONS
from citybraid.commons.form.lessons import read_lessons
from citybraid.commons.library.library import Library, Origin, Version
from citybraid.core.errors import InputError
from citybraid.core.text import Phrase

PATTERN = "case*.json"
FORMAT = "citybraid-shipped-case"
LEFT_OUT = ("lessons", "missing", "parts", "maps")
"""What a card here does without: lessons stand beside it, and there is no file that could have parts."""


def shown(library: Library | None) -> tuple[Version, ...]:
    """Return the published cases of a library, then those of pilots that come with the program and it has none of."""
    own = () if library is None else library.published()
    held = set() if library is None else set(library.names)
    return (*own, *(each for each in shipped() if each.name not in held))


def shown_one(library: Library | None, name: str) -> Version | None:
    """Return a case that is shown by its name; None where there is none."""
    return next((each for each in shown(library) if each.name == name), None)


@cache
def shipped() -> tuple[Version, ...]:
    """Return the cases of pilots that come with the program, by name."""
    with as_file(files("citybraid").joinpath("pilots")) as folder:
        cards = [read_shipped(path) for path in sorted(folder.glob(f"*/{PATTERN}"))]
    return tuple(sorted(cards, key=lambda each: each.name))


def read_shipped(path: Path) -> Version:
    """Read the card in a pilot's folder; raises InputError where it is none."""
    record = json.loads(path.read_text(encoding="utf-8"))
    if record.get("format") != FORMAT:
        raise InputError("case.no_card", file=path.name)
    lessons = read_lessons(path.with_name(LESSONS))
    card = Card.model_validate(
        {**record["card"], "lessons": lessons, "missing": lessons.missing, "parts": (), "maps": ()}
    )
    changed = record["pilot"] != pilot_digest(path.parent)
    origin = Origin(record["day"], path.parent.name, record["cells"], record["own_cells"], changed)
    return Version(card.name, 1, case_id(card_bytes(card)), "shipped", card.title, card, None, origin)


def shipped_text(version: Version) -> Phrase | None:
    """Return the text that tells of what run a case is that comes with the program; None for others."""
    if version.origin is None:
        return None
    full = version.origin.cells == version.origin.own_cells
    values: dict[str, object] = {
        name: f"{each:g}" if isinstance(each, float) else each for name, each in version.origin._asdict().items()
    }
    values["since"] = Phrase("case.shipped_since", {}) if version.origin.changed else ""
    return Phrase("case.shipped" if full else "case.shipped_coarse", values)


def pilot_digest(folder: Path) -> str:
    """Return the digest of what determines a pilot's numbers: its studies and factors, not its lessons."""
    files = [each for each in (*folder.glob("*.toml"), *folder.glob("*.csv")) if each.name != LESSONS]
    texts = [f"{each.name} {hashlib.sha256(each.read_bytes()).hexdigest()}" for each in sorted(files)]
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:ID_LETTERS]


def shipped_bytes(card: Card, *, day: str, cells: float, own_cells: float, pilot: str) -> bytes:
    """Return a card as it comes with the program: of a run of a day (as 2026-11-29), on cells of so many metres.

    `own_cells` are those that the pilot's study asks for, `pilot` the digest of the pilot that was run.
    """
    kept = {name: value for name, value in card.model_dump(mode="json").items() if name not in LEFT_OUT}
    record = {"format": FORMAT, "day": day, "cells": cells, "own_cells": own_cells, "pilot": pilot, "card": kept}
    lines = json.dumps(record, ensure_ascii=False, indent=None, separators=(",", ":"), sort_keys=True, allow_nan=False)
    return (lines + "\n").encode()
