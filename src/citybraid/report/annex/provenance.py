"""Provenance codes: every value that the annex may state, by a code that resolves to its place in the run."""

import math
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import pandas as pd

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.integrate.learn.estimates import PRODUCT
from citybraid.planning.rows import controls, indicators
from citybraid.report.annex.counts import counts_of
from citybraid.report.chapter import Quantity, Text, TextList, TranslatedText, words
from citybraid.report.drawing.units import COUNTS, number, places, shown, significant
from citybraid.report.indicators import as_told, common_decimals, fitting, unit_tables
from citybraid.report.verdict.summary import recommendation
from citybraid.report.view import View, measure_title, measure_unit, named

LETTERS: Mapping[str, str] = {"lowcarbon": "C", "resilience": "R", "biodiversity": "B"}
"""First letter of an indicator's code, by strand; X for any other."""
OTHER = "X"
TOTALS: Mapping[str, str] = {
    "build": "{currency}", "present": "{currency}", "annual_cost": "{currency} year-1",
    "annual_benefit": "{currency} year-1", "ratio": "1", "net": "{currency}", "payback": "year",
}  # fmt: skip
"""Totals of an alternative that have codes, in their order, with their units."""
FLOWS = ("annual_cost", "annual_benefit")
"""What has codes of a party: what it pays and what it gains a year."""
MONEY = (*FLOWS, "cost_assumed", "benefit_assumed")
"""What has codes of all parties together: what is paid and gained, and how much of it is a party's by assumption."""
FLOOR_PARTS: Mapping[str, str] = {
    "share": "%", "placed": "%", "served": "%", "free": "%", "money": "{currency}", "missing": "{currency}",
    "barred": "{currency}", "lost": "",
}  # fmt: skip
"""What has codes of an equity floor, in their order, with their units; '' for that of the portfolio's goal."""
PARTS = ("quantity", "build", "present")
"""What has codes of a measure in an alternative: its quantity, the cost of building it, and its present cost."""
NAMED_COUNTS = frozenset({"indicator", "target"})
"""Kinds of values whose unit is said where it counts things; the names of other counts say what they count."""
DIGITS: Mapping[str, int] = {"1": 2, "m": 2, "%": 1, "person": 0, "count": 0}
"""Decimals of a control's value by its unit."""


class Address(NamedTuple):
    """Where a value stands in a run, the same in every version of the program: kind, name, alternative and place."""

    kind: str
    name: str
    alternative: str = ""
    place: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}@{self.alternative}/{self.place}"


class Value(NamedTuple):
    """A value with its code, its name, its unit and its place; NaN where the run has none."""

    code: str
    address: Address
    title: Text
    amount: float
    unit: str
    digits: int | None = None
    exact: float | None = None
    """The amount before rounding, where it is rounded."""

    @property
    def raw(self) -> float:
        """The amount before rounding: what is compared with targets."""
        return self.amount if self.exact is None else self.exact

    @property
    def known(self) -> bool:
        """Whether the run has a value here."""
        return math.isfinite(self.amount)

    @property
    def plain(self) -> Text:
        """The value with its unit, without the code; what is not computed is said so."""
        if not self.known:
            return words("annex.not_computed")
        if self.unit == "1" or (self.unit == "count" and self.address.kind not in NAMED_COUNTS):
            return number(self.amount, digits=self.digits)
        return Quantity(self.amount, self.unit, self.digits)

    @property
    def coded(self) -> Text:
        """The value with its unit and its code."""
        return words("annex.coded", value=self.plain, code=self.code)


@dataclass(frozen=True)
class Codes:
    """The codes of a run: values are looked up by what they are, and codes by their text.

    Codes are numbers in the order of the tables: `R2-07-03` is the seventh indicator of resilience in the second
    alternative and the third unit (00: the whole area); `P2-0012-03` the third control of the twelfth parcel.
    `J-03-017` is the joint effect of the third pair of measures on the seventeenth of all indicators.
    T are targets, E totals, F money of parties and M measures of an alternative, U measures by unit, Q equity floors,
    K parcels in breach, S counts.
    `used` holds the values that documents have stated.
    """

    view: View
    used: dict[str, Value] = field(default_factory=dict)

    @cached_property
    def _tables(self) -> dict[str, pd.DataFrame | None]:
        return {}

    def table(self, name: str) -> pd.DataFrame | None:
        """Return one of the run's tables, read once."""
        if name not in self._tables:
            self._tables[name] = self.view.run.table(name)
        return self._tables[name]

    @cached_property
    def unit_tables(self) -> Mapping[str, pd.DataFrame]:
        """The tables of indicators by unit, by alternative."""
        return unit_tables(self.view)

    def say(self, value: Value) -> Text:
        """Return a value with its code, and note that it was stated."""
        self.used[value.code] = value
        return value.coded

    def note(self, value: Value) -> Value:
        """Note that a value was stated by a code of its row and column."""
        self.used[value.code] = value
        return value

    def number(self, alternative: str) -> int:
        """Return the number of an alternative, from 1."""
        return self.view.run.alternatives.index(alternative) + 1

    @cached_property
    def zones(self) -> Mapping[str, int]:
        """Numbers of the units, the whole area 0."""
        table = next(iter(self.unit_tables.values()), None)
        names = [] if table is None else [str(name) for name in table.index if name != WHOLE_AREA]
        return {WHOLE_AREA: 0, **{name: at for at, name in enumerate(names, 1)}}

    @cached_property
    def parcels(self) -> Mapping[str, int]:
        """Numbers of the parcels, in the order of the plan."""
        shapes = self.view.shapes(self.view.base, "parcels")
        return {} if shapes is None else {str(name): at for at, name in enumerate(shapes.index, 1)}

    @cached_property
    def _places(self) -> Mapping[str, str]:
        """Letter and number of each indicator."""
        numbers: dict[str, int] = {}
        places = {}
        for row in indicators().values():
            letter = LETTERS.get(row.strand, OTHER)
            numbers[letter] = numbers.get(letter, 0) + 1
            places[row.id] = f"{letter}#-{numbers[letter]:02d}"
        return places

    @cached_property
    def _controls(self) -> Mapping[str, int]:
        return {name: at for at, name in enumerate(controls(), 1)}

    @cached_property
    def _rows(self) -> dict[str, Mapping[tuple[str, str], Mapping[Hashable, Any]]]:
        return {}

    def column_code(self, indicator: str, alternative: str) -> str:
        """Return the code of an indicator in an alternative without a place."""
        return self._places[indicator].replace("#", str(self.number(alternative)))

    def row_code(self, parcel: str, alternative: str) -> str:
        """Return the code of a parcel in an alternative without a control."""
        return f"P{self.number(alternative)}-{self.parcels[parcel]:04d}"

    def control_number(self, control: str) -> str:
        """Return the number of a control, the end of a code."""
        return f"{self._controls[control]:02d}"

    def indicator(self, name: str, alternative: str, zone: str = WHOLE_AREA) -> Value:
        """Return an indicator's value; NaN where it was not computed."""
        raw = float(str(self._unit_values.get(alternative, {}).get(name, {}).get(zone, math.nan)))
        unit = self.view.unit_of(name)
        code = f"{self.column_code(name, alternative)}-{self.zones[zone]:02d}"
        address = Address("indicator", name, alternative, zone)
        amount, decimals = as_told(raw, unit), _places(raw, unit)
        if shown(unit).digits is None and unit not in COUNTS:
            decimals = self._decimals(name, raw)
        return Value(code, address, self._titles[name], amount, unit, decimals, raw)

    def _decimals(self, name: str, value: float) -> int | None:
        """Return the decimals of an indicator whose unit has none: the same everywhere, as in its table."""
        if name not in self._common:
            self._common[name] = common_decimals(self.view, name)
        return fitting(self._common[name], [value])

    @cached_property
    def _common(self) -> dict[str, int | None]:
        return {}

    @cached_property
    def _unit_values(self) -> Mapping[str, Mapping[str, Mapping[str, object]]]:
        """The tables of indicators by alternative, indicator and unit."""
        return {
            alternative: {str(name): dict(zip(map(str, table.index), table[name], strict=True)) for name in table}
            for alternative, table in self.unit_tables.items()
        }

    @cached_property
    def _titles(self) -> Mapping[str, Text]:
        return {name: named("indicator", name) for name in indicators()}

    def control(self, name: str, parcel: str, alternative: str) -> Value:
        """Return a control's value on a parcel: as the plan states it, else its limit, else as computed."""
        row = self.control_rows(alternative).get((parcel, name), {})
        amounts = [float(row[part]) for part in ("stated", "limit", "computed") if row.get(part) is not None]
        amount = next((each for each in amounts if math.isfinite(each)), math.nan)
        code = f"{self.row_code(parcel, alternative)}-{self.control_number(name)}"
        unit = controls()[name].unit or "1"
        return Value(code, Address("control", name, alternative, parcel), named("control", name), amount, unit,
                     DIGITS.get(unit))  # fmt: skip

    def control_rows(self, alternative: str) -> Mapping[tuple[str, str], Mapping[Hashable, Any]]:
        """Return the rows of an alternative's control table that are no gaps, by parcel and control."""
        if alternative not in self._rows:
            table = self.table(f"controls/{alternative}")
            rows = [] if table is None else table[table["state"] != "gap"].to_dict("records")
            self._rows[alternative] = {(str(row["parcel"]), str(row["control"])): row for row in rows}
        return self._rows[alternative]

    def target(self, objective: str) -> Value:
        """Return the target of an objective."""
        objectives = self.view.run.manifest.asked.objectives
        at = next(at for at, each in enumerate(objectives) if each.id == objective)
        unit = self.view.unit_of(objectives[at].indicator) if objectives[at].indicator in indicators() else "1"
        title = TranslatedText.of(objectives[at].title)
        return Value(
            f"T-{at + 1:02d}",
            Address("target", objective),
            title,
            objectives[at].target,
            unit,
            _places(objectives[at].target, unit),
        )

    def total(self, name: str, alternative: str) -> Value:
        """Return a total of an alternative: what it costs or saves; NaN where a measure has no price."""
        row = self._appraised(alternative)
        amount = float(row[name]) if name in row and not row["unpriced"] else math.nan
        code = f"E{self.number(alternative)}-{list(TOTALS).index(name) + 1:02d}"
        unit, digits = self.view.money(TOTALS[name]), {"ratio": 2, "payback": 1}.get(name)
        return Value(code, Address("total", name, alternative), words(f"annex_total.{name}"), amount, unit, digits)

    @cached_property
    def _flows(self) -> Mapping[tuple[str, str], Mapping[Hashable, Any]]:
        """Rows of the table of parties, by alternative and party."""
        table = self.table("parties")
        rows = [] if table is None else table.to_dict("records")
        return {(str(row["alternative"]), str(row["party"])): row for row in rows}

    def parties(self, alternative: str) -> tuple[str, ...]:
        """Return the parties that pay or gain in an alternative."""
        return tuple(party for where, party in self._flows if where == alternative and party != WHOLE_AREA)

    def paid(self, party: str, alternative: str, flow: str) -> Value:
        """Return what a party pays or gains a year, or what of all parties' money is theirs by assumption."""
        unit = self.view.money("{currency} year-1")
        amount = significant(float(self._flows.get((alternative, party), {}).get(flow, math.nan)), unit)
        at = 0 if party == WHOLE_AREA else self.parties(alternative).index(party) + 1
        code = f"F{self.number(alternative)}-{at:02d}-{MONEY.index(flow) + 1}"
        who = words("parties.all") if party == WHOLE_AREA else words(f"party.{party}")
        title = words("annex.flow_title", party=who, flow=words(f"annex_flow.{flow}"))
        return Value(code, Address(flow, party, alternative), title, amount, unit)

    def never_pays(self, alternative: str) -> float:
        """Return the life of an alternative's measures that they do not pay back within [year], NaN where they do."""
        row = self._appraised(alternative)
        known, pays = (math.isfinite(row.get(name, math.nan)) for name in ("net", "payback"))
        return float(row["life"]) if known and not pays else math.nan

    def compared_with(self, alternative: str) -> str:
        """Return the alternative without measures that costs and benefits are counted against, "" for none."""
        return str(self._appraised(alternative).get("against", ""))

    def _appraised(self, alternative: str) -> Mapping[Hashable, Any]:
        """Return the row of an alternative in the table of costs and benefits, empty where there is none."""
        table = self.table("appraisal")
        rows = [] if table is None else table[table["alternative"] == alternative].to_dict("records")
        return rows[0] if rows else {}

    @cached_property
    def costs(self) -> Mapping[tuple[str, str], Mapping[Hashable, Any]]:
        """Rows of the table of costs, by alternative and measure."""
        table = self.table("costs")
        rows = [] if table is None else table.to_dict("records")
        return {(str(row["alternative"]), str(row["measure"])): row for row in rows}

    @cached_property
    def _measures(self) -> tuple[str, ...]:
        table = self.table("installed")
        installed = [] if table is None else [str(name) for name in table.columns]
        return tuple(dict.fromkeys([*(name for _, name in self.costs), *installed]))

    def measure(self, name: str, alternative: str, part: str) -> Value:
        """Return the quantity of a measure in an alternative, or what it costs: NaN where it has no price."""
        row = self.costs.get((alternative, name), {})
        counted = measure_unit(name, str(row.get("unit", "")) or "count")
        unit = counted if part == "quantity" else self.view.money()
        code = f"M{self.number(alternative)}-{self._measures.index(name) + 1:02d}-{PARTS.index(part) + 1}"
        amount, digits = significant(float(row.get(part, math.nan)), unit), 0 if unit == "count" else None
        return Value(code, Address(part, name, alternative), measure_title(name), amount, unit, digits)

    def installed(self, measure: str, zone: str) -> Value:
        """Return the amount of a measure that the portfolio takes in a unit."""
        table, choice = self.table("installed"), self.view.run.choice
        amount = math.nan if table is None or measure not in table else float(table[measure].get(zone, math.nan))
        unit = choice.prices[measure].unit if choice is not None and measure in choice.prices else ""
        code = f"U-{self._measures.index(measure) + 1:02d}-{self.zones[zone]:02d}"
        amount, unit = significant(amount, unit), measure_unit(measure, unit or "count")
        return Value(code, Address("installed", measure, "", zone), measure_title(measure), amount, unit,
                     _places(amount, unit))  # fmt: skip

    @cached_property
    def floors(self) -> Sequence[Mapping[Hashable, Any]]:
        """Rows of the equity floors of the portfolio, in the order of the budget."""
        table = self.table("why_floors")
        return [] if table is None or self.portfolio is None else table.to_dict("records")

    @property
    def portfolio(self) -> str | None:
        """The alternative that the portfolio was chosen for, None where there is none."""
        asked = self.view.run.manifest.asked.alternatives
        return next((name for name in self.view.run.alternatives if name in asked and asked[name].portfolio), None)

    def floor(self, number: int, part: str) -> Value:
        """Return a part of an equity floor, counted from 0: shares in per cent, money, what the goal loses for it."""
        raw, head = float(self.floors[number].get(part, math.nan)), self.table("why")
        goal = "" if head is None or FLOOR_PARTS[part] else str(head["indicator"].iloc[0])
        unit = self.view.unit_of(goal) if goal else self.view.money(FLOOR_PARTS[part])
        share = FLOOR_PARTS[part] == FLOOR_PARTS["share"]
        amount = round(100.0 * raw, 1) if share else significant(raw, unit, digits=3)
        title = words("annex.floor_value", number=number + 1, part=words(f"annex_floor.{part}"))
        return Value(
            f"Q-{number + 1:02d}-{list(FLOOR_PARTS).index(part) + 1}",
            Address(f"floor_{part}", goal, str(self.portfolio), str(number + 1)),
            title, amount, unit, int(amount % 1.0 != 0.0) if share else _places(amount, unit),
            100.0 * raw if share else raw,
        )  # fmt: skip

    @cached_property
    def joint_rows(self) -> Mapping[tuple[str, str], Mapping[Hashable, Any]]:
        """Rows of the joint effects of pairs on the whole area that are sure or unsure, by pair and indicator."""
        table = self.table("interaction_effects")
        if table is None:
            return {}
        rows = table[(table["order"] == 2) & table["kind"].isin(JOINT)].to_dict("records")  # noqa: PLR2004  (a pair)
        return {(str(row["term"]), str(row["indicator"])): row for row in rows if str(row["indicator"]) in indicators()}

    @cached_property
    def pairs(self) -> tuple[str, ...]:
        """Pairs of measures with joint effects, in the order of the table."""
        return tuple(dict.fromkeys(term for term, _ in self.joint_rows))

    def pair_code(self, term: str) -> str:
        """Return the code of a pair without an indicator."""
        return f"J-{self.pairs.index(term) + 1:02d}"

    def joint_column(self, indicator: str) -> str:
        """Return the end of the code of a joint effect on an indicator."""
        return f"{list(indicators()).index(indicator) + 1:03d}"

    def joint(self, term: str, indicator: str) -> Value:
        """Return what both measures of a pair change beyond the sum of what each does alone."""
        row, unit = self.joint_rows[term, indicator], self.view.unit_of(indicator)
        title = words("annex.joint_title", pair=pair_title(term), indicator=self._titles[indicator])
        code, raw = f"{self.pair_code(term)}-{self.joint_column(indicator)}", float(row["effect"])
        rounded = significant(raw, unit, digits=3)
        return Value(code, Address("joint", indicator, "", term), title, rounded, unit, _places(rounded, unit), raw)

    @cached_property
    def counts(self) -> Mapping[str, Value]:
        """Counts of the run, such as its parcels and the objectives met, by name."""
        return {
            each.name: Value(
                f"S-{at:02d}", Address("count", each.name), each.title, each.amount, each.unit, each.digits
            )
            for at, each in enumerate(counts_of(self.view), 1)
        }

    def breaches(self, control: str, alternative: str) -> tuple[Value, Value]:
        """Return how many parcels breach a control and how many were checked against it."""
        rows = [row for (_, name), row in self.control_rows(alternative).items() if name == control]
        counts = {part: sum(row["state"] in states for row in rows) for part, states in CHECKED.items()}
        failed, checked = (
            Value(f"K{self.number(alternative)}-{self.control_number(control)}-{at}",
                  Address(part, control, alternative), words(f"annex.{part}", control=named("control", control)),
                  float(count), "count", 0)
            for at, (part, count) in enumerate(counts.items(), 1)
        )  # fmt: skip
        return failed, checked

    @cached_property
    def statuses(self) -> Mapping[str, str]:
        """Whether each parcel is planned or exists, where files state it."""
        column = self.view.column(self.view.base, "parcel_status")
        return {} if column is None else {str(name): str(status) for name, status in column.items()}

    @cached_property
    def plan(self) -> str:
        """The alternative that the annex is written for: the recommended one, else the checked one, else the base."""
        score = self.table("scorecard")
        advice = None if score is None else recommendation(self.view, score)
        return self.sheet_alternative if advice is None else advice.alternative

    @property
    def sheet_alternative(self) -> str:
        """The alternative whose parcels were checked."""
        return self.view.run.manifest.failing_in or self.view.base

    @cached_property
    def every(self) -> Sequence[Value]:
        """Every value of the run that has a code, parcels in the alternative that was checked alone."""
        return tuple(self._every())

    def _every(self) -> Iterator[Value]:
        view = self.view
        yield from self.counts.values()
        yield from (self.target(each.id) for each in view.run.manifest.asked.objectives)
        for alternative, table in self.unit_tables.items():
            for name in indicators():
                if name in table:
                    yield from (self.indicator(name, alternative, zone) for zone in self.zones)
        if self.table("appraisal") is not None:
            yield from (self.total(name, each) for each in view.run.alternatives for name in TOTALS)
        for each, party in self._flows:
            yield from (self.paid(party, each, flow) for flow in (FLOWS if party != WHOLE_AREA else MONEY))
        yield from (self.measure(name, each, part) for each, name in self.costs for part in PARTS)
        if (installed := self.table("installed")) is not None:
            zones = [str(zone) for zone in installed.index if str(zone) in self.zones]
            yield from (self.installed(str(name), zone) for name in installed for zone in zones)
        yield from (self.joint(*place) for place in self.joint_rows)
        yield from (self.floor(at, part) for at in range(len(self.floors)) for part in FLOOR_PARTS)
        where = self.sheet_alternative
        for name in dict.fromkeys(name for _, name in self.control_rows(where)):
            yield from self.breaches(name, where)
        for parcel, name in self.control_rows(where):
            if (value := self.control(name, parcel, where)).known:
                yield value

    @cached_property
    def by_text(self) -> Mapping[str, Value]:
        """Every value by its code and by its address."""
        return {text: value for value in self.every for text in (value.code, str(value.address))}


JOINT = frozenset({"help", "hinder", "unsure"})
"""Kinds of joint effects that have codes: additive pairs have none."""


def pair_title(term: str) -> Text:
    """Return the name of a pair of measures."""
    return TextList(tuple(measure_title(name) for name in term.split(PRODUCT)), " × ")


CHECKED: Mapping[str, frozenset[str]] = {
    "failed": frozenset({"failed"}), "checked": frozenset({"failed", "passed"}),
}  # fmt: skip
"""States of controls that count as breached, and as checked."""


def _places(value: float, unit: str) -> int | None:
    """Return the decimals of a value where its unit's are more than four significant digits; None for the unit's."""
    decimals = places(value, unit)
    return None if decimals == shown(unit).digits and unit not in COUNTS else decimals
