"""Review of a run's plan: standards, contradictions between controls, and the clinic, as tables of the run."""

from collections.abc import Sequence

import pandas as pd

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.integrate.measures.form.runoff_reach import rain_kept
from citybraid.planning.chain import MissingLink
from citybraid.planning.review.clinic import AdoptedPlan, clinic
from citybraid.planning.review.feasibility import feasibility
from citybraid.planning.review.plots import plots
from citybraid.planning.review.standards import check_standards
from citybraid.planning.zones import Zones
from citybraid.study.run.evaluation import Evaluator
from citybraid.study.run.outcome import AlternativeResult, EvaluationResult, Frames, RunContext


def reviews(bench: RunContext, alternatives: Sequence[AlternativeResult], evaluated: EvaluationResult) -> Frames:
    """Return the tables of the review: `standards/`, `feasibility/` and `clinic/` by alternative.

    Without parcels, only clauses on indicators of the whole area are checked.
    """
    frames: dict[str, pd.DataFrame] = {}
    for worked in alternatives:
        frames |= _review(bench, worked, evaluated)
    return frames


def _review(bench: RunContext, worked: AlternativeResult, evaluated: EvaluationResult) -> Frames:
    about, book = bench.study.asked.study, bench.study.book
    zones = None if worked.controls is None else _parcels(bench, worked)
    units = None if worked.indicators is None else worked.indicators.by_zone
    whole = {} if units is None else {str(name): float(units[name][WHOLE_AREA]) for name in units}
    standards = check_standards(zones, worked.controls, whole, region=about.region, year=about.year)
    frames = {f"standards/{worked.name}": standards}
    if zones is None or worked.controls is None:
        return frames
    by_plot = plots(zones, book, region=about.region, year=about.year)
    conflicts = feasibility(by_plot, rain_kept(book, region=about.region, year=about.year))
    score = evaluated.scorecard
    adopted = AdoptedPlan(
        zones, by_plot, worked.controls, conflicts, standards, _links(worked, evaluated.chain),
        None if score is None else score[score["alternative"] == worked.name],
    )  # fmt: skip
    found = clinic(adopted, book, region=about.region, year=about.year)
    return {**frames, f"feasibility/{worked.name}": conflicts, f"clinic/{worked.name}": found}


def _parcels(bench: RunContext, worked: AlternativeResult) -> Zones:
    evaluator = worked.evaluator
    reader = Evaluator(bench.study, evaluator.place, evaluator.base, bench.engine, evaluator.grid, "parcels")
    return reader.read(worked.planned, grid="full")


def _links(worked: AlternativeResult, chain: Sequence[MissingLink]) -> tuple[MissingLink, ...]:
    """Return the links that concern an alternative: those of others, by whose name they are told, are left out."""
    return tuple(link for link in chain if link.text != "chain.unbuilt" or link.objective == worked.name)
