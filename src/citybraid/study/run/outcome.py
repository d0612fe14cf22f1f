"""Results of each stage of a run, and of the whole run."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from citybraid.core.step import Step
from citybraid.integrate.learn.effects import EffectTable
from citybraid.planning.chain import MissingLink
from citybraid.planning.unit_table import IndicatorTable
from citybraid.study.open.events import Emit
from citybraid.study.open.open_study import OpenStudy
from citybraid.study.open.study_intake import StudyIntake
from citybraid.study.plan.factor_band import FactorBand
from citybraid.study.plan.planner import Plan
from citybraid.study.run.engine import Engine
from citybraid.study.run.ensemble import Ensemble
from citybraid.study.run.evaluation import Evaluator
from citybraid.study.run.imputing import ImputationRuns
from citybraid.study.run.manifest import ChoiceRecord, UncertaintyRecord

Frames = Mapping[str, pd.DataFrame]
"""Tables by their name in the run's folder."""


@dataclass(frozen=True)
class RunContext:
    """Context shared by all stages."""

    study: OpenStudy
    taken: StudyIntake
    engine: Engine
    emit: Emit


@dataclass(frozen=True)
class AlternativeResult:
    """Results of an alternative: plan, indicators by unit, controls by parcel, published ranges where available."""

    name: str
    evaluator: Evaluator
    planned: Plan
    indicators: IndicatorTable | None
    controls: pd.DataFrame | None
    ranges: pd.DataFrame | None = None

    @property
    def frames(self) -> Frames:
        """Its tables."""
        units = {} if self.indicators is None else {f"units/{self.name}": self.indicators.by_zone}
        return units if self.controls is None else {**units, f"controls/{self.name}": self.controls}


@dataclass(frozen=True)
class FailingParcels:
    """Parcels that fail a control in one alternative, with fixes where measures were chosen."""

    alternative: str
    frames: Frames


@dataclass(frozen=True)
class PortfolioResult:
    """The chosen portfolio, the alternative with it, and the tables of the choice."""

    record: ChoiceRecord
    worked: AlternativeResult
    frames: Frames
    failed: FailingParcels | None
    effects: EffectTable


@dataclass(frozen=True)
class ImputationResult:
    """Uncertainty bands of indicators from imputed values, by alternative."""

    drawn: ImputationRuns = field(default_factory=ImputationRuns)
    bands: Frames = field(default_factory=dict)

    @property
    def frames(self) -> Frames:
        """Its tables."""
        return {f"bands/{name}": table for name, table in self.bands.items()}


@dataclass(frozen=True)
class UncertaintyResult:
    """Ensembles by alternative, the change of damage in each against the first, and bands from factors."""

    record: UncertaintyRecord | None = None
    ensembles: Mapping[str, Ensemble] = field(default_factory=dict)
    changes: pd.DataFrame | None = None
    factor_bands: Mapping[str, FactorBand] = field(default_factory=dict)
    """Bands from the ranges of factors, by alternative."""

    @property
    def ran(self) -> int:
        """How many Steps ran."""
        return sum(each.ran for each in self.ensembles.values()) + sum(each.ran for each in self.factor_bands.values())

    @property
    def frames(self) -> Frames:
        """Its tables."""
        by_name = [(name, each.frames) for name, each in self.ensembles.items()]
        by_name += [(name, each.frames) for name, each in self.factor_bands.items()]
        frames = {f"{table}/{name}": frame for name, tables in by_name for table, frame in tables.items()}
        return frames if self.changes is None else {**frames, "uncertainty_change": self.changes}


@dataclass(frozen=True)
class EvaluationResult:
    """Evaluation of objectives: scorecard, missing links, failing parcels."""

    chain: tuple[MissingLink, ...]
    scorecard: pd.DataFrame | None
    failed: FailingParcels | None

    @property
    def frames(self) -> Frames:
        """Its tables."""
        score = {} if self.scorecard is None else {"scorecard": self.scorecard}
        return score if self.failed is None else {**score, **self.failed.frames}


@dataclass(frozen=True)
class Outcome:
    """Results of all stages."""

    alternatives: tuple[AlternativeResult, ...]
    selected: PortfolioResult | None
    filled: ImputationResult
    uncertain: UncertaintyResult
    evaluated: EvaluationResult
    appraised: Frames = field(default_factory=dict)
    joint: Frames = field(default_factory=dict)
    """Measures on single parcels, for wildlife, air and water at once."""
    levels: Frames = field(default_factory=dict)
    """Indicators by level of plan, scores of units, and where levels do not nest."""
    interplay: Frames = field(default_factory=dict)
    """Joint effects of measures by design, where they meet, and what they do to other units."""

    @property
    def frames(self) -> Frames:
        """The tables of the run."""
        tables = [worked.frames for worked in self.alternatives]
        ranges = [worked.ranges.assign(alternative=worked.name) for worked in self.alternatives
                  if worked.ranges is not None and len(worked.ranges)]  # fmt: skip
        tables += [{"plausibility": pd.concat(ranges, ignore_index=True)}] if ranges else []
        tables += [] if self.selected is None else [self.selected.frames]
        tables += [self.filled.frames, self.uncertain.frames, self.evaluated.frames, self.appraised, self.joint,
                   self.levels, self.interplay]  # fmt: skip
        return {name: frame for frames in tables for name, frame in frames.items()}

    @property
    def steps(self) -> dict[str, Step]:
        """Every Step of the run, by key."""
        steps = {step.key: step for worked in self.alternatives for step in worked.planned.steps}
        steps |= self.filled.drawn.steps
        for ensemble in self.uncertain.ensembles.values():
            steps |= ensemble.steps
        return steps

    @property
    def executed(self) -> int:
        """Number of Steps computed for the alternatives and their uncertainty."""
        return sum(worked.evaluator.ran for worked in self.alternatives) + self.filled.drawn.ran + self.uncertain.ran
