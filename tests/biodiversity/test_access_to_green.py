"""Ways to a park by hand, both decays by hand, what does not count, and that all of a park is given out once."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from citybraid.biodiversity.access_to_green import AccessToGreenParams, green_areas
from citybraid.core.errors import InputError
from citybraid.core.factor import resolve
from citybraid.kernels.transport.catchment import gaussian_weight, step_weight, two_step
from tests.biodiversity.green_town import HOMES, PARK, STREET, frame, town

LEG = 20.0
WAYS = (100.0, 250.0, 270.0, 400.0, 800.0)
STEP = AccessToGreenParams(decay="step")


def golden_case() -> Mapping[str, Any]:
    return {
        "buildings": frame(HOMES, residents=[10.0, 20.0, 0.0, 40.0, 50.0, np.nan]),
        "parcels": frame({"park": PARK}, land_use=["1401"]), "streets": frame({"street": STREET}),
        "green_access": resolve("green_access"), "p": AccessToGreenParams(),
    }  # fmt: skip


def test_ways_run_along_the_street_and_to_the_home() -> None:
    """From the park's corner at the street to the home's middle: the way along the street and 20 m."""
    found = town().green_distance
    assert found.to_list()[:5] == pytest.approx([way + LEG for way in WAYS], abs=0.1)
    assert np.isnan(found["h1200"]), "beyond the catchment of 1 000 m"


def test_people_within_300_m_of_the_way_count() -> None:
    """h270 lies 290 m away along the street, h400 420 m; as the crow flies h250 to h300 would be nearer."""
    near = town().people_near_green
    assert near.to_dict() == {"h100": 100.0, "h250": 100.0, "h270": 100.0, "h400": 0.0, "h800": 0.0, "h1200": 0.0}


def test_a_detour_counts() -> None:
    """The street bends: 145 m up, 400 m along and 175 m to a home that a crow reaches after 400 m."""
    bent = shapely.LineString([(100, 95), (100, 245), (1500, 245)])
    assert town(street=bent).green_distance["h400"] == pytest.approx(145.0 + 400.0 + 175.0, abs=0.1)


def test_without_decay_everybody_in_the_catchment_shares_alike() -> None:
    """10 000 m2 for 5 homes of 100: 20 m2 a person."""
    found = town(STEP)
    assert found.green_access.to_list() == pytest.approx([20.0] * 5 + [0.0])
    assert found.allotted_green.sum() == pytest.approx(10_000.0)


def test_with_decay_by_hand() -> None:
    """Dai's weight of 120 m of 1 000 m: (exp(-0.0072) - 0.6065) / 0.3935 = 0.9818."""
    ways = np.array([way + LEG for way in WAYS])
    weight = (np.exp(-0.5 * (ways / 1000.0) ** 2) - np.exp(-0.5)) / (1.0 - np.exp(-0.5))
    assert weight[0] == pytest.approx(0.9818, abs=1e-4)
    found = town().green_access.to_numpy()
    assert found[:5] == pytest.approx(10_000.0 / (100.0 * weight.sum()) * weight, rel=1e-3)


@pytest.mark.parametrize("park", [shapely.box(0, 0, 60, 60), shapely.box(0, 5000, 100, 5100)])
def test_a_small_park_and_one_away_from_streets_give_nothing(park: Any) -> None:
    found = town(park=park)
    assert found.green_distance.isna().all()
    assert found.people_near_green.sum() == found.green_access.sum() == 0.0


def test_other_uses_count_only_when_named() -> None:
    assert town(use="1403").people_near_green.sum() == 0.0
    assert town(AccessToGreenParams(uses=("14",)), use="1403").people_near_green.sum() == 300.0


def test_parcels_that_touch_are_one_area() -> None:
    """Two halves of 0.3 ha are one park of 0.6 ha; apart neither counts."""
    halves = {"a": shapely.box(0, 0, 60, 50), "b": shapely.box(0, 50, 60, 100)}
    joined = green_areas(frame(halves, land_use=["1401", "140101"]), ("1401",), least=5000.0)
    assert joined.area.to_list() == [6000.0]
    apart = {"a": halves["a"], "b": shapely.box(0, 60, 60, 110)}
    assert green_areas(frame(apart, land_use=["1401", "1401"]), ("1401",), least=5000.0).empty


def test_motorways_are_not_walked_along() -> None:
    with pytest.raises(InputError):
        town(road_class="motorway")


def test_two_parks_give_more_by_the_published_steps() -> None:
    """Luo and Wang (2003): sites of 10 and 20, three places of 1, 2 and 3; the second reaches both."""
    weight = csr_array(np.array([[1.0, 1.0, 0.0], [0.0, 1.0, 1.0]]))
    found = two_step(weight, supply=np.array([10.0, 20.0]), demand=np.array([1.0, 2.0, 3.0]))
    assert found.site == pytest.approx([10 / 3, 4.0])
    assert found.place == pytest.approx([10 / 3, 10 / 3 + 4.0, 4.0])


@given(st.lists(st.floats(0, 1000), min_size=6, max_size=6))
def test_every_park_that_anybody_reaches_is_given_out_whole(people: list[float]) -> None:
    found = town(residents=people)
    whole = 10_000.0 if sum(people[:5]) > 0 else 0.0
    assert found.allotted_green.sum() == pytest.approx(whole, abs=1e-6)
    assert (found.people_near_green <= np.asarray(people)).all()


@given(st.floats(0, 5000), st.floats(0, 5000), st.floats(1, 2000))
def test_weights_fall_with_the_way(one: float, other: float, reach: float) -> None:
    near, far = sorted((one, other))
    for weigh in (gaussian_weight, step_weight):
        weights = weigh(np.array([0.0, near, far, 2 * reach]), reach=reach)
        assert weights[0] == pytest.approx(1.0)
        assert weights[1] >= weights[2] >= 0.0
        assert weights[3] == 0.0


@pytest.mark.parametrize("residents", [0.0, np.nan])
def test_corners(residents: float) -> None:
    found = town(residents=residents)
    assert found.people_near_green.sum() == 0.0
    assert np.isfinite(found.green_access).all()


def test_access_to_green_figure(figure: Callable[[str], Path]) -> None:
    drawn, axis = plt.subplots(figsize=(8.0, 4.2), layout="constrained")
    for p, name in ((STEP, "all alike within 1 000 m"), (AccessToGreenParams(), "by Gauss' curve")):
        found = town(p)
        axis.plot([way + LEG for way in (*WAYS, 1200.0)], found.green_access, "o-", label=name)
    axis.axvline(300.0, color="0.5", linestyle="--")
    axis.annotate("300 m", (305.0, 1.0), fontsize=9, color="0.4")
    axis.set(xlabel="way along the street to a park of 1 ha [m]", ylabel="green area within reach [m² per person]")
    axis.legend(frameon=False)
    path = figure("biodiversity.access_to_green")
    drawn.savefig(path, dpi=110)
    plt.close(drawn)
    assert path.stat().st_size > 5000
