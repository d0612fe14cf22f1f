"""Prices of measures from factor rows, with their status for the budget."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from citybraid.core.errors import InputError, StudyError
from citybraid.core.factor import STATUSES, Factor, FactorBook, Resolved
from citybraid.kernels.risk.cost_benefit import present_value

ASSUMED = "assumed"
COUNTED = {"person", "1", ""}
"""Units of counts, which a price may name or omit."""


@dataclass(frozen=True)
class Price:
    """What a unit of a measure costs [currency of the study, per unit of its quantity].

    `present` is the cost of building plus the present value of upkeep over the
    lifetime; `status` the least certain of the rows it rests on; `carbon_row` the
    embodied carbon per unit, None where no row gives it.
    """

    build: float
    upkeep: float
    lifetime: float
    present: float
    status: str
    rows: tuple[Factor, ...]
    carbon_row: Factor | None = None
    level: "Level | None" = None
    """Money that the price was in, and what it was brought to; None where no row tells the year."""

    @property
    def carbon(self) -> float | None:
        """The embodied carbon [kg per unit], None where no row gives it."""
        return None if self.carbon_row is None else self.carbon_row.value

    @property
    def assumed(self) -> bool:
        """Whether the price rests on an assumed row."""
        return any(row.status == ASSUMED for row in self.rows)

    @property
    def discount_rate(self) -> float:
        """The rate that upkeep is discounted at: the last of the rows."""
        return self.rows[-1].value


@dataclass(frozen=True)
class Level:
    """Price level of a construction price: the year of its source, the year of the money it is in now, their ratio."""

    year: int
    now: int
    ratio: float


@dataclass(frozen=True)
class PriceList:
    """Prices by measure name, and the measures that have none with the factors they lack."""

    known: Mapping[str, Price]
    missing: Mapping[str, tuple[str, ...]]


def prices(measures: Iterable[str], book: FactorBook, *, region: str, year: int) -> PriceList:
    """Return the prices of measures: building, upkeep, lifetime and the discount rate must all be known.

    A measure is named as its rows are keyed, with what its parameters make of it where that has a price of its own
    (new_stops/metro). Nothing is filled in: a measure without one of the rows is listed as missing. Where a row
    measure_price_year of the same source tells the year of a price, or of an upkeep (measure/upkeep), it is brought to
    the study's year by the consumer price index, or to the last year of the index. What a model ranks by has its price
    in that model's factor: wildlife_crossing/culvert is row culvert of wildlife_crossing_cost.
    """
    tables = {
        name: _rows(book, name, region=region, year=year)
        for name in ("measure_cost", "measure_upkeep", "measure_lifetime", "measure_embodied_carbon")
    }
    levels = _Levels.of(book, region=region, year=year)
    rate = _rows(book, "discount_rate", region=region, year=year).get("")
    known: dict[str, Price] = {}
    missing: dict[str, tuple[str, ...]] = {}
    for measure in sorted(measures):
        needed = {name: tables[name].get(measure) for name in ("measure_cost", "measure_upkeep", "measure_lifetime")}
        needed["measure_cost"] = needed["measure_cost"] or _by_kind(book, measure, region=region, year=year)
        rows = [*needed.values(), rate]
        available = tuple(row for row in rows if row is not None)
        if len(available) < len(rows):
            lacking = [name for name, row in needed.items() if row is None]
            missing[measure] = tuple(lacking if rate is not None else [*lacking, "discount_rate"])
            continue
        known[measure] = _price(measure, available, tables["measure_embodied_carbon"].get(measure), levels)
    return PriceList(known, missing)


def prices_by_name(keys: Mapping[str, str], book: FactorBook, *, region: str, year: int) -> PriceList:
    """Return the prices of measures by name, from the keys of their rows by name (`Use.price_key`)."""
    listed = prices(keys.values(), book, region=region, year=year)
    return PriceList(
        {name: listed.known[key] for name, key in keys.items() if key in listed.known},
        {name: listed.missing[key] for name, key in keys.items() if key in listed.missing},
    )


def refuse_assumed(known: Mapping[str, Price], *, assumed_prices_allowed: bool) -> None:
    """Raise StudyError where a price rests on an assumed row and the study is not synthetic."""
    assumed = sorted(name for name, price in known.items() if price.assumed)
    if assumed and not assumed_prices_allowed:
        raise StudyError("choose.assumed_prices", measures=assumed)


def refuse_unusable(known: Mapping[str, Price], units: Mapping[str, str], *, currency: str) -> None:
    """Raise StudyError for a price below 0, a lifetime not above 0, or a unit that is not that of the quantity.

    `units` gives the unit of each measure's quantity: prices must be in the study's `currency` per that unit,
    and per year for upkeep, so that ten thousands or another quantity do not slip in; embodied carbon in kg per that
    unit, so that tonnes do not. The discount rate is a share, so that 6 for 6 % does not slip in.
    """
    for name, price in known.items():
        cost, upkeep, lifetime, rate = price.rows
        if _powers(rate.unit) != {} or not 0.0 <= rate.value < 1.0:
            raise StudyError("choose.rate_unusable", got=f"{rate.value:g} {rate.unit}".strip())
        by_unit = _powers(units[name]) or {}
        each = {part: -power for part, power in by_unit.items()}
        carbon, per = price.carbon_row, each | {currency: 1}
        if carbon is not None and (_powers(carbon.unit) != each | {"kg": 1} or not carbon.value >= 0.0):
            raise StudyError(
                "choose.carbon_unusable", factor=carbon.factor, measure=name, got=f"{carbon.value:g} {carbon.unit}",
                needs=_unit_text(each | {"kg": 1}, "kg"),
            )  # fmt: skip
        checks = ((cost, per, 0.0), (upkeep, per | {"year": -1}, 0.0), (lifetime, {"year": 1}, 1e-9))
        for row, needed, least in checks:
            if _powers(row.unit) != needed or not row.value >= least:
                raise StudyError(
                    "choose.price_unusable", factor=row.factor, measure=name, got=f"{row.value:g} {row.unit}",
                    needs=_unit_text(needed, currency),
                )  # fmt: skip


def _powers(unit: str) -> dict[str, int] | None:
    """Return the exponents of a unit's parts, without units of counts; None for text that is no such unit."""
    powers: dict[str, int] = {}
    for part in unit.split():
        match = re.fullmatch(r"([^\W\d_]+)(-?\d+)?|1", part)
        if match is None:
            return None
        if (match[1] or "") not in COUNTED:
            powers[match[1]] = int(match[2] or 1)
    return powers


def _unit_text(powers: Mapping[str, int], currency: str) -> str:
    ordered = sorted(powers.items(), key=lambda pair: (pair[0] != currency, pair[0] == "year"))
    return " ".join(name if power == 1 else f"{name}{power}" for name, power in ordered)


def embodied_by_key(book: FactorBook, *, region: str, year: int) -> Mapping[str, float]:
    """Return the embodied carbon of measures [kg per unit of their quantity], by the keys of their rows."""
    return {key: row.value for key, row in _rows(book, "measure_embodied_carbon", region=region, year=year).items()}


def _rows(book: FactorBook, name: str, *, region: str, year: int) -> Mapping[str, Factor]:
    try:
        resolved: Resolved = book.resolve(name, region=region, year=year)
    except InputError:
        return {}
    return resolved.rows


def _by_kind(book: FactorBook, measure: str, *, region: str, year: int) -> Factor | None:
    """Return the price of a kind from the factor <measure>_cost, None where the key names none or has no row there."""
    name, _, kind = measure.partition("/")
    return _rows(book, f"{name}_cost", region=region, year=year).get(kind) if kind else None


@dataclass(frozen=True)
class _Levels:
    """Years of prices by measure, and the consumer price index by year."""

    years: Mapping[str, Factor]
    index: Mapping[int, float]
    year: int

    @classmethod
    def of(cls, book: FactorBook, *, region: str, year: int) -> "_Levels":
        index = {
            int(key): row.value for key, row in _rows(book, "consumer_price_index", region=region, year=year).items()
        }
        return cls(_rows(book, "measure_price_year", region=region, year=year), index, year)

    def level(self, row: Factor, key: str) -> Level | None:
        """Return the price level of a row; None where its own source tells no year, or the index does not reach it."""
        index_value = self.years.get(key)
        if index_value is None or index_value.source != row.source or int(index_value.value) not in self.index:
            return None
        now = max((year for year in self.index if year <= self.year), default=min(self.index))
        return Level(int(index_value.value), now, self.index[now] / self.index[int(index_value.value)])


def _price(measure: str, rows: tuple[Factor, ...], carbon: Factor | None, levels: _Levels) -> Price:
    build, upkeep, lifetime, rate = (row.value for row in rows)
    level, kept = levels.level(rows[0], measure), levels.level(rows[1], f"{measure}/upkeep")
    build, upkeep = build * (level.ratio if level else 1.0), upkeep * (kept.ratio if kept else 1.0)
    return Price(
        build=build,
        upkeep=upkeep,
        lifetime=lifetime,
        present=build + present_value(upkeep, years=lifetime, rate=rate),
        status=max((row.status for row in rows), key=STATUSES.index),
        rows=rows,
        carbon_row=carbon,
        level=level,
    )
