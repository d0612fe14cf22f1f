"""Which column of a planner's table holds which quantity: by the study's word, by known names, by likeness."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.core.rows.intake import ColumnFiller, ColumnName
from citybraid.core.tables import read_table, remembered
from citybraid.sources.text.likeness import SURE, closest
from citybraid.sources.text.units import known

CUT = 10
"""Bytes of a field name that a shapefile keeps."""
BRACKETS = re.compile(r"[（(\[【](.*?)[)）\]】]")
FILLERS = re.compile(r"[\s_\-:：./]+")
CUT_NAME, IN_BRACKETS = 0.9, 0.85
"""Confidence in a name that was cut off, and in one whose brackets say more than a unit [-]."""


def key(name: str) -> str:
    """Return a column name as compared: half-width, lower case, no spaces, no unit in brackets."""
    said = unicodedata.normalize("NFKC", name).strip().casefold()
    bare = FILLERS.sub("", BRACKETS.sub("", said))
    return bare or said


def synonyms(var: str) -> tuple[str, ...]:
    """Return the names under which a quantity stands in tables, the likeliest first."""
    return _names().get(var, (var,))


@remembered
def _names() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for row in read_table(ColumnName):
        found.setdefault(row.var, [row.var]).append(row.name)
    return {var: tuple(dict.fromkeys(each)) for var, each in found.items()}


def quantity(word: str, allowed: Iterable[str]) -> str | None:
    """Return the quantity that a word names ('far' is floor_area_ratio), among those allowed."""
    return next((var for var in allowed if key(word) in {key(name) for name in synonyms(var)}), None)


@dataclass(frozen=True)
class Matched:
    """Which header holds which quantity and how sure that is, which headers no quantity claims, what was noticed."""

    headers: Mapping[str, str]
    unused: tuple[str, ...]
    findings: tuple[Finding, ...]
    confidence: Mapping[str, float] = field(default_factory=dict)


def matched(
    headers: Sequence[str], wanted: Sequence[str], said: Mapping[str, str], *, layer: str, cut: bool = False
) -> Matched:
    """Match headers to quantities.

    The study's own words win; '' there means that no column holds the quantity. Then
    names of the synonym table, in its order; with `cut` a shapefile's names of ten bytes
    match the beginning of a synonym. Then likeness (`likeness.closest`), told as guessed
    with its confidence; where two columns or two quantities are about as likely, neither
    is taken and both are told. A header serves one quantity; ids are known by name only.
    Raises InputError where the study names a quantity or a column that is not there.
    """
    chosen = _said(headers, wanted, said, layer=layer)
    skipped = {word for word, header in chosen.items() if not header}
    chosen = {var: header for var, header in chosen.items() if header}
    left = [header for header in headers if header not in chosen.values()]
    sure: dict[str, float] = dict.fromkeys(chosen, SURE)
    for var in wanted:
        if var in chosen or var in skipped:
            continue
        if hit := _first(left, synonyms(var), cut=cut):
            chosen[var], sure[var] = hit
            left.remove(hit[0])
    open_vars = [var for var in wanted if var != "id" and var not in chosen and var not in skipped]
    likely, asked = closest({header: _spellings(header) for header in left}, {var: _keys(var) for var in open_vars})
    for var, (header, confidence) in likely.items():
        chosen[var], sure[var] = header, confidence
        left.remove(header)
    notes = [
        Finding("found", "intake.column_matched", layer, values={"var": var, "header": header})
        for var, header in chosen.items()
        if sure[var] >= SURE and key(header) != key(var)
    ]
    notes += [
        Finding(
            "guessed",
            "intake.column_guessed",
            layer,
            values={"var": var, "word": var, "header": header, "confidence": sure[var]},
        )
        for var, header in chosen.items()
        if sure[var] < SURE
    ]
    notes += [
        Finding(
            "advice", "intake.column_ambiguous", layer, values={"vars": list(case.vars), "headers": list(case.headers)}
        )
        for case in asked
    ]
    return Matched(chosen, tuple(left), tuple(notes), sure)


def _said(headers: Sequence[str], wanted: Sequence[str], said: Mapping[str, str], *, layer: str) -> dict[str, str]:
    """The study's own words: a header for each quantity, '' where it says that there is none."""
    chosen: dict[str, str] = {}
    for word, header in said.items():
        var = word if word in wanted else quantity(word, wanted)
        if var is None:
            raise InputError("intake.column_word", name=layer, got=word, needs=sorted(wanted))
        found = next((each for each in headers if each == header or key(each) == key(header)), None)
        if header and found is None:
            raise InputError("intake.column_absent", name=layer, got=header, needs=list(headers))
        chosen[var] = found or ""
    return chosen


def _spellings(header: str) -> tuple[str, ...]:
    """A header as compared, then its last part where it has several."""
    last = header.rpartition("/")[2]
    return (key(header), key(last)) if "/" in header and last else (key(header),)


@remembered
def _keys(var: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key(name) for name in synonyms(var)))


def _first(headers: Sequence[str], names: Sequence[str], *, cut: bool) -> tuple[str, float] | None:
    """The header with the likeliest name, and how sure that is."""
    keys = {key(header): header for header in reversed(headers)}
    for name in names:
        if (wanted := key(name)) in keys:
            return keys[wanted], _certainty(keys[wanted])
    if not cut:
        return None
    return next(((keys[short], CUT_NAME) for name in names for short in _shortened(name) if short in keys), None)


def _certainty(header: str) -> float:
    """How sure a known name is: brackets that hold more than a unit may narrow what it means."""
    inside = [unicodedata.normalize("NFKC", each).strip() for each in BRACKETS.findall(header)]
    plain = all(not each or known(each) or each in _fillers() or _is_sign(each) for each in inside)
    return SURE if plain else IN_BRACKETS


def _is_sign(text: str) -> bool:
    """Tell whether a text holds no word: digits, units joined by strokes."""
    return all(known(part) or part.isdigit() or part in ("", "万") for part in re.split(r"[/·×*\s]", text))


@remembered
def _fillers() -> frozenset[str]:
    return frozenset(row.word for row in read_table(ColumnFiller))


def _shortened(name: str) -> list[str]:
    """What a shapefile leaves of a name, in either encoding, as compared."""
    cuts = (name.encode(encoding)[:CUT].decode(encoding, "ignore") for encoding in ("gb18030", "utf-8"))
    return [key(cut) for cut in cuts if cut != name]
