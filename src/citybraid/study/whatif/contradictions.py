"""Controls of an edited parcel that contradict each other, with the smallest change that resolves each."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from citybraid.core.text import LANGUAGES, Phrase, say
from citybraid.integrate.measures.form.plot import uses_of
from citybraid.integrate.measures.form.runoff_reach import rain_kept
from citybraid.planning.review.feasibility import feasibility
from citybraid.planning.review.plots import PLANNED, Plot, clauses_of, controls_of_form, plots
from citybraid.planning.zones import Zones
from citybraid.study.open.plan_conflicts import conflict_text
from citybraid.study.whatif.bench import PARCELS, Bench
from citybraid.study.whatif.edit import Edit
from citybraid.study.whatif.placing import after


def contradictions(bench: Bench, edit: Edit) -> pd.DataFrame:
    """Return a row per contradiction of the parcel's controls as an edit leaves them, as `feasibility` does.

    The built form then builds what fits, which is less than what is stated: the edit is answered all the same.
    """
    about = bench.study.asked.study
    if not edit.plans:
        return feasibility({})
    rain = rain_kept(bench.study.book, region=about.region, year=about.year)
    return feasibility({edit.parcel: _plot(bench, edit)}, rain)


def _plot(bench: Bench, edit: Edit) -> Plot:
    """Return the plot of an edited parcel."""
    about, stated = bench.study.asked.study, dict(edit.controls)
    zones = Zones(
        bench.shapes.loc[[edit.parcel]].rename(PARCELS), bench.taken.place, bench.value,
        bench.evaluator(bench.taken.place, bench.base).on(bench.role),
    )  # fmt: skip
    plot = plots(zones, bench.study.book, region=about.region, year=about.year)[edit.parcel]
    fields = {form: stated[each.stated] for form, each in controls_of_form().items() if each.stated in stated}
    code = str(after(bench.parcel(edit.parcel), edit)[0])
    uses = uses_of(code, bench.factors["parcel_use"])
    heights = bench.factors["storey_height"]
    storey = heights.get(max(sorted(uses), key=uses.__getitem__), float("nan")) if uses else float("nan")
    clauses = clauses_of(code, PLANNED, region=about.region, year=about.year)
    return plot._replace(**fields, storey=storey, clauses=clauses)


def sentences(table: pd.DataFrame) -> list[Mapping[str, str]]:
    """Return each contradiction as a sentence by language."""
    return [_sentence(row) for row in table.to_dict("records")]


def _sentence(row: Mapping[Any, Any]) -> Mapping[str, str]:
    text, values = conflict_text(row)
    layer = Phrase(f"var.{PARCELS}", {})
    return {each: say(text, each, layer=layer, row=row["parcel"], **values) for each in LANGUAGES}
