"""Factors: no number without a parent, and none twice."""

from collections import Counter

from citybraid.core import factor

ROWS = factor.shipped().rows
SEEN = {"verified", "single_source"}
EXPLAINED = {"derived", "recalled_unverified", "assumed"}


def name(row: factor.Factor) -> str:
    return f"{row.factor}/{row.key}/{row.region}/{row.year_from}"


def test_what_was_seen_names_where() -> None:
    assert ROWS
    assert not [name(row) for row in ROWS if row.status in SEEN and not row.source]


def test_what_was_derived_recalled_or_assumed_says_how() -> None:
    assert not [name(row) for row in ROWS if row.status in EXPLAINED and not (row.note or row.source)]


def test_shipped_rows_are_not_the_users() -> None:
    assert not [name(row) for row in ROWS if row.status == "user"]


def test_ranges_hold_the_value() -> None:
    low = [name(row) for row in ROWS if row.low is not None and row.low > row.value]
    high = [name(row) for row in ROWS if row.high is not None and row.high < row.value]
    assert not low + high


def test_no_row_stands_twice() -> None:
    keys = Counter((row.factor, row.key, row.region, row.year_from, row.year_to) for row in ROWS)
    assert not [key for key, count in keys.items() if count > 1]


def test_a_factor_has_one_unit_per_last_word_of_its_key() -> None:
    """Rows that answer the same question (the wall of another year, another region) are in the same unit."""
    units: dict[tuple[str, str], set[str]] = {}
    for row in ROWS:
        units.setdefault((row.factor, row.key.rpartition("/")[2]), set()).add(row.unit)
    assert not {key: sorted(found) for key, found in units.items() if len(found) > 1}


def test_sources_are_citations() -> None:
    assert not [name(row) for row in ROWS if "unnamed" in row.source or "shared/" in row.source + row.note]
