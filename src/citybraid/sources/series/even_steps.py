"""Rows at uneven times as series with a constant step, without a change of what they state."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.sources.series.times import SECONDS, RowTimes

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
HELD = frozenset({"rain_intensity", "gauge_rain", "inflow_discharge", "outfall_discharge"})
"""Quantities that are the mean of a step: over uneven steps they hold until the next row."""
AT_LABELS = frozenset({"edge_level", "side_level", "sea_level", "surge"})
"""Quantities read at their label: between uneven ones they change linearly."""
EVEN = 1e-6
"""Tolerance of steps [h], beside 1e-4 of the first."""
SHARE = 1e-4
ROUNDED = 0.05
"""Largest deviation from a constant step that counts as rounding [step]."""
FINEST = 1000
"""Parts of a second in which uneven times are counted, where whole seconds do not hold them."""
WHOLE = 0.02
"""Deviation from whole seconds that is rounding [s]."""
MOST_STEPS = 200_000
MINUTES = 60.0


class EvenSteps(NamedTuple):
    """The constant step [h], how many of them each row fills, and the rows' own times [h]; one each where even.

    `serials` tells that they were written as dates of a spreadsheet, in days.
    """

    step: float
    counts: I64
    hours: F64
    serials: bool = False

    @property
    def widths(self) -> F64:
        """How long each row holds [h]."""
        return np.asarray(self.counts * self.step, dtype=np.float64)

    @property
    def is_even(self) -> bool:
        """Whether the rows themselves have a constant step."""
        return bool((self.counts == 1).all())

    def spread(self, values: F64, *, quantity: str) -> F64:
        """Return a quantity's values at every step: held until the next row, or interpolated between rows."""
        if self.is_even:
            return values
        if quantity in AT_LABELS:
            labels = np.arange(int(self.counts.sum())) * self.step
            rows = np.cumsum(self.widths) - self.widths
            return np.asarray(np.interp(labels, rows, values), dtype=np.float64)
        return np.repeat(values, self.counts)

    def findings(self, layer: str, *, name: str) -> tuple[Finding, ...]:
        """Return the findings that report serial dates and uneven steps, none where there are neither."""
        dated = Finding(
            "guessed", "intake.time_serials", layer, len(self.hours), {"name": name, "step": self.step * MINUTES}
        )
        if self.is_even:
            return (dated,) if self.serials else ()
        low, high = float(self.widths[:-1].min()) * MINUTES, float(self.widths[:-1].max()) * MINUTES
        values = {"name": name, "low": low, "high": high, "step": self.step * MINUTES}
        uneven = Finding("found", "intake.time_uneven_read", layer, len(self.counts), values)
        return (dated, uneven) if self.serials else (uneven,)


def even_steps(times: RowTimes, quantity: str, *, name: str) -> EvenSteps:
    """Return the constant step on which rows lie; the last row holds as long as the one before it.

    Raises InputError where there are less than two rows, times do not go forward, uneven steps are not possible for
    this quantity, or only steps too fine to be used lie on all rows.
    """
    hours = times.hours
    gaps = np.diff(hours)
    if len(gaps) == 0 or gaps.min() <= 0.0:
        raise InputError("intake.time_order", name=name)
    ones = np.ones(len(hours), np.int64)
    if np.abs(gaps - gaps[0]).max() <= EVEN + SHARE * gaps[0]:
        return EvenSteps(float(np.median(gaps)), ones, hours, times.serials)
    if (step := _rounded(times)) is not None:
        return EvenSteps(step, ones, hours, times.serials)
    if quantity not in HELD | AT_LABELS:
        row = int(np.abs(gaps - gaps[0]).argmax())
        got, first = float(gaps[row] * MINUTES), float(gaps[0] * MINUTES)
        raise InputError("intake.time_uneven", name=name, row=row + 2, step=first, got=got)
    parts, unit = _whole_parts(times)
    part = int(np.gcd.reduce(np.diff(parts)))
    widths = np.append(np.diff(parts), parts[-1] - parts[-2])
    if part == 0 or int(widths.sum()) // part > MOST_STEPS:
        raise InputError("intake.time_fine", name=name, step=part * unit * SECONDS, most=MOST_STEPS)
    return EvenSteps(part * unit, (widths // part).astype(np.int64), hours, times.serials)


def _rounded(times: RowTimes) -> float | None:
    """Return the constant step that rounded times stand for, such as 0, 0.08, 0.17, 0.25 h; None where none does."""
    hours = times.hours
    step = float(hours[-1]) / (len(hours) - 1)
    whole = round(step * SECONDS) / SECONDS
    for likely in (whole, step):
        off = np.abs(hours - likely * np.arange(len(hours))).max()
        if off <= min(2.0 * times.rounding, ROUNDED * likely):
            return likely
    return None


def _whole_parts(times: RowTimes) -> tuple[I64, float]:
    """Return times in whole parts, and a part [h]: seconds, or thousandths of them where seconds do not hold them."""
    seconds = times.hours * SECONDS
    whole = np.rint(seconds)
    if np.abs(seconds - whole).max() <= max(WHOLE, 2.0 * times.rounding * SECONDS):
        return whole.astype(np.int64), 1.0 / SECONDS
    return np.rint(seconds * FINEST).astype(np.int64), 1.0 / SECONDS / FINEST
