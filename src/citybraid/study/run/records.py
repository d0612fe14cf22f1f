"""Manifest records from the values of a run: layers, Steps, factors, and the choice."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from citybraid.core.evaluate import WHOLE_AREA, Portfolio
from citybraid.core.factor import Factor, Resolved
from citybraid.core.layer import Layer, digest
from citybraid.core.model import Params
from citybraid.core.step import Step
from citybraid.integrate.choose.loop import Round
from citybraid.integrate.choose.prices import Price
from citybraid.planning.chain import MissingLink
from citybraid.sources.protocol.problem import Problem
from citybraid.store.store import Store
from citybraid.study.open.budget import Budget
from citybraid.study.open.open_study import OpenStudy
from citybraid.study.open.study_intake import StudyIntake
from citybraid.study.plan.planner import Plan
from citybraid.study.run.choosing import Choice
from citybraid.study.run.manifest import (
    AlternativeRecord,
    BreakRecord,
    ChoiceRecord,
    FactorRow,
    GridRecord,
    LayerRecord,
    MemberRecord,
    PriceRecord,
    ProblemRecord,
    RoundRecord,
    StepRecord,
)

FACTOR_ROWS = 10_000
"""Records of factor rows that are kept; some 6 000 are shipped [-]."""


def layer_record(layer: Layer) -> LayerRecord:
    """Return the record of a layer."""
    grid = None if layer.grid is None else GridRecord.of(layer.grid)
    return LayerRecord(var=layer.var.name, key=layer.key, grid=grid, at=tuple(sorted(layer.at)))


def alternative_record(planned: Plan, title: Mapping[str, str]) -> AlternativeRecord:
    """Return the record of an alternative."""
    return AlternativeRecord(
        title=title,
        layers=tuple(layer_record(layer) for layers in planned.place.layers.values() for layer in layers),
        steps=tuple(step.key for step in planned.steps),
        gaps=planned.gaps,
    )


def step_records(steps: Iterable[Step], store: Store) -> tuple[dict[str, StepRecord], dict[str, FactorRow]]:
    """Return Step records by key, and the factor rows that they resolved, by digest."""
    by_key: dict[str, StepRecord] = {}
    rows: dict[str, FactorRow] = {}
    known: dict[int, tuple[Resolved, tuple[str, ...]]] = {}
    for step in steps:
        record = store.noted(step.key) or {}
        used: dict[str, tuple[str, ...]] = {}
        for value in step.extra.values():
            if isinstance(value, Resolved):
                if id(value) not in known:  # Hundreds of Steps share a resolved factor.
                    resolved_rows = dict(_factor_row(row, key in value.carried) for key, row in value.rows.items())
                    rows |= resolved_rows
                    known[id(value)] = value, tuple(resolved_rows)
                used[value.name] = known[id(value)][1]
        params = next((value for value in step.extra.values() if isinstance(value, Params)), None)
        by_key[step.key] = StepRecord(
            model=step.model.id, version=step.model.version, name=step.name,
            reads=tuple(sorted({layer.key for layers in step.reads.values() for layer in layers.values()})),
            makes=tuple(out.key for out in step.outs),
            params=params.model_dump(mode="json") if params else {},
            factors=used,
            seconds=round(float(record.get("seconds", 0.0)), 4), residuals=record.get("residuals", {}),
            facts=record.get("facts", {}),
        )  # fmt: skip
    return by_key, rows


@lru_cache(maxsize=FACTOR_ROWS)
def _factor_row(row: Factor, carried: bool) -> tuple[str, FactorRow]:  # noqa: FBT001  (hashed alone)
    """Return the record of a factor's row by its digest: runs of one process share most of the shipped rows."""
    record = FactorRow(**vars(row), carried=carried)
    return digest(record), record


def choice_record(choice: Choice, study: OpenStudy, budget: Budget) -> ChoiceRecord:
    """Return the record of the choice."""
    return ChoiceRecord(
        budget=budget,
        cost=choice.chosen.cost,
        build_cost=choice.chosen.build_cost,
        carbon=choice.chosen.carbon,
        candidates=tuple(use.model.id for use in choice.candidates),
        left_out=choice.left_out,
        unpriced=choice.prices.missing,
        prices={name: _price(price, _unit(study, name)) for name, price in choice.prices.known.items()},
        members=_members(choice.members),
        rounds=tuple(_round(each, kept=at == choice.settled.kept) for at, each in enumerate(choice.settled.rounds)),
        end=choice.settled.end,
    )


def _members(portfolio: Portfolio) -> tuple[MemberRecord, ...]:
    return tuple(MemberRecord(measure=use.model.id, params=use.params.model_dump(mode="json")) for use in portfolio)


def _round(one: Round, *, kept: bool) -> RoundRecord:
    """Return the record of a round; an indicator counts where it has a band and was predicted or computed to change."""
    changed = [name for name in one.changed if one.prediction.banded[name]]
    return RoundRecord(
        cost=one.proposal.selection.cost, members=_members(one.proposal.members), tried=one.tried,
        within=int(one.within.loc[[WHOLE_AREA], changed].to_numpy().sum()), indicators=len(changed), kept=kept,
    )  # fmt: skip


def _price(price: Price, unit: str) -> PriceRecord:
    cost, level = price.rows[0], price.level
    low, high = (None if end is None else end * (level.ratio if level else 1.0) for end in (cost.low, cost.high))
    return PriceRecord(
        build=price.build, upkeep=price.upkeep, lifetime=price.lifetime, present=price.present, status=price.status,
        carbon=price.carbon, unit=unit, low=low, high=high, source=cost.source, note=cost.note,
        price_year=None if level is None else level.year, indexed_to=None if level is None else level.now,
    )  # fmt: skip


def _unit(study: OpenStudy, measure: str) -> str:
    quantity = study.measures[measure].quantity
    return "" if quantity is None else quantity.unit


def problem_record(problem: Problem) -> ProblemRecord:
    """Return the record of a fault of a shape."""
    return ProblemRecord.model_validate(problem.record())


def break_record(missing: MissingLink) -> BreakRecord:
    """Return the record of a missing link."""
    return BreakRecord(**missing._asdict())


def store_path(store: Store, folder: Path) -> str:
    """Return the path of a store relative to a run's folder; absolute where it lies outside the study."""
    location, above = store.folder.resolve(), folder.resolve().parent.parent
    return f"../../{location.relative_to(above).as_posix()}" if above in location.parents else location.as_posix()


def native_of(intake: StudyIntake, steps: Iterable[Step]) -> dict[str, float]:
    """Return, by key, the coarsest pixel [m] among the raster files that each value derives from."""
    native: dict[str, float] = {}
    for name, layers in intake.place.layers.items():
        if name in intake.native:
            native |= {layer.key: intake.native[name] for layer in layers}
    for step in steps:
        pixels = [
            native[layer.key] for layers in step.reads.values() for layer in layers.values() if layer.key in native
        ]
        if pixels:
            native |= {out.key: max(pixels) for out in step.outs}
    return native
