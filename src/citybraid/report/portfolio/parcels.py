"""What each parcel builds for its unit's money, and what one more of the goal costs there."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.integrate.choose.money.parcels import OUTSIDE
from citybraid.report.chapter import Block, Column, Paragraph, Quantity, Table, Text, TextList, cells, words
from citybraid.report.drawing.units import COUNTS, significant_together
from citybraid.report.portfolio.about import DIGITS, About
from citybraid.report.remarks.unseen import percent
from citybraid.report.view import measure_title, named

MORE = 0.005
"""Share by which choosing parcel by parcel must gain more to be told [-]."""
LISTED = 3
"""Units named in sentences."""
CHEAPER = 0.1
"""Share by which a parcel must be cheaper than the margin of the budget for it to be told [-]."""
SLACK = 1e-9
"""Rounding in amounts that are compared [-]."""


def parcel_blocks(about: About) -> Iterator[Block]:
    """Yield what the money of units does in parcels; nothing where it was not handed down."""
    parcels, units = about.table("parcel_money"), about.table("parcel_money_units")
    if parcels.empty or units.empty:
        return
    whole = units[units["unit"] == WHOLE_AREA].iloc[0]
    inside = parcels[(parcels["parcel"] != OUTSIDE) & (parcels["share"] > 0.0)]
    outside = float(parcels.loc[parcels["parcel"] == OUTSIDE, "cost"].sum())
    yield Paragraph(
        words(
            "why.parcels", count=len(inside), money=about.money(float(whole["money"])),
            spent=about.money(float(whole["spent"]) - outside), outside=about.money(outside), indicator=about.name,
            rest=about.money(max(float(whole["money"] - whole["spent"]), 0.0)), gain=about.gain(float(whole["gain"])),
        ), "item",
    )  # fmt: skip
    for text, unspent in _unspent(parcels, units).items():
        if unspent > MORE * float(whole["money"]):
            yield Paragraph(words(text, unspent=about.money(unspent)), "item")
    if whole["unit_worth"] > 0.0 and (more := whole["worth"] / whole["unit_worth"] - 1.0) > MORE:
        yield Paragraph(words("why.parcels_more", share=percent(float(more)), indicator=about.name), "item")
    yield from _prices(about, parcels, units)
    yield _table(about, parcels)
    yield _closing(about, parcels, units)


def _unspent(parcels: pd.DataFrame, units: pd.DataFrame) -> dict[str, float]:
    """Return the money that units leave by why: nothing more is worth it there, or a further step takes more."""
    inner = units[units["unit"] != WHOLE_AREA].set_index("unit")
    rest = (inner["money"] - inner["spent"]).clip(lower=0.0)
    able = rest.index.isin(parcels.loc[parcels["next_cost"].notna() & (parcels["left"] > 0.0), "unit"])
    return {"why.parcels_unspent": float(rest[~able].sum()), "why.parcels_too_little": float(rest[able].sum())}


def _able(parcels: pd.DataFrame) -> pd.DataFrame:
    """Return the parcels that can give more of the goal."""
    return parcels[(parcels["parcel"] != OUTSIDE) & parcels["next_cost"].notna() & (parcels["left"] > 0.0)]


def _one(about: About, able: pd.DataFrame) -> Quantity:
    """Return the amount that prices are told for: no more than the cheapest parcel can still give."""
    if able.empty:
        return about.one(0.0)
    cheapest = able.sort_values("next_cost", kind="stable").iloc[0]
    return about.one(float(cheapest["next_cost"]), most=float(cheapest["left"]))


def _limit(about: About, able: pd.DataFrame, one: Quantity) -> float:
    """Return the price up to which it is told: the money that the section speaks of, or the least price if more."""
    least = one.value * float(able["next_cost"].min()) if len(able) else 0.0
    return max(float(about.head["amount"]), least)


def _prices(about: About, parcels: pd.DataFrame, units: pd.DataFrame) -> Iterator[Block]:
    """Tell for the units with most money what one more of the goal costs in their cheapest and dearest parcel.

    Parcels that cannot give as much are left out; where it costs more than the money that the section speaks of they
    are only counted. It is told where the cheapest is cheaper than the margin of the budget.
    """
    named_units = units[units["unit"] != WHOLE_AREA].sort_values("money", ascending=False, kind="stable")
    able = _able(parcels)
    if able.empty:
        return
    one = _one(about, able)
    limit = _limit(about, able, one)
    able = able[able["left"] >= one.value * (1.0 - SLACK)]
    if able.empty:
        return
    within = able[one.value * able["next_cost"] <= limit]
    parts: list[Text] = []
    for unit in named_units["unit"]:
        rows = within[within["unit"] == unit].sort_values("next_cost", kind="stable")
        if len(parts) == LISTED or rows.empty:
            continue
        cheap, dear = rows.iloc[0], rows.iloc[-1]
        low, zone = about.money(one.value * float(cheap["next_cost"])), about.zone(str(unit))
        if len(rows) == 1:
            parts.append(words("why.parcels_unit_one", zone=zone, low=low, cheap=str(cheap["parcel"])))
            continue
        parts.append(
            words(
                "why.parcels_unit", zone=zone, cheap=str(cheap["parcel"]), dear=str(dear["parcel"]), low=low,
                high=about.money(one.value * float(dear["next_cost"])),
            )
        )  # fmt: skip
    if not parts:
        return
    prices = TextList(tuple(parts), "; ")
    yield Paragraph(words("why.parcels_price", one=about.step(one), indicator=about.name, parts=prices), "item")
    if dearer := len(able) - len(within):
        yield Paragraph(words("why.parcels_dear", count=dearer, one=about.step(one), limit=about.money(limit)), "item")
    price = float(able["next_cost"].min()) * one.value
    yield from _cheaper(about, able, units, one)
    limits = about.table("why_limits")
    for row in limits[(limits["indicator"] != "") & (limits["price"] > 0.0)].to_dict("records"):
        indicator = str(row["indicator"])
        bought = price / float(row["price"])
        if about.view.unit_of(indicator) in COUNTS and round(bought) == 0:
            continue
        yield Paragraph(
            words(
                "why.parcels_or", one=about.step(one), price=about.money(price),
                target=about.target(indicator, str(row["unit"])), amount=about.gain(bought, indicator),
            ), "item",
        )  # fmt: skip


def _cheaper(about: About, able: pd.DataFrame, units: pd.DataFrame, one: Quantity) -> Iterator[Block]:
    """Yield that parcels would use money better than where the budget ends: units get theirs first."""
    whole = units[units["unit"] == WHOLE_AREA]
    per_money = float(whole["per_money"].iloc[0]) if "per_money" in whole and len(whole) else 0.0
    if per_money <= 0.0:
        return
    count = int((able["next_cost"] * per_money < 1.0 - CHEAPER).sum())
    if count:
        edge = about.money(one.value / per_money)
        yield Paragraph(words("why.parcels_cheaper", count=count, one=about.step(one), edge=edge), "item")


def _table(about: About, parcels: pd.DataFrame) -> Table:
    """Return what each parcel builds, and what more costs there; dearer than the limit, that means nothing."""
    unit, able = about.unit_name, _able(parcels)
    one = _one(about, able)
    limit = _limit(about, able, one)
    price = one.value * parcels["next_cost"]
    rows = parcels.assign(price=price.where(price <= limit))
    rows = rows[(rows["share"] > 0.0) | rows["price"].notna()]
    rows = rows.sort_values(["unit", "worth"], ascending=[True, False], kind="stable", ignore_index=True)
    frame = pd.DataFrame(
        {
            "zone": cells(about.zone(str(name)) for name in rows["unit"]),
            "parcel": cells(words("why.outside") if name == OUTSIDE else str(name) for name in rows["parcel"]),
            "measures": cells(
                TextList(tuple(measure_title(name) for name in str(measures).split()), ", ") if measures else "–"
                for measures in rows["measures"]
            ),
            "share": 100.0 * rows["share"].to_numpy(dtype=float),
            "cost": rows["cost"].to_numpy(dtype=float),
            "gain": significant_together(rows["gain"], about.unit),
            "next": [float(f"{value:.{DIGITS}g}") if np.isfinite(value) else np.nan for value in rows["price"]],
        }
    )
    money = about.view.money()
    columns = [
        Column("zone", words("plan.unit")), Column("parcel", words("why.parcel")),
        Column("measures", words("measures.measure")), Column("share", words("why.adoption"), "%", 0),
        Column("cost", words("measures.cost"), money), Column("gain", words("why.gain", unit=unit)),
        Column("next", words("why.unit_cost", one=about.step(one)), money),
    ]  # fmt: skip
    spread = about.table("parcel_spread")
    pairs = [
        words(
            "why.spread_pair",
            measure=measure_title(str(row["measure"])),
            indicator=named("indicator", str(row["indicator"])),
        )
        for row in spread[spread["spread"] == "effect"].to_dict("records")
    ]
    rest = words("why.parcels_dash", one=about.step(one), limit=about.money(limit))
    note = words("why.parcels_note", indicator=about.name, rest=rest)
    if pairs:
        note = words("why.parcels_note_spread", indicator=about.name, pairs=TextList(tuple(pairs), ", "), rest=rest)
    return Table("parcel_money", words("why.by_parcel"), frame, columns, note, appendix=True)


def _closing(about: About, parcels: pd.DataFrame, units: pd.DataFrame) -> Table:
    """Return what units get and spend, and what their parcels and the ground outside make up."""
    inside = parcels[parcels["parcel"] != OUTSIDE].groupby("unit")["cost"].sum()
    inside[WHOLE_AREA] = float(inside.sum())
    outside = parcels[parcels["parcel"] == OUTSIDE].groupby("unit")["cost"].sum()
    outside[WHOLE_AREA] = float(outside.sum())
    names = [str(name) for name in units["unit"]]
    rate = units["per_money"].to_numpy(dtype=float) * float(about.head["amount"])
    frame = pd.DataFrame(
        {
            "zone": cells(about.zone(name) for name in names),
            "money": units["money"].to_numpy(dtype=float),
            "inside": [float(inside.get(name, 0.0)) for name in names],
            "outside": [float(outside.get(name, 0.0)) for name in names],
            "gain": significant_together(units["gain"], about.unit),
            "rate": [float(f"{value:.{DIGITS}g}") for value in rate],
        }
    )
    money, unit = about.view.money(), about.unit_name
    columns = [
        Column("zone", words("plan.unit")), Column("money", words("why.budget"), money),
        Column("inside", words("why.in_parcels"), money), Column("outside", words("why.outside_parcels"), money),
        Column("gain", words("why.gain", unit=unit)),
        Column("rate", words("why.rate_next", amount=about.money(float(about.head["amount"])), unit=unit)),
    ]  # fmt: skip
    note = words("why.closing_note", indicator=about.name)
    return Table("parcel_money_units", words("why.closing"), frame, columns, note, appendix=True)
