"""Where emissions come from: from land uses to sectors, and from sectors to scopes."""

from collections.abc import Iterator

import pandas as pd
from matplotlib.figure import Figure as Drawing

from citybraid.core.rows.carbon import EmissionSector
from citybraid.core.rows.land import LandUse
from citybraid.core.tables import read_table
from citybraid.report.carbon.inventory import TONNE, lines
from citybraid.report.chapter import Block, Column, Figure, Table, Text, TranslatedText, cells, in_words, words
from citybraid.report.drawing.charts import Labels
from citybraid.report.drawing.flow_chart import Link, flow_chart
from citybraid.report.drawing.units import label
from citybraid.report.view import View, named

GROUPS = ("stationary", "transport", "waste", "processes", "land")
OUTSIDE = "outside"


def land_use_sectors(view: View, alternative: str) -> pd.DataFrame | None:
    """Return emissions less removals [t a year] by land use of the first level and sector; avoided ones are apart.

    The row `outside` is what lies on no parcel. None where the run has no accounts or no land use.
    """
    table, uses = lines(view, alternative), view.column(alternative, "land_use")
    columns = {name: view.column(alternative, f"parcel_{name}") for name in (*GROUPS, "avoided")}
    if table is None or uses is None or any(column is None for column in columns.values()):
        return None
    parcels = pd.DataFrame(columns) / TONNE
    by_use = parcels.groupby(uses.reindex(parcels.index).fillna("").astype(str).str[:2]).sum()
    group_of = {row.id: row.group for row in read_table(EmissionSector)}
    off = table.assign(rest=table["equivalent"] - table["on_parcels"])
    avoided = off["kind"] == "avoided"
    rest = off.loc[~avoided].groupby(off.loc[~avoided, "sector"].map(group_of))["rest"].sum()
    by_use.loc[OUTSIDE] = [*(float(rest.get(name, 0.0)) for name in GROUPS), -float(off.loc[avoided, "rest"].sum())]
    return by_use


def use_name(code: str) -> Text:
    """Return the name of a land use of the first level, or of what lies outside parcels."""
    if code == OUTSIDE:
        return words("lowcarbon.outside")
    row = next((row for row in read_table(LandUse) if row.code == code), None)
    return words("carbon.no_use") if row is None else TranslatedText({"zh": row.name_zh, "en": row.name_en})


def crosswalk(view: View) -> Iterator[Block]:
    """Yield the table of land uses and sectors, and the flow chart from land uses over sectors to scopes."""
    table = land_use_sectors(view, view.base)
    if table is None:
        return
    used = [name for name in (*GROUPS, "avoided") if (table[name] != 0).any()]
    sums = table[used].assign(total=table[list(GROUPS)].sum(axis=1) - table["avoided"])
    frame = pd.concat([sums, sums.sum().to_frame("total").T])
    shown = frame.assign(use=cells([*map(use_name, table.index), words("lowcarbon.total")]))
    columns = [
        Column("use", words("carbon.land_use")),
        *(Column(name, _group_name(name), "t year-1", 0) for name in used),
        Column("total", words("carbon.net"), "t year-1", 0),
    ]  # fmt: skip
    yield Table("land_use_sectors", words("carbon.crosswalk"), shown, columns, words("carbon.crosswalk_note"))
    yield Figure("emission_flows", words("carbon.flows_caption"), lambda language: _flows(view, table, language))


def _group_name(name: str) -> Text:
    return named("account_kind", name) if name == "avoided" else named("sector_group", name)


def _flows(view: View, table: pd.DataFrame, language: str) -> Drawing:
    """Draw emissions from land uses over sectors to scopes; removals and avoided emissions are not in it."""
    every = lines(view, view.base)
    group_of = {row.id: row.group for row in read_table(EmissionSector)}
    emitted = every[(every["kind"] == "emission") & (every["equivalent"] > 0)] if every is not None else pd.DataFrame()
    links = [
        Link(0, in_words(use_name(str(use)), language), in_words(named("sector_group", group), language), float(amount))
        for group in GROUPS if group != "land"
        for use, amount in table[group].items() if amount > 0
    ]  # fmt: skip
    scopes = emitted.assign(group=emitted["sector"].map(group_of)).groupby(["group", "scope"])["equivalent"].sum()
    for group, scope, amount in scopes.reset_index().itertuples(index=False):
        if group != "land":
            target = words("carbon.scope_of", scope=scope).say(language)
            links.append(Link(1, in_words(named("sector_group", str(group)), language), target, float(amount)))
    title = words("carbon.flows", alternative=view.name(view.base)).say(language)
    return flow_chart(links, Labels(f"{title} ({label('t year-1', language)})"))
