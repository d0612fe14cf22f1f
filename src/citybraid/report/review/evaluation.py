"""Evaluation in the report: objectives from baseline to target, and the indicators of TD/T 1063 and of resilience."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from citybraid.core.errors import InputError
from citybraid.core.rows.plan import EvaluationIndicator
from citybraid.planning.regions import holds_in
from citybraid.planning.review.evaluation import (
    OFF,
    REACHED,
    UNDERWAY,
    UNKNOWN,
    evaluation_indicators,
    helping_measures,
)
from citybraid.report.chapter import (
    Block,
    Column,
    Paragraph,
    Quantity,
    RatedText,
    Table,
    Text,
    TextList,
    TranslatedText,
    cells,
    words,
)
from citybraid.report.drawing.units import number, shown
from citybraid.report.review.adopted import adopted, graded
from citybraid.report.view import View, measure_title, named
from citybraid.study.explain.explanation import explain

PERCENT = "%"
LIGHTS: Mapping[str, str] = {REACHED: "good", UNDERWAY: "usable", OFF: "weak", UNKNOWN: "unknown"}
LIST = "tdt1063"
MOST_LAYERS = 4
IN_DOCUMENTS = 20


def evaluation_sentence(view: View) -> Iterator[Block]:
    """Yield how many indicators of TD/T 1063 are computed, and how many objectives are reached or under way."""
    table = _table(view, "evaluation")
    if table is None:
        return
    rows = _here(view, table)
    rows = rows[rows["id"].map(lambda name: evaluation_indicators()[name].list == LIST)]
    computed = int(rows["value"].notna().sum())
    brief = words("evaluation.brief", computed=computed, rest=len(rows) - computed)
    sentences: list[Text] = [brief] if len(rows) else []
    progressed = _progress(view)
    if progressed is not None:
        grades = progressed["grade"].value_counts()
        counts = {REACHED: "reached", UNDERWAY: "underway", OFF: "off", UNKNOWN: "unknown"}
        values = {text: int(grades.get(name, 0)) for name, text in counts.items()}
        sentences.append(words("evaluation.grades", alternative=view.name(graded(view)), **values))
    if sentences:
        yield Paragraph(TextList(tuple(sentences), " "))


def _here(view: View, table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the lists by which plans of the study's region are evaluated."""
    region = view.run.about.region
    return table[table["id"].map(lambda name: holds_in(evaluation_indicators()[name].region, region)).astype(bool)]


def progress_table(view: View) -> Iterator[Block]:
    """Yield a row per objective: baseline, target, value as planned, trend, grade, cause, measures that help."""
    table = _progress(view)
    if table is None or table.empty:
        return
    helping = helping_measures(table, view.run.table("effects"))
    score = view.run.table("scorecard")
    titles = {each.id: TranslatedText.of(each.title) for each in view.run.manifest.asked.objectives}
    rows = table.to_dict("records")
    frame = pd.DataFrame(
        {
            "objective": cells(titles[str(row["objective"])] for row in rows),
            "baseline": cells(_of_year(view, row, "baseline") for row in rows),
            "target": cells(_of_year(view, row, "target") for row in rows),
            "planned": cells(_amount(view, row, "value") for row in rows),
            "needed": cells(_yearly(view, row, "needed_a_year") for row in rows),
            "trend": cells(_yearly(view, row, "planned_a_year") for row in rows),
            "grade": cells(
                RatedText(words(f"evaluation_grade.{row['grade']}"), LIGHTS[str(row["grade"])]) for row in rows
            ),
            "cause": cells(_cause(view, row, score) for row in rows),
            "measures": cells(_measures(view, row, helping) for row in rows),
        }
    )
    columns = [Column(name, words(f"evaluation.{name}")) for name in frame]
    title = words("evaluation.progress", alternative=view.name(graded(view)))
    yield Table("progress", title, frame, columns, words("evaluation.progress_note"))


def evaluation_table(view: View) -> Iterator[Block]:
    """Yield a row per indicator of the lists, computed or with what it needs."""
    table = _table(view, "evaluation")
    if table is None:
        return
    here = _here(view, table)
    if here.empty:
        return
    rows = here.assign(gap=here["value"].isna()).sort_values("gap", kind="stable").to_dict("records")
    items = [evaluation_indicators()[str(row["id"])] for row in rows]
    frame = pd.DataFrame(
        {
            "list": cells(words(f"evaluation_list.{item.list}") for item in items),
            "number": [item.number for item in items],
            "dimension": cells(words(f"evaluation_dimension.{item.dimension}") for item in items),
            "subclass": cells(words(f"evaluation_subclass.{item.subclass}") for item in items),
            "name": cells(words(f"evaluation.{item.id}") for item in items),
            "kind": cells(words(f"evaluation_kind.{item.kind}") for item in items),
            "value": cells(_amount(view, row, "value") for row in rows),
            "fit": cells(
                _fit(item) if item.fit and np.isfinite(row["value"]) else "–"
                for item, row in zip(items, rows, strict=True)
            ),
            "needs": cells(_needs(str(row["needs"])) for row in rows),
            "status": cells(named("status", item.status) for item in items),
        }
    )
    columns = [Column(name, words(f"evaluation.{name}")) for name in frame]
    yield Table("evaluation", words("evaluation.table"), frame, columns, words("evaluation.note"), most=IN_DOCUMENTS,
                printed=0)  # fmt: skip


def _table(view: View, name: str) -> pd.DataFrame | None:
    return view.run.table(f"{name}/{adopted(view)}")


def _progress(view: View) -> pd.DataFrame | None:
    return view.run.table(f"progress/{graded(view)}")


def _amount(view: View, row: Mapping[Any, Any], part: str) -> Text:
    value = float(row[part])
    return Quantity(value, view.money(str(row["unit"]))) if np.isfinite(value) else "–"


def _yearly(view: View, row: Mapping[Any, Any], part: str) -> Text:
    """Return a change a year: of a share in percentage points."""
    value, unit = float(row[part]), shown(view.money(str(row["unit"])))
    if unit.unit != PERCENT or not np.isfinite(value):
        change = _amount(view, row, part)
    else:
        change = words("parties.points", points=number(value * unit.factor, digits=1))
    return change if change == "–" else words("evaluation.a_year", change=change)


def _of_year(view: View, row: Mapping[Any, Any], part: str) -> Text:
    year = float(row[f"{part}_year"])
    value = _amount(view, row, part)
    return words("evaluation.of_year", value=value, year=f"{year:.0f}") if np.isfinite(year) else value


def _cause(view: View, row: Mapping[Any, Any], score: pd.DataFrame | None) -> Text:
    """The unit that adds most to the miss, and the input layers behind the indicator, the least complete first."""
    if row["grade"] in (REACHED, UNKNOWN):
        return "–"
    parts: list[Text] = []
    if score is not None:
        of = score[(score["objective"] == row["objective"]) & (score["alternative"] == graded(view))]
        names = view.column(view.base, "unit_name")
        zone = "" if of.empty else str(of["cause"].iloc[0])
        if zone:
            parts.append(zone if names is None else str(names.get(zone, zone)))
    try:
        homes = sorted(explain(view.run, str(row["indicator"])).homes, key=lambda home: home.completeness)
    except InputError:
        homes = []
    parts += [named("var", home.var) for home in homes[:MOST_LAYERS]]
    return TextList(tuple(parts), ", ") if parts else "–"


def _measures(view: View, row: Mapping[Any, Any], helping: pd.DataFrame) -> Text:
    of = helping[helping["objective"] == row["objective"]]
    unit = view.money(str(row["unit"]))
    parts = [
        words(
            "evaluation.measure_reaches" if each["reaches"] else "evaluation.measure",
            measure=measure_title(str(each["measure"])), value=Quantity(float(each["value"]), unit),
        )
        for each in of.to_dict("records")
    ]  # fmt: skip
    return TextList(tuple(parts)) if parts else "–"


def _fit(item: EvaluationIndicator) -> Text:
    """Return whether a value is the indicator as defined, or how it differs."""
    return words(f"evaluation_fit.{item.fit}", how=named("evaluation_near", item.near) if item.near else "")


def _needs(text: str) -> Text:
    group, _, name = text.partition(".")
    return named(group, name) if name else "–"
