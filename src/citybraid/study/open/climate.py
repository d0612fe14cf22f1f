"""The climate that a study states once: its weather changes with it, and so do its design storms."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from citybraid.core.catalogue import climate_design, event_design
from citybraid.core.check import check_range
from citybraid.core.errors import InputError, InputErrors, PlanError
from citybraid.core.factor import Factor, FactorBook
from citybraid.core.finding import Finding
from citybraid.core.layer import Layer
from citybraid.store.store import Store
from citybraid.study.open.schema import Climate, StudyFile
from citybraid.study.plan.homes import content_key


def with_climate(study_file: StudyFile) -> StudyFile:
    """Return a study whose design storms are of the climate that `[study]` states, where they state none themselves.

    An event takes it where its rain is a design storm; rain of files is as it is.
    """
    climate = study_file.study.climate
    if climate is None:
        return study_file
    stated = {"climate": climate.scenario, "horizon": climate.horizon}
    labels = {storm.label for storm in study_file.storms}
    joined = {event.rain for event in study_file.events}
    fixed = {storm.label for storm in study_file.storms if storm.climate or storm.climate_factor is not None}
    storms = tuple(
        storm if storm.label in fixed | joined else storm.model_copy(update=stated) for storm in study_file.storms
    )
    events = tuple(
        event.model_copy(update=stated)
        if event.rain in labels - fixed and not event.climate and event.climate_factor is None
        else event
        for event in study_file.events
    )
    return study_file.model_copy(update={"storms": storms, "events": events})


def climate_problems(study_file: StudyFile, book: FactorBook) -> list[PlanError]:
    """Return an error where no factor row tells anything about the study's climate."""
    climate = study_file.study.climate
    if climate is None or changes(climate, book, region=study_file.study.region):
        return []
    rain = event_design().change
    region = study_file.study.region
    rows = [row for row in book.by_name.get(rain, ()) if row.holds(region)]
    if any(row.key == climate.scenario and not row.years_off(climate.horizon) for row in rows):
        return []
    return [_unknown(climate, book, region)]


def changed_weather(
    layers: Sequence[Layer], study_file: StudyFile, book: FactorBook, store: Store
) -> tuple[list[Layer], list[Finding]]:
    """Return layers whose weather is that of the study's climate, and a finding on it.

    Raises InputError where there is weather but no change is known, or changes are incomplete.
    """
    climate, design = study_file.study.climate, climate_design()
    names = {var.name for var in design.series}
    weather = {layer.var.name: layer for layer in layers if layer.var.name in names and not layer.at}
    if climate is None or design.series[0].name not in weather:
        return list(layers), []
    rows = changes(climate, book, region=study_file.study.region)
    if not rows:
        raise _unknown(climate, book, study_file.study.region)
    if wrong := [row for row in rows.values() if row.unit != design.units.get(_quantity(row), row.unit)]:
        raise InputErrors(
            InputError("study.change_unit", key=row.key, got=row.unit, needs=design.units[_quantity(row)])
            for row in wrong
        )
    before = {name: store.get(layer.key) for name, layer in weather.items()}
    after = design.morph(before, {key: row.value for key, row in rows.items()})
    placed = {name: _put(store, weather[name], value) for name, value in after.items()}
    sources = sorted({row.source or "-" for row in rows.values()})
    labels = {name: round(value, 1) for name, value in design.warming(before, after).items()}
    values = {
        "scenario": climate.scenario, "horizon": climate.horizon, "source": "; ".join(sources),
        "status": ", ".join(sorted({row.status for row in rows.values()})), **labels,
    }  # fmt: skip
    finding = Finding("found", "study.weather_changed", design.series[0].name, len(rows), values)
    today = [_put(store, replace(weather[name], var=var), before[name]) for name, var in design.kept.items()]
    changed = [placed[layer.var.name] if layer in weather.values() else layer for layer in layers]
    return [*changed, *today], [finding]


def changes(climate: Climate, book: FactorBook, *, region: str) -> dict[str, Factor]:
    """Return the rows of a climate by `<month>/<quantity>`, for exactly its horizon; no other year is substituted."""
    name = climate_design().change
    if not any(row.holds(region) for row in book.by_name.get(name, ())):
        return {}
    start = f"{climate.scenario}/"
    rows = book.resolve(name, region=region, year=climate.horizon).rows
    return {
        key.removeprefix(start): row
        for key, row in rows.items()
        if key.startswith(start) and not row.years_off(climate.horizon)
    }


def _quantity(row: Factor) -> str:
    return row.key.rpartition("/")[2]


def _unknown(climate: Climate, book: FactorBook, region: str) -> InputError:
    names = (climate_design().change, event_design().change)
    rows = [row for name in names for row in book.by_name.get(name, ()) if row.holds(region)]
    known = sorted({row.key.partition("/")[0] for row in rows})
    return InputError(
        "study.unknown_scenario", scenario=climate.scenario, horizon=climate.horizon, region=region, known=known or "-"
    )


def _put(store: Store, layer: Layer, value: Any) -> Layer:
    check_range(layer.var, value, where=f"[study] climate: {layer.var.name}")
    key = content_key(layer.var, value, layer.grid)
    store.put(key, value)
    return Layer(layer.var, key, layer.grid, layer.at)
