"""Band of a number from the ranges of all factors behind it: Monte Carlo by Latin hypercube, and what carries it."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from citybraid.core.band_design import BandDesign
from citybraid.core.catalogue import band_design
from citybraid.core.errors import Cancelled, InputError, PlanError
from citybraid.core.factor import Factor
from citybraid.core.spread import LEVEL_MARGIN, has_distribution
from citybraid.core.step import Step
from citybraid.core.varied_factors import HUNDREDTH, Source, sources
from citybraid.kernels.numerics.rank_regression import rank_shares
from citybraid.study.open.open_study import OpenStudy
from citybraid.study.plan.planner import AnyModel, Plan, plan
from citybraid.study.plan.required import required_steps
from citybraid.study.run.engine import Engine
from citybraid.study.run.evaluation import Evaluator

F64 = NDArray[np.float64]
ENDS = (0.05, 0.95)
SMALLEST = 1e-12
"""Relative change of the number below which a factor does not move it [-]."""


@dataclass(frozen=True)
class FactorBand:
    """Tables of the band: a row with its ends, a row for each group of factors; and how many Steps ran."""

    frames: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    ran: int = 0


@dataclass
class _Runs:
    """Runs of the number with other factors."""

    study: OpenStudy
    evaluator: Evaluator
    models: Sequence[AnyModel]
    name: str
    ran: int = 0

    def planned(self, rows: Iterable[Factor]) -> Plan:
        """Plan a run in which some rows replace those of the study."""
        settings = self.study.settings(self.evaluator.grid)
        book = self.study.book.with_rows(rows)
        return plan(self.evaluator.place, self.models, self.evaluator.base, replace(settings, book=book))

    def values(self, plans: Sequence[Plan], engine: Engine) -> F64:
        """Run plans together and return the number of each; Steps that none of its factors reach are shared."""
        keys = [each.place.one(self.name).key for each in plans]
        steps = {
            step.key: step
            for each, key in zip(plans, keys, strict=True)
            for step in required_steps(each.steps, key)
        }  # fmt: skip
        self.ran += len(engine.run(tuple(steps.values())))
        return np.array([float(engine.memory.get(key)) for key in keys])


def factor_band(study: OpenStudy, planned: Plan, evaluator: Evaluator) -> FactorBand:
    """Return the band of the declared number of an alternative; nothing where it is not computed or from a file.

    Every run computes all Steps behind the number that read a varied factor, with all buildings: exact, and as
    expensive as pre-flight says. Raises InputError where there are not more runs than groups of varied factors.
    """
    design = band_design()
    if design is None or not (steps := behind(planned, design)):
        return FactorBand()
    groups = sources(steps, _spreads(study, design))
    varied = [each for each in groups if each.ranged]
    runs = study.asked.uncertainty.factor_runs
    if runs < len(varied) + 3:
        raise InputError("band.few_runs", got=runs, needs=len(varied) + 3, count=len(varied))
    work = _Runs(study, evaluator, _models(study, steps, evaluator), design.quantity.name)
    hypercube = levels(len(varied), runs, study.asked.uncertainty.seed)
    drawn = [work.planned(row for each, level in zip(varied, one, strict=True) for row in each.at(level))
             for one in hypercube.tolist()]  # fmt: skip
    draws = work.values(drawn, evaluator.engine)
    value = float(evaluator.engine.memory.get(planned.place.one(work.name).key))
    slopes = _slopes(work, groups, value, evaluator.engine)
    people = _people(planned, design, evaluator.engine)
    frames = _frames(groups, slopes, hypercube, draws, value=value, people=people)
    return FactorBand(frames, work.ran)


def behind(planned: Plan, design: BandDesign) -> tuple[Step, ...]:
    """Return the Steps behind the number; none where a file states it or nothing computes it."""
    layers = planned.place.layers.get(design.quantity.name, ())
    return required_steps(planned.steps, layers[0].key) if len(layers) == 1 else ()


def _spreads(study: OpenStudy, design: BandDesign) -> Mapping[str, Factor]:
    about = study.asked.study
    rows = study.book.resolve(design.spread, region=about.region, year=about.year).rows
    return {key: row for key, row in rows.items() if has_distribution(row)}


def _models(study: OpenStudy, steps: Iterable[Step], evaluator: Evaluator) -> Sequence[AnyModel]:
    """Return the models to plan a run with: those behind the number; all where measures may need others."""
    used = {step.model.id for step in steps}
    return study.models if evaluator.base else tuple(model for model in study.models if model.id in used)


def levels(count: int, runs: int, seed: int) -> F64:
    """Return a Latin hypercube of runs × inputs as levels of probability."""
    from scipy.stats import qmc

    hypercube = qmc.LatinHypercube(max(count, 1), rng=np.random.default_rng(seed))
    return np.clip(hypercube.random(runs), LEVEL_MARGIN, 1.0 - LEVEL_MARGIN)[:, :count]


def _slopes(work: _Runs, groups: Sequence[Source], value: float, engine: Engine) -> list[float]:
    """Return the relative change of the number over that of each factor; NaN where a hundredth more is refused."""
    asked = [each if value != 0.0 and each.proportional else None for each in groups]
    with suppress(PlanError):  # all at once, so that threads share them; one that is refused is found below
        work.values([work.planned(each.raised()) for each in asked if each], _fresh(engine))
    return [np.nan if each is None else _slope(work, each, value, engine) for each in asked]


def _slope(work: _Runs, source: Source, value: float, engine: Engine) -> float:
    try:
        (raised,) = work.values([work.planned(source.raised())], _fresh(engine))
    except Cancelled:
        raise
    except PlanError:
        return np.nan
    slope = (raised / value - 1.0) / (HUNDREDTH - 1.0)
    return float(slope) if abs(slope) > SMALLEST else 0.0


def _fresh(engine: Engine) -> Engine:
    """Return an engine on the same store: one that met an error is stopped."""
    return Engine(engine.store, threads=engine.threads)


def _people(planned: Plan, design: BandDesign, engine: Engine) -> float:
    layers = planned.place.layers.get(design.per.name, ())
    return float(np.nansum(engine.memory.get(layers[0].key))) if len(layers) == 1 else np.nan


def _frames(
    groups: Sequence[Source], slopes: Sequence[float], levels: F64, draws: F64, *, value: float, people: float
) -> dict[str, pd.DataFrame]:
    ranged = np.array([each.ranged for each in groups], dtype=bool)
    found = rank_shares(levels, draws)
    table = pd.DataFrame({
        "factor": [each.factor for each in groups], "part": [each.part for each in groups],
        "rows": [len(each.rows) for each in groups], "ranged": ranged, "share": 0.0, "sign": 0.0, "slope": slopes,
    })  # fmt: skip
    table.loc[ranged, "share"], table.loc[ranged, "sign"] = found.share, found.sign
    size = table["slope"].abs()
    low, middle, high = np.quantile(draws, (ENDS[0], 0.5, ENDS[1]))
    band = pd.DataFrame([{
        "value": value, "mean": draws.mean(), "low": low, "median": middle, "high": high, "people": people,
        "runs": len(draws), "varied": int(ranged.sum()), "explained": found.explained,
        "unranged": float(size[~ranged].sum() / size.sum()) if size.sum() > 0.0 else np.nan,
        "refused": int(table["slope"].isna().sum()),
    }])  # fmt: skip
    order = table.assign(size=size).sort_values(["share", "size"], ascending=False, kind="stable").drop(columns="size")
    return {"factor_band": band, "factor_sources": order.reset_index(drop=True)}
