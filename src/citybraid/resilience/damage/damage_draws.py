"""Draws of an event's damage: response surfaces over rain and roughness; floors, curves and values sampled."""

from collections.abc import Mapping
from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtri

from citybraid.core.errors import InputError
from citybraid.core.model import model
from citybraid.core.spread import LEVEL_MARGIN, MIN_RUNS
from citybraid.core.var import Column, Fact, Factors, Over, Table, View
from citybraid.core.vocabulary.place import BUILDING_USE, FLOORS, YEAR_BUILT
from citybraid.core.vocabulary.preparedness import PREPARED_SHARE
from citybraid.core.vocabulary.risk import (
    DAMAGE_DRAWS,
    EMULATOR_ERROR,
    FLOOR_HEIGHT,
    MEMBER_DEPTH,
    PROTECTION_HEIGHT,
    RAIN_SCALE,
    ROUGHNESS_LEVEL,
    WARNING_TIME,
)
from citybraid.kernels.risk.damage import knot_weights
from citybraid.resilience.damage.damage_curves import by_sector, shares_of
from citybraid.resilience.damage.damage_spread import (
    EMULATOR,
    DamageFactors,
    DrawParams,
    Sample,
    drawn_rain,
    drawn_shares,
    drawn_values,
    sample,
)
from citybraid.resilience.damage.flood_damage import (
    FloodDamageParams,
    indoor_depth,
    saved_share,
    sectored_uses,
    whole_storeys,
)
from citybraid.resilience.damage.floor_heights import floor_heights, heights_vary

Floats = NDArray[np.float64]
MEDIAN = 0.5
FLOOR_LEVELS = (LEVEL_MARGIN, 0.1, 0.25, MEDIAN, 0.75, 0.9, 1.0 - LEVEL_MARGIN)
"""Probability levels of floor height at which damage is computed; between them it is interpolated [-]."""


class DamageDrawsParams(DrawParams, FloodDamageParams):
    """Sample size, and how storeys are counted."""


class DamageDraws(NamedTuple):
    """Damage of an event by draw, and the error of the response surface."""

    damage_draws: DAMAGE_DRAWS
    emulator_error: EMULATOR_ERROR


class Response(NamedTuple):
    """Quadratic coefficients of the exposed area at each curve knot of each sector, and the error of the fit."""

    coefficients: Mapping[str, Floats]
    error: float


@model(
    version=3,
    cite="Saltelli et al. (2010), Comput. Phys. Commun. 181: 259-270, table 2; Box and Draper (2007), Response "
    "Surfaces, Mixtures, and Ridge Analyses, ch. 3 (quadratic fit), Allen (1974), Technometrics 16: 125-127 (PRESS)",
    validity="Floods whose damage bends smoothly with rain and roughness in the ensemble; nothing beyond it is drawn.",
)
def damage_draws(
    *,
    member_depths: Annotated[Mapping[str, Column], Over(MEMBER_DEPTH, "member")],
    rain_scales: Annotated[Mapping[str, float], Over(RAIN_SCALE, "member")],
    roughness_levels: Annotated[Mapping[str, float], Over(ROUGHNESS_LEVEL, "member")],
    buildings: Annotated[
        View, Table("buildings", (BUILDING_USE, FLOORS), (FLOOR_HEIGHT, YEAR_BUILT, PROTECTION_HEIGHT, PREPARED_SHARE))
    ],
    flood_damage_share: Annotated[Factors, Fact("flood_damage_share")],
    flood_damage_sector: Annotated[Factors, Fact("flood_damage_sector")],
    flood_damage_value: Annotated[Factors, Fact("flood_damage_value")],
    flood_damage_price: Annotated[Factors, Fact("flood_damage_price")],
    flood_contents_share: Annotated[Factors, Fact("flood_contents_share")],
    flood_warning: Annotated[Factors, Fact("flood_warning")],
    flood_rain_spread: Annotated[Factors, Fact("flood_rain_spread")],
    manning_n: Annotated[Factors, Fact("manning_n")],
    ground_floor_height: Annotated[Factors, Fact("ground_floor_height")],
    p: DamageDrawsParams,
    warning_time: WARNING_TIME | None = None,
) -> DamageDraws:
    """Return an event's damage to all buildings for draws of rain, roughness, curves and values.

    Damage is linear in the damage shares at a curve's knots, so the weight of each knot is computed
    for every ensemble member and fitted as a quadratic in rain and roughness level, at several levels of floor
    height with linear interpolation between them; curves and values are then sampled exactly. Floors of all
    buildings without a stated height are at one level. The error of the fit is the leave-one-out error of total
    damage (PRESS) over mean damage; that of its floor level scales every draw, at one probability level for
    all events; returned is that at the median floor. All uncertainty comes from factor rows; those without a
    stated spread are not varied.
    Raises InputError for fewer than eight runs, and as flood_damage does.
    """
    facts = DamageFactors(
        flood_damage_share, flood_damage_sector, flood_damage_value, flood_damage_price, flood_rain_spread, manning_n,
        ground_floor_height,
    )  # fmt: skip
    if len(member_depths) < MIN_RUNS:
        raise InputError("risk.few_members", got=len(member_depths), needs=MIN_RUNS)
    curves = by_sector(flood_damage_share)
    members = list(member_depths)
    saved = saved_share(buildings, warning_time, flood_warning, p)
    loss_factors = {
        sector: 1.0 - saved * flood_contents_share[sector] for sector in curves if sector in flood_contents_share
    }
    depths = [member_depths[member] for member in members]
    design = np.array([(rain_scales[member], roughness_levels[member]) for member in members], np.float64)
    fits = _fits(buildings, depths, design, facts, loss_factors, p)
    draws = sample(facts, p)
    points = np.stack(
        [drawn_rain(facts, draws), np.clip(draws.level("roughness"), LEVEL_MARGIN, 1.0 - LEVEL_MARGIN)], axis=1
    )
    terms = _terms(points, design)
    score = ndtri(np.clip(draws.level(EMULATOR), LEVEL_MARGIN, 1.0 - LEVEL_MARGIN))
    by_floor = [_drawn_damage(fit, terms, facts, draws) * (1.0 + fit.error * score) for fit in fits.values()]
    damage = np.maximum(_at_level(by_floor, tuple(fits), draws.level("floor")), 0.0)
    return DamageDraws(pd.Series(damage, index=[str(number) for number in range(damage.size)]), fits[MEDIAN].error)


def response(at: Floats, weights: Mapping[str, Floats], central: Mapping[str, Floats]) -> Response:
    """Fit the knot weights (runs × knots by sector) over the design points, with leave-one-out cross-validation.

    `at` is runs × (rain, roughness); `central` the damage per unit of weight at each knot.
    The error is the root mean square of the leave-one-out residuals of total damage, over mean damage.
    """
    terms = _terms(at, at)
    inverse = np.linalg.pinv(terms)
    damage = np.sum([weights[sector] @ central[sector] for sector in weights], axis=0) + np.zeros(len(at))
    # Leave-one-out residuals of a linear fit without refitting: residual / (1 - leverage), the PRESS statistic.
    leverage = np.einsum("ij,ji->i", terms, inverse)
    loo_residual = (damage - terms @ (inverse @ damage)) / np.maximum(1.0 - leverage, 1e-9)
    mean = float(damage.mean())
    error = float(np.sqrt(np.mean(loo_residual**2)) / mean) if mean > 0.0 else 0.0
    return Response({sector: inverse @ weight for sector, weight in weights.items()}, error)


def _fits(
    buildings: View,
    depths: list[Column],
    design: Floats,
    facts: DamageFactors,
    loss_factors: Mapping[str, Floats],
    p: FloodDamageParams,
) -> dict[float, Response]:
    """Return the response over rain and roughness at each level of floor height, the median alone where it is fixed."""
    fits = {}
    for level in FLOOR_LEVELS if heights_vary(facts.floor) else (MEDIAN,):
        floor = floor_heights(buildings, facts.floor, level=level)
        weights = _weights(buildings, depths, floor, facts, loss_factors, p)
        fits[level] = response(design, weights, _central_damage(weights, facts))
    return fits


def _weights(
    buildings: View,
    depths: list[Column],
    floor: Floats,
    facts: DamageFactors,
    loss_factors: Mapping[str, Floats],
    p: FloodDamageParams,
) -> dict[str, Floats]:
    """Return the weight of each knot of each sector in each run: runs × knots, m² of floor less the saved share."""
    curves = by_sector(facts.share)
    uses, storeys = sectored_uses(buildings, facts.sector, curves), whole_storeys(buildings)
    area = buildings.geometry.area.to_numpy(np.float64)
    weights: dict[str, Floats] = {}
    for sector, (knots, _) in curves.items():
        weight = uses.map(shares_of(facts.sector, sector)).fillna(0.0).to_numpy(np.float64) * area
        if not weight.any():
            continue
        weight = weight * loss_factors[sector]
        rows = []
        for depth in depths:
            outside = depth.reindex(buildings.index).to_numpy(np.float64)
            wet = indoor_depth(buildings, floor, depth=outside)
            rows.append(knot_weights(wet, storeys, weight, knots=knots, storey_height=p.storey_height))
        weights[sector] = np.stack(rows)
    return weights


def _terms(at: Floats, design: Floats) -> Floats:
    """Return the terms of a quadratic at points, scaled to the range of the design; constant inputs have zero terms."""
    middle, half = design.mean(axis=0), np.ptp(design, axis=0) / 2.0
    x, y = ((at - middle) / np.where(half > 0.0, half, 1.0) * (half > 0.0)).T
    return np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=1)


def _drawn_damage(fit: Response, terms: Floats, facts: DamageFactors, drawn: Sample) -> Floats:
    shares, values = drawn_shares(facts, drawn), drawn_values(facts, drawn)
    damage = np.zeros(len(drawn.levels))
    for sector, coefficients in fit.coefficients.items():
        knot_weight = np.maximum(terms @ coefficients, 0.0)
        damage += values[sector] * np.einsum("dk,dk->d", knot_weight, shares[sector][1])
    return damage


def _central_damage(weights: Mapping[str, Floats], facts: DamageFactors) -> dict[str, Floats]:
    """Return the damage per unit of weight at each knot, every factor at its value."""
    curves = by_sector(facts.share)
    return {sector: curves[sector][1] * facts.value[sector] * _price(facts.price) for sector in weights}


def _at_level(damages: list[Floats], levels: tuple[float, ...], drawn: Floats) -> Floats:
    """Return each draw's damage at its level, linear between the levels at which damages are known."""
    if len(levels) == 1:
        return damages[0]
    level = np.clip(drawn, levels[0], levels[-1])
    after = np.clip(np.searchsorted(levels, level, side="right"), 1, len(levels) - 1)
    known, table = np.asarray(levels), np.stack(damages)
    part = (level - known[after - 1]) / (known[after] - known[after - 1])
    row = np.arange(len(drawn))
    return np.asarray((1.0 - part) * table[after - 1, row] + part * table[after, row], np.float64)


def _price(price: Factors) -> float:
    return price["currency"] * price["price_level"]
