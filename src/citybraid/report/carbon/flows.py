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
    """Yield the table of land uses and sectors, and the flow chart from land uses over sectors to scopes.

    Where no land use is known, the chart runs from sub-sectors over sectors to scopes.
    """
    table = land_use_sectors(view, view.base)
    if table is None:
        if not _emitted(view).empty:
            yield Figure(
                "emission_flows", words("carbon.sector_flows_caption"), lambda language: _sector_flows(view, language)
            )
        return
    used = [name for name in (*GROUPS, "avoided") if (table[name] != 0).any()]
    sums = table[used].assign(total=table[list(GROUPS)].sum(axis=1) - table["avoided"])
    frame = pd.concat([sums, sums.sum().to_frame("total").T])
    shown = frame.assign(use=cells([*map(use_name, table.index), words("lowcarbon.total")]))
    columns = [
        Column("use", words("carbon.land_use")),
        *(Column(name, _group_name(name), "t CO2e year-1", 0) for name in used),
        Column("total", words("carbon.net"), "t CO2e year-1", 0),
    ]  # fmt: skip
    yield Table("land_use_sectors", words("carbon.crosswalk"), shown, columns, words("carbon.crosswalk_note"))
    if (table[[name for name in GROUPS if name != "land"]] > 0).any(axis=None):
        yield Figure("emission_flows", words("carbon.flows_caption"), lambda language: _flows(view, table, language))


def _group_name(name: str) -> Text:
    return named("account_kind", name) if name == "avoided" else named("sector_group", name)


def _emitted(view: View) -> pd.DataFrame:
    """Return the emissions of the inventory with their sector's group; removals, avoided ones and land are left out."""
    every = lines(view, view.base)
    if every is None:
        return pd.DataFrame()
    group_of = {row.id: row.group for row in read_table(EmissionSector)}
    grouped = every.assign(group=every["sector"].map(group_of))
    return grouped[(grouped["kind"] == "emission") & (grouped["equivalent"] > 0) & (grouped["group"] != "land")]


def sector_links(view: View, language: str) -> list[Link]:
    """Return emissions from sub-sectors over sectors to scopes, as the inventory has them [t a year]."""
    emitted = _emitted(view)
    links = [
        Link(0, in_words(named("sector", str(sector)), language), in_words(named("sector_group", str(group)), language),
             float(amount))
        for group in GROUPS
        for sector, amount in emitted[emitted["group"] == group].groupby("sector")["equivalent"].sum().items()
    ]  # fmt: skip
    return [*links, *_to_scopes(emitted, language)]


def _sector_flows(view: View, language: str) -> Drawing:
    title = words("carbon.sector_flows", alternative=view.name(view.base)).say(language)
    return flow_chart(sector_links(view, language), Labels(f"{title} ({label('t CO2e year-1', language)})"))


def _to_scopes(emitted: pd.DataFrame, language: str) -> list[Link]:
    """Return the links from sectors to scopes."""
    sums = emitted.groupby(["group", "scope"])["equivalent"].sum().reset_index()
    return [
        Link(1, in_words(named("sector_group", str(group)), language),
             words("carbon.scope_of", scope=scope).say(language), float(amount))
        for group, scope, amount in sums.itertuples(index=False)
    ]  # fmt: skip


def _flows(view: View, table: pd.DataFrame, language: str) -> Drawing:
    """Draw emissions from land uses over sectors to scopes; removals and avoided emissions are not in it."""
    links = [
        Link(0, in_words(use_name(str(use)), language), in_words(named("sector_group", group), language), float(amount))
        for group in GROUPS if group != "land"
        for use, amount in table[group].items() if amount > 0
    ]  # fmt: skip
    title = words("carbon.flows", alternative=view.name(view.base)).say(language)
    return flow_chart(
        [*links, *_to_scopes(_emitted(view), language)], Labels(f"{title} ({label('t CO2e year-1', language)})")
    )
