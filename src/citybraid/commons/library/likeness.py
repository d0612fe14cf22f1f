"""Places alike: how far a case is from another in climate, density, terrain and hazards, term by term.

Each term is 0 where both are the same and 1 at the difference that the table of features calls one; groups count
alike. A feature that one of them lacks is told, not guessed.
"""

import math
from collections.abc import Iterable, Mapping
from statistics import fmean
from typing import NamedTuple

from citybraid.commons.form.card import FeatureValue
from citybraid.commons.library.library import Version
from citybraid.core.rows.cases import CaseFeature
from citybraid.core.tables import read_table

SMALL = 1e-3
"""What ratios take for values below it, in the feature's unit."""


class Term(NamedTuple):
    """One feature of two places: both values, and the distance that they make [-]."""

    feature: str
    group: str
    unit: str
    here: float | str
    there: float | str
    distance: float


class Likeness(NamedTuple):
    """A case with its distance [-], the terms that it is the mean of, by group, and features that one side lacks."""

    version: Version
    distance: float
    terms: tuple[Term, ...]
    lacking: tuple[str, ...]


def alike(here: Mapping[str, FeatureValue], versions: Iterable[Version]) -> tuple[Likeness, ...]:
    """Return cases by their distance from a place, the nearest first, without those that share no feature."""
    ranking = [likeness(here, version) for version in versions if version.card is not None]
    return tuple(sorted((each for each in ranking if each.terms), key=lambda each: (each.distance, each.version.name)))


def likeness(here: Mapping[str, FeatureValue], version: Version) -> Likeness:
    """Return how far a case is from a place."""
    there: Mapping[str, FeatureValue] = {} if version.card is None else version.card.features
    rows = read_table(CaseFeature)
    both = [row for row in rows if row.id in here and row.id in there]
    terms = tuple(_term(row, here[row.id].value, there[row.id].value) for row in both)
    groups = {term.group for term in terms}
    by_group = [fmean(term.distance for term in terms if term.group == group) for group in sorted(groups)]
    lacking = tuple(row.id for row in rows if row not in both and (row.id in here or row.id in there))
    return Likeness(version, fmean(by_group) if by_group else math.inf, terms, lacking)


def _term(row: CaseFeature, here: float | str, there: float | str) -> Term:
    return Term(row.id, row.group, row.unit, here, there, _distance(row, here, there))


def _distance(row: CaseFeature, here: float | str, there: float | str) -> float:
    if row.distance == "same" or isinstance(here, str) or isinstance(there, str):
        return float(not same(str(here), str(there)))
    if row.distance == "linear":
        return abs(here - there) / row.scale
    ratio = max(here, SMALL) / max(there, SMALL)
    return abs(math.log(ratio)) / math.log(row.scale)


def same(one: str, other: str) -> bool:
    """Tell whether two codes of zones are the same as far as both tell: 3A lies in 3; 3B is not 3A, 10 not in 1."""
    short, long = sorted((one, other), key=len)
    return one == other or (short != "" and long.startswith(short) and not long[len(short)].isdigit())
