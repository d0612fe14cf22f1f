"""Ground floor heights of buildings and assets: stated ones, else factor rows by use, age and region."""

import numpy as np
from numpy.typing import NDArray

from citybraid.core.factor import Factor, Resolved
from citybraid.core.spread import has_distribution, stated_or_of_use
from citybraid.core.var import Factors, View
from citybraid.resilience.damage.damage_curves import own_rows

Floats = NDArray[np.float64]
FACTOR = "ground_floor_height"


def floor_heights(buildings: View, heights: Factors, *, level: float | None = None) -> Floats:
    """Return the ground floor of each building above the ground outside [m].

    `floor_height` where the building has it, else the row of its use and year of construction, as for raised floors.
    With a probability level the rows have their quantile instead of their value. Raises InputError where no row fits.
    """
    return stated_or_of_use(
        optional_column(buildings, "floor_height"), heights, factor=FACTOR, uses=buildings["building_use"].astype(str),
        years=optional_column(buildings, "year_built"), level=level,
    )  # fmt: skip


def floors_of_assets(assets: View, heights: Factors, *, shares: Factors, sectors: Factors) -> Floats:
    """Return the floor of each asset above the ground outside, from which its curve counts depth [m].

    The shipped curves of sectors of buildings count from the ground floor: such an asset has the row of the
    sector, like a building of that use. Other shipped curves (transport) and the user's own count from the ground.
    """
    rows = shares.rows if isinstance(shares, Resolved) else {}
    shipped = {key.partition("/")[0] for key in own_rows(shares) if key in rows and rows[key].origin == "citybraid"}
    of_buildings = shipped & {key.partition("/")[2] for key in sectors}
    curves = assets["asset_curve"].astype(str)
    floor = np.zeros(len(assets))
    indoors = curves.isin(list(of_buildings)).to_numpy()
    nothing = np.full(int(indoors.sum()), np.nan)
    floor[indoors] = stated_or_of_use(nothing, heights, factor=FACTOR, uses=curves[indoors], years=nothing)
    return floor


def height_rows(heights: Factors) -> tuple[Factor, ...]:
    """Return the factor rows of floor heights."""
    return tuple(heights.rows.values()) if isinstance(heights, Resolved) else ()


def heights_vary(heights: Factors) -> bool:
    """Tell whether any row of floor heights states a spread."""
    return any(map(has_distribution, height_rows(heights)))


def optional_column(buildings: View, name: str) -> Floats:
    """Return a column of the buildings, NaN where they have none."""
    if name not in buildings.columns:
        return np.full(len(buildings), np.nan)
    column: Floats = buildings[name].to_numpy(np.float64)
    return column
