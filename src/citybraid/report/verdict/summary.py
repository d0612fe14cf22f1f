"""The verdict of page one: what is recommended, and each alternative's objectives met, cost and benefit-cost ratio."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from citybraid.planning.recommendation import Recommendation, Standing, recommend, standings
from citybraid.planning.rows import yearly_losses
from citybraid.report.chapter import (
    Block,
    Column,
    Paragraph,
    Quantity,
    Table,
    Text,
    TextList,
    TranslatedText,
    cells,
    words,
)
from citybraid.report.drawing.units import number
from citybraid.report.portfolio.robust import elsewhere
from citybraid.report.remarks.chain_links import unbuilt
from citybraid.report.remarks.unseen import share_of
from citybraid.report.verdict.parcel_states import parcel_states
from citybraid.report.verdict.totals import growing_totals
from citybraid.report.view import View, measure_title, named

ROUNDING = 1e-3
"""Share of the budget by which a portfolio's cost at full resolution may exceed it untold [-]."""
UNSPENT = 0.05
"""Share of the budget that a portfolio may leave unspent untold [-]."""

PAY = 0.1
"""Pay for a kilowatt-hour sold at which the note says what is left out [currency kWh-1]: a step, not a price."""


class _Verdict(NamedTuple):
    """All that the verdict is made of: the scorecard, how each alternative stands, what is recommended, totals.

    `unlimited` is what would be recommended if money were no limit; `beyond` says that what is recommended costs more
    than the budget.
    """

    score: pd.DataFrame
    standings: Mapping[str, Standing]
    recommended: Recommendation | None
    unlimited: Recommendation | None
    totals: pd.DataFrame
    beyond: bool


def verdict(view: View) -> Iterator[Block]:
    """Yield the recommendation, what the plan worsens or hides, what the budget reaches, and the alternatives."""
    score = view.run.table("scorecard")
    if score is None:
        return
    outcome = _verdict(view, score)
    yield Paragraph(_recommendation(view, outcome), "lead")
    yield from _worsened(view, outcome)
    if outcome.recommended is not None:
        yield from growing_totals(view, score, outcome.recommended.alternative)
    yield from unbuilt(view)
    yield from _budget(view, outcome)
    if outcome.recommended is not None:
        yield from elsewhere(view, outcome.recommended.alternative)
    yield _table(view, outcome)
    yield Paragraph(words("verdict.ranking"), appendix=True)


def recommended(view: View) -> str:
    """Return the alternative that page one recommends, '' where it recommends none."""
    score = view.run.table("scorecard")
    chosen = None if score is None else _verdict(view, score).recommended
    return "" if chosen is None else chosen.alternative


def _verdict(view: View, score: pd.DataFrame) -> _Verdict:
    by_name = {each.alternative: each for each in standings(score, view.base)}
    totals = view.run.table("appraisal")
    frame = pd.DataFrame(columns=["present"]) if totals is None else totals.set_index("alternative")
    candidates = [by_name[name] for name in _plans(view) if name in by_name]
    unpriced = set(frame.index[frame["unpriced"] != ""]) if "unpriced" in frame else set()
    costs = {str(name): float(cost) for name, cost in frame["present"].items() if name not in unpriced}
    choice = view.run.choice
    budget = np.inf if choice is None else choice.budget.total * (1.0 + ROUNDING)
    chosen = recommend(candidates, costs, budget=budget)
    beyond = chosen is not None and costs.get(chosen.alternative, 0.0) > budget
    return _Verdict(score, by_name, chosen, recommend(candidates, costs), frame, beyond)


def _plans(view: View) -> tuple[str, ...]:
    """Return the alternatives that can be chosen: not the place as it is, which applies no measure."""
    alternatives = view.run.manifest.asked.alternatives
    if not alternatives:
        return view.others
    return tuple(
        name
        for name in view.run.alternatives
        if name in alternatives and (alternatives[name].measures or alternatives[name].portfolio)
    )


def _recommendation(view: View, outcome: _Verdict) -> Text:
    if outcome.recommended is None:
        return words("verdict.nothing")
    standing = outcome.standings[outcome.recommended.alternative]
    values: dict[str, object] = {
        "alternative": view.name(standing.alternative), "met": standing.met, "of": standing.of,
        "cost": _cost(view, outcome, standing.alternative), "gap": Quantity(100.0 * standing.shortfall, "%", 0),
        "then": words("verdict.then_parcels" if _breached(view) else "verdict.then_measures"),
    }  # fmt: skip
    if outcome.recommended.meets_all:
        return words("verdict.beyond" if outcome.beyond else "verdict.recommended", **values)
    dearer = outcome.unlimited is not None and outcome.unlimited.alternative != outcome.recommended.alternative
    return words("verdict.nearest_within" if dearer else "verdict.nearest", **values)


def _breached(view: View) -> bool:
    """Whether page one lists parcels that breach a limit."""
    states = parcel_states(view)
    return view.run.table("failing") is not None and states is not None and bool(states.failing)


def _cost(view: View, outcome: _Verdict, name: str) -> Text:
    row = _total(outcome, name)
    if row is None or not np.isfinite(row["present"]) or (row["unpriced"] and not row["present"]):
        return words("verdict.cost_unknown")
    cost = Quantity(float(row["present"]), view.money())
    if row["unpriced"]:
        return words("verdict.cost_at_least", cost=cost, measures=_measures([str(row["unpriced"])]))
    return cost


def _measures(lists: Iterable[str]) -> Text:
    """Return the titles of measures that stand in lists of names, each once."""
    names = dict.fromkeys(name for names in lists for name in names.split())
    return TextList(tuple(measure_title(name) for name in names), ", ")


def _total(outcome: _Verdict, name: str) -> Any:
    return outcome.totals.loc[name] if name in outcome.totals.index else None


def _worsened(view: View, outcome: _Verdict) -> Iterator[Block]:
    """Yield the objectives that the plan itself takes further from their targets, with both values."""
    plans = _plans(view)
    where = view.run.manifest.failing_in
    plan = where if where in plans else next(iter(plans), None)
    if plan is None or plan not in outcome.standings or plan == view.base:
        return
    worse = outcome.standings[plan].worse
    if worse:
        parts = TextList(tuple(_from_to(view, outcome, objective, plan) for objective in worse), "; ")
        yield Paragraph(words("verdict.worse", plan=view.name(plan), base=view.name(view.base), parts=parts), "warning")


def _from_to(view: View, outcome: _Verdict, objective: str, plan: str) -> Text:
    rows: Any = outcome.score[outcome.score["objective"] == objective].set_index("alternative")
    before, after = (_amount(float(rows.loc[name, "value"]), str(rows["unit"].iloc[0])) for name in (view.base, plan))
    indicator = named("indicator", str(rows["indicator"].iloc[0]))
    return words("verdict.from_to", indicator=indicator, before=before, after=after)


def _amount(value: float, unit: str) -> Text:
    """A value with its unit; a count stands alone."""
    return number(value, digits=0) if unit == "count" else Quantity(value, unit)


def _budget(view: View, outcome: _Verdict) -> Iterator[Block]:
    """Yield which objectives the portfolio within the budget reaches."""
    choice, alternatives = view.run.choice, view.run.manifest.asked.alternatives
    name = next((each for each in outcome.standings if each in alternatives and alternatives[each].portfolio), None)
    asked = next((each for each in alternatives if alternatives[each].portfolio), None)
    if asked is not None and asked not in view.run.alternatives:
        yield Paragraph(
            words("verdict.no_portfolio", alternative=TranslatedText.of(alternatives[asked].title)), "warning"
        )
    if choice is None or name is None:
        return
    standing, row = outcome.standings[name], _total(outcome, name)
    cost = choice.cost if row is None or row["unpriced"] else float(row["present"])
    values: dict[str, object] = {
        "budget": Quantity(choice.budget.total, view.money()), "cost": Quantity(cost, view.money()),
        "alternative": view.name(name), "met": standing.met, "of": standing.of,
    }  # fmt: skip
    if standing.met:
        yield Paragraph(words("verdict.budget_some", **values), appendix=True)  # the verdict and the table say it
    else:
        yield Paragraph(words("verdict.budget_none", **values), "warning")
    if cost > choice.budget.total * (1.0 + ROUNDING):
        yield Paragraph(words("verdict.over_budget", **values), "warning")
    if choice.budget.total - cost > UNSPENT * choice.budget.total:
        yield Paragraph(_unspent(view, values, choice.budget.total - cost))
    yield from _dear(view, outcome, choice.budget.total, within=name)


def _unspent(view: View, values: Mapping[str, object], rest: float) -> Text:
    """Tell why a portfolio leaves money: its balance of goals, nothing left to gain, or whole buildings and cells."""
    choice, head = view.run.choice, view.run.table("why")
    about = {**values, "unspent": Quantity(rest, view.money())}
    if choice is not None and choice.budget.trade_off:
        return words("verdict.unspent_balance", **about)
    floors = view.run.table("why_floors")
    if floors is not None and (floors["barred"] > 0.0).any():
        return words("verdict.unspent_floor", **about)
    if head is not None and len(head) and float(head["per_money"].iloc[0]) <= 0.0:
        return words("verdict.unspent_left", **about, indicator=named("indicator", str(head["indicator"].iloc[0])))
    return words("verdict.unspent_whole", **about)


def _dear(view: View, outcome: _Verdict, budget: float, *, within: str) -> Iterator[Block]:
    """Yield what would stand before all others if there were more money, where one does."""
    best = None if outcome.unlimited is None else outcome.unlimited.alternative
    row = None if best is None or best == within else _total(outcome, best)
    if best is None or row is None or row["unpriced"] or not row["present"] > budget * (1.0 + ROUNDING):
        return
    present = float(row["present"])
    yield Paragraph(
        share_of(
            "verdict.dear", present / budget, alternative=view.name(best), cost=Quantity(present, view.money()),
            budget=Quantity(budget, view.money()), within=view.name(within),
        ), "warning",
    )  # fmt: skip


def _table(view: View, outcome: _Verdict) -> Table:
    names = [name for name in view.run.alternatives if name in outcome.standings]
    totals = outcome.totals.reindex(names)
    if "annual_benefit" not in totals:
        totals = totals.assign(annual_benefit=np.nan, ratio=np.nan)
    frame = pd.DataFrame(
        {
            "alternative": cells(view.name(name) for name in names),
            "met": cells(_met(outcome.standings[name]) for name in names),
            "worse": cells(_worse(view, outcome.standings[name]) if name != view.base else "–" for name in names),
            "present": [_shown_cost(outcome, name) for name in names],
            "benefit": totals["annual_benefit"].to_numpy(np.float64),
            "ratio": totals["ratio"].to_numpy(np.float64),
            "conclusion": cells(_conclusion(view, outcome, name) for name in names),
        }
    )  # fmt: skip
    columns = [
        Column("alternative", words("verdict.alternative")), Column("met", words("verdict.met")),
        Column("worse", words("verdict.worse_than")), Column("present", words("measures.cost"), view.money()),
        Column("benefit", words("verdict.benefit"), view.money("{currency} year-1")),
        Column("ratio", words("verdict.ratio"), "", 2), Column("conclusion", words("verdict.conclusion")),
    ]  # fmt: skip
    return Table("verdict", words("verdict.table"), frame, columns, _note(view, outcome))


def _shown_cost(outcome: _Verdict, name: str) -> float:
    row = _total(outcome, name)
    return np.nan if row is None or row["unpriced"] or not row["present"] else float(row["present"])


def _met(standing: Standing) -> Text:
    parts: tuple[Text, ...] = (f"{standing.met} / {standing.of}",)
    return TextList((*parts, words("verdict.unknown", count=standing.unknown)), " ") if standing.unknown else parts[0]


def _worse(view: View, standing: Standing) -> Text:
    titles = {each.id: TranslatedText.of(each.title) for each in view.run.manifest.asked.objectives}
    return (
        TextList(tuple(titles[name] for name in standing.worse), "; ") if standing.worse else words("verdict.no_worse")
    )


def _conclusion(view: View, outcome: _Verdict, name: str) -> Text:
    if name not in _plans(view):
        return words("verdict.reference")
    if outcome.recommended is not None and outcome.recommended.alternative == name:
        if outcome.beyond and outcome.recommended.meets_all:
            return words("verdict.choose_beyond")
        return words("verdict.choose" if outcome.recommended.meets_all else "verdict.choose_nearest")
    standing = outcome.standings[name]
    if outcome.recommended is not None and _alike(outcome, name, outcome.recommended.alternative):
        return words("verdict.same_as", alternative=view.name(outcome.recommended.alternative))
    return words("verdict.meets_all" if standing.met == standing.of else "verdict.misses")


def _alike(outcome: _Verdict, one: str, other: str) -> bool:
    """Whether two alternatives stand alike by all that ranks them: objectives met, distance to the rest, cost."""
    first, second = outcome.standings[one], outcome.standings[other]
    costs = [_shown_cost(outcome, name) for name in (one, other)]
    same = np.isclose(costs[0], costs[1], rtol=ROUNDING, equal_nan=True)
    return bool(same and first.met == second.met and np.isclose(first.shortfall, second.shortfall, equal_nan=True))


def _note(view: View, outcome: _Verdict) -> Text:
    """What the benefit counts and against what, and what has no price."""
    notes: list[Text] = []
    if "ratio" in outcome.totals and outcome.totals["ratio"].notna().any():
        counted = [name for name in yearly_losses() if any(name in table for table in _units(view))]
        against = [view.name(str(name)) for name in dict.fromkeys(outcome.totals["against"]) if name]
        notes.append(
            words(
                "verdict.benefit_note", counted=TextList(tuple(named("indicator", name) for name in counted), ", "),
                against=TextList(tuple(against), ", "),
            )
        )  # fmt: skip
        notes += _unsold(view, outcome)
    if "unpriced" in outcome.totals:
        partly = outcome.totals[outcome.totals["unpriced"] != ""]
        if len(partly):
            notes.append(words("verdict.unpriced", measures=_measures(partly["unpriced"].astype(str))))
        rest = tuple(
            words("verdict.cost_of", alternative=view.name(str(name)), cost=Quantity(float(cost), view.money()))
            for name, cost in partly["present"].items()
            if cost
        )
        if rest:
            notes.append(words("verdict.priced_alone", parts=TextList(rest)))
    return TextList(tuple(notes), " ")


def _unsold(view: View, outcome: _Verdict) -> list[Text]:
    """What roofs send to the grid unpaid in alternatives with a benefit, and what pay would add."""
    if "energy_cost" not in yearly_losses():
        return []
    sent = {
        str(name): float(column.sum())
        for name in outcome.totals.index[outcome.totals["ratio"].notna()]
        if (column := view.column(str(name), "grid_export")) is not None
    }
    parts = tuple(
        words(
            "verdict.unsold_part", alternative=view.name(name), power=Quantity(kilowatt_hours, "kWh year-1"),
            pay=Quantity(PAY * kilowatt_hours, view.money("{currency} year-1")),
        )
        for name, kilowatt_hours in sent.items()
        if kilowatt_hours > 0.0
    )  # fmt: skip
    price = Quantity(PAY, view.money("{currency} kWh-1"), 1)
    return [words("verdict.unsold", price=price, parts=TextList(parts))] if parts else []


def _units(view: View) -> list[pd.DataFrame]:
    tables = (view.run.table(f"units/{name}") for name in view.run.alternatives)
    return [table for table in tables if table is not None]


def candidates(view: View) -> tuple[str, ...]:
    """Return the alternatives that can be chosen: not the place as it is, which applies no measure."""
    return _plans(view)


def recommendation(view: View, score: pd.DataFrame) -> Recommendation | None:
    """Return the alternative that a scorecard recommends, at the costs of the run; None without alternatives."""
    return _verdict(view, score).recommended


def beyond_budget(view: View, score: pd.DataFrame) -> bool:
    """Return whether the alternative that a scorecard recommends costs more than the budget."""
    return _verdict(view, score).beyond
