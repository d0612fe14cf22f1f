"""What each stage of a run found, and all of it together."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from citybraid.core.step import Step
from citybraid.planning.chain import Break
from citybraid.planning.unit_table import IndicatorTable
from citybraid.study.open.events import Emit
from citybraid.study.open.opened import OpenStudy
from citybraid.study.open.taken import Taken
from citybraid.study.plan.planner import Planned
from citybraid.study.run.engine import Engine
from citybraid.study.run.ensemble import Ensemble
from citybraid.study.run.evaluation import Evaluator
from citybraid.study.run.imputing import Drawn
from citybraid.study.run.manifest import ChoiceRecord, UncertaintyRecord

Frames = Mapping[str, pd.DataFrame]
"""Tables by the name that a run keeps them under."""


@dataclass(frozen=True)
class Bench:
    """What every stage works with."""

    study: OpenStudy
    taken: Taken
    engine: Engine
    emit: Emit


@dataclass(frozen=True)
class Worked:
    """An alternative that was run: its plan, its indicators by unit and its controls by parcel, where it has them."""

    name: str
    evaluator: Evaluator
    planned: Planned
    indicators: IndicatorTable | None
    controls: pd.DataFrame | None

    @property
    def frames(self) -> Frames:
        """Its tables."""
        units = {} if self.indicators is None else {f"units/{self.name}": self.indicators.by_zone}
        return units if self.controls is None else {**units, f"controls/{self.name}": self.controls}


@dataclass(frozen=True)
class Failed:
    """Parcels that miss a control, in which alternative, and their fixes where measures were chosen."""

    alternative: str
    frames: Frames


@dataclass(frozen=True)
class Selected:
    """The portfolio that was chosen, the alternative that it makes, and what was learnt on the way."""

    record: ChoiceRecord
    worked: Worked
    frames: Frames
    failed: Failed | None


@dataclass(frozen=True)
class Filled:
    """What filled values leave open of each indicator, by alternative."""

    drawn: Drawn = field(default_factory=Drawn)
    bands: Frames = field(default_factory=dict)

    @property
    def frames(self) -> Frames:
        """Its tables."""
        return {f"bands/{name}": table for name, table in self.bands.items()}


@dataclass(frozen=True)
class Uncertain:
    """The ensembles of floods by alternative, and how each alternative changes the damage against the first."""

    record: UncertaintyRecord | None = None
    ensembles: Mapping[str, Ensemble] = field(default_factory=dict)
    changes: pd.DataFrame | None = None

    @property
    def ran(self) -> int:
        """How many Steps ran."""
        return sum(ensemble.ran for ensemble in self.ensembles.values())

    @property
    def frames(self) -> Frames:
        """Its tables."""
        frames = {
            f"{table}/{name}": frame
            for name, ensemble in self.ensembles.items()
            for table, frame in ensemble.frames.items()
        }
        return frames if self.changes is None else {**frames, "uncertainty_change": self.changes}


@dataclass(frozen=True)
class Evaluated:
    """Objectives against what was computed: the scorecard, the missing links, the failing parcels."""

    chain: tuple[Break, ...]
    scorecard: pd.DataFrame | None
    failed: Failed | None

    @property
    def frames(self) -> Frames:
        """Its tables."""
        score = {} if self.scorecard is None else {"scorecard": self.scorecard}
        return score if self.failed is None else {**score, **self.failed.frames}


@dataclass(frozen=True)
class Outcome:
    """What all stages found."""

    alternatives: tuple[Worked, ...]
    selected: Selected | None
    filled: Filled
    uncertain: Uncertain
    evaluated: Evaluated

    @property
    def frames(self) -> Frames:
        """The tables of the run."""
        tables = [worked.frames for worked in self.alternatives]
        tables += [] if self.selected is None else [self.selected.frames]
        tables += [self.filled.frames, self.uncertain.frames, self.evaluated.frames]
        return {name: frame for frames in tables for name, frame in frames.items()}

    @property
    def steps(self) -> dict[str, Step]:
        """Every Step that the run rests on, by key."""
        steps = {step.key: step for worked in self.alternatives for step in worked.planned.steps}
        steps |= self.filled.drawn.steps
        for ensemble in self.uncertain.ensembles.values():
            steps |= ensemble.steps
        return steps

    @property
    def executed(self) -> int:
        """How many Steps were computed for the alternatives and what is left open of them."""
        return sum(worked.evaluator.ran for worked in self.alternatives) + self.filled.drawn.ran + self.uncertain.ran
