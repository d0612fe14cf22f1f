"""Sources of uncertainty in flood damage: rain, roughness, floors, curves, values; spread as factor rows state."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from citybraid.core.factor import Factor, Resolved
from citybraid.core.model import Params
from citybraid.core.spread import has_distribution, value_at
from citybraid.core.var import Factors
from citybraid.resilience.damage.damage_curves import own_rows
from citybraid.resilience.damage.floor_heights import height_rows, heights_vary

Floats = NDArray[np.float64]
EMULATOR = "emulator"
PRICES = ("currency", "price_level")


class DrawParams(Params):
    """Sample size and seed."""

    draws: Literal[64, 128, 256, 512, 1024, 2048] = 256
    """Base sample of Saltelli's scheme; it is evaluated once for each source of spread, and twice more."""
    seed: int = Field(1, ge=0)
    """Seed of the sample: the same seed, the same draws."""


class DamageFactors(NamedTuple):
    """The factors of the flood damage model."""

    share: Factors
    sector: Factors
    value: Factors
    price: Factors
    rain: Factors
    manning: Factors
    floor: Factors


class Sample(NamedTuple):
    """Probability levels by source: rows in Saltelli's order, one column per source."""

    names: tuple[str, ...]
    levels: Floats

    def level(self, name: str) -> Floats:
        """Return a source's levels, one half throughout where it is not varied."""
        if name not in self.names:
            return np.full(len(self.levels), 0.5)
        return self.levels[:, self.names.index(name)]


def independent(rows: int, count: int) -> NDArray[np.bool_]:
    """Return which rows of Saltelli's sample are independent draws: the first and the last of each block."""
    place: NDArray[np.int64] = np.arange(rows) % (count + 2)
    chosen: NDArray[np.bool_] = (place == 0) | (place == count + 1)
    return chosen


def sources(facts: DamageFactors) -> tuple[str, ...]:
    """Return what is varied: rain, roughness, floor, "curve/<sector>", "value/<sector>", "price/<key>", emulator."""
    names = ["rain"] if any(map(has_distribution, _rows(facts.rain))) else []
    names += ["roughness"] if any(map(has_distribution, _rows(facts.manning))) else []
    names += ["floor"] if heights_vary(facts.floor) else []
    curves = {row.key.partition("/")[0] for row in _curve_rows(facts) if has_distribution(row)}
    names += [f"curve/{sector}" for sector in sorted(curves)]
    names += [f"value/{row.key}" for row in _rows(facts.value) if has_distribution(row) and row.key in _sectors(facts)]
    names += [f"price/{row.key}" for row in _price_rows(facts) if has_distribution(row)]
    return (*names, EMULATOR)


def rows_without_spread(facts: DamageFactors) -> tuple[str, ...]:
    """Return the factor rows of the damage model without a stated spread, as "factor: key"."""
    used = [
        *_rows(facts.rain), *_rows(facts.manning), *height_rows(facts.floor), *_curve_rows(facts),
        *(row for row in _rows(facts.value) if row.key in _sectors(facts)), *_price_rows(facts),
    ]  # fmt: skip
    certain = [row for row in used if not has_distribution(row) and not (row.low == row.high == row.value)]
    return tuple(f"{row.factor}: {row.key}" for row in certain)


def sample(facts: DamageFactors, p: DrawParams) -> Sample:
    """Return Saltelli's sample of the sources, by a scrambled Sobol sequence."""
    from SALib.sample import sobol

    names = sources(facts)
    levels = sobol.sample(_problem(names), p.draws, calc_second_order=False, seed=p.seed)
    return Sample(names, np.asarray(levels, np.float64))


def sobol_indices(names: tuple[str, ...], results: Floats, p: DrawParams) -> tuple[Floats, Floats]:
    """Return first-order and total indices of each source; NaN where the result does not vary."""
    from SALib.analyze import sobol as indices

    if not np.ptp(results) > 0.0:
        undefined = np.full(len(names), np.nan)
        return undefined, undefined.copy()
    analysis = indices.analyze(_problem(names), results, calc_second_order=False, seed=p.seed)
    return np.asarray(analysis["S1"], np.float64), np.asarray(analysis["ST"], np.float64)


def drawn_rain(facts: DamageFactors, drawn: Sample) -> Floats:
    """Return the sampled ratio of an event's rain to its given rain."""
    rows = {row.key: row for row in _rows(facts.rain)}
    return value_at(rows["depth"], drawn.level("rain")) if "depth" in rows else np.ones(len(drawn.levels))


def drawn_shares(facts: DamageFactors, drawn: Sample) -> Mapping[str, tuple[Floats, Floats]]:
    """Return each sector's knots [m] and sampled shares (draws × knots), all at one level and non-decreasing."""
    points: dict[str, list[tuple[float, Floats]]] = {}
    for row in _curve_rows(facts):
        sector, _, depth = row.key.partition("/")
        points.setdefault(sector, []).append((float(depth), value_at(row, drawn.level(f"curve/{sector}"))))
    shares_by_sector = {}
    for sector, pairs in points.items():
        ordered = sorted(pairs, key=lambda pair: pair[0])
        shares = np.clip(np.stack([share for _, share in ordered], axis=1), 0.0, 1.0)
        shares_by_sector[sector] = np.array([depth for depth, _ in ordered]), np.maximum.accumulate(shares, axis=1)
    return shares_by_sector


def drawn_values(facts: DamageFactors, drawn: Sample) -> Mapping[str, Floats]:
    """Return each sector's sampled value per m² of floor, in the currency and prices of the results."""
    price = np.ones(len(drawn.levels))
    for row in _price_rows(facts):
        price *= value_at(row, drawn.level(f"price/{row.key}"))
    values = {row.key: row for row in _rows(facts.value)}
    return {
        sector: price * value_at(values[sector], drawn.level(f"value/{sector}"))
        for sector in sorted(_sectors(facts))
        if sector in values
    }


def _problem(names: Iterable[str]) -> dict[str, object]:
    labels = list(names)
    return {"num_vars": len(labels), "names": labels, "bounds": [[0.0, 1.0]] * len(labels)}


def _rows(factors: Factors) -> tuple[Factor, ...]:
    return tuple(factors.rows.values()) if isinstance(factors, Resolved) else ()


def _curve_rows(facts: DamageFactors) -> Iterator[Factor]:
    keys, sectors = set(own_rows(facts.share)), _sectors(facts)
    return (row for row in _rows(facts.share) if row.key in keys and row.key.partition("/")[0] in sectors)


def _price_rows(facts: DamageFactors) -> tuple[Factor, ...]:
    return tuple(row for row in _rows(facts.price) if row.key in PRICES)


def _sectors(facts: DamageFactors) -> set[str]:
    return {key.partition("/")[2] for key in facts.sector}
