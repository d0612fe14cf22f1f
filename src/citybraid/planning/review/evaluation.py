"""Evaluation of a plan: the lists of indicators, and each objective from its baseline to its target."""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.core.rows.plan import EvaluationIndicator
from citybraid.core.tables import cached_with_tables, read_table
from citybraid.planning.master import MasterTable, master_indicators
from citybraid.planning.rows import Reading, indicators
from citybraid.planning.unit_table import read_zones
from citybraid.planning.zones import MissingQuantity, Zones

REACHED, UNDERWAY, OFF, UNKNOWN = "green", "amber", "red", "grey"
MOST_MEASURES = 3
LIST_COLUMNS = ("id", "value", "unit", "needs")
PROGRESS_COLUMNS = (
    "objective", "indicator", "unit", "baseline", "baseline_year", "target", "target_year", "value", "needed_a_year",
    "planned_a_year", "grade",
)  # fmt: skip
HELP_COLUMNS = ("objective", "measure", "value", "reaches")


class Aim(NamedTuple):
    """An objective with the year that it is to be reached in, None where the study states none."""

    objective: str
    indicator: str
    value: float
    year: int | None


@cached_with_tables
def evaluation_indicators() -> Mapping[str, EvaluationIndicator]:
    """Return the indicators of all lists by id, in the order of the table."""
    return {row.id: row for row in read_table(EvaluationIndicator)}


def evaluation_list(zones: Zones | None, whole: Mapping[str, float], master: MasterTable | None = None) -> pd.DataFrame:
    """Return a row per indicator of the lists: its value for the whole area, or what it needs.

    `whole` are the indicators of the whole area, `master` those of the national table; others are read from the
    zones' place.
    """
    rows = evaluation_indicators().values()
    return pd.DataFrame(
        [_of_master(row, master) if row.master else _evaluated(row, zones, whole) for row in rows],
        columns=LIST_COLUMNS,
    )


def _of_master(row: EvaluationIndicator, master: MasterTable | None) -> tuple[str, float, str, str]:
    known = master_indicators()[row.master]
    if master is None:
        return row.id, math.nan, known.unit, "var.units"
    if row.master in master.by_zone:
        value = float(master.by_zone[row.master][WHOLE_AREA])
        return row.id, value, known.unit, "" if math.isfinite(value) else f"var.{known.var}"
    lacks = master.lacking.get(row.master, known.var)
    return row.id, math.nan, known.unit, f"{'master_indicator' if lacks in master_indicators() else 'var'}.{lacks}"


def _evaluated(
    row: EvaluationIndicator, zones: Zones | None, whole: Mapping[str, float]
) -> tuple[str, float, str, str]:
    if row.indicator:
        value = whole.get(row.indicator, math.nan)
        unit = indicators()[row.indicator].unit
        return row.id, value, unit, "" if math.isfinite(value) else f"indicator.{row.indicator}"
    if not row.statistic or zones is None:
        return row.id, math.nan, row.unit, f"evaluation_needs.{row.needs}" if row.needs else "var.units"
    reading = Reading(row.statistic, row.var, row.second, row.argument, row.event, row.scale)
    try:
        value = float(read_zones(zones, reading)[-1])
    except MissingQuantity as fault:
        return row.id, math.nan, row.unit, f"var.{fault.args[0]}"
    return row.id, value, row.unit, "" if math.isfinite(value) else f"var.{row.var.split()[0]}"


def progress(aims: Sequence[Aim], before: pd.DataFrame, after: pd.DataFrame, *, year: int) -> pd.DataFrame:
    """Return a row per objective: baseline and target with their years, the value as planned, trend and grade.

    `before` and `after` are the indicators by unit as they are in the baseline `year`, and as planned. The changes a
    year are those needed and planned between both years; none where the objective has no later year.
    """
    rows = []
    for aim in aims:
        indicator = indicators()[aim.indicator]
        old, new = (_whole(table, aim.indicator) for table in (before, after))
        years = math.nan if aim.year is None or aim.year <= year else float(aim.year - year)
        lower = indicator.direction == "lower"
        needed = 0.0 if grade(old, old, aim.value, lower=lower) == REACHED else aim.value - old
        rows.append(
            (
                aim.objective, aim.indicator, indicator.unit, old, year, aim.value,
                math.nan if aim.year is None else float(aim.year), new, needed / years, (new - old) / years,
                grade(old, new, aim.value, lower=lower),
            )
        )  # fmt: skip
    return pd.DataFrame(rows, columns=list(PROGRESS_COLUMNS))


def grade(before: float, after: float, target: float, *, lower: bool) -> str:
    """Return green where the target is reached, amber where the plan moves towards it, red where not, else grey."""
    if not math.isfinite(after):
        return UNKNOWN
    sign = 1.0 if lower else -1.0
    if sign * (after - target) <= 0.0:
        return REACHED
    return UNDERWAY if sign * (after - before) < 0.0 else OFF


def helping_measures(progressed: pd.DataFrame, effects: pd.DataFrame | None) -> pd.DataFrame:
    """Return the measures that move a missed objective most towards its target, each alone at full adoption.

    `effects` has a row per measure, zone and indicator with its change; the value is that of the plan with the change.
    """
    rows: list[tuple[str, str, float, bool]] = []
    if effects is None:
        return pd.DataFrame(rows, columns=list(HELP_COLUMNS))
    missed = progressed[progressed["grade"].isin([UNDERWAY, OFF])]
    for each in missed.to_dict("records"):
        of = effects[(effects["zone"] == WHOLE_AREA) & (effects["indicator"] == each["indicator"])]
        sign = 1.0 if indicators()[str(each["indicator"])].direction == "lower" else -1.0
        gains = of.assign(gain=-sign * of["change"]).sort_values("gain", ascending=False, kind="stable")
        for row in gains[gains["gain"] > 0.0].head(MOST_MEASURES).to_dict("records"):
            value = float(each["value"]) + float(row["change"])
            reaches = sign * (value - float(each["target"])) <= 0.0
            rows.append((str(each["objective"]), str(row["measure"]), value, reaches))
    return pd.DataFrame(rows, columns=list(HELP_COLUMNS))


def _whole(table: pd.DataFrame, indicator: str) -> float:
    return float(table[indicator][WHOLE_AREA]) if indicator in table else float(np.nan)
