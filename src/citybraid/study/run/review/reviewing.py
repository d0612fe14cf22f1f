"""Review of a run's plan: standards, contradictions between controls, and the clinic, as tables of the run."""

from collections.abc import Sequence

import pandas as pd

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.integrate.measures.form.runoff_reach import rain_kept
from citybraid.planning.chain import MissingLink
from citybraid.planning.master import MasterTable, master_values
from citybraid.planning.review.clinic import AdoptedPlan, clinic
from citybraid.planning.review.evaluation import Aim, evaluation_list, progress
from citybraid.planning.review.feasibility import feasibility
from citybraid.planning.review.figures import figure_table
from citybraid.planning.review.plots import plots
from citybraid.planning.review.standards import check_standards
from citybraid.planning.zones import Zones
from citybraid.study.open.plan_figures import figures_of
from citybraid.study.run.choosing import is_purchasable
from citybraid.study.run.evaluation import Evaluator
from citybraid.study.run.outcome import AlternativeResult, EvaluationResult, Frames, RunContext


def reviews(bench: RunContext, alternatives: Sequence[AlternativeResult], evaluated: EvaluationResult) -> Frames:
    """Return the tables of the review: `standards/`, `feasibility/` and `clinic/` by alternative.

    Without parcels, only clauses on indicators of the whole area are checked.
    """
    frames: dict[str, pd.DataFrame] = {}
    for worked in alternatives:
        frames |= _review(bench, worked, evaluated)
    return {**frames, **_evaluation(bench, alternatives)}


def _evaluation(bench: RunContext, alternatives: Sequence[AlternativeResult]) -> Frames:
    """Return the objectives of the alternatives against the first, which is the state as it is."""
    tables = {worked.name: worked.indicators.by_zone for worked in alternatives if worked.indicators is not None}
    aims = [Aim(each.id, each.indicator, each.target, each.year) for each in bench.study.asked.objectives]
    if not tables or not aims:
        return {}
    before = next(iter(tables.values()))
    year = bench.study.asked.study.year
    return {f"progress/{name}": progress(aims, before, after, year=year) for name, after in tables.items()}


def _review(bench: RunContext, worked: AlternativeResult, evaluated: EvaluationResult) -> Frames:
    about, book = bench.study.asked.study, bench.study.book
    zones = None if worked.controls is None else _parcels(bench, worked)
    units = None if worked.indicators is None else worked.indicators.by_zone
    whole = {} if units is None else {str(name): float(units[name][WHOLE_AREA]) for name in units}
    built = any(not is_purchasable(use.model) for use in worked.evaluator.base)
    standards = check_standards(
        zones, worked.controls, whole, region=about.region, year=about.year, built=built
    )  # fmt: skip
    zoned = worked.evaluator.read(worked.planned, grid="full") if units is not None else zones
    master = None if zoned is None else master_values(zoned)
    frames = {
        f"standards/{worked.name}": standards, f"evaluation/{worked.name}": evaluation_list(zoned, whole, master),
    }  # fmt: skip
    if zones is None or worked.controls is None:
        return frames
    figures = _figures(bench, master)
    by_plot = plots(zones, book, region=about.region, year=about.year)
    conflicts = feasibility(by_plot, rain_kept(book, region=about.region, year=about.year))
    score = evaluated.scorecard
    adopted = AdoptedPlan(
        zones, by_plot, worked.controls, conflicts, standards, _links(worked, evaluated.chain),
        None if score is None else score[score["alternative"] == worked.name], built, figures,
    )  # fmt: skip
    findings = clinic(adopted, book, region=about.region, year=about.year)
    if figures is not None:
        frames[f"plan_figures/{worked.name}"] = figures
    return {**frames, f"feasibility/{worked.name}": conflicts, f"clinic/{worked.name}": findings}


def _figures(bench: RunContext, master: MasterTable | None) -> pd.DataFrame | None:
    """Return the plan's stated figures beside those of its layers; None where the study states none."""
    stated = figures_of(bench.study.asked.plan_figures)
    if not stated or master is None:
        return None
    table = master.by_zone
    return figure_table(stated, {str(name): float(table[name][WHOLE_AREA]) for name in table})


def _parcels(bench: RunContext, worked: AlternativeResult) -> Zones:
    evaluator = worked.evaluator
    reader = Evaluator(bench.study, evaluator.place, evaluator.base, bench.engine, evaluator.grid, "parcels")
    return reader.read(worked.planned, grid="full")


def _links(worked: AlternativeResult, chain: Sequence[MissingLink]) -> tuple[MissingLink, ...]:
    """Return the links that concern an alternative: those of others, by whose name they are told, are left out."""
    return tuple(link for link in chain if link.text != "chain.unbuilt" or link.objective == worked.name)
