"""The portfolio of a run: budget, prices, the Pareto front with what each point takes, and what measures bring."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from pydantic import BaseModel

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.planning.rows import indicators
from citybraid.report.chapter import Block, Paragraph, Quantity, Table, Text, words
from citybraid.report.drawing.units import COUNTS, number, shown, significant
from citybraid.report.portfolio.embodied import TONNE
from citybraid.report.portfolio.why import why_blocks
from citybraid.report.remarks.citing import cited
from citybraid.report.view import View, measure_title, measure_unit, named
from citybraid.study.run.manifest import ChoiceRecord
from citybraid.web.results.blocks import BlockState, block_states
from citybraid.web.results.opened import Opened
from citybraid.web.wording import Said, amount_said, known, said, told_unit, unit_of_change, unit_said

COST = "cost"
BESIDE = ("present_cost", "chosen", "gap", COST)
"""Columns of the front that are no indicator."""
WHY = ("why_floors", "why_units", "why_cells")
"""Tables of the reasons that stand beside their sentences; those of single parcels stand in the report."""


class AxisState(BaseModel):
    """A goal of the front: the change of an indicator, or the cost; which way is better."""

    id: str
    title: Said
    unit: Said
    direction: str


class TakenState(BaseModel):
    """A measure that a point takes: the amount installed, the mean share of what is feasible [-]."""

    measure: str
    title: Said
    installed: Said
    share: float | None


class PointState(BaseModel):
    """A point of the front: its place on each axis, its present cost, the measures that it takes."""

    values: dict[str, float]
    said: dict[str, Said]
    cost: Said
    chosen: bool
    members: list[TakenState] | None
    """None where the run, of an earlier version, does not hold them."""


class EffectState(BaseModel):
    """What a measure alone changes in an indicator of the whole area at full adoption, with its band.

    `band` is empty where the change has none, as it was computed on the full grid, and where none is known (`banded`).
    """

    measure: str
    indicator: str
    title: Said
    unit: Said
    change: float | None
    said: Said
    band: Said
    banded: bool


class PriceState(BaseModel):
    """What a unit of a measure costs, and where that comes from."""

    measure: str
    title: Said
    unit: Said
    build: Said
    upkeep: Said
    lifetime: float
    present: Said
    carbon: float | None
    status: str
    status_said: Said
    source: Said
    note: Said
    taken: bool


class LeftOutState(BaseModel):
    """A measure that was not weighed, and why."""

    measure: str
    title: Said
    why: Said


class PortfolioState(BaseModel):
    """The portfolio of a run, None parts where none was asked for."""

    budget: Said
    goal: Said
    cost: Said
    build_cost: Said
    carbon: Said
    members: list[TakenState]
    axes: list[AxisState]
    points: list[PointState]
    effects: list[EffectState]
    why: list[BlockState]
    """What money and targets are worth at the chosen portfolio, as the report says it."""
    prices: list[PriceState]
    left_out: list[LeftOutState]


def portfolio(opened: Opened) -> PortfolioState | None:
    """Return the portfolio of a run, None where none was asked for."""
    view, choice = opened.view, opened.run.choice
    if choice is None:
        return None
    money = view.money()
    axes, points = _front(view, choice)
    goal = next((each for each in opened.run.manifest.asked.objectives if each.id == choice.budget.maximise), None)
    carbon = Quantity(choice.carbon / TONNE, "t CO2e") if choice.carbon is not None else "–"
    return PortfolioState(
        budget=said(Quantity(choice.budget.total, money)),
        goal=said(named("indicator", goal.indicator)) if goal is not None else {},
        cost=said(Quantity(choice.cost, money)), build_cost=said(Quantity(choice.build_cost, money)),
        carbon=said(carbon), members=_works_taken(view, choice), axes=axes, points=points, effects=_effects(view),
        why=block_states(each for each in why_blocks(view) if _is_why(each)),
        prices=[_price(view, choice, name) for name in choice.prices], left_out=_left_out(choice),
    )  # fmt: skip


def _is_why(block: Block) -> bool:
    return isinstance(block, Paragraph) or (isinstance(block, Table) and block.name in WHY)


def _works_taken(view: View, choice: ChoiceRecord) -> list[TakenState]:
    """Return what the chosen portfolio takes."""
    installed, adoption = view.run.table("installed"), view.run.table("adoption")
    if installed is None:
        return []
    shares = {} if adoption is None else {str(name): float(adoption[name].mean()) for name in adoption}
    totals = {str(name): float(installed[name].sum()) for name in installed}
    return [_member(choice, name, total, shares.get(name)) for name, total in totals.items() if total > 0.0]


def _member(choice: ChoiceRecord, name: str, installed: float, share: float | None) -> TakenState:
    unit = measure_unit(name, choice.prices[name].unit if name in choice.prices else "")
    amount = Quantity(significant(installed, unit), unit, 0 if unit in COUNTS else None)
    return TakenState(measure=name, title=said(measure_title(name)), installed=said(amount, "si"), share=known(share))


def _front(view: View, choice: ChoiceRecord) -> tuple[list[AxisState], list[PointState]]:
    table, members = view.run.table("front"), view.run.table("front_members")
    if table is None or table.empty:
        return [], []
    goals = [str(name) for name in table if name not in BESIDE or name == COST]
    units = {name: view.unit_of(name) if name in indicators() else view.money() for name in goals}
    axes = [
        AxisState(
            id=name, title=said(named("indicator", name) if name in indicators() else words("measures.cost")),
            unit=unit_said(unit_of_change(units[name])),
            direction=indicators()[name].direction if name in indicators() else "lower",
        )
        for name in goals
    ]  # fmt: skip
    points = []
    for at, row in enumerate(table.to_dict("records")):
        values = {name: float(row[name]) for name in goals}
        front_points = {
            name: said(_change(value, units[name]) if name in indicators() else Quantity(value, units[name]))
            for name, value in values.items()
        }
        points.append(
            PointState(
                values=values, said=front_points, cost=said(Quantity(float(row["present_cost"]), view.money())),
                chosen=bool(row["chosen"]), members=_members_at(members, at, choice),
            )
        )  # fmt: skip
    return axes, points


def _change(value: float, unit: str) -> Text:
    """Return a change of an indicator: that of a share is in percentage points."""
    told = significant(value, unit)
    if unit_of_change(unit) == unit:
        return Quantity(told, unit)
    return words("parties.points", points=number(told * shown(unit).factor, digits=shown(unit).digits))


def _members_at(members: pd.DataFrame | None, at: int, choice: ChoiceRecord) -> list[TakenState] | None:
    if members is None:
        return None
    rows: Sequence[Mapping[Any, Any]] = members[members["point"] == at].to_dict("records")
    return [_member(choice, str(row["measure"]), float(row["installed"]), float(row["share"])) for row in rows]


def _effects(view: View) -> list[EffectState]:
    """Return what each measure changes, the indicators that it does not move left out."""
    table = view.run.table("effects")
    if table is None:
        return []
    whole = table[(table["zone"] == WHOLE_AREA) & (table["change"] != 0.0) & table["change"].notna()]
    return [_effect(view, row) for row in whole.to_dict("records") if str(row["indicator"]) in indicators()]


def _effect(view: View, row: Mapping[Any, Any]) -> EffectState:
    name = str(row["indicator"])
    change = float(row["change"])
    low, high = float(row.get("low", change)), float(row.get("high", change))
    unit = told_unit((low, change, high), view.unit_of(name))
    ends = (amount_said(low, unit), amount_said(high, unit))
    return EffectState(
        measure=str(row["measure"]), indicator=name, title=said(named("indicator", name)),
        unit=unit_said(unit_of_change(unit)), change=known(change), said=amount_said(change, unit),
        band={each: f"{ends[0][each]} – {ends[1][each]}" for each in ends[0]} if low < high else {},
        banded=bool(row.get("banded", True)),
    )  # fmt: skip


def _price(view: View, choice: ChoiceRecord, name: str) -> PriceState:
    price, money = choice.prices[name], view.money()
    installed = view.run.table("installed")
    taken = installed is not None and name in installed and float(installed[name].sum()) > 0.0
    return PriceState(
        measure=name, title=said(measure_title(name)), unit=unit_said(measure_unit(name, price.unit)),
        build=said(Quantity(price.build, money), "si"), upkeep=said(Quantity(price.upkeep, money), "si"),
        lifetime=price.lifetime, present=said(Quantity(price.present, money), "si"), carbon=price.carbon,
        status=price.status, status_said=said(named("status", price.status)),
        source=said(cited(price.source)), note=said(cited(price.note)), taken=taken,
    )  # fmt: skip


def _left_out(choice: ChoiceRecord) -> list[LeftOutState]:
    reasons = [
        LeftOutState(measure=name, title=said(measure_title(name)), why=dict(why))
        for name, why in choice.left_out.items()
    ]
    unpriced = [
        LeftOutState(
            measure=name, title=said(measure_title(name)),
            why=said(words("web.portfolio.unpriced", factors=", ".join(factors))),
        )
        for name, factors in choice.unpriced.items()
    ]  # fmt: skip
    return [*reasons, *unpriced]
