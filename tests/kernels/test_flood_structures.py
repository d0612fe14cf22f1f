"""Weirs, orifices and culverts by their formulas, and structures on ground that is mostly skipped."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from odc.geo.geobox import GeoBox
from shapely.geometry import LineString, Point

from citybraid.core.errors import InputError
from citybraid.core.factor import resolve
from citybraid.kernels.flood.walls import orifice, weir
from citybraid.resilience.flood.defences import Defences
from citybraid.resilience.flood.structures import build_structures
from citybraid.resilience.works.culvert_rating import Barrel, inlet, section
from tests.kernels.test_flood_spans import SHAPE, event, run
from tests.resilience.basin import features

LAW = resolve("flood_structures")
GRAVITY = 9.80665
HEIGHT, WIDTH = 5.0 * SHAPE[0], 5.0 * SHAPE[1]
heads = st.floats(0.0, 5.0)


def test_a_weir_is_free_until_its_tailwater_reaches_the_crest() -> None:
    assert weir(0.0, -1.0, 1.7, 0.385) == 0.0
    assert weir(0.4, -1.0, 1.7, 0.385) == weir(0.4, 0.0, 1.7, 0.385) == pytest.approx(1.7 * 0.4**1.5)
    assert weir(0.4, 0.2, 1.7, 0.385) == pytest.approx(1.7 * 0.4**1.5 * (1.0 - 0.5**1.5) ** 0.385)
    assert weir(0.4, 0.4, 1.7, 0.385) == 0.0


def test_the_broad_crest_is_critical() -> None:
    assert LAW["wall/weir"] == pytest.approx((2.0 / 3.0) ** 1.5 * GRAVITY**0.5, abs=1e-3)


@given(heads, heads, st.floats(0.01, 1.0))
def test_more_head_and_less_tailwater_pass_more(head: float, tail: float, more: float) -> None:
    high, low = max(head, tail), min(head, tail)
    for law in (weir, orifice):
        assert law(high + more, low, 1.7, 0.385) >= law(high, low, 1.7, 0.385)
        assert law(high, low, 1.7, 0.385) >= law(high, min(low + more, high), 1.7, 0.385)


def test_an_orifice_counts_from_its_middle_or_its_tailwater() -> None:
    assert orifice(2.0, 0.0, 1.0, 0.6) == pytest.approx(0.6 * (2.0 * GRAVITY * 1.5) ** 0.5)
    assert orifice(2.0, 1.5, 1.0, 0.6) == pytest.approx(0.6 * (2.0 * GRAVITY * 0.5) ** 0.5)


def test_a_full_barrel_has_its_whole_area_and_perimeter() -> None:
    area, carried, critical = section(Barrel(1.2, None, 0.013))
    assert area[-1] == pytest.approx(0.25 * np.pi * 1.44)
    assert carried[-1] == pytest.approx(area[-1] * 0.3 ** (2.0 / 3.0) / 0.013)
    half = len(area) // 2
    assert area[half] == pytest.approx(0.5 * area[-1])
    assert carried[half] == pytest.approx(0.5 * carried[-1])
    assert (np.diff(critical) > 0.0).all()
    area, carried, critical = section(Barrel(1.0, 2.0, 0.013))
    assert area[-1] == pytest.approx(2.0)
    assert carried[-1] == pytest.approx(2.0 * (2.0 / 6.0) ** (2.0 / 3.0) / 0.013)
    assert critical[half] == pytest.approx(2.0 * (GRAVITY * 0.5**3) ** 0.5)


@pytest.mark.parametrize(("kind", "barrel"), [("round", Barrel(0.9, None, 0.013)), ("box", Barrel(1.2, 2.4, 0.013))])
def test_an_inlet_follows_both_of_its_equations(kind: str, barrel: Barrel) -> None:
    slope = 0.01
    rated = inlet(barrel, slope, LAW, kind=kind)
    assert (np.diff(rated.table) > 0.0).all()
    unit = barrel.area * barrel.height**0.5 * 0.3048**0.5
    law = {name: LAW[f"{kind}/{name}"] for name in ("K", "M", "c", "Y")}
    assert rated.top == pytest.approx(barrel.height * (16.0 * law["c"] + law["Y"] - 0.5 * slope))
    assert rated.table[-1] == pytest.approx(4.0 * unit)
    assert rated.scale * (rated.top - rated.shift) ** 0.5 == pytest.approx(4.0 * unit)
    area, _, critical = section(barrel)
    for depth in range(20, 80, 20):
        q, high = critical[depth], barrel.height
        if q > 3.5 * unit:
            continue
        energy = high * depth / (len(area) - 1) + (q / area[depth]) ** 2 / (2.0 * GRAVITY)
        head = energy + high * (law["K"] * (q / unit) ** law["M"] - 0.5 * slope)
        found = np.interp(head, np.linspace(0.0, rated.top, len(rated.table)), rated.table)
        assert found == pytest.approx(q, rel=2e-3)


def test_an_inlet_that_does_not_rise_is_refused() -> None:
    with pytest.raises(InputError) as told:
        inlet(Barrel(1.0, None, 0.013), 0.0, {**LAW, "round/Y": -5.0}, kind="round")
    assert told.value.text == "flood.culvert_rating"


spots = st.lists(st.tuples(st.integers(0, 22), st.integers(0, 30)), min_size=1, max_size=4)


@given(spots, st.integers(0, 2**32 - 1), st.integers(1, 60))
def test_skipping_changes_nothing(wet: list[tuple[int, int]], seed: int, steps: int) -> None:
    """Water that structures bring to dry ground is followed from there on."""
    depth = np.zeros(SHAPE)
    for row, column in wet:
        depth[row, column] = 1.5
    runs = [event(depth, seed), event(depth, seed)]
    grid = GeoBox.from_bbox((0, 0, WIDTH, HEIGHT), crs="EPSG:32651", resolution=5)
    row, column = wet[0]
    x, y = 5.0 * column + 2.5, HEIGHT - 5.0 * row - 2.5
    ground = np.argwhere(runs[0].domain.open)
    far = ground[seed % len(ground)]
    end = (5.0 * far[1] + 2.5, HEIGHT - 5.0 * far[0] - 2.5)
    if not runs[0].domain.open[row, column] or tuple(far) == (row, column):
        return
    built = Defences(
        features(LineString([(x + 3.0, -5.0), (x + 3.0, HEIGHT + 5.0)]), crest_height=[0.3]) if column < 30 else None,
        None,
        features(LineString([(x, y), end]), culvert_diameter=[0.8]),
        features(LineString([(x, y), end]), Point(end), pump_capacity=[0.5, 0.01]),
    )
    for place, one in enumerate(runs):
        stands = build_structures(built, one.bed, one.domain, grid, law=LAW)
        runs[place] = one._replace(structures=stands)
    runs[1].water.first[:], runs[1].water.last[:] = 0, SHAPE[1]
    for one in runs:
        run(one, steps)
    skipping, whole = runs
    for name in ("h", "qx", "qy"):
        np.testing.assert_array_equal(getattr(skipping.water, name), getattr(whole.water, name))
    for name in ("depth", "speed", "hazard", "arrival", "duration"):
        np.testing.assert_array_equal(getattr(skipping.peaks, name), getattr(whole.peaks, name))
    assert skipping.structures is not None
    assert whole.structures is not None
    first, second = (stands.culverts.passage.passed for stands in (skipping.structures, whole.structures))
    np.testing.assert_array_equal(first, second)
