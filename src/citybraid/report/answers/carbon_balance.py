"""How near a place comes to zero: emissions by sector, what sinks take up and what is avoided, and what is left."""

import pandas as pd
from matplotlib.figure import Figure as Drawing

from citybraid.core.rows.carbon import EmissionSector
from citybraid.core.tables import read_table
from citybraid.report.carbon.inventory import lines
from citybraid.report.chapter import Column, Figure, Quantity, Sentence, Table, Text, TextList, cells, in_words, words
from citybraid.report.drawing.charts import Labels, stacked_bars
from citybraid.report.drawing.units import label
from citybraid.report.verdict.question import Answer, Lacking, joined
from citybraid.report.view import View, named

UNIT = "t CO2e year-1"
NAMED = 3
"""Largest remaining sectors that are named."""
BARS = 7
"""Rows with a colour of their own in the picture; the smaller ones are one."""
LEAST = 0.5
"""Amount below which a row is left out [t a year]: it would be shown as 0."""
OWN_ROWS = ("stationary", "land")
"""Sectors whose sub-sectors have rows of their own; each of the others is one row."""
EMISSION, REMOVAL, AVOIDED = "emission", "removal", "avoided"


def answer(view: View) -> Answer | Lacking:
    """Return the balance of every alternative, and what the one nearest to zero leaves."""
    tables = {name: table for name in view.run.alternatives if (table := lines(view, name)) is not None}
    if view.base not in tables:
        return Lacking.of("inventory_equivalent")
    frame = pd.DataFrame({name: _parts(table) for name, table in tables.items()}).fillna(0.0)
    best = str(frame.sum().idxmin())
    return Answer([_balance(view, frame, best), _left(frame, best)], _table(view, frame), [_picture(view, frame)])


def _picture(view: View, frame: pd.DataFrame) -> Figure:
    """Return the bars of each alternative: what is emitted, and below zero what is taken up and avoided."""
    largest = frame.abs().max(axis=1).sort_values(ascending=False, kind="stable").index
    shown, rest = largest[:BARS], largest[BARS:]

    def draw(language: str) -> Drawing:
        bars = {in_words(Sentence(named(*str(name).split("."))), language): frame.loc[name] for name in shown}
        if len(rest):
            bars[words("carbon_balance.rest").say(language)] = frame.loc[rest].sum()
        table = pd.DataFrame(bars)
        table.index = pd.Index([in_words(view.name(str(name)), language) for name in frame])
        title = words("carbon_balance.table").say(language)
        return stacked_bars(table, Labels(title, y=label(UNIT, language)), digits=0)

    return Figure("answer_carbon_balance", words("carbon_balance.picture"), draw)


def _parts(table: pd.DataFrame) -> pd.Series:
    """Return amounts [t a year]: emissions by row, then what is taken up and avoided, below 0."""
    emission = table[table["kind"] == EMISSION]
    emitted = emission.groupby(emission["sector"].map(_rows()))["equivalent"].sum()
    others = table[table["kind"] != EMISSION].groupby("kind")["equivalent"].sum()
    parts: pd.Series = pd.concat([emitted, others.rename(index="account_kind.{}".format)])
    return parts


def _rows() -> dict[str, str]:
    """Return the row of each sub-sector: its own, or its sector's."""
    rows = read_table(EmissionSector)
    return {row.id: f"sector.{row.id}" if row.group in OWN_ROWS else f"sector_group.{row.group}" for row in rows}


def _balance(view: View, frame: pd.DataFrame, best: str) -> Text:
    before, after = float(frame[view.base].sum()), float(frame[best].sum())
    values: dict[str, object] = {
        "base": view.name(view.base), "before": Quantity(before, UNIT, 0),
        "plan": view.name(best), "after": Quantity(after, UNIT, 0),
    }  # fmt: skip
    if after <= 0:
        return joined([words("carbon_balance.zero", **values), *_without(view, frame, best)])
    if best == view.base or before <= 0:
        return words("carbon_balance.no_less", **values)
    sentence = words("carbon_balance.near", **values, cut=Quantity(100.0 * (1.0 - after / before), "%", 0))
    return joined([sentence, *_without(view, frame, best)])


def _without(view: View, frame: pd.DataFrame, best: str) -> tuple[Text, ...]:
    """Return the balance without what is avoided elsewhere, which inventories do not subtract, where there is any.

    What plants use of their own generation stands as avoided beside their bills, but lowers what they buy: it stays. So
    does what a building sends to its neighbours, where the area's balance by the hour tells how much leaves it.
    """
    row = f"account_kind.{AVOIDED}"
    if row not in frame.index:
        return ()
    elsewhere = {
        name: float(frame[name][row]) + _used_by_plants(view, name) + _used_by_neighbours(view, name)
        for name in (view.base, best)
    }
    if elsewhere[best] > -LEAST:
        return ()
    before, after = (float(frame[name].sum()) - given for name, given in elsewhere.items())
    cut = Quantity(100.0 * (1.0 - after / before), "%", 0)
    return (words("carbon_balance.without_avoided", after=Quantity(after, UNIT, 0), cut=cut),)


def _used_by_plants(view: View, alternative: str) -> float:
    """Return what plants avoid by their own generation [t a year]."""
    own = view.column(alternative, "plant_pv_avoided")
    return 0.0 if own is None else float(own.sum()) / 1e3


def _used_by_neighbours(view: View, alternative: str) -> float:
    """Return what buildings avoid by what they send to others within the area [t a year]; 0 without the area's balance.

    That is all they send out, less what leaves the area and what a shared battery loses.
    """
    sent, kept, avoided = (view.column(alternative, name) for name in ("grid_export", "storage_loss", "pv_avoided"))
    sold, lost = (view.number(alternative, name) for name in ("park_export", "park_storage_loss"))
    if sent is None or avoided is None or sold is None or lost is None or not sent.sum() > 0.0:
        return 0.0
    shared = max(lost - (0.0 if kept is None else float(kept.sum())), 0.0)
    share = 1.0 - min((sold + shared) / float(sent.sum()), 1.0)
    return share * float(avoided.sum()) / 1e3


def _left(frame: pd.DataFrame, best: str) -> Text:
    """Return the largest sectors that remain, and what is taken up and avoided."""
    column = frame[best]
    emitted = column[[name for name in column.index if not str(name).startswith("account_kind.")]]
    largest = emitted.sort_values(ascending=False, kind="stable").head(NAMED)
    parts = [
        words("carbon_balance.part", sector=named(*str(name).split(".")), amount=Quantity(float(amount), UNIT, 0))
        for name, amount in largest.items()
        if amount >= LEAST
    ]
    given = {kind: -float(column.get(f"account_kind.{kind}", 0.0)) for kind in (REMOVAL, AVOIDED)}
    amounts = {kind: Quantity(amount, UNIT, 0) for kind, amount in given.items()}
    return words("carbon_balance.left", parts=TextList(tuple(parts), ", "), **amounts)


def _table(view: View, frame: pd.DataFrame) -> Table:
    order = [*dict.fromkeys(_rows().values()), *(f"account_kind.{kind}" for kind in (REMOVAL, AVOIDED))]
    shown = frame.reindex([name for name in order if name in frame.index and (frame.loc[name].abs() >= LEAST).any()])
    titles = [Sentence(named(*name.split("."))) for name in shown.index]
    whole = pd.concat([shown, frame.sum().to_frame("net").T]).reset_index(drop=True)
    whole.insert(0, "part", cells([*titles, words("carbon_balance.net")]))
    columns = [Column("part", words("carbon.sector")), *(Column(name, view.name(str(name)), UNIT, 0) for name in frame)]
    return Table("carbon_balance", words("carbon_balance.table"), whole, columns, words("carbon_balance.note"))
