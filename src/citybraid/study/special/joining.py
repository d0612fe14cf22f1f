"""Results of the jurisdictions of a special plan, joined: each one's own, their sums and means, factors and targets."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from citybraid.core.errors import InputError
from citybraid.core.evaluate import WHOLE_AREA
from citybraid.planning.aggregation import Parts, joined, rule_across, weigh, without_whole
from citybraid.planning.cascade import CAPACITY, EQUAL, best_reached, handed_down
from citybraid.planning.control_table import standards
from citybraid.planning.rows import controls, indicators
from citybraid.study.open.open_study import OpenStudy
from citybraid.study.run.run import Run
from citybraid.study.special.run_zones import run_zones
from citybraid.study.special.schema import SpecialFile, WholeTarget, adds_up

ZONES = "units"
"""The table whose whole area each jurisdiction is read for."""
EQUAL_WITHIN = 0.01
"""Share by which a sum may differ from a published figure that is no limit."""
FACTOR_COLUMNS = ("factor", "key", "jurisdiction", "value", "unit", "region", "status", "source")


class Joined(NamedTuple):
    """Tables of a special plan: indicators by jurisdiction and in all, factors that differ, standards, targets."""

    indicators: pd.DataFrame
    factors: pd.DataFrame
    standards: pd.DataFrame
    targets: pd.DataFrame
    published: pd.DataFrame
    """Published figures of land, and what the jurisdictions make up."""

    @property
    def frames(self) -> Mapping[str, pd.DataFrame]:
        """The tables by name."""
        return {
            "indicators": self.indicators,
            "factors": self.factors,
            "standards": self.standards,
            "targets": self.targets,
            "published": self.published,
        }


def join_runs(
    settings: SpecialFile, members: Mapping[str, OpenStudy], runs: Mapping[str, Run], alternatives: tuple[str, ...]
) -> Joined:
    """Join the runs of the jurisdictions of a special plan.

    An indicator of the whole follows the rule of its row: emissions are added, shares of the area weighted by it, a
    quotient is computed again from its joined parts. It is NaN where a jurisdiction lacks it: a sum of fewer than all
    would be taken for the whole.
    """
    tables = {name: _values(runs, name) for name in alternatives}
    rows = [frame.rename_axis("jurisdiction").reset_index().assign(alternative=name) for name, frame in tables.items()]
    return Joined(
        pd.concat(rows, ignore_index=True), _factors(runs), _standards(members), _targets(settings, tables),
        _published(settings, runs, alternatives[0], tables[alternatives[0]]),
    )  # fmt: skip


def _published(settings: SpecialFile, runs: Mapping[str, Run], alternative: str, values: pd.DataFrame) -> pd.DataFrame:
    """Return each published figure beside that of each jurisdiction and the whole; NaN where one of them lacks it.

    Rows of the table of master plans add up; the whole of an indicator is that of the joined `values`.
    """
    masters = {name: run.table(f"master/{alternative}") for name, run in runs.items()}
    rows: list[dict[str, object]] = []
    for each in settings.published:
        if adds_up(each.indicator):
            tables = {name: None if table is None else table.T for name, table in masters.items()}
            own = {name: _cell(table, each.indicator, WHOLE_AREA) for name, table in tables.items()}
            total = float(sum(own.values()))
        else:
            own = {name: _cell(values.T, each.indicator, name) for name in runs}
            total = _cell(values.T, each.indicator, WHOLE_AREA)
        kept = {
            "most": total <= each.value, "least": total >= each.value,
            "equal": abs(total - each.value) <= EQUAL_WITHIN * abs(each.value),
        }[each.bound]  # fmt: skip
        about = {"indicator": each.indicator, "bound": each.bound, "published": each.value, "year": each.year}
        rows.append({**about, **own, WHOLE_AREA: total, "kept": kept, "source": each.source})
    columns = ["indicator", "bound", "published", "year", *runs, WHOLE_AREA, "kept", "source"]
    return pd.DataFrame(rows, columns=columns)


def _cell(table: pd.DataFrame | None, row: str, column: str) -> float:
    """Return a cell of a table with indicators as rows, NaN where there is none."""
    return np.nan if table is None or row not in table.index else float(table[column][row])


def _values(runs: Mapping[str, Run], alternative: str) -> pd.DataFrame:
    """Return the indicators of each jurisdiction and, last, of the whole."""
    values, weights = dict[str, pd.Series](), dict[str, pd.Series]()
    for name, run in runs.items():
        table = run.table(f"units/{alternative}")
        if table is None:
            raise InputError("special.no_units", name=name, alternative=alternative)
        values[name] = table.T[WHOLE_AREA]
        weights[name] = weigh(run_zones(run, alternative, ZONES), table).T[WHOLE_AREA]
    frame = pd.DataFrame(values).T
    order = [name for name in indicators() if name in frame]
    frame = frame[order].astype(float)
    whole = joined(Parts(frame, pd.DataFrame(weights).T.reindex(columns=order)), across=True)
    everywhere = {name for name in order if all(name in each for each in values.values())}
    frame.loc[WHOLE_AREA] = pd.Series({name: whole[name] if name in everywhere else np.nan for name in order})
    return frame


def _factors(runs: Mapping[str, Run]) -> pd.DataFrame:
    """Return the factor rows that the jurisdictions' models read and that are not the same in all."""
    rows: dict[tuple[str, str], dict[str, tuple[object, ...]]] = {}
    for name, run in runs.items():
        for row in run.manifest.factors.values():
            row_values = (row.value, row.unit, row.region, row.status, row.source)
            rows.setdefault((row.factor, row.key), {})[name] = row_values
    differing = [
        (factor, key, name, *row_values)
        for (factor, key), by_name in sorted(rows.items())
        if len(by_name) == len(runs) and len({each[0] for each in by_name.values()}) > 1
        for name, row_values in by_name.items()
    ]
    return pd.DataFrame(differing, columns=list(FACTOR_COLUMNS))


def _standards(members: Mapping[str, OpenStudy]) -> pd.DataFrame:
    """Return the limit of each control in each jurisdiction: its study's own target, else its region's standard."""
    rows: list[tuple[object, ...]] = []
    for name, study in members.items():
        about, own = study.asked.study, study.control_targets
        limits = standards(study.book, region=about.region, year=about.year)
        for control in controls().values():
            if control.id in own:
                scale = 100.0 if control.unit == "%" else 1.0
                rows.append((control.id, name, own[control.id] * scale, control.unit, about.region, "user", ""))
            elif control.id in limits:
                row = limits[control.id]
                rows.append((control.id, name, row.value, row.unit, row.region, row.status, row.source))
    columns = ["control", "jurisdiction", "limit", "unit", "region", "status", "source"]
    return pd.DataFrame(rows, columns=columns)


def _targets(settings: SpecialFile, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the targets of each jurisdiction and of the whole: its own, or its share of the whole's."""
    first, last = (tables[name] for name in (next(iter(tables)), tuple(tables)[-1]))
    rows: list[tuple[object, ...]] = []
    shared = {each.indicator: each for each in settings.targets}
    own = {name: each.targets for name, each in settings.jurisdictions.items()}
    for indicator in dict.fromkeys([*shared, *(name for each in own.values() for name in each)]):
        if indicator not in first:
            rows.append((indicator, WHOLE_AREA, "absent", np.nan, np.nan, np.nan))
            continue
        fixed = {name: each[indicator] for name, each in own.items() if indicator in each}
        whole = shared.get(indicator)
        handed = {} if whole is None else _handed(whole, fixed, tables)
        for name in settings.jurisdictions:
            target, basis = (fixed[name], "own") if name in fixed else (handed.get(name, np.nan), "shared")
            if np.isfinite(target):
                present, reached = (float(table[indicator][name]) for table in (first, last))
                rows.append((indicator, name, basis, present, target, reached))
        total = whole.target if whole is not None else np.nan
        if whole is None and rule_across(indicators()[indicator]) == "sum" and len(fixed) == len(own):
            total = sum(fixed.values())
        if np.isfinite(total):
            at = WHOLE_AREA
            rows.append((indicator, at, "whole", float(first[indicator][at]), total, float(last[indicator][at])))
    frame = pd.DataFrame(rows, columns=["indicator", "jurisdiction", "basis", "present", "target", "reached"])
    return frame.assign(met=[_met(str(each), reached, target) for each, reached, target in
                             zip(frame["indicator"], frame["reached"], frame["target"], strict=True)])  # fmt: skip


def _handed(whole: WholeTarget, fixed: Mapping[str, float], tables: Mapping[str, pd.DataFrame]) -> Mapping[str, float]:
    """Return the share of a target of the whole of each jurisdiction without one of its own."""
    first = next(iter(tables.values()))
    values = first[whole.indicator].drop(WHOLE_AREA).drop(list(fixed))
    if values.empty:
        return {}
    best = best_reached(whole.indicator, {name: without_whole(table) for name, table in tables.items()})
    key = None if whole.rule == EQUAL else first.get(whole.rule)
    if whole.rule == CAPACITY and best is not None:
        key = (best - first[whole.indicator]).abs()
    rest = whole.target - sum(fixed.values())
    shares = handed_down(indicators()[whole.indicator], rest, values, None, key=key, capacity=best)
    return {str(name): float(value) for name, value in shares.target.items()}


def _met(indicator: str, reached: float, target: float) -> bool:
    lower = indicators()[indicator].direction == "lower"
    return bool(reached <= target if lower else reached >= target)
