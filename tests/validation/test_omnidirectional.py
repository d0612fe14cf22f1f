"""Omnidirectional current in a moving window: Omniscape's published case of 30 × 30 cells."""

from pathlib import Path

import numpy as np
import pytest
import rasterio
from odc.geo.geobox import GeoBox

import citybraid as cb
from citybraid.kernels.ecology.omnidirectional import Window, omnidirectional
from tests.validation.publishing import Published

CASE = "validation/connectivity_omniscape"
THRESHOLD = 0.2
INNER = 12
"""Cells from the top and left from which on no window reaches over those edges; the far ones never cut a block."""


@pytest.mark.case(CASE)
def test_omniscape(cases: Path, published: Published) -> None:
    """Radius 5, blocks of 3 (the file says 2, which the program raises to an odd number), buffer 2."""
    folder = cases / CASE
    resistance, source = (
        np.array([line.split() for line in (folder / f"{name}.asc").read_text().splitlines()[6:]], np.float64)
        for name in ("resistance", "source")
    )
    passable = resistance > 0.0
    strength = np.where(source > THRESHOLD, source, 0.0)
    found = omnidirectional(resistance, passable, strength, window=Window(5, 3, 2, as_published=True), threads=2)
    ours = omnidirectional(resistance, passable, strength, window=Window(5, 3, 2))
    inner = np.zeros(passable.shape, bool)
    inner[INNER:18, INNER:] = True
    for name, values, own in zip(
        ("cum_currmap", "flow_potential", "normalized_cum_currmap"), found[:3], ours[:3], strict=True
    ):
        with rasterio.open(folder / "expected" / f"{name}.tif") as file:
            wanted = file.read(1).astype(np.float64)
        far = np.abs(values / wanted - 1.0)[passable].max()
        published.at_most(f"largest relative difference, {name}", far, 1e-3)
        if name == "cum_currmap":
            published.at_most(
                "without the habits at edges, away from edges and holes", np.abs(own / wanted - 1.0)[inner].max(), 1e-3
            )
    assert found.targets == 100
    assert found.residual <= 1e-6
    grid = GeoBox.from_bbox((0.0, 0.0, 60.0, 60.0), crs="EPSG:32651", resolution=2.0)
    called = cb.models.omnidirectional_current(
        movement_resistance=np.where(passable, resistance, np.nan), habitat_suitability=source, grid=grid,
        radius=10.0, block=3, buffer=4.0, threshold=THRESHOLD, as_published=True,
    )  # fmt: skip
    np.testing.assert_allclose(called.omnidirectional_current.to_numpy()[passable], found.cumulative[passable], 1e-12)
