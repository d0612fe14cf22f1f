"""Ensemble design of flood damage: depths at buildings over rain and roughness, damage over curves and prices."""

from collections.abc import Mapping

from citybraid.core.ensemble import EnsembleDesign, LevelShift, Scaled
from citybraid.core.factor import Resolved
from citybraid.core.model import var_of
from citybraid.core.vocabulary.forcing import RAIN_FIELD
from citybraid.core.vocabulary.risk import (
    ANNUAL_DAMAGE_DRAWS,
    BUILDING_DAMAGE,
    BUILDING_DEPTH,
    DAMAGE_DRAWS,
    EMULATOR_ERROR,
    EXPECTED_ANNUAL_DAMAGE,
    MEMBER_DEPTH,
    PEOPLE_EXPOSED,
    RAIN_SCALE,
    ROUGHNESS_LEVEL,
    SPREAD_FIRST,
    SPREAD_TOTAL,
)
from citybraid.core.vocabulary.water import RAIN_INTENSITY
from citybraid.resilience.damage.damage_draws import damage_draws
from citybraid.resilience.damage.damage_spread import DamageFactors, independent, rows_without_spread
from citybraid.resilience.damage.damage_uncertainty import damage_uncertainty
from citybraid.resilience.damage.expected_annual_damage import expected_annual_damage
from citybraid.resilience.damage.flood_damage import flood_damage

RAIN, ROUGHNESS = "flood_rain_spread", "manning_n"
FACTORS = (
    "flood_damage_share", "flood_damage_sector", "flood_damage_value", "flood_damage_price", RAIN, ROUGHNESS,
    "ground_floor_height",
)  # fmt: skip


def _unvaried(factors: Mapping[str, Resolved]) -> tuple[str, ...]:
    return rows_without_spread(DamageFactors(*(factors[name] for name in FACTORS)))


DESIGN = EnsembleDesign(
    quantity=var_of(BUILDING_DEPTH),
    member=var_of(MEMBER_DEPTH),
    varied=(
        Scaled((var_of(RAIN_INTENSITY), var_of(RAIN_FIELD)), RAIN, "depth", told=var_of(RAIN_SCALE)),
        LevelShift(ROUGHNESS, told=var_of(ROUGHNESS_LEVEL)),
    ),
    drawn=damage_draws,
    averaged=damage_uncertainty,
    alike={damage_draws.id: flood_damage.id, damage_uncertainty.id: expected_annual_damage.id},
    event_draws=var_of(DAMAGE_DRAWS),
    annual_draws=var_of(ANNUAL_DAMAGE_DRAWS),
    error=var_of(EMULATOR_ERROR),
    first=var_of(SPREAD_FIRST),
    total=var_of(SPREAD_TOTAL),
    certain=(var_of(BUILDING_DAMAGE), var_of(EXPECTED_ANNUAL_DAMAGE)),
    ranged={"people": var_of(PEOPLE_EXPOSED)},
    independent=independent,
    unvaried=_unvaried,
)
