"""Windows by facing and what shades them, from the columns of buildings to their energy."""

from typing import Any

import geopandas as gpd
import numpy as np
import pytest

from citybraid.core.errors import InputError
from citybraid.lowcarbon.envelope import Envelope
from citybraid.lowcarbon.shading import given_shares, no_shading, shading_of
from citybraid.sources.text.columns import match_columns
from tests.energy_year import energy, row_of_buildings

HOME = row_of_buildings(("residential",))
BLIND: dict[str, Any] = {
    "blind_irradiance": 150.0, "blind_transmittance": 0.1, "blind_reflectance": 0.5, "blind_place": "outside",
}  # fmt: skip


def skin(count: int) -> Envelope:
    return Envelope(*(np.full(count, value) for value in (1.0, 0.7, 2.8, 0.6, 4.0, 0.0)))


def cooling(home: gpd.GeoDataFrame) -> float:
    return float(energy(home).cooling_demand["b0"])


def test_a_facing_has_its_own_share_and_a_diagonal_the_mean_of_both_beside_it() -> None:
    found = given_shares(
        HOME.assign(window_share=0.3, window_share_south=0.5, window_share_west=np.nan), np.full((1, 8), 0.2)
    )
    assert found[0] == pytest.approx([0.3, 0.3, 0.3, 0.4, 0.5, 0.4, 0.3, 0.3])
    assert given_shares(HOME, np.full((1, 8), 0.2)) == pytest.approx(np.full((1, 8), 0.2))


def test_chinese_headings_of_a_survey_reach_the_model() -> None:
    headings = {"南向窗墙比": 0.5, "北向窗墙比": 0.2, "水平遮阳比": 0.4, "垂直遮阳比": 0.3, "遮阳位置": "inside"}
    wanted = ("window_share", "window_share_south", "window_share_north", "overhang_ratio", "fin_ratio", "blind_place")
    found = match_columns([*headings], wanted, {}, layer="survey").headers
    assert found == dict(zip(wanted[1:], headings, strict=True)) | {
        "window_share_south": "南向窗墙比", "window_share_north": "北向窗墙比",
    }  # fmt: skip
    home = HOME.assign(**{name: headings[heading] for name, heading in found.items()})
    assert cooling(home) < cooling(home.drop(columns=["overhang_ratio", "fin_ratio"]))


def test_without_columns_there_are_no_devices() -> None:
    for found, none in zip(shading_of(HOME, skin(1), clear=0.9), no_shading(1), strict=True):
        assert (found == none).all()
    empty = HOME.assign(overhang_ratio=np.nan, fin_ratio=np.nan, blind_irradiance=np.nan)
    for found, none in zip(shading_of(empty, skin(1), clear=0.9), no_shading(1), strict=True):
        assert (found == none).all()


def test_glass_to_the_west_overheats_and_overhangs_fins_and_blinds_help() -> None:
    plain = HOME.assign(window_share=0.3)
    bare = cooling(plain)
    assert cooling(HOME.assign(window_share=0.6)) > 1.1 * bare
    west, north = (
        cooling(HOME.assign(window_share=0.1, **{f"window_share_{side}": 0.7})) for side in ("south", "north")
    )
    assert west > north
    overhang, both = cooling(plain.assign(overhang_ratio=0.5)), cooling(plain.assign(overhang_ratio=0.5, fin_ratio=0.5))
    assert both < overhang < 0.97 * bare
    outside, inside = (cooling(plain.assign(**BLIND | {"blind_place": place})) for place in ("outside", "inside"))
    assert outside < inside < bare


@pytest.mark.parametrize(
    "wrong", [{"blind_place": "between"}, {"blind_reflectance": 0.95}, {"blind_transmittance": np.nan}]
)
def test_a_blind_that_is_not_whole_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="b0"):
        cooling(HOME.assign(**BLIND | wrong))
