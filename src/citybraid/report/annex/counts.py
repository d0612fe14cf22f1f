"""Counts of a run that the annex states: its extent, its objectives met, its parcels, and the factors it rests on."""

from collections.abc import Iterator
from typing import NamedTuple

from citybraid.report.chapter import Text, words
from citybraid.report.remarks.basis import UNSURE
from citybraid.report.verdict.parcel_states import parcel_states
from citybraid.report.view import View


class Counted(NamedTuple):
    """A count of a run: its id, its name, its amount and unit."""

    name: str
    title: Text
    amount: float
    unit: str = "count"
    digits: int | None = 0


def counts_of(view: View) -> Iterator[Counted]:
    """Yield the counts of a run in a fixed order; those that the run has no table for are left out."""
    yield from _extent(view)
    yield from _objectives(view)
    yield from _parcels(view)
    yield from _factors(view)


def _extent(view: View) -> Iterator[Counted]:
    table = next((each for each in ("study_area", "parcels") if view.shapes(view.base, each) is not None), "")
    shapes = view.shapes(view.base, table) if table else None
    if shapes is not None:
        yield Counted("plan_area", words("annex.plan_area"), float(shapes.area.sum()) / 1e4, "ha", None)
    for name in ("units", "parcels", "buildings"):
        areas = view.shapes(view.base, name)
        if areas is not None:
            yield Counted(name, words(f"annex_count.{name}"), float(len(areas)))


def _objectives(view: View) -> Iterator[Counted]:
    score = view.run.table("scorecard")
    if score is None:
        return
    yield Counted("objectives", words("annex_count.objectives"), float(score["objective"].nunique()))
    for name in view.run.alternatives:
        met = int(((score["alternative"] == name) & (score["state"] == "green")).sum())
        yield Counted(f"met.{name}", words("annex_count.met", alternative=view.name(name)), float(met))


def _parcels(view: View) -> Iterator[Counted]:
    states = parcel_states(view)
    if states is None:
        return
    amounts = {
        "checked": states.checked, "failing": len(states.failing), "planned": len(states.planned),
        "existing": len(states.existing),
    }  # fmt: skip
    for name, amount in amounts.items():
        yield Counted(f"parcels.{name}", words(f"annex_count.{name}"), float(amount))


def _factors(view: View) -> Iterator[Counted]:
    steps = {step.key: step for name in view.run.alternatives for step in view.run.steps(name)}
    yield Counted("models", words("annex_count.models"), float(len({step.model for step in steps.values()})))
    rows = {
        (row.factor, row.key, row.region, str(row.value)): row
        for step in steps.values() for each in step.factors.values() for row in each
    }  # fmt: skip
    yield Counted("factors", words("annex_count.factors"), float(len(rows)))
    unsure = sum(row.status in UNSURE for row in rows.values())
    yield Counted("factors.unsure", words("annex_count.unsure"), float(unsure))
    gaps = {gap.model for name in view.run.alternatives for gap in view.run.gaps(name)}
    yield Counted("gaps", words("annex_count.gaps"), float(len(gaps)))
