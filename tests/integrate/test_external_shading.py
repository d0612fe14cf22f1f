"""External shading: where it hangs, the windows by hand, what drawn blinds leave, cooling saved; its invariants."""

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.factor import shipped
from citybraid.core.vocabulary.place import FLOORS, HEIGHT
from citybraid.integrate.choose.prices import prices
from citybraid.integrate.measures.external_shading import ExternalShading, ExternalShadingParams, external_shading
from citybraid.lowcarbon.shading import Blind, blind_factors
from tests.energy_year import energy, row_of_buildings
from tests.integrate.plan import BUILDINGS, ends, run
from tests.integrate.test_figures import PLAN, save, shapes, sheets

COLUMNS = ["geometry", "building_use", "height", "floors", "year_built"]
BLINDS = ["blind_irradiance", "blind_transmittance", "blind_reflectance", "blind_place"]
WINDOWS = {"slab": 54 * 18 * 0.3, "villa": 30 * 9 * 0.3, "shop": 30 * 4.5 * 0.35, "tower": 31 * 62 * 0.35}
"""By hand: outline to the east, south and west times height times the windows' share of the use [m2]."""


def shaded(share: float = 1.0, **columns: Any) -> ExternalShading:
    found: ExternalShading = run(
        external_shading, ExternalShadingParams(share=share), buildings=BUILDINGS[COLUMNS].assign(**columns)
    )
    return found


def test_the_windows_by_hand() -> None:
    found = shaded()
    assert found.blind_irradiance.dropna().to_dict() == dict.fromkeys(WINDOWS, 300.0)
    assert found.blind_place.to_dict() == dict.fromkeys(WINDOWS, "outside") | {"hall": ""}
    assert found.blind_transmittance["slab"] == 0.1
    assert found.blind_reflectance["slab"] == pytest.approx(0.8)
    assert found.shaded_window_area.to_dict() == pytest.approx(
        {"west": WINDOWS["slab"] + WINDOWS["villa"] + WINDOWS["shop"], "east": WINDOWS["tower"]}
    )


def test_stated_shares_of_windows_go_before_those_of_the_use() -> None:
    found = shaded(window_share=0.5, window_share_south=0.8)
    tower = (8 + 8) * 62 * 0.5 + 15 * 62 * 0.8
    assert found.shaded_window_area["east"] == pytest.approx(tower)


def test_blinds_that_hang_stay_and_are_not_counted() -> None:
    found = shaded(
        blind_irradiance=[150.0, *[np.nan] * 4], blind_transmittance=0.3, blind_reflectance=0.5,
        blind_place=["inside", "", "", "", ""],
    )  # fmt: skip
    assert (found.blind_irradiance["slab"], found.blind_place["slab"]) == (150.0, "inside")
    assert found.shaded_window_area["west"] == pytest.approx(WINDOWS["villa"] + WINDOWS["shop"])


@pytest.mark.parametrize(("through", "published"), [(0.05, 0.10), (0.1, 0.15), (0.3, 0.35)])
def test_what_a_drawn_blind_leaves_is_near_the_table_of_iso_13790(through: float, published: float) -> None:
    gain, clear = 0.75, 0.9
    direct, absorbed = blind_factors(
        Blind(through, 0.9 - through, outside=True), gain=gain, through=gain * clear, u=2.8
    )
    left = direct * clear + absorbed * (1.0 - clear)
    assert published - 0.035 < left < published + 0.005


def test_blinds_save_cooling_and_leave_the_sun_of_winter() -> None:
    """Studies of external shading in such climates give a tenth to a quarter of cooling; 300 W m-2 is a high limit."""
    plain = row_of_buildings(("residential", "office", "retail"))
    blinds = plain.assign(blind_irradiance=300.0, blind_transmittance=0.1, blind_reflectance=0.8, blind_place="outside")
    before, all_year, warm = (energy(each) for each in (plain, blinds, blinds.assign(blind_air_temperature=20.0)))
    saved = 1.0 - warm.cooling_demand / before.cooling_demand
    assert saved.between(0.04, 0.2).all()
    assert (all_year.cooling_demand / warm.cooling_demand).between(0.99, 1.0).all(), "little is saved in cool weather"
    assert (warm.heating_demand / before.heating_demand).between(1.0, 1.01).all()
    assert (all_year.heating_demand > 1.3 * before.heating_demand).all(), "drawn all year they cost the sun of winter"


def test_the_price_is_there_and_what_lacks_is_told() -> None:
    assert shipped().resolve("measure_cost", region="CN-ZJ", year=2025)["external_shading"] == 800.0
    found = prices(["external_shading"], shipped(), region="CN-ZJ", year=2025)
    assert found.missing["external_shading"] == ("measure_upkeep", "measure_lifetime")


years = st.lists(st.floats(1900, 2030), min_size=5, max_size=5)


@given(years, st.floats(0, 1), st.floats(0, 1))
def test_more_share_hangs_the_same_and_more(built: list[float], one: float, other: float) -> None:
    less, more = (shaded(share, year_built=built) for share in sorted((one, other)))
    assert not (less.blind_irradiance.notna() & more.blind_irradiance.isna()).any()
    assert (less.shaded_window_area <= more.shaded_window_area + 1e-9).all()


@given(st.floats(0, 1))
def test_a_blind_is_whole_or_absent_and_its_shares_are_possible(share: float) -> None:
    found = shaded(share)
    table = pd.concat([getattr(found, name).rename(name) for name in BLINDS], axis=1)
    hung = table["blind_irradiance"].notna()
    assert (table["blind_place"].eq("outside") == hung).all()
    assert (table.loc[hung, ["blind_transmittance", "blind_reflectance"]].sum(axis=1) <= 1.0).all()


@pytest.mark.parametrize(
    ("height", "floors"), [*itertools.product((*ends(HEIGHT), float("nan")), (*ends(FLOORS), float("nan")))]
)
def test_corners(height: float, floors: float) -> None:
    found = shaded(height=height, floors=floors)
    assert np.isfinite(found.shaded_window_area).all()
    assert (found.shaded_window_area.sum() > 0) == (height > 0 and floors > 0)


def test_figure(figure: Callable[[str], Path]) -> None:
    (axis,), found = sheets(1), shaded()
    windows = pd.Series(WINDOWS).reindex(BUILDINGS.index, fill_value=0.0)
    shapes(axis, windows, title="Windows to the east, south and west", unit="m²")
    BUILDINGS[found.blind_irradiance.notna()].plot(ax=axis, facecolor="none", edgecolor="white", hatch="//")
    save(figure("integrate.measures.external_shading"), axis, source=PLAN)
