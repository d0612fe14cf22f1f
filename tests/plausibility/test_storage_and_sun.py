"""Storage of the sponge by parcel and use of solar power in the demo: from days of rain, areas, hours, by a pencil.

| number on the demo's own 5 m | by pencil | program |
|---|---|---|
| rain of three quarters of the annual sum [mm] | 18.81 | |
| storage asked for as it is, 417 parcels [m3] | 31 428.1 | 31 428.5 |
| solar power used where it is made, scheme A [%] | at most 99.8 | 81.0 |
| of offices [%], 250 working days of 365 | 68.5 | 68.5 |

The made-up record asks for less than the 21.0 mm recalled for Hangzhou and 22.2 mm for Shanghai. Offices and plants
have no load on days off here; what stands by in real ones would use a part of the rest.
"""

import numpy as np
import pandas as pd
import pytest
import shapely
from numpy.typing import NDArray
from scipy.optimize import brentq

from citybraid.study.run.run import Run
from tests.plausibility.test_after_the_storm import file

pytestmark = pytest.mark.slow

Floats = NDArray[np.float64]
TARGET, LEAST = 0.75, 2.0
WORKING = 250 / 365
"""Days of the year with work: 52 weeks of five days less eleven holidays of 2025."""


def value(ran: Run, name: str, alternative: str) -> pd.Series:
    column: pd.Series = ran.value(ran.layers(alternative)[name][""])
    return column


def rain_of_target(ran: Run) -> float:
    """Depth that holds back three quarters of the rain of days with more than 2 mm [mm], from the file."""
    table = pd.read_csv(file(ran, "逐日降雨*.csv"), encoding="gb18030", skiprows=1)
    days = pd.to_numeric(table.iloc[:, 1], errors="raise").to_numpy(np.float64)
    wet = days[days > LEAST]
    assert 0.02 < wet.size / days.size < 0.6
    return float(brentq(lambda depth: np.minimum(wet, depth).sum() / wet.sum() - TARGET, 0.1, 300.0))


@pytest.mark.parametrize("alternative", ["as_is", "scheme_b"])
def test_storage_asked_for_by_parcel(ran: Run, alternative: str) -> None:
    """W = 10 psi H F on the cells whose middle a parcel holds; MOHURD's table has 13 to 33 mm in the Yangtze delta."""
    depth = rain_of_target(ran)
    assert 13.0 < depth < 33.0
    psi = np.asarray(value(ran, "runoff_coefficient", alternative), np.float64)
    rows, columns = np.indices(psi.shape)
    east, north = ran.grid.affine * (columns.ravel() + 0.5, rows.ravel() + 0.5)
    parcels = value(ran, "parcels", alternative)
    at, cell = shapely.STRtree(shapely.points(east, north)).query(np.asarray(parcels.array), predicate="contains")
    hectares = float(ran.grid.resolution.x) ** 2 / 1e4
    volume = 10.0 * depth * hectares * np.bincount(at, np.nan_to_num(psi.ravel()[cell]), len(parcels))
    told = value(ran, "required_volume", alternative).fillna(0.0)
    assert float(told.sum()) == pytest.approx(float(volume.sum()), rel=1e-3)
    assert np.abs(told.to_numpy() - volume).max() < 10.0 * depth * hectares, "one cell on an edge at most"
    have, short = (value(ran, name, alternative).fillna(0.0) for name in ("sponge_volume", "storage_shortfall"))
    assert short.to_numpy() == pytest.approx((told - have).clip(lower=0.0).to_numpy(), abs=1e-6)


def test_solar_power_is_used_or_fed_in_and_no_more_than_the_hours_allow(ran: Run) -> None:
    """Buildings together could use the lesser of load and sun in each hour; apart they use less, all in all as much."""
    made, used, fed = (value(ran, name, "scheme_a") for name in ("pv_generation", "pv_self_used", "grid_export"))
    load, bought = value(ran, "electricity", "scheme_a"), value(ran, "grid_import", "scheme_a")
    assert made.to_numpy() == pytest.approx((used + fed).to_numpy(), rel=1e-6, abs=1.0)
    assert load.to_numpy() == pytest.approx((used + bought).to_numpy(), rel=1e-6, abs=1.0)
    hourly, sun = (value(ran, f"area_{name}", "scheme_a").to_numpy() for name in ("load", "generation"))
    most = float(np.minimum(hourly, sun).sum())
    assert 0.5 * most < float(value(ran, "area_self_used", "scheme_a").sum()) <= most
    assert 0.5 < float(used.sum() / made.sum()) < 0.95


def test_offices_use_their_roofs_on_working_days(ran: Run) -> None:
    """Where load always exceeds the sun by day, what is fed in is that of days off: 115 of 365."""
    use = value(ran, "building_use", "scheme_a").astype(str)
    made, used = (value(ran, name, "scheme_a").groupby(use).sum() for name in ("pv_generation", "pv_self_used"))
    assert float(used["office"] / made["office"]) == pytest.approx(WORKING, abs=0.03)
    share = used / made
    assert share["school"] < share["office"] < share["residential"] < share["retail"], "shops open every day"
