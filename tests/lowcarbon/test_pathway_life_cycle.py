"""The pathway's retrofit and turnover are those of keep, retrofit or rebuild: the same simulation of each building."""

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import box

from citybraid.core.factor import resolve
from citybraid.lowcarbon.embodied.life_cycle import LifeCycle
from citybraid.lowcarbon.pathway.settings import PathwayFactors, PathwayParams
from tests.blocks import pathway_of
from tests.life_cycles import CARRIERS, judged, standing

SAVED = ("renewed_electricity_saving", "renewed_heat_saving", "renewed_gas_saving")
FOREVER = {"any": 1e15, "spread": 1.0}
GRID = {"fall/2025": 1.0, "fall/2035": 0.4}


def course(slabs: gpd.GeoDataFrame, found: LifeCycle, life: dict[str, float], **stated: Any) -> Any:
    """Return the pathway of slabs with the savings that their life cycles found, 2025 to 2035."""
    buildings = slabs.assign(**{name: getattr(found, name) for name in SAVED})
    lines = {
        f"commercial/2/CO2/{name}": float(slabs[f"{name}_emissions"].sum()) for name in ("electricity", "heat", "gas")
    }
    known = {name: resolve(name, region="CN-ZJ") for name in PathwayFactors._fields}
    factors = PathwayFactors(**{**known, **CARRIERS, "building_lifetime": life, "grid_path": GRID})
    area = gpd.GeoSeries([box(*slabs.total_bounds)], index=["all"], crs=slabs.crs)
    params = PathwayParams(start=2025, scenario="fall", horizon=2035, **stated)
    return pathway_of(buildings, inventory_equivalent=pd.Series(lines), study_area=area, factors=factors, p=params)


def test_retrofit_of_all_in_a_year_lowers_the_pathway_by_what_life_cycles_say() -> None:
    """A start in 2025 judges 2025 to 2035; the lever, done within a year, misses 2025 alone."""
    slabs = standing()
    found = judged(slabs, path=GRID, scenario="fall", horizon=2035)
    plain, renewed = (course(slabs, found, FOREVER, retrofit_rate=rate) for rate in (0.0, 1.0))
    lower = plain.pathway_emissions - renewed.pathway_emissions
    once = renewed.pathway_construction - plain.pathway_construction
    index = np.linspace(1.0, 0.4, 11)
    fuel = (found.renewed_heat_saving + found.renewed_gas_saving).sum()
    yearly = found.renewed_electricity_saving.sum() * index + fuel
    assert lower.to_numpy()[1:] == pytest.approx(yearly[1:], rel=1e-12)
    assert lower["2025"] == 0.0
    assert once["2026"] == pytest.approx(slabs["retrofit_embodied"].sum(), rel=1e-12)
    whole = (found.keep_carbon - found.retrofit_carbon).sum()
    assert lower.sum() - once.sum() == pytest.approx(whole - found.renewed_saving.sum(), rel=1e-9)
    assert found.renewed_saving.sum() == pytest.approx(sum(getattr(found, name).sum() for name in SAVED), rel=1e-12)
    assert found.renewed_saving.sum() > 0.01 * plain.pathway_emissions["2025"], "else nothing is compared"


def test_what_is_replaced_uses_and_embodies_what_life_cycles_say() -> None:
    """One slab of mean lifetime 10, exponential: the share gone saves and embodies as the slab rebuilt."""
    slabs = standing(("hotel",))
    found = judged(slabs, path=GRID, scenario="fall", horizon=2035)
    result = course(slabs, found, {"any": 10.0, "spread": 1.0})
    gone = 1.0 - np.exp(-0.1)
    grid_alone = slabs["electricity_emissions"].sum() * 0.06
    lower = result.pathway_reference["2026"] - result.pathway_emissions["2026"] - grid_alone
    saved = found.renewed_electricity_saving.sum() * 0.94 + (found.renewed_heat_saving + found.renewed_gas_saving).sum()
    assert lower == pytest.approx(gone * saved, rel=1e-9)
    once = (slabs["rebuild_embodied"] + slabs["demolition_carbon"]).sum()
    assert result.pathway_construction["2026"] == pytest.approx(gone * once, rel=1e-9)


def test_the_newest_envelopes_are_left_alone() -> None:
    """A building of the year of the standard is simulated alike to the last bit: no saving, no retrofit."""
    slabs = standing(("office", "office"), year_built=[1985.0, 2024.0])
    found = judged(slabs, path=GRID, scenario="fall", horizon=2035)
    plain, renewed = (course(slabs, found, FOREVER, retrofit_rate=rate) for rate in (0.0, 1.0))
    once = (renewed.pathway_construction - plain.pathway_construction).sum()
    assert found.renewed_saving["b1"] == 0.0
    assert once == pytest.approx(slabs["retrofit_embodied"]["b0"])
