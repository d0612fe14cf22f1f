"""Series that meet in one event: by their dates they lie on the clock of the rain; what they lack of it is told."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from citybraid.core.finding import Finding
from citybraid.sources.protocol.reading import Reading, SourceLayer
from citybraid.sources.series.even_steps import AT_LABELS, HELD, MOST_STEPS

RAIN = frozenset({"intake.storm_read", "intake.gauges_read"})
"""Findings on rain that was read, which makes an event."""
BESIDE = "intake.series_read"
"""Finding on a series that was read; those of water are read beside the rain."""
WATER = HELD | AT_LABELS
ANY = "-"
"""Event of a series that holds for all."""
SECONDS = 3600
TOGETHER = 1e-6
"""Difference of times that is rounding [h]."""


class _Clock(NamedTuple):
    """A series in an event: its layer, file, first time as written and as a date (none if no date), and length [h]."""

    layer: str
    name: str
    event: str
    start: str
    begins: pd.Timestamp | None
    hours: float

    def after(self, other: "_Clock") -> float:
        """Return how long after another one begins this does [h]; both have dates.

        Where one alone states its time zone, both are taken to be in one.
        """
        if not self.begins or not other.begins:
            return 0.0
        if self.one_zone(other):
            return (self.begins - other.begins).total_seconds() / SECONDS
        return (self.begins.tz_localize(None) - other.begins.tz_localize(None)).total_seconds() / SECONDS

    def one_zone(self, other: "_Clock") -> bool:
        """Tell whether both state their time zone or none does."""
        return not self.begins or not other.begins or (self.begins.tz is None) == (other.begins.tz is None)


def on_one_clock(readings: Sequence[Reading]) -> list[Reading]:
    """Return readings whose series count from the first row of the rain they meet, where both state dates.

    What lies before the rain is left out. A series that begins after it holds its first level until then, or is 0 as a
    flow. It counts from its own first row where it has no date, no hour in common with the rain, or holds for events
    that begin at different dates. All of this is told, and of series that end before the rain that they do.
    """
    rains = [_clock(reading, each) for reading in readings for each in reading.findings if each.text in RAIN]
    return [_placed(reading, rains) for reading in readings]


def with_one_clock(
    arguments: Mapping[str, Any], readings: Sequence[Reading]
) -> tuple[dict[str, Any], tuple[Finding, ...]]:  # fmt: skip
    """Return a model's inputs by name with the series of files on the clock of the rain, and what is told of it."""
    placed = on_one_clock(readings)
    moved = {
        id(before.layers[0].value): after.layers[0].value
        for before, after in zip(readings, placed, strict=True)
        if after is not before
    }
    notes = [
        note
        for before, after in zip(readings, placed, strict=True)
        for note in after.findings[len(before.findings) :]
    ]  # fmt: skip
    return {name: _replaced(value, moved) for name, value in arguments.items()}, tuple(notes)


def _replaced(value: Any, moved: Mapping[int, pd.Series]) -> Any:
    """Return a series, or series by label, as moved; all else as it is: factors and facts record who reads them."""
    if type(value) is dict and any(id(each) in moved for each in value.values()):
        return {label: moved.get(id(each), each) for label, each in value.items()}
    return moved.get(id(value), value)


def _placed(reading: Reading, rains: Sequence[_Clock]) -> Reading:
    read = next((each for each in reading.findings if each.text == BESIDE and each.layer in WATER), None)
    own = None if read is None else _clock(reading, read)
    met = [] if own is None else [rain for rain in rains if own.event in (ANY, rain.event)]
    if own is None or not met:
        return reading
    dated = [rain for rain in met if rain.begins is not None and own.begins is not None]
    apart = sorted({own.after(rain) for rain in dated})
    notes = [_told_zone(own, rain) for rain in dated if not own.one_zone(rain)]
    layers = reading.layers
    hours = apart[0] if len(apart) == 1 and len(dated) == len(met) else 0.0
    moved = [_moved(each, hours) for each in layers] if _meets(own, dated, hours) else []
    if moved and None not in moved:
        layers = tuple(each for each in moved if each is not None)
        notes.append(_told_moved(own, dated[0], hours))
        own = own._replace(hours=own.hours + hours)
    else:
        notes += [_told_apart(own, rain, several=len(met) > 1) for rain in dated if abs(own.after(rain)) > TOGETHER]
    notes += [note for rain in met for note in _ends(own, rain)]
    return replace(reading, layers=layers, findings=(*reading.findings, *notes))


def _meets(own: _Clock, rains: Sequence[_Clock], hours: float) -> bool:
    """Tell whether a series is to be moved: it begins at another time than the rain and has some of its hours."""
    return abs(hours) > TOGETHER and own.hours + hours > TOGETHER and all(hours < rain.hours for rain in rains)


def _moved(layer: SourceLayer, hours: float) -> SourceLayer | None:
    """Return a series that begins `hours` after time 0 as one from time 0 on; None where its steps would be too fine.

    Its step is the largest on which both its rows and time 0 lie, so that flows keep their volume.
    """
    series: pd.Series = layer.value
    step = float(series.index[1] - series.index[0])
    parts, late = round(step * SECONDS), round(hours * SECONDS)
    part = int(np.gcd(parts, abs(late)))
    if not part or abs(parts - step * SECONDS) > TOGETHER * SECONDS or abs(late - hours * SECONDS) > 1.0:
        return None
    count = (len(series) * parts + late) // part
    if count > MOST_STEPS:
        return None
    since = np.arange(count, dtype=np.int64) * part - late
    if layer.var.name in AT_LABELS:
        values = np.interp(since, np.arange(len(series)) * parts, series.to_numpy())
    else:
        values = np.where(since < 0, 0.0, series.to_numpy()[np.maximum(since // parts, 0)])
    index = pd.Index(np.arange(count) * (part / SECONDS), name=series.index.name)
    return replace(layer, value=pd.Series(values, index=index, name=series.name))


def _told_zone(own: _Clock, rain: _Clock) -> Finding:
    details = {"name": own.name, "rain": rain.name, "start": own.start, "rain_start": rain.start}
    return Finding("warning", "intake.series_zone", own.layer, values=details)


def _told_moved(own: _Clock, rain: _Clock, hours: float) -> Finding:
    details: Mapping[str, object] = {
        "name": own.name, "rain": rain.name, "event": rain.event, "start": own.start, "rain_start": rain.start,
        "hours": abs(hours),
    }  # fmt: skip
    late = "late_level" if own.layer in AT_LABELS else "late"
    return Finding("warning", f"intake.series_{'early' if hours < 0.0 else late}", own.layer, values=details)


def _told_apart(own: _Clock, rain: _Clock, *, several: bool) -> Finding:
    details = {
        "name": own.name, "rain": rain.name, "event": rain.event, "start": own.start, "rain_start": rain.start,
        "hours": own.after(rain),
    }  # fmt: skip
    text = "intake.series_events" if several else "intake.series_apart"
    return Finding("warning", text, own.layer, values=details)


def _ends(own: _Clock, rain: _Clock) -> Iterable[Finding]:
    if own.hours >= rain.hours - TOGETHER:
        return
    text = "intake.series_ends_level" if own.layer.endswith("level") else "intake.series_ends"
    details = {"name": own.name, "rain": rain.name, "event": rain.event, "hours": own.hours, "rain_hours": rain.hours}
    yield Finding("guessed", text, own.layer, values=details)


def _clock(reading: Reading, finding: Finding) -> _Clock:
    of_finding: Mapping[str, object] = finding.values  # noqa: PD011  (of a finding)
    name, event, start, begins = (str(of_finding.get(each, "")) for each in ("name", "event", "start", "begins"))
    series: pd.Series = reading.layers[0].value
    hours = len(series) * float(series.index[1] - series.index[0])
    return _Clock(finding.layer, name, event, start, pd.Timestamp(begins) if begins else None, hours)
