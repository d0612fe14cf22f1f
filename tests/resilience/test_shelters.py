"""Shelters: way and places by hand, every refusal, people conserved, more water never more places; figure."""

from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import geopandas as gpd
import matplotlib.pyplot as plt
import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString, box

from citybraid.core.errors import InputError
from citybraid.core.factor import resolve
from citybraid.core.vocabulary.place import RESIDENTS
from citybraid.core.vocabulary.water import MAX_DEPTH
from citybraid.resilience.relief.shelters import ShelterParams, Shelters, shelters
from citybraid.resilience.relief.sites import land_share
from tests.ranges import ends
from tests.resilience.street_town import CRS, facilities, grid, raster
from tests.resilience.test_cool_room_access import homes, lattice

HERE = grid(1000, 1000, 20)
NAMES = ("place_area", "radius", "least_area", "need_share", "land", "site")
FACTS: dict[str, Any] = {f"shelter_{name}": resolve(f"shelter_{name}") for name in NAMES}
PARK = box(610, 505, 690, 590)
"""A park of 6 800 m2: 0.4 of it, 2 720 m2, hold 1 360 people at 2 m2."""


def parcels(*plots: tuple[Any, str]) -> gpd.GeoDataFrame:
    index = [f"p{each}" for each in range(len(plots))]
    return gpd.GeoDataFrame(
        {"land_use": [use for _, use in plots]}, geometry=[shape for shape, _ in plots], index=index, crs=CRS
    )


def listed(*at: tuple[float, float], area: float) -> gpd.GeoDataFrame:
    return facilities(shelter=list(at)).assign(shelter_area=area)


def found(
    buildings: gpd.GeoDataFrame, land: gpd.GeoDataFrame | None = None, *, given: dict[str, Any] | None = None, **p: Any
) -> Shelters:
    plots = parcels((box(0, 0, 50, 50), "0701")) if land is None else land
    return shelters(
        buildings=buildings, streets=lattice(), parcels=plots, grid=HERE, p=ShelterParams.model_validate(p),
        **(FACTS | (given or {})),
    )  # fmt: skip


def pool(shape: Any, depth: float) -> xr.DataArray:
    """Return water over the cells whose middle lies in a shape."""
    step = (np.arange(50) + 0.5) * 20
    right, up = np.meshgrid(step, step[::-1])
    inside = gpd.GeoSeries.from_xy(right.ravel(), up.ravel()).within(shape).to_numpy().reshape(50, 50)
    return raster(np.where(inside, depth, 0.0))


def test_way_and_places_of_a_listed_shelter_by_hand() -> None:
    """From the wall at (252, 10) to the street, 348 + 510 m along, as the walk to a cool room; 500 m2 hold 250."""
    answer = found(homes((250.0, 12.0)), given={"facilities": listed((600.0, 510.0), area=500.0)})
    assert answer.shelter_distance["b0"] == pytest.approx(10 + 348 + 510)
    assert answer.listed is not None
    assert answer.listed.facility_places["f0"] == 250.0
    assert answer.listed.facility_sheltered["f0"] == pytest.approx(1.5)
    assert answer.people_near_shelter["b0"] == 10.0
    assert answer.people_unsheltered["b0"] == pytest.approx(0.0)
    assert answer.shelter_area_per_head == pytest.approx(50.0)


def test_who_finds_it_full_gets_no_place() -> None:
    """Three homes of 1 000 need 150 places each; 250 are there: 200 people get none."""
    answer = found(
        homes((420.0, 102.0), (520.0, 102.0), (620.0, 102.0), residents=[1000.0] * 3),
        given={"facilities": listed((600.0, 310.0), area=500.0)},
    )
    assert answer.shelter_need.sum() == pytest.approx(450.0)
    assert answer.people_unsheltered.sum() == pytest.approx(200.0)
    assert answer.listed is not None
    assert answer.listed.facility_sheltered["f0"] == pytest.approx(250.0)


def test_a_park_holds_its_effective_area() -> None:
    answer = found(homes((420.0, 402.0), residents=[1000.0]), parcels((PARK, "1401")))
    assert answer.shelter_places["p0"] == pytest.approx(1360.0)
    assert answer.sheltered_here["p0"] == pytest.approx(150.0)
    assert answer.shelter_refusal["p0"] == ""
    assert answer.refuge_green_share == 1.0


def test_a_shelter_in_the_flood_is_refused_for_the_event() -> None:
    water = pool(box(560, 460, 740, 640), 0.3)
    answer = found(
        homes((420.0, 402.0), residents=[1000.0]), parcels((PARK, "1401")),
        given={"max_depth": water, "facilities": listed((600.0, 510.0), area=500.0)},
    )  # fmt: skip
    assert answer.shelter_refusal["p0"] == "flooded"
    assert answer.listed is not None
    assert answer.listed.facility_refusal["f0"] == "flooded"
    assert answer.shelters_flooded == 2.0
    assert answer.shelter_places["p0"] == 0.0
    assert answer.people_unsheltered.sum() == pytest.approx(150.0)
    assert answer.refuge_green_share == 0.0
    shallow = found(homes((420.0, 402.0)), parcels((PARK, "1401")), given={"max_depth": pool(PARK, 0.1)})
    assert shallow.shelters_flooded == 0.0


def test_reasons_of_refusal() -> None:
    up = np.zeros((50, 50))
    up[:, 40:] = np.arange(10) * 4.0
    plots = parcels(
        (box(10, 10, 90, 90), "1403"), (box(210, 210, 250, 250), "1401"), (box(840, 410, 990, 590), "1401"),
        (box(1400, 0, 1500, 100), "1401"), (box(410, 10, 490, 90), "080404"), (box(410, 110, 490, 190), "0701"),
    )  # fmt: skip
    answer = found(homes((120.0, 102.0)), plots, given={"terrain": raster(up)})
    assert answer.shelter_refusal.tolist() == ["", "small", "steep", "far", "", ""]
    assert answer.shelter_places.isna().tolist() == [False, False, False, False, True, True]
    no_area = found(homes((120.0, 102.0)), given={"facilities": facilities(shelter=[(100.0, 110.0)])})
    assert no_area.listed is not None
    assert no_area.listed.facility_refusal["f0"] == "no_area"


def test_without_any_candidate_everyone_in_need_is_told() -> None:
    answer = found(homes((120.0, 102.0)))
    assert answer.people_unsheltered.sum() == pytest.approx(1.5)
    assert (answer.shelter_area_per_head, answer.people_near_shelter.sum()) == (0.0, 0.0)
    assert np.isnan(answer.refuge_green_share)
    assert answer.shelter_distance.isna().all()


@pytest.mark.parametrize("objective", ["coverage", "median", "centre"])
def test_one_site_is_chosen_where_the_people_are(objective: str) -> None:
    plots = parcels((box(110, 110, 190, 190), "1401"), (box(810, 810, 890, 890), "1401"))
    answer = found(homes((120.0, 202.0), (220.0, 102.0), residents=[900.0, 900.0]), plots, sites=1, objective=objective)
    assert answer.shelter_refusal.tolist() == ["", "spare"]
    assert answer.shelter_gap == pytest.approx(0.0)
    assert answer.people_unsheltered.sum() == pytest.approx(0.0)


def test_the_longest_code_that_fits_tells_the_share() -> None:
    land = FACTS["shelter_land"]
    assert land_share("080403", land) == land["0804"]
    assert land_share("080404", land) == 0.0
    assert (land_share("0701", land), land_share(None, land)) == (0.0, 0.0)


def test_many_homes_are_placed_by_street_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    draw = np.random.default_rng(5)
    at = [(float(x), float(y)) for x, y in draw.uniform(0, 1000, (60, 2))]
    plots = parcels((PARK, "1401"), (box(110, 110, 190, 190), "1403"))
    one = found(homes(*at, residents=[100.0] * 60), plots)
    monkeypatch.setattr("citybraid.resilience.relief.shelters.PAIRS", 0)
    other = found(homes(*at, residents=[100.0] * 60), plots)
    assert other.people_unsheltered.sum() == pytest.approx(one.people_unsheltered.sum(), abs=60.0)


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("relief.no_area", {"shelter_place_area": dict.fromkeys(FACTS["shelter_place_area"], 0.0)}),
        ("relief.no_street", {"facilities": listed((9000.0, 0.0), area=10.0)}),
    ],
)
def test_refuses(text: str, given: dict[str, Any]) -> None:
    with pytest.raises(InputError) as failure:
        found(homes((120.0, 2.0)), given=given)
    assert failure.value.text == text
    assert failure.value.say("zh") != failure.value.say("en")


place = st.tuples(st.floats(0, 1000), st.floats(0, 1000))


@given(st.lists(place, min_size=1, max_size=5), st.floats(0, 5e3), st.floats(0, 2), st.integers(0, 2**32 - 1))
def test_people_are_conserved_and_more_water_never_adds_places(
    at: list[tuple[float, float]], people: float, depth: float, seed: int
) -> None:
    draw = np.random.default_rng(seed)
    corner = draw.uniform(0, 900, (4, 2))
    plots = parcels(
        *(
            (box(x, y, x + 90, y + 90), use)
            for (x, y), use in zip(corner, ["1401", "1403", "0805", "0804"], strict=True)
        )
    )
    water = draw.random((50, 50))
    one, other = (
        found(homes(*at, residents=[people] * len(at)), plots, given={"max_depth": raster(factor * water)})
        for factor in (depth, depth + 0.1)
    )
    for answer in (one, other):
        got = float(answer.sheltered_here.sum() + answer.people_unsheltered.sum())
        assert got == pytest.approx(float(answer.shelter_need.sum()), rel=1e-6, abs=1e-6)
        assert (answer.sheltered_here.fillna(0.0) <= answer.shelter_places.fillna(0.0) + 1e-6).all()
    assert (other.shelter_places <= one.shelter_places + 1e-9).all()
    assert other.shelter_area_per_head <= one.shelter_area_per_head + 1e-9 or people == 0.0


def corners() -> list[tuple[float, float]]:
    return list(product((*ends(RESIDENTS), float("nan")), ends(MAX_DEPTH)))


@pytest.mark.parametrize(("people", "depth"), corners())
def test_corners(people: float, depth: float) -> None:
    answer = found(
        homes((420.0, 402.0), residents=[people]), parcels((PARK, "1401")),
        given={"max_depth": raster(np.full((50, 50), depth))},
    )  # fmt: skip
    assert answer.shelter_places["p0"] == (0.0 if depth else pytest.approx(1360.0))
    if np.isnan(people):
        assert np.isnan(answer.people_unsheltered["b0"])
    else:
        left = 0.15 * people if depth else max(0.15 * people - 1360.0, 0.0)
        assert answer.people_unsheltered["b0"] == pytest.approx(left, rel=1e-6)


def test_figure(figure: Callable[[str], Path]) -> None:
    draw = np.random.default_rng(3)
    at = [(float(x), float(y)) for x, y in draw.uniform(0, 1000, (220, 2))]
    plots = parcels(
        (box(210, 210, 390, 290), "1401"), (box(710, 610, 790, 690), "1403"), (box(110, 810, 190, 890), "0805"),
        (box(610, 110, 690, 190), "1401"),
    )  # fmt: skip
    water = pool(box(600, 60, 800, 240), 0.4)
    answer = found(homes(*at, residents=[60.0] * 220), plots, given={"max_depth": water}, purpose="emergency")
    fig, axis = plt.subplots(figsize=(5.8, 4.6), layout="constrained")
    gpd.GeoSeries([LineString(line.coords) for line in lattice().geometry]).plot(ax=axis, color="0.88", linewidth=0.8)
    axis.imshow(np.ma.masked_less(water, 0.1), extent=(0, 1000, 0, 1000), cmap="Blues", vmin=0, vmax=0.8, zorder=1)
    colours = ["#b2352f" if reason else "#5a9e6f" for reason in answer.shelter_refusal]
    plots.plot(ax=axis, color=colours, zorder=2)
    for shape, places, people in zip(plots.geometry, answer.shelter_places, answer.sheltered_here, strict=True):
        axis.text(
            shape.centroid.x, shape.centroid.y, f"{people:.0f}\nof {places:.0f}", ha="center", va="center", fontsize=7
        )
    across, up = (np.array(each) for each in zip(*at, strict=True))
    image = axis.scatter(
        across, up, c=answer.people_unsheltered, cmap="OrRd", s=12, edgecolor="0.4", linewidth=0.3, zorder=3
    )
    fig.colorbar(image, label="people without a place")
    left, need = float(answer.people_unsheltered.sum()), float(answer.shelter_need.sum())
    axis.set(
        xlabel="m",
        ylabel="m",
        title=f"One site stands in water: {left:.0f} of {need:.0f} people have no place within 500 m",
    )
    axis.title.set_fontsize(9)
    fig.savefig(figure("resilience.shelters"), dpi=110)
    plt.close(fig)
