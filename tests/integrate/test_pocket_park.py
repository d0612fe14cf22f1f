"""Pocket parks on the green plan: which parcels, what they become, and what an age changes."""

import itertools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from citybraid.biodiversity.nature_access import NatureAccessParams, nature_access
from citybraid.core.factor import resolve
from citybraid.core.vocabulary.surface import CANOPY_COVER, COVER
from citybraid.integrate.measures.nature.pocket_park import OPEN, PocketParkParams, pocket_park
from citybraid.integrate.measures.siting import CODE
from tests.integrate.green_plan import PARCELS, at, cover, green_arguments, green_run
from tests.integrate.plan import CELL, GRID, box, centres, ends, raster, table
from tests.integrate.sheets import show_covers

SPARE = 45.0 * 25.0


def golden_case() -> Mapping[str, Any]:
    return green_arguments(pocket_park)


def test_small_open_reserved_land_and_squares_become_parks() -> None:
    """1 125 m2 of reserved land and 2 025 m2 of square; homes, fields and the park itself stay."""
    found = green_run(pocket_park)
    assert found.land_use.to_dict() == {
        "homes": "070102", "spare": "1401", "park": "1401", "square": "1401", "fields": "0101",
    }  # fmt: skip
    assert found.pocket_park_area.to_dict() == {"west": SPARE, "east": 45.0 * 45.0}


def test_the_inner_two_thirds_are_grass_half_under_trees() -> None:
    found = green_run(pocket_park)
    x, y = centres()
    spare = (x < 45) & (y > 20) & (y < 45)
    green = spare & (found.land_cover.to_numpy() == CODE["grass"])
    assert green.sum() == int(0.65 * spare.sum() + 0.5)
    assert (found.land_cover.to_numpy()[spare & ~green] == CODE["paved"]).all()
    assert found.canopy_cover.to_numpy()[green] == pytest.approx(0.5)
    assert at(found.land_cover, 22, 32) == CODE["grass"], "green lies inside"
    assert at(found.land_cover, 2, 22) == CODE["paved"], "paths along the edge"


def test_half_the_share_takes_the_parcel_farthest_from_parks() -> None:
    parcels = PARCELS.copy()
    parcels.loc["corner"] = [box(0, 0, 45, 20), "16"]
    parcels = parcels.drop(index="homes")
    found = green_run(pocket_park, PocketParkParams(share=0.4), parcels=parcels, land_cover=raster(
        np.where(cover().to_numpy() == CODE["roof"], CODE["bare"], cover().to_numpy())))  # fmt: skip
    assert found.land_use["corner"] == "1401"
    assert found.land_use["spare"] == "16"


@pytest.mark.parametrize(("size", "fits"), [(15.0, False), (25.0, True)])
def test_parcels_under_400_m2_are_left(size: float, fits: bool) -> None:
    parcels = PARCELS.copy()
    parcels.loc["spare", "geometry"] = box(0, 20, size, 20 + size)
    assert (green_run(pocket_park, parcels=parcels).land_use["spare"] == "1401") is fits


def test_young_trees_cover_less() -> None:
    """After 10 years crowns are 4 of 5 m wide and 0.957^10 of the trees alive: 0.5 x 0.64 x 0.644 = 0.206."""
    found = green_run(pocket_park, PocketParkParams(age=10.0))
    assert float(found.canopy_cover.max()) == pytest.approx(0.5 * 0.64 * 0.957**10)
    assert float(found.canopy_height.max()) == pytest.approx(7.0)
    assert found.pocket_park_area["west"] == SPARE


def test_a_pocket_park_raises_access_to_nature() -> None:
    """1 125 m2 of reserved land beside the only street become a park, shared by 100 people: 11.25 m2 more for each."""
    homes = table({"home": (box(20, 5, 30, 15), 100.0)}, ("residents",))
    streets = table({"street": (shapely.LineString([(2, 18), (44, 18)]), "residential")}, ("road_class",))
    parcels = PARCELS[PARCELS["land_use"].isin(["070102", "16"])].copy()
    access = [
        nature_access(
            land_cover=cover(), buildings=homes, parcels=parcels.assign(land_use=use), streets=streets,
            green_access=resolve("green_access"), grid=GRID, p=NatureAccessParams(decay="step", block=5.0),
        ).nature_access
        for use in (parcels["land_use"], green_run(pocket_park, parcels=parcels).land_use)
    ]  # fmt: skip
    assert float(access[0].max()) == 0.0
    assert at(access[1], 25, 10) == pytest.approx(SPARE / 100.0)


@given(st.integers(0, 2**32 - 1))
def test_a_parcel_with_anything_that_stays_is_not_taken(seed: int) -> None:
    random = np.random.default_rng(seed)
    values = random.choice([code for code, _ in COVER], GRID.shape, p=[0.001] * 9 + [0.991]).astype(np.uint8)
    found = green_run(pocket_park, land_cover=raster(np.where(values == CODE["wetland"], CODE["bare"], values)))
    changed = np.asarray(found.land_cover) != np.where(values == CODE["wetland"], CODE["bare"], values)
    assert changed.sum() * CELL <= found.pocket_park_area.sum() + 1e-9
    assert not changed[np.isin(values, [CODE["roof"], CODE["water"], CODE["road"], CODE["trees"]])].any()


def corners() -> list[tuple[int, float]]:
    return list(itertools.product((0, 255, *(code for code, _ in COVER)), (*ends(CANOPY_COVER), float("nan"))))


@pytest.mark.parametrize(("code", "old"), corners())
def test_corners(code: int, old: float) -> None:
    values = np.full(GRID.shape, code, dtype=np.uint8)
    found = green_run(pocket_park, land_cover=raster(values), canopy_cover=raster(np.full(GRID.shape, old)))
    crowns = found.canopy_cover.to_numpy()
    assert np.array_equal(np.isnan(crowns), np.full(GRID.shape, np.isnan(old)))
    assert ((crowns[np.isfinite(crowns)] >= 0) & (crowns[np.isfinite(crowns)] <= 1)).all()
    assert (found.pocket_park_area.sum() > 0) == (code in [CODE[name] for name in OPEN])


def test_pocket_park_figure(figure: Callable[[str], Path]) -> None:
    show_covers(
        figure("integrate.measures.pocket_park"), (cover(), "Before"), (green_run(pocket_park).land_cover, "After"),
        lines=PARCELS,
    )  # fmt: skip
