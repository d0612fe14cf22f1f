"""The plan: the chain of objectives, units at master level, parcels at detailed level, and the evaluation."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from citybraid.planning.rows import controls, indicators
from citybraid.report.chapter import (
    Amount,
    Block,
    Chapter,
    Column,
    Paragraph,
    Table,
    Text,
    TextList,
    TranslatedText,
    appended,
    cells,
    words,
)
from citybraid.report.controls.control_sheet import control_sheet
from citybraid.report.controls.master_table import master_table
from citybraid.report.drawing.units import shown
from citybraid.report.indicators import by_unit, unit_text
from citybraid.report.levels.blocks import level_blocks
from citybraid.report.remarks.chain_links import link_text
from citybraid.report.remarks.citing import cited
from citybraid.report.review.clinic import clinic_sentence, clinic_table
from citybraid.report.review.evaluation import evaluation_sentence, evaluation_table, progress_table
from citybraid.report.review.plan_figures import plan_figures
from citybraid.report.review.standards import standards_sentence, standards_table
from citybraid.report.verdict.parcel_states import parcel_states
from citybraid.report.verdict.remedies import remedies
from citybraid.report.view import View, measure_title, named

STATES = ("passed", "failed", "computed", "stated", "gap")
IN_DOCUMENTS = 20


def chapter(view: View) -> Chapter:
    """Return the chapter of planning: objectives to instruments, unit table, control table, scorecard, broken links."""
    body: list[Block] = [
        *_breaks(view),
        *clinic_sentence(view),
        *standards_sentence(view),
        *evaluation_sentence(view),
        *level_blocks(view),
        *_control_sheet(view),
    ]
    details: list[Block] = [
        *plan_figures(view),
        *clinic_table(view),
        *standards_table(view),
        *progress_table(view),
        *evaluation_table(view),
        *_chain(view),
        *_evaluation(view),
        *(table for table in [master_table(view)] if table is not None),
    ]
    details += [table for name in view.run.alternatives if (table := by_unit(view, name)) is not None]
    details += [*_existing(view), *_controls_summary(view)]
    details += [_control_rows(view, name, table) for name, table in _tables(view).items()]
    return Chapter("plan", words("plan.title"), [*body, *appended(details)])


def _chain(view: View) -> Iterator[Block]:
    objectives = view.run.manifest.asked.objectives
    if not objectives:
        return
    rows = []
    for objective in objectives:
        indicator = indicators().get(objective.indicator)
        rows.append(
            {
                "objective": TranslatedText.of(objective.title), "strategy": TranslatedText.of(objective.strategy),
                "measures": TextList(tuple(measure_title(name) for name in objective.measures), ", "),
                "indicator": named("indicator", objective.indicator), "target": objective.target,
                "unit": unit_text(view.unit_of(indicator.id)) if indicator else "",
                "instrument": named("instrument", indicator.instrument) if indicator and indicator.instrument else "–",
                "source": cited(objective.source) if objective.source else named("status", objective.status),
            }
        )  # fmt: skip
    columns = [
        Column("objective", words("plan.objective")), Column("strategy", words("plan.strategy")),
        Column("measures", words("plan.measures")), Column("indicator", words("plan.indicator")),
        Column("target", words("plan.target")), Column("unit", words("explorer.unit")),
        Column("instrument", words("plan.instrument")), Column("source", words("plan.source")),
    ]  # fmt: skip
    yield Table("chain", words("plan.chain"), pd.DataFrame(rows), columns)


def _breaks(view: View) -> Iterator[Block]:
    for link in view.run.manifest.chain:
        yield Paragraph(link_text(view, link), "warning")


def _evaluation(view: View) -> Iterator[Block]:
    table = view.run.table("scorecard")
    if table is None:
        return
    names = view.column(view.base, "unit_name")
    unit_names = {} if names is None else {str(key): str(value) for key, value in names.items()}
    rows = []
    for objective in view.run.manifest.asked.objectives:
        results: Any = table[table["objective"] == objective.id].set_index("alternative")
        if results.empty:
            continue
        unit = str(results["unit"].iloc[0])
        causes = dict.fromkeys(unit_names.get(str(cause), str(cause)) for cause in results["cause"] if cause)
        rows.append(
            {
                "objective": TranslatedText.of(objective.title), "indicator": named("indicator", objective.indicator),
                "target": Amount(float(results["target"].iloc[0]), unit, shown(unit).digits), "unit": unit_text(unit),
                **{name: _verdict(results.loc[name], unit) for name in view.run.alternatives if name in results.index},
                "cause": TextList(tuple(causes), ", ") if causes else "–",
            }
        )  # fmt: skip
    columns = [
        Column("objective", words("plan.objective")), Column("indicator", words("plan.indicator")),
        Column("unit", words("explorer.unit")), Column("target", words("plan.target")),
        *(Column(name, view.name(name)) for name in view.run.alternatives if name in set(table["alternative"])),
        Column("cause", words("plan.cause")),
    ]  # fmt: skip
    yield Table("scorecard", words("plan.scorecard"), pd.DataFrame(rows), columns, words("plan.cause_note"))


def _verdict(row: pd.Series, unit: str) -> Text:
    """A value and whether it reaches the target."""
    value = Amount(float(row["value"]), unit, shown(unit).digits)
    if row["state"] == "grey":
        return words("plan.grey")
    parts: tuple[Text, ...] = (value, words(f"plan.{row['state']}"))
    if np.isfinite(row.get("low", np.nan)):
        ends = {end: Amount(float(row[end]), unit, shown(unit).digits) for end in ("low", "high")}
        parts = (*parts, words("plan.firm" if row["firm"] else "plan.not_firm", **ends))
    return TextList(parts, " ")


def _tables(view: View) -> dict[str, pd.DataFrame]:
    tables = {name: view.run.table(f"controls/{name}") for name in view.run.alternatives}
    return {name: table for name, table in tables.items() if table is not None}


def _control_sheet(view: View) -> Iterator[Block]:
    """Yield the control table as planners write it: a row per parcel; its sheets by block are another document."""
    sheet = control_sheet(view)
    if sheet is None:
        return
    states = parcel_states(view)
    first = () if states is None else states.planned
    parts = [*([words("sheet.order")] if first else []), sheet.kinds, words("sheet.document")]
    title = words("sheet.table", alternative=view.name(sheet.alternative))
    table = sheet.table(sheet.in_order(first), name="control_sheet", title=title, note=TextList(tuple(parts), " "))
    yield replace(table, most=IN_DOCUMENTS, printed=0)


def _existing(view: View) -> Iterator[Block]:
    """Yield the existing parcels that breach a limit, which another plan does not mend: the worst ones first."""
    ranked, states = view.run.table("failing"), parcel_states(view)
    if ranked is None or states is None or not states.existing:
        return
    title = words("verdict.existing_table")
    table = remedies(view, ranked, states.controls, name="failing_existing", title=title, chosen=states.existing)
    yield replace(table, most=IN_DOCUMENTS, printed=0)


def _controls_summary(view: View) -> Iterator[Block]:
    """A row for each control: its formula and inputs, and how many checked parcels miss it in each alternative."""
    tables = _tables(view)
    if not tables:
        return
    first = next(iter(tables.values()))
    rows = [controls()[str(name)] for name in dict.fromkeys(first["control"])]
    needs = first.groupby("control", sort=False)["needs"].first()
    counts = {name: pd.crosstab(table["control"], table["state"]) for name, table in tables.items()}
    frame = pd.DataFrame(
        {
            "control": cells(named("control", row.id) for row in rows),
            "binding": cells(words("sheet.mandatory" if row.binding else "sheet.indicative") for row in rows),
            **{name: cells(_missed(table, row.id) for row in rows) for name, table in counts.items()},
            "formula": cells(named("formula", row.formula) if row.formula else "–" for row in rows),
            "needs": cells(_needs(str(needs[row.id])) for row in rows),
            "bureau": cells(named("bureau", row.bureau) for row in rows),
            "clause": cells(cited(row.clause or "–") for row in rows),
            "source": cells(cited(row.source or "–") for row in rows),
            "status": cells(named("status", row.status) for row in rows),
        }
    )
    columns = [
        Column("control", words("plan.control")), Column("binding", words("plan.kind")),
        *(Column(name, view.name(name)) for name in tables),
        Column("formula", words("plan.formula")), Column("needs", words("plan.needs")),
        Column("bureau", words("plan.bureau")), Column("clause", words("plan.clause")),
        Column("source", words("method.source")), Column("status", words("method.status")),
    ]  # fmt: skip
    note = TextList((words("plan.summary_note"), words("plan.bureau_note")), " ")
    yield Table("controls_summary", words("plan.controls_summary"), frame, columns, note)


def _missed(counts: pd.DataFrame, control: str) -> Text:
    """How many checked parcels miss a control, as "missed / checked"; else for how many it is computed or stated."""
    row = counts.reindex(index=[control], columns=list(STATES), fill_value=0).iloc[0]
    count = dict(zip(STATES, row.tolist(), strict=True))
    checked = count["failed"] + count["passed"]
    if checked:
        return f"{count['failed']} / {checked}"
    if count["computed"]:
        return words("plan.only_computed", count=count["computed"])
    return words("plan.only_stated", count=count["stated"]) if count["stated"] else "–"


def _control_rows(view: View, alternative: str, table: pd.DataFrame) -> Table:
    rows = table[table["state"] != "gap"].reset_index(drop=True)
    order = rows["state"].map({"failed": 0}).fillna(1)
    rows = rows.iloc[order.argsort(kind="stable")]
    texts = rows["stated_text"] if "stated_text" in rows else pd.Series(None, index=rows.index)
    frame = pd.DataFrame(
        {
            "parcel": _texts(rows["parcel"], lambda name: view.parcel_link(str(name))),
            "control": _texts(rows["control"], lambda name: named("control", str(name))),
            "binding": _texts(rows["binding"], lambda flag: words("sheet.mandatory" if flag else "sheet.indicative")),
            "text": [text if isinstance(text, str) else "" for text in texts],
            "stated": pd.to_numeric(rows["stated"]).to_numpy(), "opposite": _opposite(rows).to_numpy(),
            "computed": rows["computed"].to_numpy(),
            "limit": rows["limit"].to_numpy(), "unit": _texts(rows["unit"], lambda unit: unit_text(str(unit))),
            "state": _texts(rows["state"], lambda state: words(f"plan.{state}")), **_feasible(rows),
        }
    )  # fmt: skip
    columns = [
        Column("parcel", words("explorer.parcel")), Column("control", words("plan.control")),
        Column("binding", words("plan.kind")), Column("text", words("plan.stated_text")),
        Column("stated", words("plan.stated"), "", 2), Column("opposite", words("plan.opposite"), "", 2),
        Column("computed", words("plan.computed"), "", 2), Column("limit", words("plan.limit"), "", 2),
        Column("unit", words("explorer.unit")), Column("state", words("plan.state")),
    ]  # fmt: skip
    if "low" in rows:
        columns += [
            Column("low", words("plan.low"), "", 2), Column("high", words("plan.high"), "", 2),
            Column("evidence", words("plan.evidence")), Column("confidence", words("plan.confidence")),
        ]  # fmt: skip
    if not _opposite(rows).notna().any():
        columns = [column for column in columns if column.key != "opposite"]
    title = words("plan.controls", alternative=view.name(alternative))
    note, printed = (
        words("plan.controls_note"),
        IN_DOCUMENTS if alternative == view.run.manifest.failing_in else 0,
    )
    return Table(
        f"controls_{alternative}", title, frame, columns, note, most=IN_DOCUMENTS, printed=printed, appendix=not printed
    )


def _feasible(rows: pd.DataFrame) -> dict[str, Any]:
    """Return the range, the evidence and the confidence of each row, nothing in a run made before they were kept."""
    if "low" not in rows:
        return {}
    return {
        "low": rows["low"].to_numpy(), "high": rows["high"].to_numpy(),
        "evidence": _texts(rows["evidence"], lambda names: TextList(tuple(_quantities(str(names))), ", ")),
        "confidence": _texts(rows["confidence"], lambda level: words(f"confidence.{level}") if level else "–"),
    }  # fmt: skip


def _quantities(names: str) -> Iterator[Text]:
    for name in names.split():
        yield named("var", name)


def _opposite(rows: pd.DataFrame) -> pd.Series:
    """Return the other ends of the spans that the plan states, none in a run made before they were kept."""
    if "opposite" not in rows:
        return pd.Series(float("nan"), index=rows.index)
    return pd.to_numeric(rows["opposite"])


def _texts(values: pd.Series, say: Callable[[object], Text]) -> list[Text]:
    """Return the text of each value of a column; equal values share one text object."""
    items = values.tolist()
    texts = {value: say(value) for value in dict.fromkeys(items)}
    return [texts[value] for value in items]


def _needs(text: str) -> Text:
    group, _, name = text.partition(".")
    return named(group, name) if name else ""
