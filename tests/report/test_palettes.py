import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.colors import to_rgb

from citybraid.report.drawing.palettes import (
    RAMPS,
    better,
    class_words,
    code_colours,
    diverging,
    land_use_shades,
    named_classes,
    ramp,
    round_bounds,
    scale_of,
)


def lightness(colour: str) -> float:
    """CIE L* of a colour."""
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(colour)]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return float(116 * np.cbrt(luminance) - 16 if luminance > 0.008856 else 903.3 * luminance)


@pytest.mark.parametrize("name", RAMPS)
def test_the_lightness_of_a_ramp_alone_tells_the_order(name: str) -> None:
    steps = np.diff([lightness(colour) for colour in ramp(name, 6)])
    assert (steps > 2).all() or (steps < -2).all()


def test_a_diverging_scale_is_symmetric_and_lightest_at_no_change() -> None:
    scale = diverging([np.array([-4.0, 0.0, 1.0]), np.array([9.0])])
    assert [-bound for bound in reversed(scale.bounds)] == pytest.approx(list(scale.bounds))
    shades = [lightness(colour) for colour in scale.colours]
    assert int(np.argmax(shades)) == len(shades) // 2
    assert shades == pytest.approx(shades[::-1], abs=12)


def test_one_scale_serves_all_alternatives() -> None:
    low, high = np.linspace(0, 1, 50), np.linspace(0, 10, 50)
    together = scale_of("no_such_quantity", [low, high])
    assert together.bounds[-1] > 5
    assert set(together.classes(low)) < set(together.classes(high))


def test_classes_count_from_their_lower_bound_and_hide_what_lies_below_the_floor() -> None:
    scale = scale_of("max_depth", [])
    depth = np.array([np.nan, 0.0, 0.049, 0.05, 0.15, 0.29, 2.0, 9.0])
    assert list(scale.classes(depth)) == [-1, -1, -1, 1, 2, 2, 6, 6]
    assert scale.labels()[1:3] == ["0.05 – 0.15", "0.15 – 0.3"]
    assert len(scale.labels()) == len(scale.colours)


def test_bounds_of_the_legend_table_follow_the_shown_unit() -> None:
    assert scale_of("max_depth", [], factor=100.0).bounds == pytest.approx((5, 15, 30, 50, 100, 200))


def test_hot_and_cold_spots_have_two_colours_and_are_named_with_their_confidence() -> None:
    scale = scale_of("service_clustering", [])
    shades = [lightness(colour) for colour in scale.colours]
    assert int(np.argmax(shades)) == 3
    assert shades == pytest.approx(shades[::-1], abs=12)
    (red, _, blue), (cold_red, _, cold_blue) = to_rgb(scale.colours[-1]), to_rgb(scale.colours[0])
    assert red > blue
    assert cold_red < cold_blue
    assert class_words("service_clustering", scale, "en")[2:4] == ("cold spot, 90%", "not significant")
    assert class_words("service_clustering", scale, "zh")[-1] == "热点，99%"
    assert class_words("max_depth", scale_of("max_depth", []), "en") == ()


def test_codes_have_their_own_colours() -> None:
    scale = named_classes([10, 80], {10: "#00ff00", 80: "#0000ff"})
    assert scale.hexes([80.0, 10.0, 20.0, np.nan]) == ["#0000ff", "#00ff00", None, None]


@given(st.lists(st.floats(-1e12, 1e12), max_size=30))
def test_round_bounds_rise_whatever_the_values(values: list[float]) -> None:
    bounds = round_bounds([np.array(values)])
    assert list(bounds) == sorted(set(bounds))
    assert np.isfinite(bounds).all()


def test_low_ground_with_a_few_hills_is_not_one_class() -> None:
    ground = np.concatenate([np.linspace(0.5, 5.0, 900), np.linspace(5.0, 25.0, 100)])
    steps = round_bounds([ground])
    assert np.searchsorted(steps, 4.0) == np.searchsorted(steps, 0.6), "equal steps show the lowland as one class"
    bounds = round_bounds([ground], even=True)
    shares = np.bincount(np.searchsorted(bounds, ground, side="right")) / ground.size
    assert shares.max() < 0.3
    assert len(bounds) == 5
    evenly = np.linspace(3.0, 4.0, 999)
    assert round_bounds([evenly], even=True) == round_bounds([evenly]), "equal steps stay where they tell enough"


def test_heights_darken_upwards_and_never_look_like_water() -> None:
    colours = ramp("earth", 6)
    lightness = [sum(to_rgb(colour)) for colour in colours]
    assert lightness == sorted(lightness, reverse=True)
    assert all(blueness(colour) < 0 for colour in colours)


def test_land_uses_have_the_standards_colours() -> None:
    colours = code_colours("land_use")
    assert colours["0701"] == "#ffff2d"
    assert colours["1401"] == "#00ff00"


def blueness(colour: str) -> float:
    red, _, blue = to_rgb(colour)
    return blue - red


@pytest.mark.parametrize(
    ("var", "gain"), [("habitat_quality", 1), ("green_sink", 1), ("max_depth", -1), ("air_temperature", -1)]
)
def test_losses_are_red_and_gains_blue_whichever_way_the_quantity_counts(var: str, gain: int) -> None:
    scale = diverging([np.array([-4.0, 4.0])], better(var))
    less, more = blueness(scale.colours[0]), blueness(scale.colours[-1])
    assert gain * more > 0.2
    assert gain * less < -0.2


def test_a_quantity_without_better_or_worse_is_neither_red_nor_blue_for_it() -> None:
    scale = diverging([np.array([-4.0, 4.0])], better("terrain"))
    assert better("terrain") == ""
    assert all(max(to_rgb(colour)[1:]) > 0.2 for colour in scale.colours)


@pytest.mark.parametrize(
    "var", ["current_flow", "largest_current", "directed_current", "omnidirectional_current", "normalised_current",
            "patch_importance"],
)  # fmt: skip
def test_what_is_shared_out_among_places_is_no_gain_where_it_grows(var: str) -> None:
    """As much current is sent whatever the plan: Xiamen's map told more of it at a place as an improvement."""
    assert better(var) == ""


def test_a_narrow_range_takes_a_stretch_of_the_ramp_and_says_so() -> None:
    narrow, wide = (scale_of("air_temperature", [np.linspace(30.0, 30.0 + span, 50)]) for span in (0.4, 4.0))
    assert narrow.narrow == pytest.approx(0.4)
    assert wide.narrow is None
    reach = [abs(lightness(each.colours[0]) - lightness(each.colours[-1])) for each in (narrow, wide)]
    assert reach[0] < 0.4 * reach[1]
    assert len(set(narrow.colours)) == len(narrow.colours)


def test_kinds_of_housing_can_be_told_apart_and_the_rest_keeps_the_standards_colour() -> None:
    shades, standard = land_use_shades(), code_colours("land_use")
    kinds = [shades[code] for code in ("070101", "070102", "070103")]
    assert shades["070102"] == standard["070102"]
    light = [lightness(colour) for colour in kinds]
    assert light[0] - light[1] > 0.8
    assert light[1] - light[2] > 8
    assert {shades[code] for code in ("0701", "0703", "1401", "0901")} == {
        standard[code] for code in ("0701", "0703", "1401", "0901")
    }
