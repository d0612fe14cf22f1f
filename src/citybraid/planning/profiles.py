"""Profiles of planning units: what units of one kind are judged by, and how each stands."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.core.rows.levels import UnitProfile, UnitProfileName
from citybraid.core.tables import cached_with_tables, read_table
from citybraid.planning.rows import Indicator, indicators

OWN, OBJECTIVE, ROW, NONE = "profile", "objective", "row", "none"
"""Where a threshold comes from: the study's profile, its objective, a sourced row; or there is none."""
COLUMNS = ("unit", "profile", "indicator", "value", "threshold", "basis", "weight", "mark", "state", "status")


class Criterion(NamedTuple):
    """An indicator of a profile: the value to reach (NaN for none), where it comes from, and its weight."""

    indicator: str
    threshold: float
    basis: str
    weight: float
    status: str
    source: str


class Profile(NamedTuple):
    """What units of one kind are judged by, the words by which files name it, and those that the study adds."""

    name: str
    words: tuple[str, ...]
    own_words: tuple[str, ...]
    criteria: tuple[Criterion, ...]


class Wanted(NamedTuple):
    """What a study says of a profile."""

    words: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    thresholds: Mapping[str, float] = {}
    weights: Mapping[str, float] = {}
    source: str = ""


@cached_with_tables
def shipped_profiles() -> Mapping[str, tuple[UnitProfile, ...]]:
    """Return the rows of each profile."""
    rows: dict[str, list[UnitProfile]] = {}
    for row in read_table(UnitProfile):
        rows.setdefault(row.profile, []).append(row)
    return {name: tuple(each) for name, each in rows.items()}


def profiles(wanted: Mapping[str, Wanted], objectives: Mapping[str, float]) -> Mapping[str, Profile]:
    """Return the profiles of a study: citybraid's rows with what the study says of each, and the study's own.

    A threshold is that of the study's profile, else the target of its objective, else that of the row where a source
    states one. Weights are the study's, else those of the rows, which are equal.
    """
    names = dict.fromkeys([*shipped_profiles(), *wanted])
    return {name: _profile(name, wanted.get(name, Wanted()), objectives) for name in names}


def _profile(name: str, wanted: Wanted, objectives: Mapping[str, float]) -> Profile:
    rows = {row.indicator: row for row in shipped_profiles().get(name, ())}
    chosen = dict.fromkeys([*(wanted.indicators or rows), *wanted.thresholds])
    words = tuple(row.word for row in read_table(UnitProfileName) if row.profile == name)
    criteria = tuple(_criterion(each, rows.get(each), wanted, objectives) for each in chosen)
    return Profile(name, (name, *words), wanted.words, criteria)


def _criterion(indicator: str, row: UnitProfile | None, wanted: Wanted, objectives: Mapping[str, float]) -> Criterion:
    weight = wanted.weights.get(indicator, row.weight if row is not None else 1.0)
    if indicator in wanted.thresholds:
        return Criterion(indicator, wanted.thresholds[indicator], OWN, weight, "user", wanted.source)
    if indicator in objectives and not indicators()[indicator].extensive:
        return Criterion(indicator, objectives[indicator], OBJECTIVE, weight, "user", "")
    if row is not None and row.threshold is not None:
        return Criterion(indicator, row.threshold, ROW, weight, row.status, row.source)
    return Criterion(indicator, np.nan, NONE, weight, "assumed" if row is not None else "user", "")


def profile_of_words(known: Mapping[str, Profile]) -> Mapping[str, str]:
    """Return the profile of each word, without case; what the study says of a word wins."""
    shipped = {word.strip().casefold(): name for name, profile in known.items() for word in profile.words}
    return shipped | {word.strip().casefold(): name for name, profile in known.items() for word in profile.own_words}


def unknown_words(column: pd.Series, known: Mapping[str, Profile]) -> Mapping[str, str]:
    """Return the units whose word names no profile, with the word; units without a word are not among them."""
    words = profile_of_words(known)
    texts = column.fillna("").astype(str).str.strip()
    return {str(unit): text for unit, text in texts.items() if text and text.casefold() not in words}


def unit_scores(
    column: pd.Series, table: pd.DataFrame, areas: Mapping[str, float], known: Mapping[str, Profile],
    *, among: Sequence[pd.DataFrame] = (),
) -> pd.DataFrame:  # fmt: skip
    """Return a row per unit and indicator of its profile that is computed.

    `mark` is 1 where the threshold is reached and else the share of it that is (1 is best, 0 worst); without a
    threshold it is the unit's place between the worst (0) and the best (1) of all units, sums taken per area. `among`
    are the tables of all alternatives whose units count for worst and best, so that marks of alternatives compare. A
    unit's score is the weighted mean of its marks. Units without a profile have no rows.
    """
    words, rows = profile_of_words(known), list[dict[str, object]]()
    texts = column.fillna("").astype(str).str.strip().str.casefold()
    placed = {
        each.indicator for profile in known.values() for each in profile.criteria if not np.isfinite(each.threshold)
    }
    standing = {
        name: _standing(table, among or (table,), name, areas)
        for name in table.columns
        if name in indicators() and name in placed
    }
    for unit in (name for name in table.index if name != WHOLE_AREA):
        profile = known.get(words.get(texts.get(unit, ""), ""))
        for each in () if profile is None else profile.criteria:
            value = float(table[each.indicator][unit]) if each.indicator in table else np.nan
            if not np.isfinite(value):
                continue
            given = np.isfinite(each.threshold)
            mark = (
                attained(indicators()[each.indicator], value, each.threshold)
                if given
                else float(standing[each.indicator].get(unit, np.nan))
            )
            rows.append(
                {
                    "unit": unit, "profile": profile.name if profile else "", "indicator": each.indicator,
                    "value": value,
                    "threshold": each.threshold, "basis": each.basis, "weight": each.weight, "mark": mark,
                    "state": ("green" if mark >= 1.0 else "red") if given else "", "status": each.status,
                }
            )  # fmt: skip
    return pd.DataFrame(rows, columns=list(COLUMNS))


def attained(indicator: Indicator, value: float, threshold: float) -> float:
    """Return 1 where a value reaches its threshold, else the share of it that is reached, 0 at the least."""
    lower = indicator.direction == "lower"
    if (value <= threshold) if lower else (value >= threshold):
        return 1.0
    above, below = (threshold, value) if lower else (value, threshold)
    return float(np.clip(above / below, 0.0, 1.0)) if above > 0.0 and below > 0.0 else 0.0


def _standing(table: pd.DataFrame, among: Sequence[pd.DataFrame], name: str, areas: Mapping[str, float]) -> pd.Series:
    """Return the place of each unit between the worst (0) and the best (1) of all; none where all are alike."""
    every = [_per_area(each, name, areas) for each in among if name in each]
    values = _per_area(table, name, areas)
    low, high = (float(end) for end in (min(each.min() for each in every), max(each.max() for each in every)))
    if not high > low:
        return pd.Series(np.nan, index=values.index)
    place = (values - low) / (high - low)
    return 1.0 - place if indicators()[name].direction == "lower" else place


def _per_area(table: pd.DataFrame, name: str, areas: Mapping[str, float]) -> pd.Series:
    """Return the values of units, sums over the area of each."""
    values = table[name].drop(WHOLE_AREA, errors="ignore").astype(float)
    return values / pd.Series(areas).reindex(values.index) if indicators()[name].extensive else values


def totals(scores: pd.DataFrame, units: Sequence[str]) -> pd.DataFrame:
    """Return a row per unit: profile, score, thresholds it has and misses, how many indicators it is judged by.

    Units that no row judges have no score.
    """
    judged = scores[np.isfinite(scores["mark"].astype(float))]
    rows = []
    for unit in units:
        own = judged[judged["unit"] == unit]
        weight = float(own["weight"].sum())
        rows.append(
            {
                "unit": unit, "profile": _only(scores[scores["unit"] == unit]["profile"]),
                "score": float((own["weight"] * own["mark"]).sum()) / weight if weight else np.nan,
                "judged": len(own), "thresholds": int((own["state"] != "").sum()),
                "missed": int((own["state"] == "red").sum()),
                "worst": _worst(own),
            }
        )  # fmt: skip
    return pd.DataFrame(rows, columns=["unit", "profile", "score", "judged", "thresholds", "missed", "worst"])


def _only(names: Iterable[object]) -> str:
    return next((str(name) for name in names), "")


def _worst(own: pd.DataFrame) -> str:
    """Return the indicator that costs a unit most: the largest weighted distance from 1."""
    if own.empty:
        return ""
    lost = (own["weight"] * (1.0 - own["mark"])).astype(float)
    return str(own["indicator"].iloc[int(np.argmax(lost))]) if float(lost.max()) > 0.0 else ""
