"""Band of a number from the ranges of all factors behind it: Monte Carlo by Latin hypercube, and what carries it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from citybraid.core.catalogue import band_design
from citybraid.core.ensemble import BandDesign
from citybraid.core.errors import Cancelled, InputError, PlanError
from citybraid.core.evaluate import Portfolio
from citybraid.core.factor import Factor
from citybraid.core.place import Place
from citybraid.core.spread import LEVEL_MARGIN, has_distribution
from citybraid.core.step import Step
from citybraid.kernels.numerics.rank_regression import rank_shares
from citybraid.study.plan.planner import AnyModel, Plan, Settings, plan
from citybraid.study.plan.required import required_steps
from citybraid.study.plan.varied_factors import HUNDREDTH, Source, sources

F64 = NDArray[np.float64]
ENDS = (0.05, 0.95)
SMALLEST = 1e-12
"""Relative change of the number below which a factor does not move it [-]."""


@dataclass(frozen=True)
class FactorBand:
    """Tables of the band: a row with its ends, a row for each group of factors; and how many Steps ran."""

    frames: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    ran: int = 0


@dataclass(frozen=True)
class BandRequest:
    """An alternative whose number is wanted with other factors: its Place and measures, models, settings, and runs."""

    place: Place
    portfolio: Portfolio
    models: Sequence[AnyModel]
    settings: Settings
    runs: int
    seed: int

    def planned(self, rows: Iterable[Factor]) -> Plan:
        """Plan a run in which some rows replace those of the study."""
        settings = replace(self.settings, book=self.settings.book.with_rows(rows))
        return plan(self.place, self.models, self.portfolio, settings)

    def with_models_behind(self, steps: Iterable[Step]) -> "BandRequest":
        """Return the request with the models of some Steps only; with all where measures may need others."""
        used = {step.model.id for step in steps}
        return self if self.portfolio else replace(self, models=[each for each in self.models if each.id in used])


class Compute(Protocol):
    """Computes plans together and returns a value of each; may be called again after an error."""

    ran: int

    def __call__(self, plans: Sequence[Plan], name: str) -> list[Any]:
        """Return the value of a Var in each plan; its Steps that no other factors reach are shared."""
        ...


def factor_band(request: BandRequest, planned: Plan, compute: Compute) -> FactorBand:
    """Return the band of the declared number of an alternative; nothing where it is not computed or from a file.

    Every run computes all Steps behind the number that read a varied factor, with all buildings: exact, and as
    expensive as pre-flight says. Raises InputError where there are not more runs than groups of varied factors.
    """
    design = band_design()
    if design is None or not (steps := behind(planned, design)):
        return FactorBand()
    groups = sources(steps, _spreads(request.settings, design))
    varied = [each for each in groups if each.ranged]
    refuse_few_runs(planned, request.settings, request.runs)
    request, name = request.with_models_behind(steps), design.quantity.name
    hypercube = levels(len(varied), request.runs, request.seed)
    drawn = [request.planned(row for each, level in zip(varied, one, strict=True) for row in each.at(level))
             for one in hypercube.tolist()]  # fmt: skip
    draws = np.array(compute(drawn, name), np.float64)
    (value,) = compute([planned], name)
    raised = _slopes(request, groups, float(value), partial(compute, name=name))
    people = _people(planned, design, compute)
    frames = _frames(groups, raised, hypercube, draws, value=float(value), people=people)
    return FactorBand(frames, compute.ran)


def refuse_few_runs(planned: Plan, settings: Settings, runs: int) -> None:
    """Raise InputError where a band has not more runs than groups of varied factors; nothing is computed for it."""
    design = band_design()
    if design is None or not (steps := behind(planned, design)):
        return
    count = sum(each.ranged for each in sources(steps, _spreads(settings, design)))
    if runs < count + 3:
        raise InputError("band.few_runs", got=runs, needs=count + 3, count=count)


def behind(planned: Plan, design: BandDesign) -> tuple[Step, ...]:
    """Return the Steps behind the number; none where a file states it or nothing computes it."""
    layers = planned.place.layers.get(design.quantity.name, ())
    return required_steps(planned.steps, layers[0].key) if len(layers) == 1 else ()


def _spreads(settings: Settings, design: BandDesign) -> Mapping[str, Factor]:
    rows = settings.book.resolve(design.spread, region=settings.region, year=settings.year).rows
    return {key: row for key, row in rows.items() if has_distribution(row)}


def levels(count: int, runs: int, seed: int) -> F64:
    """Return a Latin hypercube of runs × inputs as levels of probability."""
    from scipy.stats import qmc

    hypercube = qmc.LatinHypercube(max(count, 1), rng=np.random.default_rng(seed), optimization="random-cd")
    return np.clip(hypercube.random(runs), LEVEL_MARGIN, 1.0 - LEVEL_MARGIN)[:, :count]


def _slopes(
    request: BandRequest, groups: Sequence[Source], value: float, compute: Callable[[Sequence[Plan]], list[Any]]
) -> list[float]:
    """Return the relative change of the number over that of each factor; NaN where a hundredth more is refused."""
    plans = [request.planned(each.raised()) if value != 0.0 and each.proportional else None for each in groups]
    with suppress(PlanError):  # all at once, so that threads share them; one that is refused is found below
        compute([each for each in plans if each is not None])
    return [np.nan if each is None else _slope(each, value, compute) for each in plans]


def _slope(raised: Plan, value: float, compute: Callable[[Sequence[Plan]], list[Any]]) -> float:
    try:
        (effect,) = compute([raised])
    except Cancelled:
        raise
    except PlanError:
        return np.nan
    slope = (float(effect) / value - 1.0) / (HUNDREDTH - 1.0)
    return slope if abs(slope) > SMALLEST else 0.0


def _people(planned: Plan, design: BandDesign, compute: Compute) -> float:
    if len(planned.place.layers.get(design.per.name, ())) != 1:
        return np.nan
    (column,) = compute([planned], design.per.name)
    return float(np.nansum(column))


def _frames(
    groups: Sequence[Source], slopes: Sequence[float], levels: F64, draws: F64, *, value: float, people: float
) -> dict[str, pd.DataFrame]:
    ranged = np.array([each.ranged for each in groups], dtype=bool)
    moving = ranged & (np.array(slopes) != 0.0)
    shares = rank_shares(levels[:, moving[ranged]], draws)
    table = pd.DataFrame({
        "factor": [each.factor for each in groups], "part": [each.part for each in groups],
        "kinds": ["/".join(each.kinds) for each in groups],
        "status": ["/".join(each.statuses) for each in groups],
        "rows": [len(each.rows) for each in groups], "ranged": ranged, "share": 0.0, "sign": 0.0, "slope": slopes,
    })  # fmt: skip
    table.loc[moving, "share"], table.loc[moving, "sign"] = shares.share, shares.sign
    size = table["slope"].abs()
    low, middle, high = np.quantile(draws, (ENDS[0], 0.5, ENDS[1]))
    band = pd.DataFrame([{
        "value": value, "mean": draws.mean(), "low": low, "median": middle, "high": high, "people": people,
        "runs": len(draws), "varied": int(ranged.sum()), "explained": shares.explained,
        "unranged": float(size[~ranged].sum() / size.sum()) if size.sum() > 0.0 else np.nan,
        "refused": int(table["slope"].isna().sum()),
    }])  # fmt: skip
    order = table.assign(size=size).sort_values(["share", "size"], ascending=False, kind="stable").drop(columns="size")
    return {"factor_band": band, "factor_sources": order.reset_index(drop=True)}
