"""Carbon of a changed land cover and its worth, by public names, against InVEST's own tests."""

import json
from pathlib import Path

import numpy as np
import pytest
from odc.geo.geobox import GeoBox

import citybraid as cb

CASES = "validation/ecology_units/cases.json"
HEAD = "factor,key,value,low,high,distribution,unit,region,year_from,year_to,status,source,note"
COVERS = {"1": 10, "2": 30}
CO2 = 44.0 / 12.0


@pytest.mark.case(CASES)
def test_stock_change_and_its_worth(cases: Path, tmp_path: Path) -> None:
    """100 cells of 1 m2 from class 1 to class 2: stocks of -58 t/ha, -0.58 t in all, and their net present value."""
    given = json.loads((cases / CASES).read_text(encoding="utf-8"))["carbon"]
    pools = given["pools_Mg_per_ha"]
    rows = [HEAD]
    for name, cover in COVERS.items():
        alive = sum(pools[name][each] for each in ("above", "below", "dead")) / 10
        for pool, value in (("biomass", alive), ("soil", pools[name]["soil"] / 10)):
            rows.append(f"carbon_stock,{cover}/{pool},{value},,,,kg m-2,,,,user,InVEST,")
    table = tmp_path / "own.csv"
    table.write_text("\n".join(rows) + "\n", encoding="utf-8")
    want = given["expected"]
    found = cb.models.land_use_change(
        former_land_cover=np.full((10, 10), COVERS["1"]), land_cover=np.full((10, 10), COVERS["2"]), factors=table,
        grid=GeoBox.from_bbox((0, 0, 10, 10), crs="EPSG:4549", resolution=1), region="CN",
    )  # fmt: skip
    moved = found.carbon_stock_change / CO2 / 1000
    assert moved == pytest.approx(want["totals_Mg"][2], rel=1e-6)
    law = want["npv"]
    words = {"first": law["from"], "last": law["to"]}
    rates = {"discount": law["discount_pct"] / 100, "price_decline": law["rate_change_pct"] / 100}
    price = law["price_per_MgC"]
    assert cb.carbon_value(1.0, price, **words, **rates) == pytest.approx(law["factor"], rel=1e-6)
    assert cb.carbon_value(moved, price, **words, **rates) == pytest.approx(law["npv_total"], rel=1e-5)
    of_area = cb.carbon_value(np.full(4, want["change_Mg_ha"]), price, **words)
    assert of_area == pytest.approx(want["npv_zero_rates_per_ha"])
