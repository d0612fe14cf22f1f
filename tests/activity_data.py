"""Activity data as a model takes them: amounts by year/sector/fuel/item, and the factors of a Chinese province."""

from typing import Any

import pandas as pd

from citybraid.core.factor import shipped

FACTS = (
    "fuel_heat_value", "fuel_density", "fuel_co2", "fuel_ch4", "fuel_n2o", "grid_emission_factor",
    "residual_grid_factor", "heat_emission_factor", "gwp",
)  # fmt: skip
BY_YEAR = frozenset({"grid_emission_factor"})


def factors(region: str = "CN-FJ", year: int = 2023) -> dict[str, Any]:
    """Return every factor of the model for a region and year."""
    return {name: shipped().resolve(name, region=region, year=year, by_year=name in BY_YEAR) for name in FACTS}


def amounts(
    mass: dict[str, float] | None = None, volume: dict[str, float] | None = None, energy: dict[str, float] | None = None
) -> dict[str, Any]:
    """Return the three columns with amounts in t, m3 and TJ."""
    given = {"activity_mass": mass or {}, "activity_volume": volume or {}, "activity_energy": energy or {}}
    index = pd.Index([line for each in given.values() for line in each], dtype=object, name="line")
    return {name: pd.Series(each, dtype=float).reindex(index).fillna(0.0) for name, each in given.items()}
