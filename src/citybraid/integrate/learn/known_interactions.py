"""Interactions that the models hold: which pairs of measures show each, and what keeps one from showing."""

from collections.abc import Collection, Mapping
from itertools import product
from typing import NamedTuple

import pandas as pd

from citybraid.core.rows.plan import KnownInteraction
from citybraid.core.tables import cached_with_tables, read_table
from citybraid.integrate.learn.estimates import PRODUCT, TOLD


class Absent(NamedTuple):
    """An interaction that a design cannot show: no such pair is tried, or the loop that carries it back is open."""

    row: KnownInteraction
    tried: bool


@cached_with_tables
def known_interactions() -> tuple[KnownInteraction, ...]:
    """Return the rows in the order of the table."""
    return tuple(read_table(KnownInteraction))


def known_terms(measures: Collection[str]) -> Mapping[str, str]:
    """Return the pairs of some measures that are known to act on each other, with the interaction's id."""
    return {term: row.id for row in reversed(known_interactions()) for term in _terms(row, measures)}


def absent(measures: Collection[str], couplings: Collection[str]) -> tuple[Absent, ...]:
    """Return the known interactions that a design of some measures cannot show."""
    return tuple(
        Absent(row, tried=bool(terms))
        for row in known_interactions()
        if not (terms := _terms(row, measures)) or (row.coupling and row.coupling not in couplings)
    )


def small_but_sure(table: pd.DataFrame, terms: Collection[str]) -> pd.DataFrame:
    """Return, for each pair that is never told as help or hinder, the row in which it is least additive.

    Of rows of `estimates` whose interval lies on one side of zero the one with the largest share of both effects: small
    beside what the measures do by themselves, and there all the same.
    """
    pairs = table[(table["order"] == 2) & table["term"].isin(terms)]  # noqa: PLR2004  (a pair)
    told = set(pairs.loc[pairs["kind"].isin(TOLD), "term"])
    sure = pairs[(pairs["kind"] == "additive") & ~pairs["term"].isin(told) & ((pairs["low"] > 0) | (pairs["high"] < 0))]
    order = sure["relative"].abs().sort_values(ascending=False, kind="stable").index
    return sure.loc[order].drop_duplicates("term")


def _terms(row: KnownInteraction, measures: Collection[str]) -> list[str]:
    both = product(row.first.split(), row.second.split())
    return [PRODUCT.join(sorted(pair)) for pair in both if set(pair) <= set(measures)]
