"""An ensemble of floods and draws of their damage: an alternative, over rain, roughness, curves and prices."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from scipy.stats import qmc

from citybraid.core.factor import Factor, FactorBook, Resolved
from citybraid.core.layer import Layer
from citybraid.core.spread import EDGE, value_at
from citybraid.core.step import Step
from citybraid.resilience.damage.damage_spread import Facts, independent, unvaried
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.study.open.opened import OpenStudy
from citybraid.study.plan.homes import content_key
from citybraid.study.plan.planner import Planned, plan
from citybraid.study.run.engine import Engine
from citybraid.study.run.manifest import UncertaintyRecord

DRAWS, ANNUAL = "resilience.damage_draws", "resilience.damage_uncertainty"
PEOPLE = "people_exposed"
DEPTH, RAINS = "building_depth", ("rain_intensity", "rain_field")
ENDS = (0.05, 0.95)
"""Levels between which nine draws in ten lie [-]."""
ORIGIN = "ensemble"


@dataclass(frozen=True)
class Ensemble:
    """What was run and drawn: Steps, tables, what a manifest tells, and how many Steps ran."""

    steps: Mapping[str, Step] = field(default_factory=dict)
    frames: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    told: UncertaintyRecord = field(default_factory=UncertaintyRecord)
    ran: int = 0
    annual: pd.Series | None = None
    """Damage of an average year by draw [CNY year-1]; draws of one number share every level in all alternatives."""


def ensemble(study: OpenStudy, base: Planned, full: Planned, engine: Engine, grid: GeoBox) -> Ensemble:
    """Run the ensemble of a planned Place and draw its damage; `full` is the same Place on the base grid.

    Where the floods or the damage of the Place cannot be computed nothing is run, and what is lacking is told.
    """
    asked = study.asked.uncertainty
    models = [model for model in study.models if model.id in {DRAWS, ANNUAL}]
    events = [layer for layer in base.place.layers.get(DEPTH, ()) if layer.at and _axes(layer) == {"event"}]
    if not events or len(models) < len({DRAWS, ANNUAL}):
        lacking = sorted({need for gap in base.gaps if DEPTH in gap.makes for need in gap.needs}) or [DEPTH]
        return Ensemble(told=UncertaintyRecord(lacking=tuple(lacking)))
    places = _design(asked.runs, asked.seed)
    steps: dict[str, Step] = {}
    layers: list[Layer] = []
    people: list[Layer] = []
    for number, place in enumerate(places):
        run, label = _member(study, base, engine, grid, place), f"m{number:03d}"
        found = [layer for layer in run.place.layers[DEPTH] if _axes(layer) == {"event"}]
        exposed = run.place.layers.get(PEOPLE, ())
        people += exposed
        steps |= {step.key: step for step in _behind(run.steps, {layer.key for layer in (*found, *exposed)})}
        at = frozenset({("member", label)})
        layers += [Layer(vocabulary()["member_depth"], layer.key, None, layer.at | at) for layer in found]
        layers += [
            replace(_number(name, value, engine), at=at)
            for name, value in (("rain_scale", _rain(study, place[0])), ("roughness_level", float(place[1])))
        ]
    ran = len(engine.run(tuple(steps.values())))
    planned = plan(base.place.put(layers), models, (), replace(study.settings(grid), params=_params(study)))
    ran += len(engine.run(planned.steps))
    steps |= {step.key: step for step in planned.steps}
    fixed = {layer.key for layer in layers if layer.var.name == "member_depth"} <= {layer.key for layer in events}
    told = _told(study, planned, grid, floods_given=fixed)
    frames = _frames(planned, base, full, engine)
    frames["uncertainty"] = frames["uncertainty"].join(_people_range(people, base, engine), on="event")
    annual = engine.memory.get(planned.place.one("annual_damage_draws").key)
    return Ensemble(steps, frames, told, ran, annual)


def changes(drawn: Mapping[str, Ensemble], base: str) -> pd.DataFrame:
    """Return how much each alternative changes the damage of an average year against `base`, draw by draw.

    A row per other alternative: mean, median and the ends between which nine draws in ten lie [CNY year-1], the ends of
    the change as a share of the draw's own damage before [-], and the share of draws that it lowers [-]. Draws of one
    number have the same rain, roughness, curves and values in both (common random numbers), so what they share falls
    out of the difference, and most of all out of the share.
    """
    before = drawn[base].annual
    columns = ["alternative", "mean", "low", "median", "high", "share_low", "share_high", "lowered"]
    rows = []
    for name, made in drawn.items():
        if name == base or before is None or made.annual is None:
            continue
        chosen = independent(len(before), len(made.frames["sobol"]))
        old, new = (values.to_numpy(np.float64)[chosen] for values in (before, made.annual))
        low, median, high = np.quantile(new - old, (ENDS[0], 0.5, ENDS[1]))
        share = np.quantile((new - old)[old > 0.0] / old[old > 0.0], ENDS) if (old > 0.0).any() else (np.nan, np.nan)
        rows.append((name, (new - old).mean(), low, median, high, *share, float((new < old).mean())))
    return pd.DataFrame(rows, columns=columns)


def _design(runs: int, seed: int) -> NDArray[np.float64]:
    """Return runs × (rain, roughness) as levels of probability: a Latin hypercube, evenly filled."""
    levels = qmc.LatinHypercube(2, rng=np.random.default_rng(seed), optimization="random-cd").random(runs)
    return np.clip(levels, EDGE, 1.0 - EDGE)


def _member(study: OpenStudy, base: Planned, engine: Engine, grid: GeoBox, place: NDArray[np.float64]) -> Planned:
    """Plan one run: every event's rain scaled, every roughness moved to one level of its own spread."""
    scale = _rain(study, place[0])
    homes = base.homes.put(_scaled(layer, scale, engine) for layer in _rains(base))
    settings = replace(study.settings(grid), book=_moved(study, float(place[1])))
    return plan(homes, study.models, (), settings)


def _rains(base: Planned) -> Iterator[Layer]:
    """Yield the rain of every event: made by a model, or a home, which wins at its label."""
    made = (out for step in base.steps for out in step.outs)
    homes = (layer for name in RAINS for layer in base.homes.layers.get(name, ()))
    found = {(layer.var.name, layer.at): layer for layer in (*made, *homes) if layer.var.name in RAINS}
    yield from found.values()


def _rain(study: OpenStudy, level: float) -> float:
    row = _resolved(study, "flood_rain_spread").rows.get("depth")
    return 1.0 if row is None else float(value_at(row, np.array([level]))[0])


def _moved(study: OpenStudy, level: float) -> FactorBook:
    """Return the factor rows with every roughness at one level of its own spread."""
    rows: Iterable[Factor] = _resolved(study, "manning_n").rows.values()
    return study.book.with_rows(
        replace(row, value=float(value_at(row, np.array([level]))[0]), origin=ORIGIN) for row in rows
    )


def _resolved(study: OpenStudy, name: str) -> Resolved:
    about = study.asked.study
    return study.book.resolve(name, region=about.region, year=about.year)


def _scaled(layer: Layer, scale: float, engine: Engine) -> Layer:
    series = engine.memory.get(layer.key) * scale
    made = replace(layer, key=content_key(layer.var, series, layer.grid))
    engine.memory.put(made.key, series)
    return made


def _number(name: str, value: float, engine: Engine) -> Layer:
    var = vocabulary()[name]
    made = Layer(var, content_key(var, value, None))
    engine.memory.put(made.key, value)
    return made


def _behind(steps: Iterable[Step], keys: set[str]) -> Iterator[Step]:
    """Yield, last first, the Steps that values rest on."""
    wanted = set(keys)
    for step in reversed(tuple(steps)):
        if any(out.key in wanted for out in step.outs):
            wanted |= {layer.key for layers in step.reads.values() for layer in layers.values()}
            yield step


def _axes(layer: Layer) -> set[str]:
    return {axis for axis, _ in layer.at}


def _params(study: OpenStudy) -> Mapping[str, Mapping[str, Any]]:
    """Return the parameters of the draws: those of the study's own damage and averages, and what is asked of draws."""
    told, asked = study.asked.parameters, study.asked.uncertainty
    common = {"draws": asked.draws, "seed": asked.seed}
    return {
        DRAWS: {**told.get("resilience.flood_damage", {}), **common},
        ANNUAL: {**told.get("resilience.expected_annual_damage", {}), **common},
    }


def _frames(planned: Planned, base: Planned, full: Planned, engine: Engine) -> dict[str, pd.DataFrame]:
    """Return a row per event and one of the average year ('') with damage and its band, and the indices of sources.

    An event without a return period has a band too, and no part in the average year.
    """
    place, get = planned.place, engine.memory.get
    first, total = (get(place.one(name).key) for name in ("spread_first", "spread_total"))
    periods = {layer.label: float(get(layer.key)) for layer in place.layers["return_period"]}
    rows = [
        _row(layer.label, periods.get(layer.label, np.nan), get(layer.key), len(first))
        for layer in place.layers["damage_draws"]
    ]
    rows.append(_row("", np.nan, get(place.one("annual_damage_draws").key), len(first)))
    frame = pd.DataFrame(rows).sort_values("return_period", kind="stable", ignore_index=True)
    errors = {layer.label: float(get(layer.key)) for layer in place.layers["emulator_error"]}
    frame["emulator_error"] = frame["event"].map(errors)
    frame["screening"] = frame["event"].map(_totals(base, engine))
    frame["full"] = frame["event"].map(_totals(full, engine))
    indices = pd.DataFrame({"source": list(first.index), "first": first.to_numpy(), "total": total.to_numpy()})
    return {"uncertainty": frame, "sobol": indices}


def _people_range(people: Iterable[Layer], base: Planned, engine: Engine) -> pd.DataFrame:
    """Return the people exposed in each event on the same grid: itself, the fewest and the most among the runs."""
    totals: dict[str, list[float]] = {}
    for layer in people:
        totals.setdefault(layer.label, []).append(_total(layer, engine))
    own = {layer.label: _total(layer, engine) for layer in base.place.layers.get(PEOPLE, ())}
    rows = {event: (own.get(event, np.nan), min(found), max(found)) for event, found in totals.items()}
    return pd.DataFrame.from_dict(rows, orient="index", columns=["people_screening", "people_low", "people_high"])


def _total(layer: Layer, engine: Engine) -> float:
    return float(np.nansum(engine.memory.get(layer.key)))


def _row(event: str, period: float, draws: pd.Series, sources: int) -> dict[str, Any]:
    chosen = draws.to_numpy(np.float64)[independent(len(draws), sources)]
    low, middle, high = np.quantile(chosen, (ENDS[0], 0.5, ENDS[1]))
    return {
        "event": event, "return_period": period, "mean": chosen.mean(), "low": low, "median": middle, "high": high,
        "draws": chosen.size,
    }  # fmt: skip


def _totals(planned: Planned, engine: Engine) -> Mapping[str, float]:
    """Return the damage of all buildings by event, and of the average year as ''."""
    layers = (*planned.place.layers.get("building_damage", ()), *planned.place.layers.get("expected_annual_damage", ()))
    return {layer.label: _total(layer, engine) for layer in layers}


def _told(study: OpenStudy, planned: Planned, grid: GeoBox, *, floods_given: bool) -> UncertaintyRecord:
    asked = study.asked.uncertainty
    step = next(each for each in planned.steps if each.model.id == DRAWS)
    names = (
        "flood_damage_share", "flood_damage_sector", "flood_damage_value", "flood_damage_price", "flood_rain_spread",
        "manning_n",
    )  # fmt: skip
    return UncertaintyRecord(
        runs=asked.runs, draws=asked.draws, seed=asked.seed, cell=float(abs(grid.resolution.x)),
        not_varied=unvaried(Facts(*(step.extra[name] for name in names))), floods_given=floods_given,
    )  # fmt: skip
