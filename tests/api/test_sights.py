"""Sun positions and sky views by the public names: published example, poles and half-hour zones, streets and basins."""

import numpy as np
import pandas as pd
import pytest

import citybraid as cb
from citybraid.core.errors import PlanError


def test_the_published_example() -> None:
    """Reda and Andreas (2004), table A5.1."""
    words = {"elevation": 1830.14, "pressure": 82000.0, "temperature": 11.0}
    found = cb.sun_position("2003-10-17 12:30:30-07:00", 39.742476, -105.1786, **words)
    assert found["zenith"].iloc[0] == pytest.approx(50.11162, abs=5e-5)
    assert found["azimuth"].iloc[0] == pytest.approx(194.34024, abs=5e-5)


def test_the_same_moment_in_any_zone_and_the_other_half_of_the_world() -> None:
    """Half-hour zones; a southern noon has the sun in the north; the pole's sun stands at its declination."""
    delhi = cb.sun_position("2024-02-29 12:00+05:30", 28.6, 77.2)
    assert cb.sun_position("2024-02-29 06:30Z", 28.6, 77.2).to_numpy() == pytest.approx(delhi.to_numpy())
    noon = cb.sun_position("2023-12-22 12:00+09:30", -34.9, 138.6)
    assert abs((noon["azimuth"].iloc[0] + 180.0) % 360.0 - 180.0) < 60.0
    assert noon["zenith"].iloc[0] < 20.0
    pole = cb.sun_position(pd.date_range("2023-06-21 14:58", periods=4, freq="6h", tz="UTC"), 90.0, 0.0)
    assert pole["zenith"].to_numpy() == pytest.approx(90.0 - 23.44, abs=0.05)
    assert (cb.sun_position("2023-06-21 12:00Z", -90.0, 0.0)["zenith"] > 90.0).all()


@pytest.mark.parametrize("slope", [0.25, 0.5, 1.0, 2.0, 4.0])
def test_long_streets(slope: float) -> None:
    """The middle of a street and a place off it: cosine-weighted by the angles to both edges (Oke 1981)."""
    width = 21
    surface = np.zeros((1001, 3 * width))
    surface[:, :width] = surface[:, 2 * width :] = slope * width
    row = 500
    for at in (10, 4):
        left, right = at + 0.5, width - at - 0.5
        edges = np.array([left, right]) / np.hypot([left, right], slope * width)
        found = cb.sky_view(surface, 1.0).cosine[row, width + at]
        assert found == pytest.approx(edges.sum() / 2.0, abs=0.02)


def test_one_long_wall_and_basins() -> None:
    """Half of the sky's edge hidden by a wall as high as it is away; round basins: cos² and 1 - sin of their rim."""
    surface = np.zeros((801, 60))
    surface[:, 40:] = 10.0
    seen = cb.sky_view(surface, 1.0)
    assert seen.cosine[400, 29] == pytest.approx(0.5 * (1.0 + 10.5 / np.hypot(10.5, 10.0)), abs=0.02)
    y, x = np.mgrid[:241, :241] - 120
    away = np.hypot(x, y)
    for rim in (10.0, 20.0, 45.0, 60.0):
        basin = cb.sky_view(np.where(away >= 100.0, away * np.tan(np.radians(rim)), 0.0), 1.0)
        assert basin.cosine[120, 120] == pytest.approx(np.cos(np.radians(rim)) ** 2, abs=0.02)
        assert basin.solid_angle[120, 120] == pytest.approx(1.0 - np.sin(np.radians(rim)), abs=0.02)


def test_a_cylinder_and_coarser_cells() -> None:
    """A round court 20 m wide and 10 m deep sees half of the sky, cosine-weighted, on cells of 0.5 m."""
    y, x = np.mgrid[:61, :61] - 30
    court = np.where(np.hypot(x, y) * 0.5 >= 10.0, 10.0, 0.0)
    assert cb.sky_view(court, 0.5).cosine[30, 30] == pytest.approx(0.5, abs=0.02)


def test_what_is_none_is_refused() -> None:
    for give in (
        lambda: cb.sun_position("2003-10-17 12:30:30", 40.0, 0.0), lambda: cb.sun_position("noon", 40.0, 0.0),
        lambda: cb.sun_position("2003-10-17 12:30Z", 91.0, 0.0), lambda: cb.sky_view(np.zeros(3), 1.0),
        lambda: cb.sky_view(np.zeros((3, 3)), 0.0), lambda: cb.sky_view(np.zeros((3, 3)), 1.0, ground=np.zeros(3)),
    ):  # fmt: skip
        with pytest.raises(PlanError) as caught:
            give()
        assert all(caught.value.say(language) for language in ("en", "zh"))
    assert np.isnan(cb.sky_view([[0.0, np.nan], [0.0, 0.0]], 1.0).cosine).sum() == 1
