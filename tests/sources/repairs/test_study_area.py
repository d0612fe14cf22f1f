"""The study area where no file brings one: the part of the grid that ground rasters cover."""

import numpy as np
import pytest

from citybraid.sources.protocol.layers import Layers, layer_key
from citybraid.sources.protocol.quantities import GREEN, vocabulary
from citybraid.sources.protocol.reading import SourceLayer
from citybraid.sources.protocol.rules import Rules
from citybraid.sources.raster.rasters import on_grid
from citybraid.sources.repairs.filling.study_area import repair
from tests.sources.planner_files import TARGET

PLACED = TARGET.placed((572_000.0, 3_397_000.0, 572_200.0, 3_397_200.0))
CELLS = (40, 40)


def guessed(**known: tuple[slice, slice]) -> tuple[float, ...]:
    """Return the bounds of the study area where rasters have values in some rows and columns alone."""
    grid = PLACED.base
    assert grid is not None
    assert grid.shape == CELLS
    layers = []
    for name, (rows, columns) in known.items():
        values = np.full(CELLS, np.nan)
        values[rows, columns] = 1.0
        var = GREEN if name == "green" else vocabulary()[name]
        layers.append(SourceLayer(var, on_grid(values, grid, var, 5.0), grid))
    done = repair(Layers({layer_key(each): each for each in layers}), Rules(PLACED))
    area = done.layers.get("study_area", on="study_area")
    assert area is not None
    return tuple(area.value.total_bounds)


@pytest.mark.parametrize(
    ("known", "bounds"),
    [
        ({}, (572_000, 3_397_000, 572_200, 3_397_200)),
        ({"terrain": (slice(2, 40), slice(0, 37))}, (572_000, 3_397_000, 572_185, 3_397_190)),
        (
            {"terrain": (slice(2, 40), slice(0, 37)), "green": (slice(0, 39), slice(1, 40))},
            (572_005, 3_397_005, 572_185, 3_397_190),
        ),
        ({"green": (slice(0, 10), slice(0, 40))}, (572_000, 3_397_000, 572_200, 3_397_200)),
    ],
)
def test_a_margin_without_ground_data_is_not_part_of_the_study_area(
    known: dict[str, tuple[slice, slice]], bounds: tuple[float, ...]
) -> None:
    assert guessed(**known) == pytest.approx(bounds)


def test_gaps_within_the_data_stay_part_of_it() -> None:
    assert guessed(terrain=(slice(0, 40, 2), slice(0, 40)))[1] == pytest.approx(3_397_005)
