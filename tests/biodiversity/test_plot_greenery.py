"""Biotope area factor and green plot ratio of plots by hand, their bounds, and what has no value."""

import itertools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from citybraid.biodiversity.plot_greenery import PlotGreenery, plot_greenery
from citybraid.core.factor import resolve
from citybraid.core.vocabulary.surface import COVER
from tests.biodiversity.green_town import GRID, frame
from tests.integrate.plan import raster

CODE = {name: code for code, name in COVER}
PLOTS = {"west": shapely.box(0, 0, 50, 100), "east": shapely.box(50, 0, 100, 100)}


def halves(west: str, east: str) -> np.ndarray:
    """Return the grid with one cover in the west and another in the east."""
    values = np.full(GRID.shape, CODE[west], dtype=np.uint8)
    values[:, 10:] = CODE[east]
    return values


def plots(cover: np.ndarray, shapes: Mapping[str, Any] = PLOTS, **layers: Any) -> PlotGreenery:
    given = {name: raster(np.broadcast_to(np.asarray(value, float), GRID.shape).copy())
             for name, value in layers.items()}  # fmt: skip
    return plot_greenery(
        land_cover=raster(cover), parcels=frame(dict(shapes)), biotope_weight=resolve("biotope_weight"),
        leaf_area_index=resolve("leaf_area_index"), grid=GRID, **given,
    )  # fmt: skip


def golden_case() -> Mapping[str, Any]:
    cover = halves("grass", "roof")
    cover[:6, :] = CODE["trees"]
    cover[12:, 5:15] = CODE["paved"]
    share = np.tile(np.linspace(0.0, 1.0, GRID.shape[1]), (GRID.shape[0], 1))
    return {
        "land_cover": raster(cover), "parcels": frame(PLOTS), "biotope_weight": resolve("biotope_weight"),
        "leaf_area_index": resolve("leaf_area_index"), "grid": GRID, "canopy_cover": raster(share),
        "permeable_paving": raster(1.0 - share),
    }  # fmt: skip


def test_a_plot_by_hand() -> None:
    """West: 12 rows of grass, 8 of paving of which half is permeable: 0.6 + 0.4 x 0.5 x 0.3 = 0.66; leaves 0.6."""
    cover = halves("grass", "roof")
    cover[12:, :10] = CODE["paved"]
    found = plots(cover, permeable_paving=0.5)
    assert found.biotope_area_factor["west"] == pytest.approx(0.66)
    assert found.green_plot_ratio["west"] == pytest.approx(0.6)
    assert found.biotope_area_factor["east"] == found.green_plot_ratio["east"] == 0.0


def test_a_green_roof_and_street_trees() -> None:
    """A roof greened by 0.3: 0.3 x 0.7; paving under crowns over 0.2 of it: leaves 0.2 x 6, no biotope."""
    found = plots(halves("paved", "roof"), canopy_cover=0.2)
    assert found.green_plot_ratio["west"] == pytest.approx(1.2)
    assert found.biotope_area_factor["west"] == 0.0
    roofs = np.zeros(GRID.shape)
    roofs[:, 10:] = 0.3
    greened = plots(halves("paved", "roof"), green_roof_cover=roofs)
    assert greened.biotope_area_factor["east"] == pytest.approx(0.21)
    assert greened.green_plot_ratio["east"] == pytest.approx(0.3)


def test_leaves_stand_in_layers() -> None:
    """Grass under crowns over half of it: 1 + 0.5 x 6; closed trees: 6."""
    found = plots(halves("grass", "trees"), canopy_cover=np.where(np.arange(20) < 10, 0.5, 1.0))
    assert found.green_plot_ratio.to_list() == pytest.approx([4.0, 6.0])
    assert plots(halves("grass", "trees")).green_plot_ratio["east"] == 6.0


def test_a_plot_smaller_than_a_cell_takes_the_cell_below_it() -> None:
    found = plots(halves("grass", "paved"), {"kiosk": shapely.box(11, 11, 12, 12), "far": shapely.box(500, 0, 501, 1)})
    assert found.biotope_area_factor["kiosk"] == 1.0
    assert np.isnan(found.biotope_area_factor["far"])


def test_cells_without_cover_are_left_out() -> None:
    cover = halves("grass", "grass")
    cover[:, :5] = 0
    cover[:, 10:] = 0
    found = plots(cover)
    assert found.biotope_area_factor["west"] == 1.0
    assert np.isnan(found.biotope_area_factor["east"])
    assert np.isnan(found.green_plot_ratio["east"])


@given(st.integers(0, 2**32 - 1))
def test_green_in_place_of_paving_never_lowers_either(seed: int) -> None:
    random = np.random.default_rng(seed)
    cover = random.choice([code for code, _ in COVER], GRID.shape).astype(np.uint8)
    sown = np.where((cover == CODE["paved"]) & (random.random(GRID.shape) < 0.5), CODE["grass"], cover)
    before, after = plots(cover), plots(sown.astype(np.uint8))
    assert (after.biotope_area_factor >= before.biotope_area_factor - 1e-12).all()
    assert (after.green_plot_ratio >= before.green_plot_ratio - 1e-12).all()


@pytest.mark.parametrize(("name", "share"), [*itertools.product([name for _, name in COVER], (0.0, 1.0, np.nan))])
def test_corners(name: str, share: float) -> None:
    found = plots(halves(name, name), canopy_cover=share, permeable_paving=share, green_roof_cover=share)
    assert found.biotope_area_factor.between(0.0, 1.0).all()
    assert found.green_plot_ratio.between(0.0, 20.0).all()


def test_plot_greenery_figure(figure: Callable[[str], Path]) -> None:
    drawn, axis = plt.subplots(figsize=(8.0, 4.2), layout="constrained")
    shares = np.linspace(0.0, 1.0, 11)
    made = []
    for share in shares:
        cover = halves("paved", "paved")
        cover[: round(20 * share), :] = CODE["grass"]
        made.append((plots(cover), plots(cover, canopy_cover=0.3)))
    axis.plot(shares, [plain.biotope_area_factor["west"] for plain, _ in made], label="biotope area factor")
    axis.plot(shares, [plain.green_plot_ratio["west"] for plain, _ in made], "--", label="green plot ratio, grass")
    axis.plot(shares, [wooded.green_plot_ratio["west"] for _, wooded in made], "--",
              label="green plot ratio, crowns over 0.3 of the plot")  # fmt: skip
    axis.set(xlabel="grass in place of paving, share of the plot [-]", ylabel="[-]")
    axis.legend(frameon=False)
    path = figure("biodiversity.plot_greenery")
    drawn.savefig(path, dpi=110)
    plt.close(drawn)
    assert path.stat().st_size > 5000
