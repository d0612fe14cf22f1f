"""Ensemble of an alternative: a quantity is run many times, and an emulator over these runs is sampled."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from citybraid.core.catalogue import ensemble_design
from citybraid.core.ensemble import EnsembleDesign, LevelShift, Scaled
from citybraid.core.factor import Resolved
from citybraid.core.layer import Layer
from citybraid.core.model import Model
from citybraid.core.spread import LEVEL_MARGIN, value_at
from citybraid.core.step import Step
from citybraid.core.var import Var
from citybraid.study.open.open_study import OpenStudy
from citybraid.study.plan.homes import content_key
from citybraid.study.plan.planner import Plan, plan
from citybraid.study.plan.required import required_steps
from citybraid.study.run.engine import Engine
from citybraid.study.run.manifest import UncertaintyRecord

ENDS = (0.05, 0.95)
"""Quantile levels of the 90 % interval of draws [-]."""
ORIGIN = "ensemble"
PERIOD = "return_period"
"""Without it of any event whose damage is drawn there is no annual average, and nothing is run."""


@dataclass(frozen=True)
class Ensemble:
    """Result of an ensemble: Steps, tables, the manifest's record, and how many Steps ran."""

    steps: Mapping[str, Step] = field(default_factory=dict)
    frames: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    told: UncertaintyRecord = field(default_factory=UncertaintyRecord)
    ran: int = 0
    annual: pd.Series | None = None
    """Draws of the annual average; draws with the same index use the same levels in all alternatives."""


@dataclass(frozen=True)
class _Context:
    """Context of an ensemble: its design, the study, the Place planned on its grid, and the engine."""

    design: EnsembleDesign
    study: OpenStudy
    base: Plan
    engine: Engine
    grid: GeoBox


def ensemble(study: OpenStudy, base: Plan, full: Plan, engine: Engine, grid: GeoBox) -> Ensemble:
    """Run the ensemble of a planned Place and draw from it; `full` is the same Place on the base grid.

    Where its quantity cannot be computed on the Place nothing is run, and the record lists what is missing.
    """
    design = ensemble_design()
    if design is None:
        return Ensemble()
    models, quantity, events = _models(design, study), design.quantity.name, _planned_events(design, base)
    if not events or not models:
        missing = sorted({need for gap in base.gaps if quantity in gap.makes for need in gap.needs}) or [quantity]
        return Ensemble(told=UncertaintyRecord(lacking=tuple(missing)))
    context = _Context(design, study, base, engine, grid)
    steps, layers, ranged = _members(context, _levels(context))
    planned = _draws(context, models, layers)
    if design.annual_draws.name not in planned.place.layers:
        return Ensemble(told=UncertaintyRecord(lacking=(PERIOD,)))
    ran = len(engine.run(tuple(steps.values())))
    ran += len(engine.run(planned.steps))
    steps |= {step.key: step for step in planned.steps}
    fixed = {layer.key for layer in layers if layer.var == design.member} <= {layer.key for layer in events}
    record = _uncertainty_record(context, planned, given=fixed)
    frames = _frames(context, planned, full)
    for name, quantity_layers in ranged.items():
        frames["uncertainty"] = frames["uncertainty"].join(_range(name, quantity_layers, context), on="event")
    annual = engine.memory.get(planned.place.one(design.annual_draws.name).key)
    return Ensemble(steps, frames, record, ran, annual)


def trial(study: OpenStudy, base: Plan, engine: Engine, grid: GeoBox) -> tuple[Step, ...]:
    """Return the Steps of runs at the ends of all sources' ranges, to be rehearsed; the draws are planned only.

    None where the ensemble will not be run, or where what it scales is not computed yet.
    """
    design = ensemble_design()
    if design is None or not _planned_events(design, base):
        return ()
    models = _models(design, study)
    context = _Context(design, study, base, engine, grid)
    scaled = (source.quantities for source in design.varied if isinstance(source, Scaled))
    if not models or not all(engine.store.has(layer.key) for names in scaled for layer in _event_layers(names, base)):
        return ()
    ends = np.repeat([[LEVEL_MARGIN], [0.5], [1.0 - LEVEL_MARGIN]], len(design.varied), axis=1)
    steps, layers, _ = _members(context, ends)
    if design.annual_draws.name not in _draws(context, models, layers).place.layers:
        return ()
    return tuple(reversed(tuple(steps.values())))


def _models(design: EnsembleDesign, study: OpenStudy) -> list[Model[Any, Any]]:
    """Return the draw models of a study, none where it skips one."""
    needed = {design.drawn.id, design.averaged.id}
    models = [model for model in study.models if model.id in needed]
    return models if len(models) == len(needed) else []


def _planned_events(design: EnsembleDesign, base: Plan) -> list[Layer]:
    layers = base.place.layers.get(design.quantity.name, ())
    return [layer for layer in layers if layer.at and _axes(layer) == {"event"}]


def _draws(context: _Context, models: Sequence[Model[Any, Any]], layers: Iterable[Layer]) -> Plan:
    """Return the plan of the draws from runs."""
    settings = replace(context.study.settings(context.grid), params=_params(context.design, context.study))
    return plan(context.base.place.put(layers), models, (), settings)


def _members(
    context: _Context, levels_of_runs: NDArray[np.float64]
) -> tuple[dict[str, Step], list[Layer], dict[str, list[Layer]]]:
    """Plan every run; returns their Steps, the layers that the draws read, and the quantities with a reported range."""
    design = context.design
    steps: dict[str, Step] = {}
    layers: list[Layer] = []
    ranged: dict[str, list[Layer]] = {name: [] for name in design.ranged}
    for number, levels in enumerate(levels_of_runs):
        run, axis = _member(context, levels), frozenset({("member", f"m{number:03d}")})
        drawn = [layer for layer in run.place.layers[design.quantity.name] if _axes(layer) == {"event"}]
        extra = {name: run.place.layers.get(var.name, ()) for name, var in design.ranged.items()}
        for name, group in extra.items():
            ranged[name] += group
        keys = {layer.key for layer in (*drawn, *(layer for group in extra.values() for layer in group))}
        steps |= {step.key: step for step in _upstream(run.steps, keys)}
        layers += [Layer(design.member, layer.key, None, layer.at | axis) for layer in drawn]
        layers += [
            replace(_number(source.told, _source_value(source, context.study, float(level)), context.engine), at=axis)
            for source, level in zip(design.varied, levels, strict=True)
        ]
    return steps, layers, ranged


def changes(drawn: Mapping[str, Ensemble], base: str) -> pd.DataFrame:
    """Return the change of the annual average in each alternative against `base`, paired draw by draw.

    A row per other alternative: mean, median and 90 % interval of the change, the interval of the change relative to
    the same draw of `base` [-], and the share of draws that decrease [-]. Draws with the same index use the same levels
    of every source in both alternatives (common random numbers), so common uncertainty cancels in the difference, and
    most in the relative change.
    """
    design, before = ensemble_design(), drawn[base].annual
    columns = ["alternative", "mean", "low", "median", "high", "share_low", "share_high", "lowered"]
    rows = []
    for name, result in drawn.items():
        if name == base or before is None or result.annual is None or design is None:
            continue
        independent = design.independent(len(before), len(result.frames["sobol"]))
        old, new = (values.to_numpy(np.float64)[independent] for values in (before, result.annual))
        low, median, high = np.quantile(new - old, (ENDS[0], 0.5, ENDS[1]))
        share = np.quantile((new - old)[old > 0.0] / old[old > 0.0], ENDS) if (old > 0.0).any() else (np.nan, np.nan)
        rows.append((name, (new - old).mean(), low, median, high, *share, float((new < old).mean())))
    return pd.DataFrame(rows, columns=columns)


def _levels(context: _Context) -> NDArray[np.float64]:
    """Return runs × sources as probability levels: a Latin hypercube, optimised for low discrepancy."""
    from scipy.stats import qmc

    settings = context.study.asked.uncertainty
    hypercube = qmc.LatinHypercube(
        len(context.design.varied), rng=np.random.default_rng(settings.seed), optimization="random-cd"
    )
    return np.clip(hypercube.random(settings.runs), LEVEL_MARGIN, 1.0 - LEVEL_MARGIN)


def _member(context: _Context, levels: NDArray[np.float64]) -> Plan:
    """Plan one run: every uncertainty source at its own level."""
    study, homes, book = context.study, context.base.homes, context.study.book
    for source, level in zip(context.design.varied, levels, strict=True):
        if isinstance(source, Scaled):
            scale = _source_value(source, study, float(level))
            homes = homes.put(
                _scaled(layer, scale, context.engine) for layer in _event_layers(source.quantities, context.base)
            )
        else:
            rows = _resolved(study, source.factor).rows.values()
            book = book.with_rows(
                replace(row, value=float(value_at(row, np.array([level]))[0]), origin=ORIGIN) for row in rows
            )
    return plan(homes, study.models, (), replace(study.settings(context.grid), book=book))


def scaled_layers(study: OpenStudy, base: Plan, engine: Engine, level: float) -> tuple[Layer, ...]:
    """Return what the ensemble scales, such as rain, for every event of a Place, at a level of its spread."""
    design = ensemble_design()
    varied = [source for source in (() if design is None else design.varied) if isinstance(source, Scaled)]
    layers = [(source, layer) for source in varied for layer in _event_layers(source.quantities, base)]
    engine.run(required_steps(base.steps, *(layer.key for _, layer in layers)))
    return tuple(_scaled(layer, _source_value(source, study, level), engine) for source, layer in layers)


def _event_layers(quantities: Sequence[Var], base: Plan) -> Iterator[Layer]:
    """Yield the layers of some quantities for every event: model outputs, or inputs, which take precedence."""
    names = [var.name for var in quantities]
    computed = (out for step in base.steps for out in step.outs)
    homes = (layer for name in names for layer in base.homes.layers.get(name, ()))
    by_label = {(layer.var.name, layer.at): layer for layer in (*computed, *homes) if layer.var.name in names}
    yield from by_label.values()


def _source_value(source: Scaled | LevelShift, study: OpenStudy, level: float) -> float:
    """Return the value of a source at a level as the emulator reads it: its scale, or the level itself."""
    if isinstance(source, LevelShift):
        return level
    row = _resolved(study, source.factor).rows.get(source.key)
    return 1.0 if row is None else float(value_at(row, np.array([level]))[0])


def _resolved(study: OpenStudy, name: str) -> Resolved:
    about = study.asked.study
    return study.book.resolve(name, region=about.region, year=about.year)


def _scaled(layer: Layer, scale: float, engine: Engine) -> Layer:
    series = engine.memory.get(layer.key) * scale
    scaled = replace(layer, key=content_key(layer.var, series, layer.grid))
    engine.memory.put(scaled.key, series)
    return scaled


def _number(var: Var, value: float, engine: Engine) -> Layer:
    layer = Layer(var, content_key(var, value, None))
    engine.memory.put(layer.key, value)
    return layer


def _upstream(steps: Iterable[Step], keys: set[str]) -> Iterator[Step]:
    """Yield, last first, the Steps that values depend on."""
    needed = set(keys)
    for step in reversed(tuple(steps)):
        if any(out.key in needed for out in step.outs):
            needed |= {layer.key for layers in step.reads.values() for layer in layers.values()}
            yield step


def _axes(layer: Layer) -> set[str]:
    return {axis for axis, _ in layer.at}


def _params(design: EnsembleDesign, study: OpenStudy) -> Mapping[str, Mapping[str, Any]]:
    """Return the parameters of the draw models: those of the models that they correspond to, and the draw settings."""
    parameters, settings = study.asked.parameters, study.asked.uncertainty
    common = {"draws": settings.draws, "seed": settings.seed}
    return {own: {**parameters.get(other, {}), **common} for own, other in design.alike.items()}


def _frames(context: _Context, planned: Plan, full: Plan) -> dict[str, pd.DataFrame]:
    """Return a row with its interval per event and one for the annual average (''), and the sources' Sobol indices.

    An event without a return period has an interval too, but is not part of the annual average.
    """
    design, place, get = context.design, planned.place, context.engine.memory.get
    first, total = (get(place.one(var.name).key) for var in (design.first, design.total))
    periods = {layer.label: float(get(layer.key)) for layer in place.layers[PERIOD]}
    summary = partial(_row, independent=lambda rows: design.independent(rows, len(first)))
    rows = [
        summary(layer.label, periods.get(layer.label, np.nan), get(layer.key))
        for layer in place.layers[design.event_draws.name]
    ]
    rows.append(summary("", np.nan, get(place.one(design.annual_draws.name).key)))
    frame = pd.DataFrame(rows).sort_values("return_period", kind="stable", ignore_index=True)
    error = design.error.name
    errors = {layer.label: float(get(layer.key)) for layer in place.layers[error]}
    frame[error] = frame["event"].map(errors)
    frame["screening"] = frame["event"].map(_totals(design, context.base, context.engine))
    frame["full"] = frame["event"].map(_totals(design, full, context.engine))
    indices = pd.DataFrame({"source": list(first.index), "first": first.to_numpy(), "total": total.to_numpy()})
    return {"uncertainty": frame, "sobol": indices}


def _range(name: str, ranged: Iterable[Layer], context: _Context) -> pd.DataFrame:
    """Return a quantity's sum in each event on the screening grid: unvaried, minimum and maximum of the runs."""
    totals: dict[str, list[float]] = {}
    for layer in ranged:
        totals.setdefault(layer.label, []).append(_total(layer, context.engine))
    layers = context.base.place.layers.get(context.design.ranged[name].name, ())
    baseline = {layer.label: _total(layer, context.engine) for layer in layers}
    rows = {event: (baseline.get(event, np.nan), min(values), max(values)) for event, values in totals.items()}
    columns = [f"{name}_{part}" for part in ("screening", "low", "high")]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns)


def _total(layer: Layer, engine: Engine) -> float:
    return float(np.nansum(engine.memory.get(layer.key)))


def _row(
    event: str, period: float, draws: pd.Series, *, independent: Callable[[int], NDArray[np.bool_]]
) -> dict[str, Any]:
    values = draws.to_numpy(np.float64)[independent(len(draws))]
    low, middle, high = np.quantile(values, (ENDS[0], 0.5, ENDS[1]))
    return {
        "event": event, "return_period": period, "mean": values.mean(), "low": low, "median": middle, "high": high,
        "draws": values.size,
    }  # fmt: skip


def _totals(design: EnsembleDesign, planned: Plan, engine: Engine) -> Mapping[str, float]:
    """Return the unvaried sum of the drawn quantity by event, and of the annual average as ''."""
    layers = [layer for var in design.certain for layer in planned.place.layers.get(var.name, ())]
    return {layer.label: _total(layer, engine) for layer in layers}


def _uncertainty_record(context: _Context, planned: Plan, *, given: bool) -> UncertaintyRecord:
    settings = context.study.asked.uncertainty
    step = next(each for each in planned.steps if each.model.id == context.design.drawn.id)
    factors = {name: rows for name, rows in step.extra.items() if isinstance(rows, Resolved)}
    return UncertaintyRecord(
        runs=settings.runs, draws=settings.draws, seed=settings.seed, cell=float(abs(context.grid.resolution.x)),
        not_varied=tuple(context.design.unvaried(factors)), given=given,
    )  # fmt: skip
