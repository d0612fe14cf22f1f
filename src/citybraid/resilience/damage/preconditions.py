"""What damage models, which wait for the floods, require of buildings and assets."""

import geopandas as gpd

from citybraid.core.errors import InputError
from citybraid.core.precondition import Precondition
from citybraid.core.var import Factors
from citybraid.resilience.damage.asset_damage import asset_damage
from citybraid.resilience.damage.damage_curves import by_sector
from citybraid.resilience.damage.flood_damage import flood_damage, sectored_uses


def uses_have_sectors(
    *, buildings: gpd.GeoDataFrame, flood_damage_sector: Factors, flood_damage_share: Factors
) -> None:
    """Raise InputError for a use without a sector, a sector without a curve, and an invalid damage curve."""
    curves = by_sector(flood_damage_share)
    if "building_use" in buildings:
        sectored_uses(buildings, flood_damage_sector, curves)


def assets_have_curves(*, assets: gpd.GeoDataFrame, flood_damage_share: Factors) -> None:
    """Raise InputError for an asset whose curve has no factor rows."""
    names = sorted(by_sector(flood_damage_share))
    if "asset_curve" in assets and (unknown := sorted(set(assets["asset_curve"].astype(str)) - set(names))):
        raise InputError("risk.unknown_curve", curves=unknown, known=names)


SECTORS = Precondition(flood_damage, uses_have_sectors)
CURVES = Precondition(asset_damage, assets_have_curves)
