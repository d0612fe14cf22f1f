"""Who pays for measures and who gains, for every alternative and the portfolio."""

from collections.abc import Hashable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.planning.rows import indicators, yearly_losses, yearly_net_emissions
from citybraid.report.chapter import (
    Block,
    Column,
    Paragraph,
    Quantity,
    Table,
    Text,
    TextList,
    appended,
    cells,
    words,
)
from citybraid.report.drawing.units import number, significant
from citybraid.report.indicators import as_told
from citybraid.report.remarks.unseen import percent
from citybraid.report.view import View, named


def party_blocks(view: View) -> Iterator[Block]:
    """Yield what each alternative is worth, who pays and who gains; nothing where prices or a comparison lack."""
    parties, totals = view.run.table("parties"), view.run.table("appraisal")
    if parties is None or parties.empty or totals is None or "net" not in totals:
        return
    yield Paragraph(words("parties.title"), "heading")
    yearly = view.money("{currency} year-1")
    alternatives = [str(name) for name in dict.fromkeys(parties["alternative"])]
    for name in alternatives:
        rows = parties[(parties["alternative"] == name) & (parties["party"] != WHOLE_AREA)]
        parts = [_party(row, yearly) for row in rows.to_dict("records")]
        yield Paragraph(words("parties.told", alternative=view.name(name), parts=TextList(tuple(parts), "; ")), "item")
        whole = parties[(parties["alternative"] == name) & (parties["party"] == WHOLE_AREA)]
        more = [*_assumed(whole, yearly), *_beside(view, name, str(totals.set_index("alternative")["against"][name]))]
        yield from more if name == alternatives[-1] else appended(more)
    yield _worth(view, totals[totals["alternative"].isin(alternatives)])
    yield _by_party(view, parties)
    yield from _by_unit(view, alternatives[-1])


def _party(row: Mapping[Hashable, Any], yearly: str) -> Text:
    """Return what a party pays and gains; that gains are not counted where no loss is computed."""
    told = {"party": words(f"party.{row['party']}"), "pays": _money(float(row["annual_cost"]), yearly)}
    gains = float(row["annual_benefit"])
    if not np.isfinite(gains):
        return words("parties.pays_only", **told)
    return words("parties.one", gains=_money(gains, yearly), **told)


def _assumed(whole: pd.DataFrame, yearly: str) -> Iterator[Block]:
    """Tell how much of the money is a party's by assumption; nothing where all is settled, or an old run lacks it."""
    if whole.empty or "cost_assumed" not in whole:
        return
    row = whole.iloc[0]
    for text, all_of in (("cost_assumed", "annual_cost"), ("benefit_assumed", "annual_benefit")):
        part, total = float(row[text]), float(row[all_of])
        if part and total:
            yield Paragraph(
                words(
                    f"parties.{text}", part=_money(part, yearly), total=_money(total, yearly),
                    share=percent(part / total),
                ), "item",
            )  # fmt: skip


def _money(value: float, unit: str) -> Quantity:
    return Quantity(significant(value, unit), unit)


def _beside(view: View, name: str, against: str) -> Iterator[Block]:
    """Tell what changes that no money is counted for: net emissions and the objectives, apart from a carbon price."""
    tables = {each: view.run.table(f"units/{each}") for each in (name, against)}
    before, after = tables[against], tables[name]
    if before is None or after is None:
        return
    goals = [each.indicator for each in view.run.manifest.asked.objectives]
    parts: list[Text] = []
    for each in dict.fromkeys([*yearly_net_emissions(), *goals]):
        if each in yearly_losses() or each not in before or each not in after or each not in indicators():
            continue
        change = float(after[each][WHOLE_AREA]) - float(before[each][WHOLE_AREA])
        unit = view.unit_of(each)
        rounded = as_told(significant(change, unit, digits=3), unit) if np.isfinite(change) else 0.0
        if rounded:
            parts.append(words("parties.change", indicator=named("indicator", each), change=_changed(rounded, unit)))
    if parts:
        yield Paragraph(words("parties.beside", parts=TextList(tuple(parts), "; ")), "item")


def _changed(change: float, unit: str) -> Text:
    """Return a change with its unit; that of a share in percentage points, which percents of it are not."""
    return words("parties.points", points=number(change, digits=1)) if unit == "%" else Quantity(change, unit)


def _worth(view: View, totals: pd.DataFrame) -> Table:
    frame = pd.DataFrame(
        {
            "alternative": cells(view.name(str(name)) for name in totals["alternative"]),
            **{name: totals[name].to_numpy(dtype=float) for name in ("annual_cost", "annual_benefit", "net")},
            "ratio": totals["ratio"].to_numpy(dtype=float),
            "payback": totals["payback"].to_numpy(dtype=float), "life": totals["life"].to_numpy(dtype=float),
        }
    )  # fmt: skip
    yearly = view.money("{currency} year-1")
    columns = [
        Column("alternative", words("verdict.alternative")), Column("annual_cost", words("parties.pays"), yearly),
        Column("annual_benefit", words("parties.gains"), yearly), Column("net", words("parties.npv"), view.money()),
        Column("ratio", words("verdict.ratio"), "", 2), Column("payback", words("parties.payback"), "year", 1),
        Column("life", words("parties.life"), "year", 1),
    ]  # fmt: skip
    return Table("money_worth", words("parties.worth"), frame, columns, words("parties.worth_note"), appendix=True)


def _by_party(view: View, parties: pd.DataFrame) -> Table:
    frame = pd.DataFrame(
        {
            "alternative": cells(view.name(str(name)) for name in parties["alternative"]),
            "party": cells(
                words("parties.all") if name == WHOLE_AREA else words(f"party.{name}") for name in parties["party"]
            ),
            **{name: parties[name].to_numpy(dtype=float) for name in ("annual_cost", "annual_benefit", "net")},
        }
    )
    columns = [
        Column("alternative", words("verdict.alternative")), Column("party", words("parties.party")),
        *_flows(view),
    ]  # fmt: skip
    return Table("parties", words("parties.table"), frame, columns, words("parties.note"), appendix=True)


def _by_unit(view: View, name: str) -> Iterator[Table]:
    """Yield what planning units pay and gain in the last alternative: the portfolio, where there is one."""
    table = view.run.table("money_units")
    rows = None if table is None else table[table["alternative"] == name]
    if rows is None or rows.empty:
        return
    known = view.column(view.base, "unit_name")
    titles = {} if known is None else {str(key): str(title) for key, title in known.items()}
    frame = pd.DataFrame(
        {
            "zone": cells(
                words("why.everywhere") if unit == WHOLE_AREA else titles.get(str(unit), str(unit))
                for unit in rows["unit"]
            ),
            **{each: rows[each].to_numpy(dtype=float) for each in ("annual_cost", "annual_benefit", "net")},
        }
    )
    columns = [Column("zone", words("plan.unit")), *_flows(view)]
    title = words("parties.units", alternative=view.name(name))
    yield Table("money_units", title, frame, columns, words("parties.units_note"), appendix=True)


def _flows(view: View) -> list[Column]:
    yearly = view.money("{currency} year-1")
    return [
        Column("annual_cost", words("parties.pays"), yearly), Column("annual_benefit", words("parties.gains"), yearly),
        Column("net", words("parties.net"), yearly),
    ]  # fmt: skip
