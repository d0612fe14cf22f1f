"""What a value of the annex rests on: its Steps, factor rows by status, its range, and its status light."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.planning.rows import indicators, quantities_of
from citybraid.report.annex.provenance import FLOOR_PARTS, MONEY, Codes, Value
from citybraid.report.remarks.basis import SURE, UNSURE, basis_of

LIGHTS = ("outside", "unsure", "verified", "given", "stated", "counted", "missing")
"""Status lights: outside its published range; resting on recalled or assumed factors; computed with verified factors
alone; read from input files; stated by the plan or the study; counted in the run; not computed."""
KEY = 8
"""Letters of a key that are shown."""
ENDS = ("low", "high")
EMISSIONS = "total_emissions"
COUNTS = frozenset({"count", "failed", "checked", "quantity", "installed"})
"""Kinds of values that count what the run holds."""
COSTS = frozenset({"total", "build", "present", *MONEY, *(f"floor_{part}" for part in FLOOR_PARTS if part != "share")})
"""Kinds of values that rest on prices."""
COMPUTED = frozenset({"indicator", "joint", "floor_lost"})
"""Kinds of values that rest on the models of an indicator."""


class Basis(NamedTuple):
    """The Steps that made some quantities, by key, and their factor rows: those that are sure, and the others."""

    steps: tuple[str, ...]
    sure: int
    unsure: int


class Span(NamedTuple):
    """The range of a value and where it comes from: filled values, or ranges of factors."""

    low: float
    high: float
    source: str


@dataclass(frozen=True)
class Evidence:
    """Looks up what values rest on; what is behind the same quantities is traced once."""

    codes: Codes
    _known: dict[tuple[str, frozenset[str]], Basis] = field(default_factory=dict)

    def basis(self, value: Value) -> Basis:
        """Return what a value rests on; nothing for what the study or the plan states."""
        kind, name, alternative, _ = value.address
        if kind in COMPUTED:
            return self._basis(alternative or self.codes.view.base, quantities_of(name))
        if kind == "control":
            row = self.codes.control_rows(alternative).get((value.address.place, name), {})
            return self._basis(alternative, str(row.get("evidence", "")).split())
        if kind in COSTS:
            return self._prices(name, alternative, kind)
        return Basis((), 0, 0)

    def models(self, value: Value) -> tuple[str, ...]:
        """Return the models whose Steps made a value."""
        return tuple(dict.fromkeys(self._models[key] for key in self.basis(value).steps))

    @cached_property
    def _models(self) -> Mapping[str, str]:
        """Models by the keys of their Steps."""
        view = self.codes.view
        return {step.key: step.model for made in view.makers.values() for step in made.values()}

    def light(self, value: Value) -> str:
        """Return the status light of a value."""
        kind, name, alternative, place = value.address
        if not value.known:
            return "missing"
        if kind in COUNTS:
            return "counted"
        if kind == "indicator" and (name, alternative) in self._outside and place == WHOLE_AREA:
            return "outside"
        if kind == "target":
            objective = next(each for each in self.codes.view.run.manifest.asked.objectives if each.id == name)
            return "unsure" if objective.status in UNSURE else "stated"
        basis = self.basis(value)
        if basis.unsure or (kind in COMPUTED and indicators()[name].status in UNSURE):
            return "unsure"
        if basis.steps or basis.sure:
            return "verified"
        return "given" if kind == "indicator" else "stated"

    def span(self, value: Value) -> Span | None:
        """Return the range of an indicator, None where none is known."""
        kind, name, alternative, zone = value.address
        if kind != "indicator":
            return None
        if zone == WHOLE_AREA and (band := self._factor_band(name, alternative)) is not None:
            return band
        table = self.codes.table(f"bands/{alternative}")
        rows = None if table is None else table[(table["indicator"] == name) & (table["zone"] == zone)]
        if rows is None or rows.empty:
            return None
        return Span(float(rows["low"].iloc[0]), float(rows["high"].iloc[0]), "filled")

    def _factor_band(self, name: str, alternative: str) -> Span | None:
        """Return the band of the total that comes from the ranges of all factors, for the indicators that read it."""
        reading = indicators()[name].reading
        per_head = reading.statistic == "quotient" and reading.var in indicators()
        total = indicators()[reading.var].reading if per_head else reading
        table = self.codes.table(f"factor_band/{alternative}")
        if table is None or total.var != EMISSIONS or total.statistic != "number":
            return None
        band = {str(key): float(number) for key, number in table.iloc[0].items() if key in {*ENDS, "value", "people"}}
        people = self.codes.indicator(reading.second, alternative).amount if per_head else 1.0
        scale = total.scale * (reading.scale if per_head else 1.0) / people
        return Span(band["low"] * scale, band["high"] * scale, "factors")

    @cached_property
    def _outside(self) -> frozenset[tuple[str, str]]:
        table = self.codes.table("plausibility")
        if table is None:
            return frozenset()
        rows = table[table["outside"]]
        return frozenset(zip(rows["quantity"].astype(str), rows["alternative"].astype(str), strict=True))

    def _basis(self, alternative: str, quantities: Iterable[str]) -> Basis:
        place = (alternative, frozenset(quantities))
        if place not in self._known:
            view = self.codes.view
            basis = basis_of(view, alternative, place[1])
            layers, makers = view.layers[alternative], view.makers[alternative]
            keys = [layer.key for name in sorted(place[1]) for layer in layers.get(name, {}).values()]
            steps = tuple(dict.fromkeys(makers[key].key for key in keys if key in makers))
            sure = sum(row.status in SURE for row in basis.rows.values())
            self._known[place] = Basis(steps, sure, basis.unsure)
        return self._known[place]

    def _prices(self, name: str, alternative: str, kind: str) -> Basis:
        """Return the prices behind a cost: of all measures of an alternative for a total, else of the measure."""
        rows = [
            row for (where, measure), row in self.codes.costs.items()
            if where == alternative and (kind not in {"build", "present"} or measure == name)
        ]  # fmt: skip
        sure = sum(self._status_of_price(row) in SURE for row in rows)
        return Basis((), sure, len(rows) - sure)

    def _status_of_price(self, row: Mapping[Hashable, Any]) -> str:
        """Return the status of a measure's price; runs before it was kept with costs have it with their choice."""
        choice = self.codes.view.run.choice
        listed = None if choice is None else choice.prices.get(str(row["measure"]))
        return str(row.get("status", "" if listed is None else listed.status))


def short(keys: Iterable[str]) -> str:
    """Return keys as they are shown."""
    return " ".join(key[:KEY] for key in keys)
