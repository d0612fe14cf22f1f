"""Series that meet in one event: whether their times begin together, and which of them ends before the rain."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.sources.series.times import row_stamps
from citybraid.sources.series.yearless import lacks_year
from citybraid.sources.text.cell_values import normalize_column

RAIN = frozenset({"intake.storm_read", "intake.gauges_read"})
"""Findings on rain that was read, which makes an event."""
BESIDE = frozenset({"intake.series_read"})
"""Findings on series that are read beside it."""
ANY = "-"
"""Event of a series that holds for all."""
HOUR = 3600.0
TOGETHER = 1e-6
"""Difference of times that is rounding [h]."""


class _Clock(NamedTuple):
    """A series in an event: its layer, file, first time as written and as a date (none if no date), and length [h]."""

    layer: str
    name: str
    event: str
    start: str
    stamp: pd.Timestamp | None
    hours: float


def clock_findings(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return what is told of series whose first dates differ from those of the rain they meet, or that end before it.

    Every series is counted from its own first row, so that a date before or after that of the rain is a shift.
    """
    told = list(findings)
    rains = [_clock(each) for each in told if each.text in RAIN]
    others = [_clock(each) for each in told if each.text in BESIDE]
    notes: list[Finding] = []
    for rain in rains:
        for other in others:
            if other.event in (ANY, rain.event):
                notes += _compared(rain, other)
    return tuple(notes)


def _compared(rain: _Clock, other: _Clock) -> Sequence[Finding]:
    names = {"name": other.name, "rain": rain.name, "event": rain.event}
    notes: list[Finding] = []
    first, begun = rain.stamp, other.stamp
    apart = 0.0 if first is None or begun is None else (begun - first).total_seconds() / HOUR
    if abs(apart) > TOGETHER:
        details = {**names, "start": other.start, "rain_start": rain.start, "hours": apart}
        notes.append(Finding("warning", "intake.series_apart", other.layer, values=details))
    if other.hours < rain.hours - TOGETHER:
        details = {**names, "hours": other.hours, "rain_hours": rain.hours}
        text = "intake.series_ends_level" if other.layer.endswith("level") else "intake.series_ends"
        notes.append(Finding("guessed", text, other.layer, values=details))
    return notes


def _clock(finding: Finding) -> _Clock:
    of_finding: Mapping[str, object] = finding.values  # noqa: PD011  (of a finding)
    name, event, start = (str(of_finding.get(each, "")) for each in ("name", "event", "start"))
    return _Clock(finding.layer, name, event, start, _stamp(start, name), float(str(of_finding.get("hours", math.nan))))


def _stamp(start: str, name: str) -> pd.Timestamp | None:
    """Return a first time as a date; None where it states none: hours, a time of day, a date without its year."""
    cells = normalize_column(pd.Series([start], dtype=object))
    if lacks_year(str(cells.iloc[0])):
        return None
    try:
        stamp: pd.Timestamp = row_stamps(cells, name=name, dated=True).iloc[0]
    except (InputError, ValueError, OverflowError):
        return None
    return stamp
