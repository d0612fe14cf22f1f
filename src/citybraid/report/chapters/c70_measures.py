"""Measures: effects, interactions, the chosen portfolio, and its predicted against computed results."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
from matplotlib.figure import Figure as Drawing

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.planning.rows import indicators
from citybraid.report.chapter import (
    Block,
    Chapter,
    Column,
    Figure,
    Paragraph,
    Quantity,
    Table,
    TextList,
    TranslatedText,
    Words,
    cells,
    in_words,
    words,
)
from citybraid.report.drawing.charts import Labels, interaction_matrix, pareto
from citybraid.report.drawing.palettes import NOISE
from citybraid.report.drawing.units import counted, label, number, significant
from citybraid.report.indicators import unit_text
from citybraid.report.interactions.blocks import interaction_blocks
from citybraid.report.portfolio.embodied import embodied_of_chosen
from citybraid.report.portfolio.parties import party_blocks
from citybraid.report.portfolio.robust import robust_blocks
from citybraid.report.portfolio.why import why_blocks
from citybraid.report.remarks.chain_links import unbuilt
from citybraid.report.remarks.citing import cited
from citybraid.report.remarks.unseen import UNSEEN, percent, unseen
from citybraid.report.verdict.reruns import reruns
from citybraid.report.verdict.single_measures import single_measures
from citybraid.report.view import View, measure_title, measure_unit, named
from citybraid.study.run.manifest import ChoiceRecord

"""Kilograms of a tonne."""
MATRICES = 2
"""Matrices of interactions drawn: those of objectives' indicators first."""
SAME = 1e-3
"""Relative difference up to which two costs are the same [-]."""
FAR_OFF, MOST_LISTED = 10.0, 4
"""Gaps larger than this [%] are listed above their table, the largest few."""


def chapter(view: View) -> Chapter:
    """Return the chapter of measures; empty where the study chose none and asked for no joint effects."""
    choice, by_design = view.run.choice, interaction_blocks(view)
    nowhere, money = list(unbuilt(view)), list(party_blocks(view))
    blocks: list[Block] = [*nowhere, *by_design, *money]
    if choice is not None:
        blocks = [
            *_chosen(view, choice), *nowhere, *why_blocks(view), *robust_blocks(view), *money, *_worth(view),
            *_prices(view, choice), *_unseen_note(view), *_effects(view), *(by_design or _interactions(view)),
            *_front(view), *reruns(view, choice), *_grids(view), *_left_out(choice),
        ]  # fmt: skip
    return Chapter("measures", words("measures.title"), blocks)


def _chosen(view: View, choice: ChoiceRecord) -> Iterator[Block]:
    values: dict[str, object] = {
        "budget": Quantity(choice.budget.total, view.money()), "cost": Quantity(choice.cost, view.money()),
        "build": Quantity(choice.build_cost, view.money()),
    }  # fmt: skip
    yield Paragraph(words("measures.chosen", **values), "lead")
    yield from embodied_of_chosen(view, choice)
    yield from _installed(view, choice)
    yield from _at_full(view, choice)


def _installed(view: View, choice: ChoiceRecord) -> Iterator[Block]:
    """Yield what each unit gets of the measures that are built somewhere, and the names of those that are not."""
    installed = view.run.table("installed")
    if installed is None:
        return
    nowhere = [str(name) for name in installed if not installed[name].any()]
    frame = installed.drop(columns=nowhere).rename_axis("zone").reset_index()
    unit_names = view.column(view.base, "unit_name")
    known = {} if unit_names is None else {str(key): str(name) for key, name in unit_names.items()}
    frame["zone"] = cells(known.get(str(zone), str(zone)) for zone in frame["zone"])
    units = {name: price.unit for name, price in choice.prices.items()}
    quantities = [_quantity(str(name), units.get(str(name), "")) for name in frame.columns[1:]]
    columns = [Column("zone", words("plan.unit")), *quantities]
    yield Table("installed", words("measures.installed"), frame, columns, words("measures.installed_note"))
    if nowhere:
        names = TextList(tuple(measure_title(name) for name in nowhere), ", ")
        yield Paragraph(words("measures.installed_none", measures=names))


def _at_full(view: View, choice: ChoiceRecord) -> Iterator[Block]:
    """Tell the portfolio's cost as computed at full resolution, where it is not that of the screening grid."""
    alternatives, totals = view.run.manifest.asked.alternatives, view.run.table("appraisal")
    chosen = [name for name, each in alternatives.items() if each.portfolio]
    rows = None if totals is None else totals[totals["alternative"].isin(chosen) & (totals["unpriced"] == "")]
    if rows is None or rows.empty or np.isclose(rows["present"].iloc[0], choice.cost, rtol=SAME):
        return
    build, present = (Quantity(float(rows[name].iloc[0]), view.money()) for name in ("build", "present"))
    yield Paragraph(words("measures.at_full", cost=present, build=build))


def _worth(view: View) -> Iterator[Block]:
    table = single_measures(view)
    if table is not None:
        yield replace(table, appendix=True)


def _quantity(name: str, unit: str) -> Column:
    """Return the column of a measure's quantity, in the unit of its price."""
    title, unit = measure_title(name), measure_unit(name, unit)
    titled = words("measures.in_unit", measure=title, unit=unit_text(unit)) if unit not in {"", "1"} else title
    return Column(name, titled, "", 2 if unit == "m3 s-1" else 0)


def _prices(view: View, choice: ChoiceRecord) -> Iterator[Block]:
    rows = [
        {
            "measure": measure_title(name),
            **dict(price),
            "status": named("status", price.status),
            "unit": unit_text(measure_unit(name, price.unit)),
            "source": cited(price.source),
            "money": "–"
            if price.price_year is None
            else words("measures.money_year", of=price.price_year, now=price.indexed_to or price.price_year),
        }
        for name, price in choice.prices.items()
    ]
    if not rows:
        return
    each, yearly = view.money("{currency} unit-1"), view.money("{currency} unit-1 year-1")
    columns = [
        Column("measure", words("measures.measure")), Column("unit", words("explorer.unit")),
        Column("build", words("measures.build"), each, 2),
        Column("low", words("measures.build_low"), each, 2),
        Column("high", words("measures.build_high"), each, 2),
        Column("upkeep", words("measures.upkeep"), yearly, 2),
        Column("lifetime", words("measures.lifetime"), "year", 0),
        Column("present", words("measures.present"), each, 2),
        Column("carbon", words("measures.embodied"), "kg CO2e", 1),
        Column("money", words("measures.money_of")),
        Column("status", words("method.status")), Column("source", words("measures.build_source")),
    ]  # fmt: skip
    frame = pd.DataFrame(rows)
    for column in ("measure", "unit", "status", "money", "source"):
        frame[column] = cells(frame[column])
    frame[["low", "high", "carbon"]] = frame[["low", "high", "carbon"]].astype(np.float64)
    yield Table("prices", words("measures.prices"), frame, columns, words("measures.prices_note"), appendix=True)


def _seen(view: View, name: str) -> pd.DataFrame | None:
    """Return a table of the run without the indicators that the screening grid does not see."""
    table = view.run.table(name)
    return None if table is None else table[~table["indicator"].isin(unseen(view))]


def _unseen_note(view: View) -> Iterator[Block]:
    if left_out := unseen(view):
        names = TextList(tuple(named("indicator", name) for name in left_out), "; ")
        yield Paragraph(words("measures.unseen", limit=percent(UNSEEN), indicators=names), appendix=True)


def _effects(view: View) -> Iterator[Block]:
    table = _seen(view, "effects")
    if table is None:
        return
    totals = table[(table["zone"] == WHOLE_AREA) & table["indicator"].isin(list(indicators()))]
    wide = above_noise(totals).pivot_table(index="indicator", columns="measure", values="change", sort=False)
    wide = wide.loc[(wide.abs() > NOISE).any(axis=1)]
    if wide.empty:
        return
    measures = [str(name) for name in wide.columns]
    frame = pd.DataFrame(
        {
            name: [_change(value, view.unit_of(str(row))) for value, row in zip(wide[name], wide.index, strict=True)]
            for name in measures
        },
        index=wide.index,
    ).reset_index()
    frame.insert(1, "unit", [unit_text(view.unit_of(str(name))) for name in wide.index])
    frame["indicator"] = cells(named("indicator", str(name)) for name in wide.index)
    columns = [
        Column("indicator", words("plan.indicator")), Column("unit", words("explorer.unit")),
        *(Column(name, measure_title(name)) for name in measures),
    ]  # fmt: skip
    yield Table("effects", words("measures.effects"), frame, columns, words("measures.effects_note"), appendix=True)
    moved = totals[totals["indicator"].isin(wide.index) & (totals["change"].abs() > 0.0)]
    if "banded" in moved and (names := list(dict.fromkeys(moved.loc[~moved["banded"].astype(bool), "indicator"]))):
        listed = TextList(tuple(named("indicator", str(name)) for name in names), "; ")
        yield Paragraph(words("measures.unbanded", indicators=listed), appendix=True)


def above_noise(effects: pd.DataFrame) -> pd.DataFrame:
    """Return effects with those at 0 that are what rounding leaves of the indicator's value before any measure."""
    seen = effects["change"].abs() > NOISE * effects["base"].abs()
    return effects.assign(change=effects["change"].where(seen, 0.0))


def _change(value: float, unit: str) -> float:
    """Return a change with three significant digits, whole from a thousand on as all amounts are."""
    return significant(value, unit, digits=3)


def _interactions(view: View) -> Iterator[Block]:
    table = _seen(view, "interactions")
    if table is None:
        return
    totals = table[table["unit"] == WHOLE_AREA]
    joint = totals[totals["kind"].isin(["help", "hinder"])]
    shown = joint.groupby("indicator", sort=False)["relative"].apply(lambda part: float(part.abs().max()))
    ranked = shown.drop("flooded_share", errors="ignore").sort_values(ascending=False, kind="stable").index
    objectives = [each.indicator for each in view.run.manifest.asked.objectives]
    ordered = dict.fromkeys([*(name for name in objectives if name in ranked), *ranked])
    for indicator in list(ordered)[:MATRICES]:
        yield _matrix(totals[totals["indicator"] == indicator], str(indicator), view.unit_of(str(indicator)))
    if len(joint):
        yield _pairs(joint.copy())


def _matrix(rows: pd.DataFrame, indicator: str, unit: str) -> Figure:
    direction = 1.0 if indicators()[indicator].direction == "higher" else -1.0
    names = list(dict.fromkeys([*rows["first"], *rows["second"]]))

    def draw(language: str) -> Drawing:
        headings = [in_words(measure_title(name), language) for name in names]
        square = np.full((len(names), len(names)), np.nan)
        for row in rows.to_dict("records"):
            one, two = sorted((names.index(row["first"]), names.index(row["second"])))
            square[two, one] = direction * float(row["interaction"])
        title = words("measures.matrix", indicator=named("indicator", indicator)).say(language)
        frame = pd.DataFrame(square, index=headings, columns=headings)
        return interaction_matrix(counted(1.0, unit, language) * frame, Labels(title), unit=label(unit, language))

    return Figure(
        f"interactions_{indicator}",
        words("measures.matrix_caption", indicator=named("indicator", indicator)),
        draw,
        appendix=True,
    )


def _pairs(rows: pd.DataFrame) -> Table:
    frame = pd.DataFrame(
        {
            "first": [measure_title(name) for name in rows["first"]],
            "second": [measure_title(name) for name in rows["second"]],
            "indicator": [named("indicator", name) for name in rows["indicator"]],
            "kind": [words(f"measures.{kind}") for kind in rows["kind"]],
            "relative": 100 * rows["relative"].abs().to_numpy(),
        }
    )
    columns = [
        Column("first", words("measures.first")), Column("second", words("measures.second")),
        Column("indicator", words("plan.indicator")), Column("kind", words("measures.kind")),
        Column("relative", words("measures.relative"), "%", 1),
    ]  # fmt: skip
    return Table("interactions", words("measures.pairs"), frame, columns, appendix=True)


def _front(view: View) -> Iterator[Block]:
    table = view.run.table("front")
    if table is None or len(table) == 0:
        return
    goals = [str(name) for name in table.columns[:3]]
    exact = goals[-1] == "present_cost"

    def axis(name: str, language: str) -> str:
        if name not in indicators():
            return f"{words('measures.cost').say(language)} ({label(view.money(), language)})"
        return f"Δ {in_words(named('indicator', name), language)} ({label(view.unit_of(name), language)})"

    def draw(language: str) -> Drawing:
        x, y, colour = (axis(name, language) for name in goals)
        labels = Labels(words("measures.front_two" if exact else "measures.front").say(language), x=x, y=y)
        scales = [counted(1.0, view.unit_of(name), language) if name in indicators() else 1.0 for name in goals]
        return pareto(table[goals] * scales, labels, colour_label=colour, chosen=list(table["chosen"]), joined=exact)

    yield Figure("pareto_front", _front_caption(table, exact=exact), draw)


def _front_caption(table: pd.DataFrame, *, exact: bool) -> Words:
    """Return what is proved of a front; a run of before fronts were certified tells its points alone."""
    if exact:
        return words("measures.front_two_caption", count=len(table))
    if "gap" not in table:
        return words("measures.front_caption_plain", count=len(table))
    gap = np.ceil(100.0 * float(table["gap"].max())) / 100.0
    return words("measures.front_caption", count=len(table), gap=percent(gap))


def _grids(view: View) -> Iterator[Block]:
    table = view.run.table("grids")
    if table is None:
        return
    rows = table.loc[[name for name in table.index if name in indicators()]]
    rows = rows[(rows["screening"].abs() > 0) | (rows["full"].abs() > 0)]
    off = 100 * rows["relative"].to_numpy()
    blind = unseen(view)
    seen = {str(name): part for name, part in zip(rows.index, off, strict=True) if str(name) not in blind}
    yield from _gaps("measures.grids_gap", seen, ideal=0.0)
    frame = pd.DataFrame(
        {
            "indicator": [named("indicator", str(name)) for name in rows.index],
            "unit": [unit_text(view.unit_of(str(name))) for name in rows.index],
            **{name: rows[name].to_numpy(float) for name in ("screening", "full")},
            "relative": off,
        }
    )
    columns = [
        Column("indicator", words("plan.indicator")), Column("unit", words("explorer.unit")),
        Column("screening", words("measures.screening", cell=number(view.run.manifest.screening_grid.cell)), told=True),
        Column("full", words("measures.full", cell=number(view.run.manifest.grid.cell)), told=True),
        Column("relative", words("measures.off"), "%", 1),
    ]  # fmt: skip
    yield Table("grids", words("measures.grids"), frame, columns, words("measures.grids_note"), appendix=True)


def _gaps(text: str, values: Mapping[str, float], *, ideal: float) -> Iterator[Paragraph]:
    """Yield the indicators furthest from the ideal value, where any is off by more than a tenth."""
    off = {name: value for name, value in values.items() if np.isfinite(value) and abs(value - ideal) > FAR_OFF}
    if off:
        worst = sorted(off, key=lambda name: -abs(off[name] - ideal))[:MOST_LISTED]
        shares = {name: percent(off[name] / 100.0, signed=not ideal) for name in worst}
        parts = [words("first.off", indicator=named("indicator", name), off=share) for name, share in shares.items()]
        yield Paragraph(words(text, parts=TextList(tuple(parts), ", ")), "warning")


def _left_out(choice: ChoiceRecord) -> Iterator[Block]:
    for name, why in choice.left_out.items():
        yield Paragraph(
            words("measures.left_out", measure=measure_title(name), why=TranslatedText(why)), "item", appendix=True
        )
    for name, lacks in choice.unpriced.items():
        needs = TextList(tuple(named("factor", lack) for lack in lacks), ", ")
        yield Paragraph(words("measures.unpriced", measure=measure_title(name), needs=needs), "item", appendix=True)
