"""The user's own factor rows: whether some model reads them, by which name, and keys that may be misspelt."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from difflib import get_close_matches

from citybraid.core import catalogue
from citybraid.core.catalogue import climate_design, event_design
from citybraid.core.factor import RENAMED, SHIPPED, Factor, FactorBook, current, shipped
from citybraid.core.finding import Finding
from citybraid.core.rows.quantities import factor_precedence
from citybraid.core.text import Phrase
from citybraid.core.var import Fact
from citybraid.study.plan.planner import AnyModel

ALIKE = 0.8
"""Similarity from which on a word is taken for another one misspelt [-]."""
LEAST_LETTERS = 4
"""Letters of the shortest word that may be misspelt: 3A and 3B are two zones."""
FEWEST_COUNTED = 12
"""Fewest numbered keys without a gap that are a count, as of hours or months."""
DIGITS = re.compile(r"_?\d+")


def own_findings(
    book: FactorBook, models: Iterable[AnyModel] = (), params: Iterable[Mapping[str, object]] = ()
) -> tuple[Finding, ...]:
    """Return findings on the user's rows that no model reads, or under another name.

    No model reads their factor, their key may be misspelt or lacks a part, or another row goes before them.

    Factors of all models of the program are known, and those of `models`, which may be a user's. Words that parameters
    state, such as the name of a set of resistances, are no misspelt ones.
    """
    models = tuple(models)
    words = {value for each in params for value in each.values() if isinstance(value, str)}
    names = words | {each.rpartition(".")[2] for each in (*catalogue.known(), *(model.id for model in models))}
    return (
        *unread_findings(book, models), *misspelt_findings(book, names), *behind_findings(book),
        *incomplete_findings(book), *renamed_findings(book),
    )  # fmt: skip


def unread_findings(book: FactorBook, models: Iterable[AnyModel] = ()) -> tuple[Finding, ...]:
    """Return a finding on the user's rows whose factor no model reads, as by a misspelt name, with the nearest one."""
    known = _read_by(models)
    names = sorted({row.factor for row in _own(book)} - known)
    rows = [_beside_nearest(name, known) for name in names]
    return (Finding("warning", "study.factor_unread", "study", len(names), {"factors": rows}),) if names else ()


def misspelt_findings(book: FactorBook, names: Collection[str] = ()) -> tuple[Finding, ...]:
    """Return a finding on the user's rows with a key that is almost one of ours, so that none may read them.

    A key of the user's own, such as another use or product, is like none of ours and is not told; nor is a part that is
    one of `names`. An hour or month that none is, or without its leading 0, is told.
    """
    rows: dict[tuple[str, str], str] = {}
    for row in _own(book):
        keys = {each.key for each in shipped().by_name.get(row.factor, ())}
        if row.key not in keys and (meant := _nearest_key(row.key, keys, names) or _counted_key(row.key, keys)):
            rows[row.factor, row.key] = meant
    findings = [
        Phrase("study.factor_nearest", {"name": f"{factor}, {key}", "near": meant})
        for (factor, key), meant in rows.items()
    ]
    return (Finding("warning", "study.factor_key", "study", len(findings), {"keys": findings}),) if findings else ()


def behind_findings(book: FactorBook) -> tuple[Finding, ...]:
    """Return a finding on the user's rows that another row goes before, ours or theirs, so that no model reads them."""
    rows: dict[tuple[str, str], str] = {}
    for row in _own(book):
        keys = {each.key for each in book.by_name[row.factor]}
        for rule in (each for each in factor_precedence() if each.factor == row.factor):
            if (first := rule.before_key(row.key)) in keys and first:
                rows.setdefault((row.factor, row.key), first)
    told = [
        Phrase("study.factor_before", {"name": f"{factor}, {key}", "first": first})
        for (factor, key), first in rows.items()
    ]
    return (Finding("warning", "study.factor_behind", "study", len(told), {"keys": told}),) if told else ()


def incomplete_findings(book: FactorBook) -> tuple[Finding, ...]:
    """Return a finding on the user's rows whose key is made of parts of ours but is of no length that ours have."""
    told: dict[tuple[str, str], Phrase] = {}
    for row in _own(book):
        keys = [each.key for each in shipped().by_name.get(row.factor, ()) if each.key]
        parts, known = row.key.split("/"), {part for each in keys for part in each.split("/")}
        if keys and set(parts) <= known and len(parts) not in {len(each.split("/")) for each in keys}:
            near = max(keys, key=lambda each, given=frozenset(parts): len(given & set(each.split("/"))))  # type: ignore[misc]
            told[row.factor, row.key] = Phrase("study.factor_like", {"name": f"{row.factor}, {row.key}", "like": near})
    rows = list(told.values())
    return (Finding("warning", "study.factor_incomplete", "study", len(rows), {"keys": rows}),) if rows else ()


def renamed_findings(book: FactorBook) -> tuple[Finding, ...]:
    """Return a finding on each former name of a factor in the user's table: its rows are read under the present one."""
    names = sorted({row.factor for row in book.rows} & RENAMED.keys())
    return tuple(
        Finding("advice", "study.factor_renamed", "study", sum(row.factor == name for row in book.rows),
                {"former": name, "name": RENAMED[name]})
        for name in names
    )  # fmt: skip


def _own(book: FactorBook) -> Iterator[Factor]:
    return (current(row) for row in book.rows if row.origin != SHIPPED)


def _beside_nearest(name: str, known: Collection[str]) -> str | Phrase:
    near = _nearest(name, known)
    return Phrase("study.factor_nearest", {"name": name, "near": near}) if near else name


def _nearest_key(key: str, keys: Collection[str], names: Collection[str]) -> str:
    """Return the key of ours that a key is almost: each of its parts one of theirs, or misspelt; '' where none."""
    known = {part for each in keys for part in each.split("/")}
    meant = [part if part in known or part in names else _nearest(part, known) for part in key.split("/")]
    return "" if "" in meant or "/".join(meant) == key else "/".join(meant)


def _counted_key(key: str, keys: Collection[str]) -> str:
    """Return the key of ours nearest to one that ends with an hour or month that none of theirs is; '' otherwise."""
    head, _, last = key.rpartition("/")
    ends = sorted(each[len(head) + 1 :] for each in keys if each.startswith(f"{head}/"))
    if not last.isdecimal() or len(ends) < FEWEST_COUNTED or not all(each.isdecimal() for each in ends):
        return ""
    counted = [int(each) for each in ends]
    if counted[0] not in {0, 1} or counted != list(range(counted[0], counted[0] + len(counted))):
        return ""
    return f"{head}/{min(ends, key=lambda each: abs(int(each) - int(last)))}"


def _nearest(word: str, known: Collection[str]) -> str:
    """Return the known word that one is almost; '' where none is, or where they differ in numbers alone."""
    plain = {_plain(each): each for each in known if len(each) >= LEAST_LETTERS}
    typed = _plain(word)
    near = get_close_matches(typed, plain, n=1, cutoff=ALIKE) if len(word) >= LEAST_LETTERS else []
    if not near or (typed != near[0] and DIGITS.sub("", typed) == DIGITS.sub("", near[0])):
        return ""
    return plain[near[0]]


def _plain(word: str) -> str:
    return word.casefold().replace("-", "_").replace(" ", "_")


def _read_by(models: Iterable[AnyModel]) -> set[str]:
    """Return the names of the factors that models, events and the program read."""
    design = event_design()
    read = {need.what.name for model in models for need in model.needs.values() if isinstance(need.what, Fact)}
    every = (need for entry in catalogue.known().values() for need in entry["needs"].values())
    read |= {need["factor"] for need in every if need["kind"] == "factor"}
    read |= {climate_design().change, design.change, design.limits, design.formula}
    return read | {entry.factor for entry in design.stated.values()} | set(shipped().by_name)
