"""Method: the models run, their balance residuals, and the factors by status."""

from collections.abc import Iterator, Sequence
from itertools import chain

import pandas as pd

from citybraid.planning.rows import indicators
from citybraid.report.annex.lacking import left_out_models, needs_titles
from citybraid.report.chapter import Block, Chapter, Column, Paragraph, Table, Text, TextList, cells, words
from citybraid.report.indicators import unit_tables, unit_text
from citybraid.report.plausible import ranges_table
from citybraid.report.remarks.basis import UNSURE
from citybraid.report.remarks.citing import cited
from citybraid.report.remarks.factor_key import key_title
from citybraid.report.remarks.influence import basis_table, influence_table
from citybraid.report.view import View, model_title, named, page_name
from citybraid.study.run.manifest import FactorRow
from citybraid.study.run.run import StepRun

SHOWN, PRINTED = 40, 12
"""Rows of the factors on the page and in documents."""


def chapter(view: View) -> Chapter:
    """Return the chapter of method."""
    steps = _steps(view)
    blocks: list[Block] = [
        Paragraph(words("method.digits")),
        *_models(steps),
        *ranges_table(view),
        *_basis(view),
        *_statuses(steps),
        *_factors(steps),
        *_gaps(view),
    ]
    return Chapter("method", words("method.title"), blocks, appendix=True)


def _steps(view: View) -> list[StepRun]:
    return list({step.key: step for name in view.run.alternatives for step in view.run.steps(name)}.values())


def _models(steps: list[StepRun]) -> Iterator[Block]:
    by_model: dict[str, list[StepRun]] = {}
    for step in steps:
        by_model.setdefault(step.model, []).append(step)
    rows = [
        {
            "model": model_title(name), "page": page_name(name), "version": ran[0].version, "steps": len(ran),
            "seconds": sum(step.seconds for step in ran),
            "residual": _residuals(ran),
        }
        for name, ran in sorted(by_model.items())
    ]  # fmt: skip
    columns = [
        Column("model", words("method.model")), Column("version", words("method.version"), "", 0),
        Column("steps", words("method.steps"), "", 0), Column("seconds", words("method.seconds"), "s", 2),
        Column("residual", words("method.residual")), Column("page", words("method.page")),
    ]  # fmt: skip
    if rows:
        yield Table(
            "models", words("method.models"), pd.DataFrame(rows), columns, words("method.models_note"), printed=0
        )


def _residuals(steps: Sequence[StepRun]) -> Text:
    """Return the largest balance residual of each kind over a model's Steps."""
    largest: dict[str, float] = {}
    for step in steps:
        for var, residual in step.residuals.items():
            largest[var] = max(largest.get(var, 0.0), abs(residual))
    return TextList(
        tuple(
            words("method.residual_value", quantity=named("var", var), value=f"{value:.1e}")
            for var, value in largest.items()
        )
    )


def _rows(steps: list[StepRun]) -> pd.DataFrame:
    """Return the factor rows of each model, each once."""
    rows: dict[tuple[object, ...], tuple[str, FactorRow]] = {}
    for step in steps:
        for row in chain.from_iterable(step.factors.values()):
            rows.setdefault((step.model, row.factor, row.key, row.region, row.value), (step.model, row))
    return pd.DataFrame([{"model": model, **dict(row)} for model, row in rows.values()])


def _basis(view: View) -> Iterator[Block]:
    tables = unit_tables(view).values()
    shown = [name for name in indicators() if any(name in frame for frame in tables)]
    yield from (table for table in (influence_table(view, shown), basis_table(view, shown)) if table is not None)


def _statuses(steps: list[StepRun]) -> Iterator[Block]:
    rows = _rows(steps)
    if rows.empty:
        return
    unsure = int(rows["status"].isin(UNSURE).sum())
    share = f"{100 * unsure / len(rows):.0f}"
    yield Paragraph(
        words("method.unsure", unsure=f"{unsure:,}", total=f"{len(rows):,}", share=share),
        "warning" if unsure else "text",
    )
    counts = pd.crosstab(rows["model"], rows["status"])
    statuses = [str(name) for name in counts.columns]
    frame = counts.reset_index()
    frame["model"] = cells(model_title(str(name)) for name in frame["model"])
    frame["share"] = (
        100
        * counts[[name for name in statuses if name in UNSURE]].sum(axis=1).to_numpy()
        / counts.sum(axis=1).to_numpy()
    )
    columns = [
        Column("model", words("method.model")), *(Column(name, named("status", name), "", 0) for name in statuses),
        Column("share", words("method.unsure_share"), "%", 0),
    ]  # fmt: skip
    yield Table("statuses", words("method.statuses"), frame, columns, words("method.statuses_note"), printed=0)


def _factors(steps: list[StepRun]) -> Iterator[Block]:
    rows = _rows(steps)
    if rows.empty:
        return
    frame = rows[["factor", "key", "value", "unit", "region", "status", "source", "note", "model"]].fillna("").copy()
    frame["value"] = rows["value"].astype(float)
    order = (
        frame["status"]
        .map({name: at for at, name in enumerate(("assumed", "unverified", "recalled_unverified"))})
        .fillna(9)
    )
    frame = frame.iloc[order.argsort(kind="stable")]
    frame["model"] = cells(model_title(str(name)) for name in frame["model"])
    keys = [(str(name), str(key)) for name, key in zip(frame["factor"], frame["key"], strict=True)]
    frame["key"] = cells(key_title(name, key) for name, key in keys)
    frame["factor"] = cells(named("factor", str(name)) for name in frame["factor"])
    frame["unit"] = cells(unit_text(str(unit)) for unit in frame["unit"])
    frame["status"] = cells(named("status", str(name)) for name in frame["status"])
    for name in ("source", "note"):
        frame[name] = cells(cited(str(source)) for source in frame[name])
    heads = ("factor", "key", "value", "unit", "region", "status", "source", "note", "model")
    columns = [Column(name, words(f"method.{name}")) for name in heads]
    yield Table("factors", words("method.factors"), frame, columns, words("method.factors_note"), SHOWN, PRINTED)


def _gaps(view: View) -> Iterator[Block]:
    gaps = {gap.model: gap for name in view.run.alternatives for gap in view.run.gaps(name)}
    if not gaps:
        yield Paragraph(words("method.no_gaps"))
        return
    left_out = left_out_models(view)
    rows = [
        {
            "model": model_title(name),
            "makes": TextList(tuple(named("var", var) for var in gap.makes), ", "),
            "needs": TextList(tuple(needs_titles(gap.needs, of=gap.model, left_out=left_out)), ", "),
        }
        for name, gap in sorted(gaps.items())
    ]
    columns = [
        Column("model", words("method.model")), Column("makes", words("method.makes")),
        Column("needs", words("plan.needs")),
    ]  # fmt: skip
    yield Table("gaps", words("method.gaps"), pd.DataFrame(rows), columns)
