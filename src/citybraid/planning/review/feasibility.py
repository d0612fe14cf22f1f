"""Feasibility: controls of one plot that contradict each other, and the smallest change of one that resolves it."""

import math
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from citybraid.integrate.measures.form.runoff_reach import Ground, RainKept
from citybraid.planning.failing import LIMIT_STEPS
from citybraid.planning.review.plots import Clause, Plot, control_of, scale_of

SLACK = 5e-4
"""Excess of a share up to which rounded controls do not contradict each other [-]."""
RATIO_SLACK = 5e-3
"""The same for the floor area ratio, which plans write with two decimals [-]."""
SPANS = (
    ("lower_floor_ratio", "floor_ratio"), ("lower_footprint", "footprint"), ("green", "upper_green"),
    ("lower_height", "height"),
)  # fmt: skip
"""Lower and upper ends of the spans of a plot."""
ENDS = ("lower", "upper")
"""Prefixes of the other ends of spans among the values of a plot."""
AIM = "rate"
"""The control that facilities serve: what a plan aims at, not what it may build."""
FACILITIES = ("storage", "sunken", "permeable", "roof")
COLUMNS = (
    "parcel", "conflict", "hard", "needs", "offers", "unit", "control", "end", "old", "new", "new_unit", "change",
)  # fmt: skip
STORAGE_STEP = 1.0
"""Step that storage is rounded up to [m3 ha-1]."""
HALVINGS = 30
"""Halvings by which a share is sought: to 1e-9."""


class Conflict(NamedTuple):
    """A contradiction: what it is, whether no built form meets it, and both sides of it.

    `needs` is what the controls ask for together, `offers` what they leave room for, in the unit of a plot.
    One that is not `hard` only makes an upper limit that cannot be used.
    """

    kind: str
    hard: bool
    needs: float
    offers: float


class Remedy(NamedTuple):
    """A change of one value of a plot: its field, the value before and after, and its size.

    The size is the difference over the larger of both: 0 for none, 1 for a value where there was none.
    """

    field: str
    old: float
    new: float

    @property
    def size(self) -> float:
        """Difference over the larger of both values [-]."""
        old = 0.0 if math.isnan(self.old) else self.old
        largest = max(abs(old), abs(self.new))
        return abs(self.new - old) / largest if largest else 0.0


def conflicts(plot: Plot, rain: RainKept | None = None) -> tuple[Conflict, ...]:
    """Return the contradictions between the controls of a plot; a control that is not stated contradicts nothing.

    - span: a lower limit above the upper one;
    - storeys: the floor area ratio is more than density times the storeys below the height limit;
    - ground: density and green ratio together leave no room for themselves;
    - runoff: the facilities that the plan states keep less rain than it asks for, or, where it states none, those of
      all roofs, paving and green together do.
    """
    return tuple(each for check in (_spans, _storeys, _ground) for each in check(plot)) + tuple(_runoff(plot, rain))


def remedy(plot: Plot, conflict: Conflict, rain: RainKept | None = None) -> Remedy | None:
    """Return the smallest change of one control that resolves a contradiction and makes no other one.

    A clause of a standard that the value before keeps stays kept. The rate of runoff asked for is lowered only where no
    facility suffices. None where no single change does.
    """
    before = {each.kind for each in conflicts(plot, rain)} - {conflict.kind}
    remedies = []
    for change in _CHANGES[conflict.kind.partition(".")[0]](plot, rain):
        if math.isfinite(change.new) and change.new >= 0.0 and not _breaks(plot, change):
            after = {each.kind for each in conflicts(plot._replace(**{change.field: change.new}), rain)}
            if after <= before:
                remedies.append(change)
    return min(remedies, key=lambda each: (each.field == AIM, round(each.size, 9)), default=None)


def _breaks(plot: Plot, change: Remedy) -> bool:
    """Return whether a change breaks a clause that holds for the plot."""
    return any(each.form == change.field and each.met(change.old) and not each.met(change.new) for each in plot.clauses)


def feasibility(plots: Mapping[str, Plot], rain: RainKept | None = None) -> pd.DataFrame:
    """Return a row per plot and contradiction, in the units of the controls.

    `control` is the one whose change resolves it (`end`: lower or upper, where it is that end of a span), from `old`
    to `new`; '' where no single change does. `change` is its size.
    """
    rows = []
    for parcel, plot in plots.items():
        for each in conflicts(plot, rain):
            form = _MEASURED[each.kind.partition(".")[0]] or each.kind.partition(".")[2]
            change = remedy(plot, each, rain)
            row = {
                "parcel": parcel, "conflict": each.kind, "hard": each.hard, "needs": each.needs * scale_of(form),
                "offers": each.offers * scale_of(form), "unit": control_of(form).unit,
            }  # fmt: skip
            rows.append({**row, **_change_values(change)})
    return pd.DataFrame(rows, columns=list(COLUMNS))


def nearest_kept(clause: Clause, value: float) -> float:
    """Return the value that keeps a clause and is nearest to one that breaks it, in steps of its control."""
    form, step = clause.form, _step(clause.form)
    lower = value > clause.value
    kept = _down(clause.value, form) if lower else _up(clause.value, form)
    return kept if clause.met(kept) else kept - step if lower else kept + step


def _change_values(change: Remedy | None) -> dict[str, object]:
    if change is None:
        return {"control": "", "end": "", "old": np.nan, "new": np.nan, "new_unit": "", "change": np.nan}
    end, _, rest = change.field.partition("_")
    form, end = (rest, end) if end in ENDS else (change.field, "")
    control, scale = control_of(form), scale_of(form)
    return {
        "control": control.id, "end": end, "old": change.old * scale, "new": change.new * scale,
        "new_unit": control.unit, "change": change.size,
    }  # fmt: skip


def _spans(plot: Plot) -> Iterator[Conflict]:
    for low, high in SPANS:
        least, most = getattr(plot, low), getattr(plot, high)
        form = high.removeprefix("upper_")
        if least > most + SLACK * max(most, 1.0):
            yield Conflict(f"span.{form}", hard=True, needs=least, offers=most)


def _storeys(plot: Plot) -> Iterator[Conflict]:
    room = plot.footprint * plot.floors
    if plot.built > room + RATIO_SLACK:
        least = plot.lower_floor_ratio > room + RATIO_SLACK
        yield Conflict("storeys", hard=least or plot.floors == 0.0, needs=plot.built, offers=room)


def _ground(plot: Plot) -> Iterator[Conflict]:
    together = plot.footprint + plot.green
    if together > 1.0 + SLACK:
        hard = plot.lower_footprint + plot.green > 1.0 + SLACK
        yield Conflict("ground", hard=hard, needs=together, offers=1.0)


def _runoff(plot: Plot, rain: RainKept | None) -> Iterator[Conflict]:
    """Yield facilities that keep too little; a rate beyond the published pairs is not judged."""
    if rain is None or not all(map(math.isfinite, (plot.rate, plot.footprint, plot.green))):
        return
    if plot.rate > rain.rates[-1]:
        return
    stated = any(math.isfinite(getattr(plot, name)) for name in FACILITIES)
    ground = ground_of(plot) if stated else ground_of(plot)._replace(roof=1.0, permeable=1.0, sunken=1.0)
    if (reached := rain.rate(ground)) < plot.rate - SLACK:
        yield Conflict("runoff" if stated else "runoff_everywhere", hard=False, needs=plot.rate, offers=reached)


def ground_of(plot: Plot) -> Ground:
    """Return the ground of a plot with the facilities that it states, and no others."""
    shares = (float(np.nan_to_num(getattr(plot, name))) for name in ("roof", "permeable", "sunken", "storage"))
    return Ground(min(plot.footprint, max(1.0 - plot.green, 0.0)), plot.green, *shares)


def _span_changes(plot: Plot, _: RainKept | None) -> Iterator[Remedy]:
    for low, high in SPANS:
        least, most = getattr(plot, low), getattr(plot, high)
        if least > most:
            yield Remedy(low, least, most)
            yield Remedy(high, most, least)


def _storey_changes(plot: Plot, _: RainKept | None) -> Iterator[Remedy]:
    """Yield what makes room for the floor area first: of changes of one size the first one is taken."""
    if plot.footprint > 0.0:
        floors = math.ceil(round((plot.built - RATIO_SLACK) / plot.footprint, 6))
        yield Remedy("height", plot.height, _up(floors * plot.storey, "height"))
    if plot.floors > 0.0:
        yield Remedy("footprint", plot.footprint, _up(plot.built / plot.floors, "footprint"))
    ratio = "floor_ratio" if math.isfinite(plot.floor_ratio) else "lower_floor_ratio"
    yield Remedy(ratio, plot.built, _down(plot.footprint * plot.floors, "floor_ratio"))


def _ground_changes(plot: Plot, _: RainKept | None) -> Iterator[Remedy]:
    yield Remedy("footprint", plot.footprint, _down(1.0 - plot.green, "footprint"))
    yield Remedy("green", plot.green, _down(1.0 - plot.footprint, "green"))


def _runoff_changes(plot: Plot, rain: RainKept | None) -> Iterator[Remedy]:
    if rain is None:
        return
    ground = ground_of(plot)
    yield Remedy("storage", plot.storage, _up(rain.needed(ground, plot.rate), "storage"))
    yield Remedy("rate", plot.rate, _down(rain.rate(ground), "rate"))
    for name in ("sunken", "permeable", "roof"):
        yield Remedy(name, getattr(plot, name), _up(_reaching(name, ground, rain, wanted=plot.rate), name))


def _reaching(facility: str, ground: Ground, rain: RainKept, *, wanted: float) -> float:
    """Return the least share of a facility that reaches a rate, infinite where even all does not."""
    low, high = 0.0, 1.0
    if rain.rate(ground._replace(**{facility: high})) < wanted:
        return math.inf
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        enough = rain.rate(ground._replace(**{facility: middle})) >= wanted
        low, high = (low, middle) if enough else (middle, high)
    return high


def _step(form: str) -> float:
    unit = control_of(form).unit
    return LIMIT_STEPS.get(unit, STORAGE_STEP) / scale_of(form)


def _down(value: float, form: str) -> float:
    return math.floor(round(value / _step(form), 6)) * _step(form)


def _up(value: float, form: str) -> float:
    return math.ceil(round(value / _step(form), 6)) * _step(form) if math.isfinite(value) else value


_CHANGES: Mapping[str, Callable[[Plot, RainKept | None], Iterator[Remedy]]] = {
    "span": _span_changes, "storeys": _storey_changes, "ground": _ground_changes, "runoff": _runoff_changes,
    "runoff_everywhere": _runoff_changes,
}  # fmt: skip
_MEASURED: Mapping[str, str] = {
    "span": "", "storeys": "floor_ratio", "ground": "footprint", "runoff": "rate", "runoff_everywhere": "rate",
}  # fmt: skip
"""The part of a plot in whose unit a contradiction is told; '' for the one that it names."""
