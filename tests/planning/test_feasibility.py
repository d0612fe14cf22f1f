"""Controls that contradict each other: found by pencil, resolved by the smallest change, none invented."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.factor import shipped
from citybraid.integrate.measures.form.runoff_reach import Ground, RainKept, rain_kept
from citybraid.planning.control_table import control_table
from citybraid.planning.review.feasibility import conflicts, feasibility, remedy
from citybraid.planning.review.plots import Plot, clauses_of, plots
from citybraid.planning.review.ranges import form_ranges
from citybraid.resilience.sponge.control_curve import curve_from_pairs
from citybraid.resilience.sponge.plot_surface import Surface, higher_control_rate
from tests.examples import at_most
from tests.planning.test_unit_table import BOOK, Made, raster

COEFFICIENT = {
    "roof": 0.85, "paved": 0.85, "green_roof": 0.35, "permeable_paving": 0.2, "grass": 0.15, "rain_garden": 0.15,
}  # fmt: skip
RAIN = RainKept((0.6, 0.75, 0.85), (12.0, 20.0, 30.0), COEFFICIENT, 150.0)
SOUND = Plot(floor_ratio=2.0, footprint=0.25, green=0.35, height=54.0, storey=3.0)


def kinds(plot: Plot, rain: RainKept | None = None) -> list[str]:
    return [each.kind for each in conflicts(plot, rain)]


def test_a_plot_whose_controls_agree_has_no_contradiction() -> None:
    assert kinds(SOUND) == []
    assert kinds(Plot()) == []


def test_a_ratio_beyond_density_times_storeys_is_found_with_the_smallest_change() -> None:
    """20 m hold 6 storeys of 3 m: 0.25 x 6 = 1.5 < 2. Density 33.4 % (25 % less), ratio 1.5 (25 %), 24 m (17 %)."""
    plot = SOUND._replace(height=20.0)
    (found,) = conflicts(plot)
    assert (found.kind, found.hard) == ("storeys", False)
    assert (found.needs, found.offers) == (2.0, 1.5)
    change = remedy(plot, found)
    assert change is not None
    assert change.field == "height"
    assert change.new == pytest.approx(24.0)
    assert change.size == pytest.approx(4 / 24)
    assert kinds(plot._replace(height=change.new)) == []


def test_a_lower_limit_of_the_ratio_that_no_building_reaches_is_hard() -> None:
    (found,) = conflicts(SOUND._replace(height=20.0, lower_floor_ratio=1.6))
    assert found.hard
    assert conflicts(SOUND._replace(height=2.5))[0].hard, "no storey fits"


def test_density_and_green_that_exceed_the_plot_are_found_and_the_smaller_change_is_told() -> None:
    """70 % and 35 %: density to 65 % is 7 % of it, green to 30 % is 14 % of it."""
    plot = SOUND._replace(footprint=0.70)
    (found,) = conflicts(plot)
    assert (found.kind, found.hard) == ("ground", False)
    change = remedy(plot, found)
    assert change is not None
    assert change.field == "footprint"
    assert change.new == pytest.approx(0.65)
    assert conflicts(plot._replace(lower_footprint=0.70))[0].hard


def test_a_change_that_would_make_another_contradiction_is_not_offered() -> None:
    """Density must stay at 70 % for a ratio of 2.1 in three storeys, so green gives way."""
    plot = Plot(floor_ratio=2.1, footprint=0.70, green=0.35, height=9.0, storey=3.0)
    (found,) = conflicts(plot)
    change = remedy(plot, found)
    assert change is not None
    assert change.field == "green"
    assert change.new == pytest.approx(0.30)


def test_a_lower_limit_above_the_upper_one_is_found() -> None:
    plot = SOUND._replace(lower_floor_ratio=2.5)
    found = next(each for each in conflicts(plot) if each.kind == "span.floor_ratio")
    assert (found.needs, found.offers, found.hard) == (2.5, 2.0, True)
    change = remedy(plot, found)
    assert change is not None
    assert change.size == pytest.approx(0.2)


def test_facilities_stated_that_keep_less_rain_than_asked_are_found() -> None:
    """25 % roof, 40 % paved, 35 % grass, no tanks, a tenth of the green sunken by 150 mm.

    psi = 0.65 x 0.85 + 0.35 x 0.15 = 0.605; storage 5.25 mm; rain kept 5.25 / 0.605 = 8.68 mm: 43.4 % of the rain;
    on sealed ground alone 5.25 / 0.5525 = 9.50 mm: 47.5 %, and 0.65 x 0.475 + 0.35 x 0.85 = 60.6 %.
    75 % needs on sealed ground (0.75 - 0.2975) / 0.65 = 69.6 %: 17.13 mm x 0.5525 = 9.464 mm, 42.1 m3/ha more.
    """
    plot = SOUND._replace(rate=0.75, sunken=0.1)
    (found,) = conflicts(plot, RAIN)
    assert found.kind == "runoff"
    assert found.offers == pytest.approx(0.6064, abs=1e-4)
    ground = Ground(0.25, 0.35, 0.0, 0.0, 0.1, 0.0)
    assert RAIN.needed(ground, 0.75) == pytest.approx(42.14, abs=0.02)
    assert RAIN.rate(ground._replace(storage=RAIN.needed(ground, 0.75))) == pytest.approx(0.75, abs=1e-9)
    change = remedy(plot, found, RAIN)
    assert change is not None
    assert change.field != "rate"
    assert kinds(plot._replace(**{change.field: change.new}), RAIN) == []
    enough = plot._replace(sunken=0.3)
    assert kinds(enough, RAIN) == []


def test_a_rate_beyond_the_published_pairs_is_not_judged() -> None:
    assert kinds(SOUND._replace(rate=0.9, sunken=0.1), RAIN) == []


def test_a_rate_that_no_facility_of_the_ground_reaches_asks_for_tanks() -> None:
    """All roof, no green: green roofs everywhere keep 65 %; 80 % needs tanks: 25 mm x 0.85 = 212.5 m3/ha."""
    plot = Plot(footprint=1.0, green=0.0, rate=0.8)
    (found,) = conflicts(plot, RAIN)
    assert found.kind == "runoff_everywhere"
    assert found.offers == pytest.approx(0.65)
    change = remedy(plot, found, RAIN)
    assert change is not None
    assert (change.field, change.new) == ("storage", 213.0)


@given(
    roof=st.floats(0, 1), permeable=st.floats(0, 1), sunken=st.floats(0, 1), storage=st.floats(0, 400),
    footprint=st.floats(0, 0.6), green=st.floats(0, 0.4),
)  # fmt: skip
@at_most(25)
def test_the_rate_of_shares_is_that_of_the_model_on_cells(
    roof: float, permeable: float, sunken: float, storage: float, footprint: float, green: float
) -> None:
    """The strand's own functions on the same shares: another way to the same number."""
    curve = curve_from_pairs({"60": 12.0, "75": 20.0, "85": 30.0})
    paved = 1.0 - footprint - green
    sealed = footprint * (1 - roof) + paved * (1 - permeable)
    runoff = 0.85 * sealed + 0.35 * footprint * roof + 0.2 * paved * permeable + 0.15 * green
    mean = Surface(*map(np.array, (runoff, sealed, 0.85 * sealed, 1 - sealed - (runoff - 0.85 * sealed))))
    held = np.array(green * sunken * 150.0 + storage / 10.0)
    expected = higher_control_rate(
        curve.share_at(held / max(runoff, 1e-12)), curve.share_at(held / max(0.85 * sealed, 1e-12)), mean
    )
    found = RAIN.rate(Ground(footprint, green, roof, permeable, sunken, storage))
    assert found == pytest.approx(float(expected), abs=1e-9)


OPEN_OR = st.floats(0.05, 0.95) | st.just(math.nan)


@given(
    ratio=st.floats(0.1, 6), footprint=OPEN_OR, green=OPEN_OR, height=st.floats(2, 120) | st.just(math.nan),
    rate=st.floats(0.3, 0.85) | st.just(math.nan), sunken=OPEN_OR,
)  # fmt: skip
def test_a_change_offered_resolves_its_contradiction_and_makes_none(
    ratio: float, footprint: float, green: float, height: float, rate: float, sunken: float
) -> None:
    plot = Plot(
        floor_ratio=ratio, footprint=footprint, green=green, height=height, rate=rate, sunken=sunken, storey=3.0
    )
    before = set(kinds(plot, RAIN))
    for each in conflicts(plot, RAIN):
        change = remedy(plot, each, RAIN)
        if change is not None:
            after = set(kinds(plot._replace(**{change.field: change.new}), RAIN))
            assert after < before
            assert 0.0 <= change.size <= 1.0


def test_ranges_are_those_that_the_other_controls_leave() -> None:
    """2.0 at 25 %: eight storeys, 24 m; 54 m hold 18 storeys: density from 11.1 %, ratio to 2.0, green to 88.9 %."""
    found = form_ranges(SOUND)
    assert found["far"][1] == pytest.approx(2.0)
    assert found["height"] == pytest.approx((24.0, 54.0))
    assert found["bd"] == pytest.approx((100 * 2 / 18, 25.0))
    assert found["gr"] == pytest.approx((35.0, 100 - 100 * 2 / 18))
    low, high = form_ranges(SOUND._replace(footprint=0.9, height=6.0, green=0.5))["bd"]
    assert low > high, "2.0 in two storeys needs all of the plot"


def test_design_rain_of_a_region_is_read_from_factors_and_absent_where_none_is_published() -> None:
    rain = rain_kept(shipped(), region="CN-TJ", year=2025)
    assert rain is not None
    assert rain.rates[rain.depths.index(30.4)] == pytest.approx(0.80)
    assert rain_kept(shipped(), region="CN-XJ", year=2025) is None


def parcels() -> Made:
    made = Made("parcels")
    for name, values in {"floor_area_ratio": (2.0, 2.0), "building_density": (0.25, 0.25), "green_ratio": (0.35, 0.35),
                         "height_limit": (54.0, 20.0)}.items():  # fmt: skip
        made.put(name, pd.Series(values, index=["a", "b"]))
    made.put("land_use", pd.Series(["070102", "070102"], index=["a", "b"]))
    return made


def test_a_plan_s_columns_become_contradictions_in_the_units_of_controls() -> None:
    found = feasibility(plots(parcels().zones(), shipped(), region="CN", year=2025))
    assert found["parcel"].tolist() == ["b"]
    row = found.iloc[0]
    assert (row["conflict"], row["needs"], row["offers"], row["unit"]) == ("storeys", 2.0, 1.5, "1")
    assert (row["control"], row["end"], row["old"], row["new"], row["new_unit"]) == ("height", "", 20.0, 24.0, "m")


@pytest.mark.parametrize(
    ("code", "status", "control", "new"),
    [("070102", "planned", "far", 3.9), ("070102", "built", "height", 90.0), ("0901", "planned", "height", 135.0)],
)
def test_no_change_is_offered_that_a_standard_forbids(code: str, status: str, control: str, new: float) -> None:
    """A ratio of 9 at 30 % below 40 m: thirty storeys of 3 m are 90 m, but new homes stay below 80 m.

    Then 0.3 x 13 = 3.9 is the smallest change; shops of 4.5 m ask for 0.3 x 8 = 2.4 or 135 m, old homes for 90 m.
    """
    made = parcels()
    for name, value in {"floor_area_ratio": 9.0, "building_density": 0.3, "height_limit": 40.0}.items():
        made.put(name, pd.Series([value] * 2, index=["a", "b"]))
    made.put("land_use", pd.Series([code] * 2, index=["a", "b"]))
    made.put("parcel_status", pd.Series([status] * 2, index=["a", "b"]))
    found = feasibility(plots(made.zones(), shipped(), region="CN", year=2025)).set_index("parcel").loc["a"]
    assert (found["conflict"], found["control"]) == ("storeys", control)
    assert found["new"] == pytest.approx(new)


def test_the_green_of_new_homes_is_not_lowered_below_its_clause() -> None:
    """75 % density beside 30 % green: green to 25 % is the larger share, and it would break the clause of 30 %."""
    plot = Plot(footprint=0.75, green=0.3, clauses=clauses_of("070102", "planned", region="CN", year=2025))
    (found,) = conflicts(plot)
    change = remedy(plot, found)
    assert change is not None
    assert change.field == "footprint"
    assert change.new == pytest.approx(0.7)
    (low,) = conflicts(plot._replace(lower_footprint=0.75))
    assert remedy(plot._replace(lower_footprint=0.75), low) is None
    assert remedy(plot._replace(lower_footprint=0.75, clauses=()), low) is not None


def test_the_control_table_tells_the_range_and_how_sure_a_value_is() -> None:
    made = parcels()
    made.put("floor_area", made.column(2500.0, 500.0, 10.0))
    made.put("land_cover", raster(30, 50).astype(np.uint8))
    found = control_table(
        made.zones(), shipped(), region="CN", year=2025, completeness={"floor_area": 0.7, "land_cover": 1.0}
    ).set_index(["parcel", "control"])
    assert found["low"]["a", "height"] == pytest.approx(24.0)
    assert found["high"]["a", "height"] == pytest.approx(54.0)
    assert found["high"]["b", "far"] == pytest.approx(1.5)
    assert found["confidence"]["a", "far"] == "medium"
    assert found["confidence"]["a", "gr"] == "high"
    assert found["confidence"]["a", "height"] == ""


def test_a_plan_s_own_sponge_controls_are_checked() -> None:
    made = parcels()
    made.put("planned_storage", pd.Series([150.0, 200.0], index=["a", "b"]))
    made.put("sponge_storage", raster(16.0, 12.0))
    found = control_table(made.zones(), BOOK, region="", year=2025).set_index(["parcel", "control"])
    assert found["computed"]["a", "storage"] == pytest.approx(160.0)
    assert found["state"]["a", "storage"] == "passed"
    assert found["state"]["b", "storage"] == "failed"
