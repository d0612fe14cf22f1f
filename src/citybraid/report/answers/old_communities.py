"""Which communities are hottest, wettest and oldest, and what the budget buys: rows of communities, worst first."""

from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.report.chapter import Column, Quantity, Table, Text, TextList, TranslatedText, Unrepeated, cells, words
from citybraid.report.drawing.units import few_digits, label
from citybraid.report.indicators import unit_tables, whole
from citybraid.report.levels.answer_map import units_map
from citybraid.report.levels.names import unit_names
from citybraid.report.verdict.question import Answer, Lacking
from citybraid.report.view import LANGUAGES, View, measure_title, measure_unit, model_title, named

HOT, WET, PEOPLE = "blackout_people", "people_exposed", "residents"
LOW = 3
"""Most storeys of a low home."""
TOLD_APART = 1.0
"""Least spread of the communities' mean years from which years tell them apart [year]."""
LEAST = 5e-4
"""Least change of an indicator that is told, as a share: less would be shown as 0.0 %."""
WORST = ("hot", "wet", "old")
PERCENT = 100.0
APART = 0.25
"""Share by which people made safe in a sample of homes differ from those in all homes alike, from which it is told."""
NAMED = 3
"""Communities that the map marks, worst first."""
BOUGHT = ("blackout_people", "blackout_elderly", "overheated_hours", "flooded_buildings", "people_exposed")


def answer(view: View) -> Answer | Lacking:
    """Return the communities ranked by heat, water and age, and what the budget changes for their people."""
    table = unit_tables(view).get(view.base)
    missing = [name for name in (HOT, WET, PEOPLE) if table is None or name not in table]
    homes = _homes(view)
    if table is None or missing or homes is None:
        return Lacking.of(*(missing or ["buildings", "year_built", "floors", "floor_area"]))
    frame = _frame(table.drop(index=WHOLE_AREA), homes)
    full = _full(view, frame)
    sentences = [
        _worst(view, frame),
        *_age(view, frame),
        *_bought(view),
        *_sampled(view, full),
        *_in_worst(view, frame, full),
    ]
    order = [str(zone) for zone in frame.index]
    picture = units_map(view, "old_communities", words("old_communities.map"), order, told=NAMED)
    return Answer(sentences, _table(view, frame, full), [picture])


def _homes(view: View) -> pd.DataFrame | None:
    """Return floor area, year, storeys, old people and community of each home; None where one is unknown."""
    buildings, units = view.frame(view.base, "buildings"), view.shapes(view.base, "units")
    needed = ["building_use", "floor_area", "year_built", "floors"]
    if buildings is None or units is None or not set(needed) <= set(buildings):
        return None
    points = gpd.GeoDataFrame(geometry=buildings.geometry.representative_point(), crs=buildings.crs)
    within = gpd.sjoin(points, gpd.GeoDataFrame(geometry=units, crs=units.crs), predicate="within")
    zone = within.iloc[:, -1].groupby(level=0).first().reindex(buildings.index)
    elderly = buildings.get("elderly", np.nan)
    homes = buildings.loc[:, needed].assign(zone=zone.astype(object), elderly=elderly)
    lived: pd.DataFrame = homes[homes["building_use"].eq("residential")]
    return lived


def _frame(units: pd.DataFrame, homes: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each community with people, worst first: the mean of its ranks by heat, water and age."""
    area = homes["floor_area"].astype(float)
    of_zone = {name: values.groupby(homes["zone"]).sum() for name, values in {
        "area": area, "years": area * homes["year_built"].astype(float), "low": area.where(homes["floors"] <= LOW, 0.0),
        "elderly": homes["elderly"].astype(float),
    }.items()}  # fmt: skip
    lived = units[units[PEOPLE] > 0]
    frame = pd.DataFrame({"people": lived[PEOPLE], "hot": PERCENT * lived[HOT] / lived[PEOPLE],
                          "wet": PERCENT * lived[WET] / lived[PEOPLE]})  # fmt: skip
    frame["year"] = of_zone["years"] / of_zone["area"]
    frame["low"] = PERCENT * of_zone["low"] / of_zone["area"]
    frame["elderly"] = PERCENT * of_zone["elderly"] / frame["people"]
    frame["old"] = -frame["year"] if _tell_apart(frame) else frame["low"]
    frame["rank"] = frame[list(WORST)].rank(ascending=False).mean(axis=1)
    return frame.sort_values("rank", kind="stable")


def _tell_apart(frame: pd.DataFrame) -> bool:
    return bool(frame["year"].std() >= TOLD_APART)


def _worst(view: View, frame: pd.DataFrame) -> Text:
    names = unit_names(view)
    first = {each: str(frame[each].idxmax()) for each in WORST}
    worst = str(frame.index[0])
    age = words("old_communities.by_year", year=round(float(frame["year"][first["old"]])))
    if not _tell_apart(frame):
        low = Quantity(float(frame["low"][first["old"]]), "%", 0)
        age = words("old_communities.by_storeys", low=low, storeys=LOW)
    return words(
        "old_communities.worst",
        hot=names.get(first["hot"], first["hot"]), hot_share=Quantity(frame["hot"].max(), "%", 0),
        wet=names.get(first["wet"], first["wet"]), wet_share=Quantity(frame["wet"].max(), "%", 0),
        old=names.get(first["old"], first["old"]), age=age,
        worst=names.get(worst, worst), people=Quantity(float(frame["people"][worst]), "person", 0),
        next=TextList(tuple(names.get(str(each), str(each)) for each in frame.index[1:NAMED]), ", "),
    )  # fmt: skip


def _age(view: View, frame: pd.DataFrame) -> list[Text]:
    """Return a word on the year that most buildings carry, where years do not tell communities apart."""
    buildings = view.frame(view.base, "buildings")
    if buildings is None or _tell_apart(frame):
        return []
    years = buildings["year_built"].round()
    most = float(years.mode().iloc[0])
    same = years == most
    share = Quantity(PERCENT * float(same.mean()), "%", 0)
    tall = round(float(buildings["floors"][same].max()))
    return [words("old_communities.years", share=share, year=round(most), tall=tall, n=LOW)]


class _Full(NamedTuple):
    """A measure in all of each community: its name, whom it makes safe, its cost per resident and per one made safe."""

    measure: Text
    safe: pd.Series
    each: pd.Series
    saved: pd.Series
    name: str
    amount: pd.Series


def _full(view: View, frame: pd.DataFrame) -> _Full | None:
    """Return the candidate of the budget that makes most residents safe, taken in full; None where none does."""
    effects, choice = view.run.table("effects"), view.run.choice
    if effects is None or choice is None:
        return None
    of_heat = effects[(effects["indicator"] == HOT) & effects["measure"].isin(list(choice.prices))]
    whole_area = of_heat[of_heat["zone"] == WHOLE_AREA].set_index("measure")["change"].astype(float)
    if whole_area.empty or whole_area.min() >= 0.0:
        return None
    name = str(whole_area.idxmin())
    rows = of_heat[of_heat["measure"] == name].set_index("zone").reindex(frame.index)
    amount = rows["installed"].astype(float)
    cost, safe = choice.prices[name].present * amount, -rows["change"].astype(float)
    return _Full(measure_title(name), safe, cost / frame["people"], cost / safe.where(safe > 0.0), name, amount)


def _sampled(view: View, full: _Full | None) -> list[Text]:
    """Return how many people as much of the measure would make safe in all homes alike, where a sample differs.

    A few buildings are no small community: those that the budget renews may gain twice as much as the others.
    """
    choice, installed = view.run.choice, view.run.table("installed")
    members = [] if choice is None else list(choice.members)
    zones = [str(zone) for each in members for zone in each.params.get("where", ())]
    chosen = next((name for name, each in view.run.manifest.asked.alternatives.items() if each.portfolio), None)
    if full is None or installed is None or chosen is None or len(zones) != 1 or full.name not in installed:
        return []
    if {each.measure.rpartition(".")[2] for each in members} != {full.name} or zones[0] not in full.amount.index:
        return []
    tables = unit_tables(view)
    difference = float(tables[view.base][HOT][zones[0]] - tables[chosen][HOT][zones[0]])
    alike = float(full.safe[zones[0]] * installed[full.name].sum() / full.amount[zones[0]])
    if not np.isfinite(alike) or not alike > 0.0 or abs(difference / alike - 1.0) < APART:
        return []
    kind = "old_communities.sample_more" if difference > alike else "old_communities.sample_less"
    values = {"found": Quantity(difference, "person", 0), "alike": Quantity(alike, "person", 0)}
    return [words(kind, place=unit_names(view).get(zones[0], zones[0]), measure=full.measure, **values)]


def _in_worst(view: View, frame: pd.DataFrame, full: _Full | None) -> list[Text]:
    """Return what the measure would do, and cost, in all of the community that is worst in all three together."""
    worst = str(frame.index[0])
    if full is None or not full.safe[worst] > 0.0:
        return []
    return [
        words(
            "old_communities.in_worst", worst=unit_names(view).get(worst, worst), measure=full.measure,
            safe=Quantity(float(full.safe[worst]), "person", 0), currency=_currency(view),
            each=_price(full.each[worst]), saved=_price(full.saved[worst]),
        )
    ]  # fmt: skip


def _price(value: float) -> Quantity:
    """Return an amount of money with three significant digits."""
    return Quantity(few_digits(value), "", 0)


def _bought(view: View) -> list[Text]:
    """Return what the portfolio costs, holds, and changes for people; nothing where none was chosen."""
    choice = view.run.choice
    chosen = next((name for name, each in view.run.manifest.asked.alternatives.items() if each.portfolio), None)
    people = whole(view, view.base, PEOPLE)
    if choice is None or chosen is None or not people:
        return []
    names = unit_names(view)
    held: list[Text] = []
    for measure in dict.fromkeys(member.measure for member in choice.members):
        zones = [zone for each in choice.members if each.measure == measure for zone in each.params.get("where", ())]
        places = TextList(tuple(names.get(str(zone), str(zone)) for zone in zones), ", ")
        held.append(
            words("old_communities.member", measure=model_title(measure), amount=_amount(view, measure), places=places)
        )
    moved = [
        words("old_communities.moved", what=named("indicator", name),
              before=Unrepeated(Quantity(before, view.unit_of(name)), Quantity(after, view.unit_of(name))),
              after=Quantity(after, view.unit_of(name)), change=Quantity(PERCENT * (after / before - 1.0), "%", 1))
        for name in BOUGHT
        if (before := whole(view, view.base, name)) is not None and (after := whole(view, chosen, name)) is not None
        and before and abs(after / before - 1.0) >= LEAST
    ]  # fmt: skip
    each, rest = (
        Quantity(money / people, "", 0) for money in (choice.build_cost, choice.budget.total - choice.build_cost)
    )
    bought = TextList(tuple(held), "; ") if held else words("old_communities.nothing")
    left = words("old_communities.left", currency=_currency(view), rest=rest) if round(rest.value) >= 1 else ""
    return [
        words("old_communities.bought", each=each, currency=_currency(view),
              total=Quantity(choice.build_cost, view.money()), bought=bought,
              moved=TextList(tuple(moved), "; "), left=left)
    ]  # fmt: skip


def _amount(view: View, measure: str) -> Text:
    """Return how much of a measure the portfolio installs, in the unit of its price."""
    installed, choice = view.run.table("installed"), view.run.choice
    name = measure.rpartition(".")[2]
    if installed is None or choice is None or name not in installed or name not in choice.prices:
        return ""
    unit = TranslatedText(
        {language: label(measure_unit(name, choice.prices[name].unit), language) for language in LANGUAGES}
    )
    return words("old_communities.amount", amount=Quantity(float(installed[name].sum()), "", 0), unit=unit)


def _currency(view: View) -> Text:
    """Return the name of the currency: amounts per resident are too small for the units that money is shown in."""
    return TranslatedText({language: label(view.run.currency, language) for language in LANGUAGES})


def _table(view: View, frame: pd.DataFrame, full: _Full | None) -> Table:
    names = unit_names(view)
    shown = frame.assign(community=cells([names.get(str(zone), str(zone)) for zone in frame.index]))
    columns = [
        Column("community", words("old_communities.community")),
        Column("people", named("indicator", PEOPLE), "person", 0),
        Column("elderly", words("old_communities.elderly"), "%", 0),
        Column("hot", words("old_communities.hot"), "%", 0), Column("wet", words("old_communities.wet"), "%", 0),
        Column("low", words("old_communities.low", storeys=LOW), "%", 0),
        *([Column("year", words("old_communities.year"), "", 0)] if _tell_apart(frame) else []),
        Column("rank", words("old_communities.rank"), "", 1),
    ]  # fmt: skip
    if full is not None:
        each, saved = ([_price(value).value for value in values] for values in (full.each, full.saved))
        shown = shown.assign(safe=full.safe, each=each, saved=saved)
        columns += [
            Column("safe", words("old_communities.safe", measure=full.measure), "person", 0),
            Column("each", words("old_communities.each", measure=full.measure, currency=_currency(view)), "", 0),
            Column("saved", words("old_communities.saved", measure=full.measure, currency=_currency(view)), "", 0),
        ]
    kept = [column for column in columns if shown[column.key].notna().any()]
    shown["year"] = shown["year"].round().astype(int).astype(str)
    return Table("old_communities", words("old_communities.table"), shown, kept, words("old_communities.note"))
