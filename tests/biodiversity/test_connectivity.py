"""Patches, gaps and indices by hand; stepping stones; many patches; what is refused."""

import json
from collections.abc import Callable
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest
from odc.geo.geobox import GeoBox

from citybraid.biodiversity.connectivity import Connectivity, ConnectivityParams, connectivity
from citybraid.biodiversity.habitat_suitability import SuitabilityParams, habitat_suitability
from citybraid.core.errors import InputError
from citybraid.core.factor import resolve
from citybraid.kernels.ecology import connectivity as graph
from citybraid.kernels.ecology.patches import patch_distances, patches
from tests.commands import citybraid
from tests.district import district, raster
from tests.geotiffs import write_raster


def joined(suits: np.ndarray, *, cell: float = 100.0, median: float = 500.0, **words: object) -> Connectivity:
    rows, columns = suits.shape
    return connectivity(
        habitat_suitability=raster(suits),
        dispersal_distance={"short": median},
        grid=GeoBox.from_bbox((0, 0, cell * columns, cell * rows), crs="EPSG:32651", resolution=cell),
        p=ConnectivityParams.model_validate(words),
    )


def test_patches_touch_at_corners_and_small_ones_are_left_out() -> None:
    habitat = np.array([[1, 0, 0, 1], [0, 1, 0, 0], [0, 0, 0, 0], [1, 1, 1, 0]], dtype=np.uint8)
    found = patches(habitat, cell=(10.0, 20.0), smallest=400.0)
    assert found.label.tolist() == [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 0], [2, 2, 2, 0]]
    assert found.area.tolist() == [400.0, 600.0]
    # From (1, 1) down to row 3: one row lies between
    assert patch_distances(found.label, 2, cell=(10.0, 20.0)).tolist() == [[0.0, 10.0], [10.0, 0.0]]


def test_gaps_against_every_pair_of_cells() -> None:
    random = np.random.default_rng(3)
    habitat = (random.random((40, 50)) < 0.25).astype(np.uint8)
    found = patches(habitat, cell=(5.0, 7.0), smallest=100.0)
    gap = patch_distances(found.label, found.area.size, cell=(5.0, 7.0))
    assert found.area.size > 10
    for a in range(found.area.size):
        for b in range(a):
            (i, j), (k, m) = (np.nonzero(found.label == number + 1) for number in (a, b))
            dy = np.maximum(abs(i[:, None] - k) - 1, 0) * 5.0
            dx = np.maximum(abs(j[:, None] - m) - 1, 0) * 7.0
            assert gap[a, b] == gap[b, a] == pytest.approx(np.hypot(dy, dx).min())


def test_a_species_disperses_as_its_row_says_and_one_without_is_refused() -> None:
    suits = np.zeros((3, 8))
    suits[:, :2] = suits[:, 7] = 1.0
    with pytest.raises(InputError, match="no row of dispersal_distance is named 'little_egret'") as refused:
        joined(suits, dispersal="little_egret")
    assert "没有名为" in refused.value.say("zh")
    own = connectivity(
        habitat_suitability=raster(suits), dispersal_distance={"short": 1.0, "toad": 500.0},
        grid=GeoBox.from_bbox((0, 0, 800, 300), crs="EPSG:32651", resolution=100.0),
        p=ConnectivityParams(dispersal="toad"),
    )  # fmt: skip
    assert own.connected_area == pytest.approx(joined(suits).connected_area)


def test_two_patches_by_hand() -> None:
    suits = np.zeros((3, 8))
    suits[:, :2] = suits[:, 7] = 1.0
    found = joined(suits)
    # 6 ha and 3 ha, 500 m apart: the chance is a half; one link for IIC
    assert found.connected_area == pytest.approx(np.sqrt(36 + 9 + 2 * 18 * 0.5))
    assert found.probability_of_connectivity == pytest.approx((36 + 9 + 18) / 24**2)
    assert found.integral_connectivity == pytest.approx((36 + 9 + 2 * 18 / 2) / 24**2)
    assert found.habitat_area == pytest.approx(9.0)
    assert float(found.patch_importance[0, 0]) == pytest.approx((36 + 18) / 63)
    assert float(found.patch_importance[0, 4]) == 0.0


def test_the_distance_of_links_is_apart_from_that_of_the_half_chance() -> None:
    """IIC's links reach farther or less far than PC's half chance, and each changes its own index only."""
    suits = np.zeros((3, 8))
    suits[:, :2] = suits[:, 7] = 1.0
    near, same, far = (joined(suits, link_distance=link) for link in (499.0, 500.0, 5000.0))
    assert near.integral_connectivity == pytest.approx((36 + 9) / 24**2)
    assert same.integral_connectivity == far.integral_connectivity == pytest.approx((36 + 9 + 18) / 24**2)
    assert near.probability_of_connectivity == same.probability_of_connectivity == far.probability_of_connectivity
    assert (near.half_chance_distance, near.link_distance) == (500.0, 499.0)


def test_a_distance_with_its_own_chance() -> None:
    """500 m are crossed with a chance of 0.1 or one in two; half of it has the square root of the chance."""
    suits = np.zeros((3, 8))
    suits[:, :2] = suits[:, 7] = 1.0
    maximum = joined(suits, median=1.0, distance=500.0, probability=0.1)
    assert maximum.probability_of_connectivity == pytest.approx((45 + 36 * 0.1) / 24**2)
    assert maximum.half_chance_distance == pytest.approx(500.0 * np.log(2.0) / np.log(10.0))
    assert maximum.integral_connectivity == pytest.approx((45 + 18) / 24**2)
    half = joined(suits, median=1.0, distance=1000.0, probability=0.1, link_distance=0.0)
    assert half.probability_of_connectivity == pytest.approx((45 + 36 * np.sqrt(0.1)) / 24**2)
    assert half.integral_connectivity == pytest.approx(45 / 24**2)


@pytest.mark.slow
def test_the_command_takes_both_distances(tmp_path: Path) -> None:
    """From a GeoTIFF to the numbers: 6 ha and 3 ha, 500 m apart, hand arithmetic as above."""
    suits = np.zeros((3, 8), dtype=np.float32)
    suits[:, :2] = suits[:, 7] = 1.0
    write_raster(tmp_path / "suits.tif", suits, cell=100.0)
    words = ["--habitat-suitability", "suits.tif", "--distance", "500", "--probability", "0.05", "--link-distance"]
    numbers = []
    for link in ("400", "600"):
        done = citybraid("model", "biodiversity.connectivity", *words, link, "--out", link, folder=tmp_path)
        assert done.returncode == 0, done.stderr
        numbers.append(json.loads((tmp_path / link / "provenance.json").read_text(encoding="utf-8"))["numbers"])
    near, far = numbers
    assert near["probability_of_connectivity"] == far["probability_of_connectivity"]
    assert near["probability_of_connectivity"] == pytest.approx((45 + 36 * 0.05) / 24**2)
    assert near["integral_connectivity"] == pytest.approx(45 / 24**2)
    assert far["integral_connectivity"] == pytest.approx(63 / 24**2)
    assert (near["link_distance"], far["link_distance"]) == (400.0, 600.0)
    assert near["half_chance_distance"] == pytest.approx(500.0 * np.log(2.0) / np.log(20.0))


def test_a_stepping_stone_carries_the_flow_between_others() -> None:
    suits = np.zeros((3, 25))
    suits[:, :3] = suits[:, 22:] = suits[1, 12] = 1.0
    with_stone = joined(suits)
    suits[1, 12] = 0.0
    without = joined(suits)
    connector = float(with_stone.patch_connector[1, 12])
    assert connector > 0.0
    lost = 1 - (without.connected_area / with_stone.connected_area) ** 2
    assert float(with_stone.patch_importance[1, 12]) == pytest.approx(lost)
    # Straight across are 1 900 m; by the stone 900 m twice, so 100 m less
    gained = 2 * 81 * (0.5 ** (1800 / 500) - 0.5 ** (1900 / 500))
    assert connector == pytest.approx(gained / with_stone.connected_area**2)


def test_many_patches_are_refused_with_advice() -> None:
    suits = np.zeros((20, 20))
    suits[::2, ::2] = 1.0
    with pytest.raises(InputError, match="100 patches"):
        joined(suits, most_patches=99)


def test_the_widest_link_cuts_longer_ways_and_keeps_the_rest() -> None:
    """Three patches in a row, gaps of 500 m: no gap of 1 100 m is crossed at once, by the middle one it still is."""
    suits = np.zeros((3, 13))
    suits[:, :1] = suits[:, 6:7] = suits[:, 12:] = 1.0
    every, wide, near, none = (joined(suits, widest_link=widest) for widest in (None, 1100.0, 500.0, 499.0))
    for name in Connectivity._fields:
        np.testing.assert_allclose(getattr(wide, name), getattr(every, name), rtol=1e-12)
    assert near.connected_area == pytest.approx(every.connected_area, rel=1e-12)
    # Without the middle one the outer two lose all of their flow, not what 1 100 m take beyond 1 000 m
    assert float(near.patch_connector[0, 6] - every.patch_connector[0, 6]) == pytest.approx(
        18 * 0.5**2.2 / every.connected_area**2
    )
    assert none.connected_area == pytest.approx(np.sqrt(27.0))
    assert (every.habitat_components, none.habitat_components) == (1, 3)
    assert (every.largest_component, none.largest_component) == pytest.approx((9.0, 3.0))


def test_unreachable_patches_count_for_themselves() -> None:
    area, chance = np.array([2.0, 3.0]), np.eye(2)
    found = graph.connectivity(area, chance)
    assert found.numerator == pytest.approx(13.0)
    np.testing.assert_allclose(found.importance, [4 / 13, 9 / 13])
    assert graph.connectivity(np.zeros(3), np.ones((3, 3))).numerator == 0.0


def test_figure(figure: Callable[[str], Path]) -> None:
    place = district()
    suitability = resolve("habitat_suitability", region="CN-ZJ")
    suits = habitat_suitability(land_cover=place.land_cover, suitability=suitability, p=SuitabilityParams())
    found = joined(suits.habitat_suitability.to_numpy(), cell=10.0, median=300.0)
    left, right = plt.figure(figsize=(8.6, 3.8), layout="constrained").subplots(1, 2, sharey=True)
    number = found.habitat_patch.to_numpy()
    for axes, values, name, cmap in (
        (left, np.where(number, number, np.nan), "habitat patches", "tab10"),
        (right, 100 * found.patch_importance.where(number > 0), "loss of PC without the patch [%]", "viridis"),
    ):
        image = axes.imshow(values, extent=(0, 1600, 0, 1600), cmap=cmap, interpolation="nearest")
        axes.set_title(name)
        axes.set_facecolor("#eeeeee")
    right.figure.colorbar(image, ax=right)
    left.set_xlabel(f"{found.habitat_area:.0f} ha of habitat, worth one patch of {found.connected_area:.0f} ha")
    plt.savefig(figure("biodiversity.connectivity"), dpi=110)
    plt.close("all")
    assert number.max() >= 4
    assert 0.0 < found.connected_area < found.habitat_area
