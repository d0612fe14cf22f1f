"""What drives a study's events: design storms, a changed climate, and rain, inflow and levels that come together."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from citybraid.core.errors import InputError, InputErrors, PlanError
from citybraid.core.factor import Factor, FactorBook
from citybraid.core.finding import Finding
from citybraid.core.layer import Layer
from citybraid.core.model import var_of
from citybraid.core.var import Var
from citybraid.core.vocabulary.cyclone import SURGE_HEIGHT
from citybraid.core.vocabulary.forcing import CLIMATE_FACTOR, EVENT_SEA_LEVEL_RISE, RAIN_RETURN_PERIOD, TIDE_LAG
from citybraid.core.vocabulary.water import STORM_DURATION
from citybraid.study.open.schema import Event, Storm, StudyFile

EVENT = "event"
PARTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "rain": (
            "rain_intensity",
            "rain_field",
            "gauge_rain",
            "rain_return_period",
            "storm_duration",
            "climate_factor",
            "event_sea_level_rise",
        ),
        "inflow": ("inflow_discharge",),
        "level": ("edge_level", "side_level", "surge", "surge_height"),
    }
)
"""Quantities that each part of an event brings."""
RAIN_CHANGE, RISE = "rain_change", "sea_level_rise"
"""Factors of a changed climate: their keys are climates, their years the horizons they hold for."""
STATED = MappingProxyType({
    "tide_lag": var_of(TIDE_LAG), "surge_height": var_of(SURGE_HEIGHT), "sea_level_rise": var_of(EVENT_SEA_LEVEL_RISE),
    "climate_factor": var_of(CLIMATE_FACTOR),
})  # fmt: skip
"""Numbers that an event states itself."""
Put = Callable[[Var, float, str], Layer]
"""Keeps a number of an event and returns its layer."""


def problems(asked: StudyFile, book: FactorBook) -> list[PlanError]:
    """Return what is wrong with the climates of storms and events: half said, said twice, or without a row."""
    found: list[PlanError] = []
    every: tuple[Storm | Event, ...] = (*asked.storms, *asked.events)
    for each in every:
        if bool(each.climate) != (each.horizon is not None):
            found.append(InputError("study.climate_half", event=each.label))
        elif each.climate and each.climate_factor is not None:
            found.append(InputError("study.climate_twice", event=each.label))
        elif each.climate and _row(book, RAIN_CHANGE, each, region=asked.study.region) is None:
            known = sorted({row.key for row in book.by_name.get(RAIN_CHANGE, ()) if row.holds(asked.study.region)})
            where = {"climate": each.climate, "horizon": each.horizon, "region": asked.study.region}
            found.append(InputError("study.no_climate", event=each.label, known=known or "-", **where))
    changed = {storm.label for storm in asked.storms if storm.climate or storm.climate_factor is not None}
    found += [
        InputError("study.climate_twice", event=event.label)
        for event in asked.events
        if event.rain in changed and (event.climate or event.climate_factor is not None)
    ]
    return found


def storms(asked: StudyFile, book: FactorBook, put: Put) -> list[Layer]:
    """Return the numbers of design storms: return period of the rain, duration, factor and sea of their climate."""
    made: list[Layer] = []
    for storm in asked.storms:
        made.append(put(var_of(RAIN_RETURN_PERIOD), storm.return_period, storm.label))
        made.append(put(var_of(STORM_DURATION), storm.duration, storm.label))
        if (factor := _factor(storm, book, region=asked.study.region)) is not None:
            made.append(put(var_of(CLIMATE_FACTOR), factor, storm.label))
        if (row := _row(book, RISE, storm, region=asked.study.region)) is not None:
            made.append(put(var_of(EVENT_SEA_LEVEL_RISE), row.value, storm.label))
    return made


def composed(layers: Sequence[Layer], asked: StudyFile, book: FactorBook, put: Put) -> list[Layer]:
    """Return layers in which the parts of each event stand together under its label.

    A storm or a series that an event names stands in events only; to run it alone too, an event names it alone.
    Raises InputErrors for parts that no storm and no file brings.
    """
    named = {(part, label) for event in asked.events for part, label in _parts(event).items()}
    wrong = [
        InputError(
            "study.event_part", event=event.label, part=part, got=label, known=sorted(_labels(layers, part)) or "-"
        )
        for event in asked.events
        for part, label in _parts(event).items()
        if label not in _labels(layers, part)
    ]
    if wrong:
        raise InputErrors(wrong)
    gone = {(name, label) for part, label in named for name in PARTS[part]}
    kept = [layer for layer in layers if (layer.var.name, dict(layer.at).get(EVENT)) not in gone]
    for event in asked.events:
        for part, label in _parts(event).items():
            kept += [
                replace(layer, at=frozenset({**dict(layer.at), EVENT: event.label}.items()))
                for layer in layers
                if layer.var.name in PARTS[part]
                and dict(layer.at).get(EVENT) == label
                and not (layer.var.name == "event_sea_level_rise" and event.sea_level_rise is not None)
            ]
        kept += _numbers(event, book, put, region=asked.study.region)
    return kept


def told(layers: Iterable[Layer], asked: StudyFile, book: FactorBook) -> list[Finding]:
    """Return what the reader must know: each climate's factor and whose it is, and formulas without known limits."""
    found: list[Finding] = []
    every: tuple[Storm | Event, ...] = (*asked.storms, *asked.events)
    for each in every:
        if (factor := _factor(each, book, region=asked.study.region)) is not None:
            row = _row(book, RAIN_CHANGE, each, region=asked.study.region)
            about = {
                "event": each.label,
                "factor": factor,
                "climate": each.climate or "-",
                "horizon": each.horizon or "-",
            }
            whose = {"status": row.status if row else "user", "source": (row.source if row else "") or "-"}
            found.append(Finding("found", "study.climate_factor", "rain_intensity", values={**about, **whose}))
    files = _labels([layer for layer in layers if layer.var.name == "rain_intensity"], "rain")
    formula = [storm.label for storm in asked.storms if storm.label not in files]
    limits = any(row.holds(asked.study.region) for row in book.by_name.get("storm_range", ()))
    if formula and not limits:
        found.append(Finding("advice", "study.no_storm_range", "rain_intensity", values={"region": asked.study.region}))
    return found


def _parts(event: Event) -> dict[str, str]:
    said = {"rain": event.rain, "inflow": event.inflow, "level": event.level}
    return {part: label for part, label in said.items() if label}


def _labels(layers: Iterable[Layer], part: str) -> set[str]:
    return {label for layer in layers if layer.var.name in PARTS[part] and (label := dict(layer.at).get(EVENT))}


def _numbers(event: Event, book: FactorBook, put: Put, *, region: str) -> list[Layer]:
    said: dict[str, Any] = {name: getattr(event, name) for name in STATED}
    if event.climate:
        said["climate_factor"] = _factor(event, book, region=region)
        row = _row(book, RISE, event, region=region)
        if said["sea_level_rise"] is None and row is not None:
            said["sea_level_rise"] = row.value
    return [put(STATED[name], value, event.label) for name, value in said.items() if value is not None]


def _factor(each: Storm | Event, book: FactorBook, *, region: str) -> float | None:
    if each.climate_factor is not None:
        return each.climate_factor
    row = _row(book, RAIN_CHANGE, each, region=region)
    return None if row is None else row.value


def _row(book: FactorBook, name: str, each: Storm | Event, *, region: str) -> Factor | None:
    """The factor's row of a climate in the very year asked for: no other year stands for it."""
    if not each.climate or each.horizon is None or name not in book.by_name:
        return None
    if not any(row.holds(region) for row in book.by_name[name]):
        return None
    row = book.resolve(name, region=region, year=each.horizon).rows.get(each.climate)
    return row if row is not None and not row.years_off(each.horizon) else None
