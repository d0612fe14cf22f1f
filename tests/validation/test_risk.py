"""Flood risk: expected annual damage, the exceedance curve, a damage raster, and the depth-damage curves of Asia."""

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from citybraid.core.factor import resolve
from citybraid.kernels.risk.damage import lost_share
from citybraid.kernels.risk.exceedance import exceedance_curve, expected_annual, loss_at
from tests.validation.publishing import Published

SECTORS = {"Residential buildings": "residential", "Commercial buildings": "commercial"}
SECTORS |= {"Industrial buildings": "industrial", "Transport": "transport"}
SECTORS |= {"Infrastructure roads": "roads", "Agriculture": "agriculture"}


@pytest.fixture
def expected(cases: Path) -> Any:
    return json.loads((cases / "validation/risk_ead/expected.json").read_text(encoding="utf-8"))


@pytest.mark.case("validation/risk_ead")
def test_expected_annual_damage(expected: Any, published: Published) -> None:
    case = expected["trapezoid_8RP"]
    period, loss = np.array(case["T"]), np.array(case["D"])[:, None]
    trapezoid = expected_annual(period, loss)[0]
    published.near("Annual damage, trapezoid, 2 to 500 years", trapezoid, case["EAD_trapezoid_2..500"], by=1e-6)
    tail = expected_annual(period, loss, tail=True)[0]
    published.near("the same with the tail beyond 500 years", tail, case["EAD_plus_tail_D500_to_inf"], by=1e-6)
    onset = expected_annual(period, loss, onset=1.0)[0]
    published.near("the same with nothing lost each year", onset, case["EAD_with_zero_at_T1"], by=1e-6)
    logarithmic = expected_annual(period, loss, rule="logarithmic")[0]
    published.near("the same, linear in the logarithm of years", logarithmic, case["EAD_loglinear_T"], by=1e-6)


@pytest.mark.case("validation/risk_ead")
def test_exceedance_curve(expected: Any, published: Published) -> None:
    case = expected["climada_freq_curve"]
    loss = np.array(case["at_event"])
    frequency = np.full(loss.size, case["frequency_each"])
    period, curve = exceedance_curve(frequency, loss)
    np.testing.assert_allclose(period, case["return_period_sorted"], rtol=1e-9)
    np.testing.assert_allclose(curve, case["impact_sorted"], rtol=1e-9)
    wanted = np.array([float(key) for key in case["impact_at_rp"]])
    np.testing.assert_allclose(loss_at(wanted, period, curve), list(case["impact_at_rp"].values()), rtol=1e-6)
    published.near("Mean annual impact (CLIMADA)", frequency @ loss, case["AAI=sum(f*loss)"], share=1e-6, in_test=True)


@pytest.mark.case("validation/risk_ead")
def test_damage_raster(expected: Any, published: Published) -> None:
    case = expected["damagescanner_dummy"]
    use, depth = np.array(case["landuse"]), np.array(case["inundation"], dtype=np.float64)
    value = np.vectorize(lambda code: case["maxdam"][str(code)])(use)
    lost = lost_share(depth.ravel(), np.array(case["curve_depth"]), np.array(case["curve_frac"]))
    got = float(lost @ value.ravel()) * case["cell_area_m2"]
    published.near("Damage of a raster (DamageScanner)", got, case["total"], share=1e-6, in_test=True)


@pytest.mark.case("validation/risk_jrc_curves")
def test_curves_are_exact_at_their_points(cases: Path) -> None:
    shares = resolve("flood_damage_share", region="CN")
    text = (cases / "validation/risk_jrc_curves/raw.csv").read_text(encoding="utf-8")
    rows = [row for row in csv.DictReader(text.splitlines()) if row["Type"] in SECTORS]
    assert len(rows) == 54
    for row in rows:
        key = f"{SECTORS[row['Type']]}/{float(row['Flood depth [m]']):g}"
        assert shares[key] == float(row["Asia_Mean"]), key
