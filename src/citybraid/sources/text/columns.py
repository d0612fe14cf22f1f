"""Matching of table columns to quantities: by the study's settings, by known names, by similarity."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.core.rows.intake import ColumnFiller, ColumnName
from citybraid.core.tables import cached_with_tables, read_table
from citybraid.core.text import CATALOGUE_LANGUAGES, known, say
from citybraid.sources.text.limits import opposites
from citybraid.sources.text.name_similarity import SURE, best_matches
from citybraid.sources.text.units import is_known_unit, seems_unit

SHOWN = 12
"""Most columns named in a finding."""
CUT = 10
"""Longest field name in a shapefile [byte]."""
BRACKETS = re.compile(r"[（(\[【]((?:[^（(\[【)）\]】]|\([^()]*\))*)[)）\]】]")
SAYING_UNIT = re.compile(r"^(?:单位\s*[:：]?\s*|(?:units?\s*[:：]|in\s)\s*)", re.IGNORECASE)
"""What stands before a unit in brackets: (单位：公顷), (in ha)."""
CUT_BRACKET = re.compile(r"[（(\[【][^)）\]】]*$")
"""A unit in brackets that a shapefile cut off."""
FILLERS = re.compile(r"[\s_\-:：./]+")
CUT_NAME, IN_BRACKETS = 0.9, 0.85
"""Confidence in a truncated name, and in one with more than a unit in brackets [-]."""


def key(name: str) -> str:
    """Return the comparison key of a column name: half-width, lower case, no spaces, no unit in brackets."""
    normalized = unicodedata.normalize("NFKC", name).strip().casefold()
    bare = FILLERS.sub("", BRACKETS.sub("", normalized))
    return bare or normalized


def synonyms(var: str) -> tuple[str, ...]:
    """Return the known column names of a quantity, the likeliest first."""
    return _names().get(var, (var,))


@cached_with_tables
def _names() -> Mapping[str, tuple[str, ...]]:
    names: dict[str, list[str]] = {}
    for row in read_table(ColumnName):
        names.setdefault(row.var, [row.var]).append(row.name)
    return {var: tuple(dict.fromkeys(each)) for var, each in names.items()}


def quantity(word: str, allowed: Iterable[str]) -> str | None:
    """Return the quantity with this name or synonym ('far' is floor_area_ratio), among those allowed."""
    return next((var for var in allowed if key(word) in {key(name) for name in synonyms(var)}), None)


@dataclass(frozen=True)
class ColumnMatches:
    """Headers by quantity with their confidence, unused headers, and findings."""

    headers: Mapping[str, str]
    unused: tuple[str, ...]
    findings: tuple[Finding, ...]
    confidence: Mapping[str, float] = field(default_factory=dict)


def match_columns(
    headers: Sequence[str], quantities: Sequence[str], assigned: Mapping[str, str], *, layer: str, cut: bool = False
) -> ColumnMatches:
    """Match headers to quantities.

    The study's settings take precedence; '' there means that no column holds the
    quantity. Next are the names of the synonym table, in its order, then the titles that
    citybraid itself shows; with `cut` the ten-byte names of a shapefile match the beginning of one. Last is similarity
    (`likeness.closest`), reported as guessed with its confidence; where two columns or
    two quantities are about equally likely, neither is matched and both are reported. A
    header matches one quantity; ids, and other ends of limits (容积率下限 differs from 容积率上限 by
    one letter), are matched by name only.
    Raises InputError where the study names an unknown quantity or column.
    """
    chosen = _assigned(headers, quantities, assigned, layer=layer)
    skipped = {word for word, header in chosen.items() if not header}
    chosen = {var: header for var, header in chosen.items() if header}
    remaining = [header for header in headers if header not in chosen.values()]
    confidences: dict[str, float] = dict.fromkeys(chosen, SURE)
    for names in (synonyms, _titles):
        for var in quantities:
            if var in chosen or var in skipped:
                continue
            if match := _by_name(remaining, names(var), cut=cut):
                chosen[var], confidences[var] = match
                remaining.remove(match[0])
    by_name = {"id", *opposites()}
    unmatched = [var for var in quantities if var not in by_name and var not in chosen and var not in skipped]
    likely, ambiguous = best_matches(
        {header: _spellings(header) for header in remaining}, {var: _keys(var) for var in unmatched}
    )
    for var, (header, confidence) in likely.items():
        chosen[var], confidences[var] = header, confidence
        remaining.remove(header)
    notes = [
        Finding("found", "intake.column_matched", layer, values={"var": var, "header": header})
        for var, header in chosen.items()
        if confidences[var] >= SURE and key(header) != key(var)
    ]
    notes += [
        Finding(
            "guessed",
            "intake.column_guessed",
            layer,
            values={"var": var, "word": var, "header": header, "confidence": confidences[var]},
        )
        for var, header in chosen.items()
        if confidences[var] < SURE
    ]
    notes += [
        Finding(
            "advice",
            "intake.column_ambiguous",
            layer,
            values={"vars": list(candidates.vars), "headers": list(candidates.headers)},
        )
        for candidates in ambiguous
    ]
    return ColumnMatches(chosen, tuple(remaining), tuple(notes), confidences)


def unused_columns(headers: Iterable[object], *, layer: str, name: str) -> tuple[Finding, ...]:
    """Return the finding on columns of a file that nothing was read from; none where there are none."""
    idle = [str(each) for each in headers]
    if not idle:
        return ()
    columns = [*idle[:SHOWN], *(["…"] if len(idle) > SHOWN else [])]
    return (Finding("found", "intake.columns_unused", layer, len(idle), {"name": name, "columns": columns}),)


def headers_named(headers: Sequence[str], quantities: Iterable[str], *, cut: bool = False) -> Mapping[str, str]:
    """Return the headers that bear a quantity's own name, its title in a language or a known name, by quantity.

    Nothing is matched by similarity; with `cut` a shapefile's ten-byte names match the beginning of a name.
    """
    remaining = list(headers)
    by_name: dict[str, str] = {}
    for var in quantities:
        match = _by_name(remaining, (*synonyms(var), *_titles(var)), cut=cut)
        if match is not None:
            by_name[var] = match[0]
            remaining.remove(match[0])
    return by_name


def _titles(var: str) -> tuple[str, ...]:
    """Return the titles of a quantity in the languages of the catalogue."""
    text = f"var.{var}"
    return tuple(say(text, language) for language in CATALOGUE_LANGUAGES) if known(text) else ()


def _assigned(
    headers: Sequence[str], quantities: Sequence[str], assigned: Mapping[str, str], *, layer: str
) -> dict[str, str]:
    """Return the headers set in the study by quantity, '' where it states that there is none."""
    chosen: dict[str, str] = {}
    for word, header in assigned.items():
        var = word if word in quantities else quantity(word, quantities)
        if var is None:
            raise InputError("intake.column_word", name=layer, got=word, needs=sorted(quantities))
        actual = next((each for each in headers if each == header or key(each) == key(header)), None)
        if header and actual is None:
            raise InputError("intake.column_absent", name=layer, got=header, needs=list(headers))
        chosen[var] = actual or ""
    return chosen


def _spellings(header: str) -> tuple[str, ...]:
    """Return the keys of a header and, where it has several parts, of its last one."""
    last = header.rpartition("/")[2]
    return (key(header), key(last)) if "/" in header and last else (key(header),)


@cached_with_tables
def _keys(var: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key(name) for name in synonyms(var)))


def _by_name(headers: Sequence[str], names: Sequence[str], *, cut: bool) -> tuple[str, float] | None:
    """Return the header with the likeliest known name, and its confidence."""
    keys = {key(header): header for header in reversed(headers)}
    for name in names:
        if (name_key := key(name)) in keys:
            return keys[name_key], _certainty(keys[name_key])
    if not cut:
        return None
    keys = {key(CUT_BRACKET.sub("", header)): header for header in reversed(headers)} | keys
    shortened = (short for name in names for short in (key(name), *_shortened(name)))
    return next(((keys[short], CUT_NAME) for short in shortened if short in keys), None)


def _certainty(header: str) -> float:
    """Return the confidence in a known name: brackets with more than a unit may narrow its meaning."""
    plain = all(not each or seems_unit(each) or each in _fillers() or _is_sign(each) for each in remarks(header))
    return SURE if plain else IN_BRACKETS


def remarks(header: str) -> tuple[str, ...]:
    """Return what stands in the brackets of a header, half-width: a unit, or a remark."""
    inside = (unicodedata.normalize("NFKC", each).strip() for each in BRACKETS.findall(header))
    return tuple(SAYING_UNIT.sub("", each) for each in inside)


def glued_unit(header: str, var: str) -> str:
    """Return the unit that stands right behind a known name of a quantity: cm of 高度cm, 万人 of 人口万人; else ''.

    The longest name that the header begins with counts: 红线宽度 is one, not 红线宽 in 度.
    """
    plain = unicodedata.normalize("NFKC", header).strip().casefold()
    names = {unicodedata.normalize("NFKC", each).casefold() for each in (*synonyms(var), *_titles(var))}
    longest = max((each for each in names if plain.startswith(each)), key=len, default=plain)
    tail = plain.removeprefix(longest)
    return tail if is_known_unit(tail) and (len(tail) > 1 or not tail.isascii()) else ""


def is_remark(text: str) -> bool:
    """Tell whether a text in brackets is known not to be a unit: a filler word, a number, a column's name."""
    plain = key(text)
    return not plain or plain in _fillers() or bool(re.fullmatch(r"[\d年.~-]+", plain)) or plain in _all_keys()


@cached_with_tables
def _all_keys() -> frozenset[str]:
    return frozenset(key(name) for names in _names().values() for name in names)


def _is_sign(text: str) -> bool:
    """Tell whether a text consists of digits and units only, joined by slashes or the like."""
    return all(is_known_unit(part) or part.isdigit() or part in ("", "万") for part in re.split(r"[/·×*\s]", text))


@cached_with_tables
def _fillers() -> frozenset[str]:
    return frozenset(row.word for row in read_table(ColumnFiller))


def _shortened(name: str) -> list[str]:
    """Return the keys of a name truncated to a shapefile field name, in either encoding."""
    cuts = (name.encode(encoding)[:CUT].decode(encoding, "ignore") for encoding in ("gb18030", "utf-8"))
    return [key(cut) for cut in cuts if cut != name]
