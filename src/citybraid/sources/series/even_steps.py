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
AT_LABELS = frozenset({"edge_level", "inflow_hydrograph", "side_level", "sea_level", "surge"})
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
CLEAR = 0.25
"""Rounding of written times, in minutes, below which a step of whole minutes can be told from others."""
EXACT = 1e-9
"""Relative difference of steps that is rounding of the machine, not of what is written."""
FEWEST_ROWS = 2
"""Rows between which one second may as well be the rounding of both."""
MOST_PLACES = 8
"""Most rows that a finding names."""


class EvenSteps(NamedTuple):
    """The constant step [h], how many of them each row fills, and the rows' own times [h]; one each where even.

    `times` are the rows' times as they were read.
    """

    step: float
    counts: I64
    times: RowTimes

    @property
    def hours(self) -> F64:
        """The rows' own times, from the first [h]."""
        return self.times.hours

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
        """Return the findings that report serial dates, a late start, missing rows and uneven steps, as far as any."""
        notes: list[Finding] = []
        step = self.step * MINUTES
        if self.times.serials:
            notes.append(
                Finding("guessed", "intake.time_serials", layer, len(self.hours), {"name": name, "step": step})
            )
        if not 0.0 <= self.times.start <= max(self.step, float(self.widths[0])) + EVEN:
            details = {"name": name, "got": self.times.told(0), "row": self.times.number(0)}
            notes.append(Finding("warning", "intake.time_start", layer, values=details))
        if self.is_even:
            return tuple(notes)
        widths = self.widths[:-1] * MINUTES
        usual = float(np.median(widths))
        details = {"name": name, "low": float(widths.min()), "high": float(widths.max()), "step": step}
        lacking = widths[widths > usual] / usual - 1.0
        if widths.min() == usual and bool((np.abs(lacking - np.rint(lacking)) < ROUNDED).all()):
            places = [self.times.number(int(each) + 1) for each in np.flatnonzero(widths > usual)]
            rows = [*places[:MOST_PLACES], *(["…"] if len(places) > MOST_PLACES else [])]
            details |= {"step": usual, "lacking": round(float(lacking.sum())), "rows": rows}
            notes.append(Finding("guessed", "intake.time_rows_missing", layer, len(places), details))
        else:
            details |= {"row": self.times.number(int(widths.argmax()) + 1)}
            notes.append(Finding("found", "intake.time_uneven_read", layer, len(self.counts), details))
        return tuple(notes)


def even_steps(times: RowTimes, quantity: str, *, name: str) -> EvenSteps:
    """Return the constant step on which rows lie; the last row holds as long as the one before it.

    Raises InputError where there are less than two rows, times do not go forward, uneven steps are not possible for
    this quantity, or only steps too fine to be used lie on all rows.
    """
    hours = times.hours
    gaps = np.diff(hours)
    if len(gaps) == 0:
        raise InputError("intake.time_one_row", name=name)
    if gaps.min() <= 0.0:
        row = int((gaps <= 0.0).argmax()) + 1
        told = {"row": times.number(row), "got": times.told(row), "before": times.told(row - 1)}
        raise InputError("intake.time_order", name=name, **told)
    ones = np.ones(len(hours), np.int64)
    if np.abs(gaps - gaps[0]).max() <= EVEN + SHARE * gaps[0]:
        step, whole = float(np.median(gaps)), _rounded(times)
        rounded = whole is not None and abs(whole - step) > EXACT * step
        return EvenSteps(whole if whole is not None and rounded else step, ones, times)
    if (step_found := _rounded(times)) is not None:
        return EvenSteps(step_found, ones, times)
    if quantity not in HELD | AT_LABELS:
        row = int(np.abs(gaps - gaps[0]).argmax())
        got, first = float(gaps[row] * MINUTES), float(gaps[0] * MINUTES)
        raise InputError("intake.time_uneven", name=name, row=times.number(row + 1), step=first, got=got)
    parts, unit = _whole_parts(times)
    part = int(np.gcd.reduce(np.diff(parts)))
    widths = np.append(np.diff(parts), parts[-1] - parts[-2])
    if part == 0 or int(widths.sum()) // part > MOST_STEPS:
        raise InputError("intake.time_fine", name=name, step=part * unit * SECONDS, most=MOST_STEPS)
    return EvenSteps(part * unit, (widths // part).astype(np.int64), times)


def _rounded(times: RowTimes) -> float | None:
    """Return the constant step that rounded times stand for, such as 0, 0.08, 0.17, 0.25 h; None where none does."""
    hours = times.hours
    step = float(hours[-1]) / (len(hours) - 1)
    whole = round(step * SECONDS) / SECONDS
    minutes = round(step * MINUTES) / MINUTES if len(hours) > FEWEST_ROWS and times.rounding < CLEAR / MINUTES else 0.0
    for likely in (minutes, whole, step):
        if likely <= 0.0:
            continue
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
