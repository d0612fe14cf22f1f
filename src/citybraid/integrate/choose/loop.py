"""Physics in the loop: a portfolio is chosen, run again, its effects refitted where they differ, and chosen again."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal, NamedTuple, Protocol

import numpy as np
import pandas as pd

from citybraid.core.evaluate import WHOLE_AREA, EvaluateInPart, Portfolio
from citybraid.core.layer import digest
from citybraid.integrate.choose.equity import EquityFloor
from citybraid.integrate.choose.fronts.front import Front
from citybraid.integrate.choose.portfolio import Chosen
from citybraid.integrate.choose.prediction import Alone, Bases, Known, Prediction, predict, whole
from citybraid.integrate.choose.prices import Price
from citybraid.integrate.choose.programme import COST, Goal, Programme
from citybraid.integrate.choose.refit import refitted, scales
from citybraid.integrate.learn.effects import EffectTable, read_rows
from citybraid.integrate.learn.two_grids import Agreement, Sample, agreement, corrected

SCREENED = 3
"""Portfolios that are tried on the screening grid at most before one is run on the full grid."""
BETTER = 1e-9
"""Merit by which a portfolio must be better to be run [-]."""
End = Literal["agrees", "same", "none_better", "rounds"]
"""Why a loop ends: the re-run agrees, the choice stays, no portfolio is predicted to be better, or enough rounds."""


class Proposal(NamedTuple):
    """A portfolio within the budget, placed at full resolution, the measures it is made of, and the front it is on."""

    selection: Chosen
    members: Portfolio
    front: Front | None


class Propose(Protocol):
    """Choose a portfolio within the budget from a programme."""

    def __call__(self, programme: Programme) -> Proposal:
        """Return the portfolio that serves the goals best."""
        ...


@dataclass(frozen=True)
class Round:
    """A portfolio that was run on the full grid: what was predicted and computed, and how effects were refitted.

    `programme` is the one that it was chosen from, its effects refitted to what was tried and run before.
    `within` tells for each unit, the whole area and indicator whether the computed change lies in the band. `tried` is
    the number of portfolios that were tried on the screening grid first; `scales` what each measure's effects were
    multiplied by afterwards, None where they were not refitted.
    """

    proposal: Proposal
    programme: Programme
    prediction: Prediction
    computed: pd.DataFrame
    within: pd.DataFrame
    tried: int
    scales: pd.DataFrame | None = None

    @property
    def changed(self) -> list[str]:
        """Names of the indicators of the whole area that were predicted or computed to change."""
        rows = np.vstack(
            [each.loc[WHOLE_AREA].to_numpy(np.float64) for each in (self.prediction.change, self.computed)]
        )
        return [str(name) for name in self.computed.columns[(np.nan_to_num(rows) != 0.0).any(axis=0)]]


@dataclass(frozen=True)
class Settled:
    """The portfolio that the loop ends with, `kept` among its rounds; its effects, and how grids agree by then."""

    rounds: tuple[Round, ...]
    kept: int
    end: End
    effects: EffectTable
    fit: Agreement
    bases: Bases
    half: Mapping[str, pd.DataFrame]
    """Half-width of the band of each measure's effect at full adoption; NaN where no run tells its error."""

    @property
    def proposal(self) -> Proposal:
        """The portfolio."""
        return self.rounds[self.kept].proposal

    @property
    def programme(self) -> Programme:
        """The programme that the portfolio was chosen from."""
        return self.rounds[self.kept].programme


class Ground(NamedTuple):
    """What a loop starts from: baselines of both grids, effects on the screening grid, runs known on both, prices.

    `alone` has the changes, at full adoption, of measures that ran alone on the full grid.
    """

    bases: Bases
    screening: EffectTable
    samples: tuple[Sample, ...]
    prices: Mapping[str, Price]
    areas: pd.Series
    alone: Mapping[str, pd.DataFrame] = MappingProxyType({})
    floors: tuple[EquityFloor, ...] = ()

    def fit(self) -> Agreement:
        """Return how the screening grid follows the full one."""
        lone = [Sample(each.full, each.screening, float(each.amounts.sum())) for each in self.lone().values()]
        return agreement(self.bases.full, self.bases.screening, [*self.samples, *lone], self.areas)

    def lone(self) -> dict[str, Alone]:
        """Return the measures that ran alone on both grids."""
        return {
            name: Alone(self.screening.single[name].installed * self._present(name), change,
                        self.screening.single[name].change)
            for name, change in self.alone.items()
        }  # fmt: skip

    def _present(self, name: str) -> float:
        return self.prices[name].present if name in self.prices else 0.0

    def bands(self, fit: Agreement) -> dict[str, pd.DataFrame]:
        """Return the half-width of the band of each measure's corrected effect at full adoption, NaN if none tells."""
        bands = {}
        for name, each in self.screening.single.items():
            half = fit.half(each.change, float(each.installed.sum()) * self._present(name))
            bands[name] = half * 0.0 if name in self.alone else half + np.where(fit.told(half.columns), 0.0, np.nan)
        return bands

    def programme(self, fit: Agreement) -> Programme:
        """Return the programme of the corrected effects."""
        return Programme.of(self.effects(fit), self.prices, self.floors)

    def effects(self, fit: Agreement) -> EffectTable:
        """Return the effects that portfolios are chosen from."""
        return corrected(self.screening, self.bases.full, fit, self.alone)


def settle(
    evaluate: EvaluateInPart, ground: Ground, propose: Propose, goals: Sequence[Goal], *, rounds: int
) -> Settled:
    """Choose, run on the full grid, refit and choose again until the re-run agrees with what was predicted.

    A re-run agrees where every goal's computed change lies in its band, or within a tenth of the prediction. At most
    `rounds` portfolios are run on the full grid, and a further one only if it is predicted to be better than the best
    of those before. The portfolio whose computed goals are best is kept: never a worse one than the first.
    Errors of a run end the loop; what was computed before stays stored.
    """
    fit = ground.fit()
    programme = ground.programme(fit)
    names = [goal.indicator for goal in goals if goal.indicator != COST]
    done: list[Round] = []
    known: list[Known] = []
    merits: list[float] = []
    merit: Callable[[pd.Series, float], float] | None = None
    end: End = "rounds"
    while len(done) < rounds:
        search = _Search(evaluate, ground, fit, tuple(known), propose, names)
        tried = search.run(programme)
        merit = merit or _merit(goals, tried[0].proposal.front)
        best = max(tried, key=lambda each: merit(each.change, each.proposal.selection.cost))
        if any(_same(best.proposal, each.proposal) for each in done):
            end = "same"
            break
        if merits and not merit(best.change, best.proposal.selection.cost) > max(merits) + BETTER:
            end = "none_better"
            break
        outcome, screening = search.predicted(best.proposal)
        computed = read_rows(evaluate(best.proposal.members, grid="full"), list(ground.bases.full.index))
        change = computed.reindex(columns=ground.bases.full.columns) - ground.bases.full
        within = outcome.holds(change, ground.bases.full)
        done.append(Round(best.proposal, best.programme, outcome, change, within, len(tried)))
        merits.append(merit(whole(change), best.proposal.selection.cost))
        amounts = present_costs(best.proposal.selection, ground.prices)
        known.append(Known(amounts, change, screening))
        sample = Sample(change, screening, float(amounts.to_numpy().sum()), chosen=True)
        ground = ground._replace(samples=(*ground.samples, sample))
        fit = ground.fit()
        if bool(within.loc[WHOLE_AREA, names].all()):
            end = "agrees"
            break
        before = ground.programme(fit)
        programme = refitted(before, best.proposal.selection, change, alone=ground.alone)
        done[-1] = replace(done[-1], scales=scales(best.programme, programme, best.proposal.selection))
    kept = int(np.argmax(merits))
    effects = ground.effects(fit)
    return Settled(tuple(done), kept, end, effects, fit, ground.bases, ground.bands(fit))


def present_costs(selection: Chosen, prices: Mapping[str, Price]) -> pd.DataFrame:
    """Return the present cost of each measure in each unit."""
    return pd.DataFrame({name: selection.installed[name] * prices[str(name)].present for name in selection.installed})


class _Tried(NamedTuple):
    """A portfolio tried on the screening grid, the programme that it was chosen from, and its predicted goals."""

    proposal: Proposal
    programme: Programme
    change: pd.Series


@dataclass(frozen=True)
class _Search:
    """Portfolios tried on the screening grid, with effects refitted to each until the programme predicts it."""

    evaluate: EvaluateInPart
    ground: Ground
    fit: Agreement
    known: tuple[Known, ...]
    propose: Propose
    names: list[str]

    def run(self, programme: Programme) -> list[_Tried]:
        """Return the portfolios that were tried, in turn."""
        tried: list[_Tried] = []
        for _ in range(SCREENED):
            proposal = self.propose(programme)
            if any(_same(proposal, each.proposal) for each in tried):
                break
            outcome, _ = self.predicted(proposal, only=self.names)
            tried.append(_Tried(proposal, programme, whole(outcome.change)))
            prediction = Prediction(proposal.selection.predicted[self.names], 0.0 * outcome.half, outcome.banded)
            if bool(prediction.holds(outcome.change, self.ground.bases.full[self.names]).loc[WHOLE_AREA].all()):
                break
            programme = refitted(programme, proposal.selection, outcome.change, alone=self.ground.alone)
        return tried

    def predicted(self, proposal: Proposal, only: list[str] | None = None) -> tuple[Prediction, pd.DataFrame]:
        """Return the prediction of a portfolio and its changes on the screening grid."""
        amounts = present_costs(proposal.selection, self.ground.prices)
        return predict(
            self.evaluate, proposal.members, amounts,
            bases=self.ground.bases, fit=self.fit, alone=self.ground.lone(), known=self.known, only=only,
        )  # fmt: skip


def _same(one: Proposal, other: Proposal) -> bool:
    return _key(one) == _key(other)


def _key(proposal: Proposal) -> str:
    return digest(sorted((use.model.id, digest(use.params)) for use in proposal.members))


def _merit(goals: Sequence[Goal], front: Front | None) -> Callable[[pd.Series, float], float]:
    """Return what portfolios are ranked by: the first goal, or the distance to the ideal point of the first front.

    A portfolio whose goals have no value ranks last.
    """

    def values(change: pd.Series, cost: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        return np.array([
            goal.direction * (cost if goal.indicator == COST else float(change[goal.indicator])) for goal in goals
        ])  # fmt: skip

    if front is None:
        return lambda change, cost: _ranked(float(values(change, cost)[0]))
    signed = front.points.to_numpy(np.float64) * np.array([goal.direction for goal in front.goals])
    ideal, span = signed.max(axis=0), np.ptp(signed, axis=0)
    scale = np.where(span > 0.0, span, 1.0)
    return lambda change, cost: _ranked(-float(np.linalg.norm((ideal - values(change, cost)) / scale)))


def _ranked(value: float) -> float:
    return value if np.isfinite(value) else -np.inf
