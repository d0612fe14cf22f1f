"""Joint effects of measures from a design of runs: every strand again, on random halves of the units and factors."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from citybraid.core.catalogue import band_design
from citybraid.core.errors import StudyError
from citybraid.core.evaluate import WHOLE_AREA, Portfolio, Use
from citybraid.core.factor import Factor
from citybraid.core.spread import has_distribution
from citybraid.integrate.learn.designs import Fraction, Term, cube, fraction, halves, two_colours
from citybraid.integrate.learn.estimates import PRODUCT, TOLD, difference, estimates, telling_triples, triple_estimates
from citybraid.integrate.learn.known_interactions import known_terms, small_but_sure
from citybraid.integrate.learn.spill_over import spill_over
from citybraid.planning.rows import indicators
from citybraid.study.open.events import Emit, StageFinished, StageStarted
from citybraid.study.open.schema import Interactions
from citybraid.study.plan.factor_band import levels
from citybraid.study.plan.planner import plan
from citybraid.study.plan.varied_factors import Source, sources
from citybraid.study.run.ensemble import scaled_layers
from citybraid.study.run.evaluation import Evaluator
from citybraid.study.run.interplay.paths import meeting

Floats = NDArray[np.float64]
RAIN = "rain"
"""Column of the level at which the rain of each event is taken."""
STREET = 60.0
"""Width of a street that may lie between two neighbouring units [m]."""


@dataclass(frozen=True)
class Draws:
    """Where the measures of each replicate are placed, and the level of every source that varies, (replicates, ...)."""

    places: tuple[tuple[str, ...], ...]
    varied: tuple[Source, ...]
    hypercube: Floats
    """Levels of probability; the last column is that of the rain. Empty where nothing varies."""

    @property
    def frame(self) -> pd.DataFrame:
        """A row per replicate: its units, and its levels."""
        names = [*(f"{each.factor}/{each.part} [{each.rows[0].unit}]" for each in self.varied), RAIN]
        table = pd.DataFrame(self.hypercube, columns=names if self.hypercube.size else [])
        table.insert(0, "units", [" ".join(place) for place in self.places])
        table.insert(0, "replicate", np.arange(len(self.places)) + 1)
        return table


@dataclass
class Experiment:
    """The runs of a design: an evaluator of the study as it is, what is asked, and the answers so far."""

    evaluator: Evaluator
    asked: Interactions
    emit: Emit
    design: Fraction
    draws: Draws
    directions: Mapping[str, int]
    known: dict[tuple[int, Term], Floats] = field(default_factory=dict)

    def use(self, name: str, place: Sequence[str] | None) -> Use:
        """Return a measure at full adoption in some units."""
        return self.evaluator.study.use(name, {} if place is None else {"where": tuple(place)})

    def responses(self, terms: Sequence[Term]) -> Floats:
        """Return the indicators of the whole area with each group of measures, (replicates, terms, indicators)."""
        count = len(self.draws.places)
        for replicate, place in enumerate(self.draws.places):
            todo = [term for term in terms if (replicate, term) not in self.known]
            if not todo:
                continue
            stage, started = f"interactions {replicate + 1}/{count}", time.perf_counter()
            self.emit(StageStarted(stage))
            world = self._world(replicate)
            for term in todo:
                portfolio = tuple(self.use(name, place) for name in term)
                whole = world(portfolio, grid=self.asked.grid).loc[WHOLE_AREA]
                self.known[replicate, term] = whole.reindex(list(self.directions)).to_numpy(np.float64)
            self.evaluator.ran += world.ran
            self.emit(StageFinished(stage, time.perf_counter() - started, world.ran))
        return np.stack([[self.known[replicate, term] for term in terms] for replicate in range(count)])

    def _world(self, replicate: int) -> Evaluator:
        """Return an evaluator of the study in which every varied source has its level of a replicate."""
        given = self.evaluator
        fresh = Evaluator(given.study, given.place, given.base, given.engine, given.grid, given.zones)
        if not self.draws.hypercube.size:
            return fresh
        *drawn, rain = self.draws.hypercube[replicate].tolist()
        rows = [row for each, level in zip(self.draws.varied, drawn, strict=True) for row in drawn_rows(each, level)]
        base = given.planned((), grid=self.asked.grid)
        fresh.study = replace(given.study, book=given.study.book.with_rows(rows))
        fresh.place = given.place.put(scaled_layers(given.study, base, given.engine, rain))
        return fresh


def drawn_rows(source: Source, level: float) -> Iterator[Factor]:
    """Yield the rows of a source at a level, within what they can be: no negative amounts, no shares above 1.

    Tails of normal distributions reach beyond; what is drawn there takes the bound.
    """
    for row, plain in zip(source.at(level), source.rows, strict=True):
        lowest, highest = min(plain.value, plain.low or 0.0), max(plain.value, plain.high or 0.0)
        value = max(row.value, 0.0) if lowest >= 0.0 else row.value
        share = row.unit == "1" and lowest >= 0.0 and highest <= 1.0
        yield replace(row, value=min(value, 1.0) if share else value)


def interaction_frames(evaluator: Evaluator, settings: Interactions, emit: Emit) -> dict[str, pd.DataFrame]:
    """Return the tables of the interactions that a study asks for; none where it asks for none.

    `interaction_effects`: rows of `estimates`, main effects, pairs and the triples that tell, for the whole area;
    `interaction_paths`: where each pair that helps or hinders meets; `interaction_draws`: placements and levels of
    each replicate; `interaction_runs`: the design; `spill_over`: changes in units without the measure.

    Raises:
        StudyError: there are no planning units, or a measure lacks what it reads.
    """
    if not settings.measures:
        return {}
    experiment = _experiment(evaluator, settings, emit)
    design = experiment.design
    runs = [tuple(sorted(np.array(design.measures)[row].tolist())) for row in design.runs]
    responses = experiment.responses(runs)
    table = estimates(design, responses, experiment.directions)
    triples = telling_triples(table, most=settings.triples)
    if triples:
        cubes = list(dict.fromkeys(subset for triple in triples for subset in cube(triple)))
        response_frames = experiment.responses(cubes)
        answers = {term: response_frames[:, at] for at, term in enumerate(cubes)}
        draws = np.stack([difference(answers, triple) for triple in triples], axis=1)
        scale = np.abs(responses).mean(axis=(0, 1))
        table = pd.concat(
            [table, triple_estimates(triples, draws, table, scale, experiment.directions)], ignore_index=True
        )
    frames = {
        "interaction_effects": table, "interaction_paths": _paths(experiment, table),
        "interaction_draws": experiment.draws.frame,
        "interaction_runs": pd.DataFrame(design.runs, columns=list(design.measures)),
    }  # fmt: skip
    if settings.spill_over and (spill := _spill(experiment)) is not None:
        frames["spill_over"] = spill
    return frames


def _experiment(evaluator: Evaluator, settings: Interactions, emit: Emit) -> Experiment:
    if evaluator.zones not in evaluator.place.layers and "units" not in evaluator.place.layers:
        raise StudyError("study.no_zones", table=evaluator.zones)
    design = fraction(sorted(settings.measures), resolution=settings.resolution)
    base = evaluator((), grid=settings.grid)
    rows = indicators()
    known = set(base.columns[np.isfinite(base.loc[WHOLE_AREA].to_numpy(dtype=np.float64))])
    directions = {
        name: 1 if rows[name].direction == "higher" else -1
        for name in base.columns
        if name in rows and rows[name].direction != "none" and name in known
    }
    units = [str(unit) for unit in base.index if unit != WHOLE_AREA]
    places = halves(units, replicates=settings.replicates, seed=settings.seed)
    every = tuple(evaluator.study.use(name, {}) for name in design.measures)
    varied = _varied(evaluator, every, settings) if settings.vary else ()
    hypercube = levels(len(varied) + 1, settings.replicates, settings.seed) if settings.vary else np.zeros((0, 0))
    return Experiment(evaluator, settings, emit, design, Draws(places, varied, hypercube), directions)


def _varied(evaluator: Evaluator, every: Portfolio, interactions: Interactions) -> tuple[Source, ...]:
    """Return the groups of factor rows with a range that the models or the measures read."""
    study = evaluator.study
    settings = study.settings(evaluator.on(interactions.grid))
    steps = plan(evaluator.place, study.models, (*evaluator.base, *every), settings).steps
    design, about = band_design(), study.asked.study
    spreads: dict[str, Factor] = {}
    if design is not None:
        rows = study.book.resolve(design.spread, region=about.region, year=about.year).rows
        spreads = {key: row for key, row in rows.items() if has_distribution(row)}
    return tuple(each for each in sources(steps, spreads) if each.ranged)


def _paths(experiment: Experiment, table: pd.DataFrame) -> pd.DataFrame:
    """Return where the pairs that help or hinder meet on their way to the indicator, built in every unit.

    Of pairs that are known to act on each other also where they do so but for a little.
    """
    sure = table[(table["order"] == 2) & table["kind"].isin(TOLD)]  # noqa: PLR2004  (a pair)
    sure = pd.concat([sure, small_but_sure(table, known_terms(experiment.design.measures))])
    rows: list[dict[str, Any]] = []
    for term, group in sure.groupby("term", sort=False):
        uses = [experiment.use(name, None) for name in str(term).split(PRODUCT)]
        rows += [
            {"term": term, "indicator": name, **path._asdict()}
            for name in group["indicator"]
            if (path := meeting(experiment.evaluator, *uses, indicator=name, grid=experiment.asked.grid)) is not None
        ]
    return pd.DataFrame(rows, columns=["term", "indicator", "model", "quantity", "first", "second"])


def _spill(experiment: Experiment) -> pd.DataFrame | None:
    """Return the spill-over between units; None where there is one unit only."""
    evaluator = experiment.evaluator
    shapes: gpd.GeoSeries = evaluator.engine.memory.get(evaluator.place.one(evaluator.zones).key)
    colour = two_colours(dict(_neighbours(shapes)))
    if len(colour) < 2:  # noqa: PLR2004  (a unit and another)
        return None
    extensive = {name: indicators()[name].extensive for name in experiment.directions}
    area = shapes.area.to_numpy(dtype=np.float64)
    weights = {name: np.ones(len(colour)) if whole else area for name, whole in extensive.items()}
    uses = [experiment.use(name, None) for name in experiment.design.measures]
    return spill_over(evaluator, uses, colour, weights)


def _neighbours(shapes: gpd.GeoSeries) -> Iterator[tuple[str, list[str]]]:
    """Yield each unit with those beside it, no further than a street away."""
    touching: dict[str, list[str]] = {str(name): [] for name in shapes.index}
    for (one, first), (other, second) in combinations(zip(shapes.index, shapes, strict=True), 2):
        if first.distance(second) <= STREET:
            touching[str(one)].append(str(other))
            touching[str(other)].append(str(one))
    yield from touching.items()
