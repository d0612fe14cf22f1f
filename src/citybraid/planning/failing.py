"""Failing parcels: the controls they miss, and the changes that the plan needs."""

import math
from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd

from citybraid.planning.rows import Control

SQUARE_METRES, CENTIMETRES, DECIMETRES = 10.0, 0.01, 0.1
"""Steps that amounts are rounded up to [m2, m, m]: a change that is carried out reaches the limit."""


class FailingParcel(NamedTuple):
    """A parcel that fails: the controls it misses, the worst first."""

    parcel: str
    controls: tuple[str, ...]
    score: float


class Change(NamedTuple):
    """The change on a parcel that makes a control hold: `amount` in `unit`, rounded up."""

    change: str
    amount: float
    unit: str


class NewLimit(NamedTuple):
    """The value of a control nearest to the stated one that the plan as it is would meet."""

    value: float
    unit: str


class _Rule(NamedTuple):
    """How a miss becomes an amount: miss x share of the plot area where `on_plot`, else the miss itself.

    `change` mends a value above its limit, `raised` one below it; '' where that cannot be.
    """

    change: str
    raised: str
    unit: str
    step: float
    on_plot: float | None = None


RULES: Mapping[str, _Rule] = {
    "far": _Rule("floor_area", "more_floor_area", "m2", SQUARE_METRES, 1.0),
    "bd": _Rule("footprint", "more_footprint", "m2", SQUARE_METRES, 0.01),
    "gr": _Rule("less_green", "green", "m2", SQUARE_METRES, 0.01),
    "height": _Rule("height", "more_height", "m", DECIMETRES),
    "waterlog": _Rule("ground_floor", "", "m", CENTIMETRES),
    "setback": _Rule("", "setback", "m", DECIMETRES),
    "parking": _Rule("spaces", "", "1", 1.0),
}
"""By control: floor area, footprint, green or height to remove or add, floors to raise, walls to move, spaces."""
RUNOFF = "runoff"
"""The control that storage of runoff mends."""
LIMIT_STEPS: Mapping[str, float] = {"1": 0.01, "%": 0.1, "m": DECIMETRES}
"""Steps of limits by unit: control tables write them with so many decimals."""


def failing_parcels(table: pd.DataFrame, *, most: int | None = None) -> tuple[FailingParcel, ...]:
    """Return the parcels that fail, the worst first, from a control table: all of them, or the first `most`.

    Parcels are ordered by the number of binding controls they miss, then by the sum of
    what they miss as shares of the limits (each at most 10), then by id.
    """
    missed = table[table["state"] == "failed"]
    failing = [
        FailingParcel(
            str(parcel),
            tuple(rows.sort_values(["binding", "excess"], ascending=False, kind="stable")["control"]),
            float(rows["binding"].sum()) + float(rows["excess"].clip(upper=10.0).sum()) / 1000.0,
        )
        for parcel, rows in missed.groupby("parcel", sort=True)
    ]
    return tuple(sorted(failing, key=lambda row: (-row.score, row.parcel))[:most])


def change_needed(
    control: str, *, computed: float, limit: float, area: float, storage: float = math.nan
) -> Change | None:
    """Return the change that makes a missed control hold on a parcel of an area [m2].

    `computed` and `limit` are in the control's unit; `storage` is what the parcel lacks to keep its runoff [m3]. None
    where the control has no such rule, where area or storage are needed and not known, or where the limit is reached.
    """
    if control == RUNOFF:
        known = computed < limit and storage > 0.0 and math.isfinite(storage)
        return Change("storage", math.ceil(round(storage, 6)), "m3") if known else None
    rule = RULES.get(control)
    miss = abs(computed - limit)
    change = "" if rule is None else rule.change if computed > limit else rule.raised
    if rule is None or not change or not math.isfinite(miss) or miss == 0.0:
        return None
    amount = miss if rule.on_plot is None else miss * rule.on_plot * area
    if not math.isfinite(amount):
        return None
    return Change(change, math.ceil(round(amount / rule.step, 6)) * rule.step, rule.unit)


def limit_needed(control: Control, *, computed: float, limit: float, opposite: bool = False) -> NewLimit | None:
    """Return the smallest change of a control that the plan states: the limit that the computed value meets.

    `opposite` tells that the limit is the other end of a span, such as a lower limit of the floor area ratio.

    It is rounded to the step of the unit, away from the stated limit, so that the computed value meets it. None for a
    control that no plan states, such as one that a standard sets, and where the limit is met.
    """
    step = LIMIT_STEPS.get(control.unit)
    if not control.stated or not control.rule or step is None or not math.isfinite(computed - limit):
        return None
    at_most = (control.rule == "at_most") is not opposite
    if (computed <= limit) if at_most else (computed >= limit):
        return None
    steps = round(computed / step, 6)
    return NewLimit((math.ceil(steps) if at_most else math.floor(steps)) * step, control.unit)
