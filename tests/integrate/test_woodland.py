"""Woodland on the small plan: where it goes, what it counts, and the carbon it takes up by hand."""

import numpy as np
import pytest

from citybraid.core.errors import InputError
from citybraid.core.factor import shipped
from citybraid.integrate.choose.prices import prices
from citybraid.integrate.measures.woodland import WoodlandParams, woodland
from citybraid.lowcarbon.green_sink import GreenSinkParams, green_sink
from tests.integrate.plan import CELL, centres, land_cover, raster, run

PARK_CELLS = 81
"""9 by 9 cells of 25 m2, all grass."""


def test_half_of_the_park_and_nothing_else_is_planted() -> None:
    found = run(woodland)
    x, y = centres()
    park = (x < 45) & (y > 55)
    assert park.sum() == PARK_CELLS
    assert (found.canopy_cover.to_numpy()[park] == 0.5).all()
    assert (found.canopy_cover.to_numpy()[~park] == 0).all()
    assert found.woodland_area.to_dict() == {"west": PARK_CELLS * CELL * 0.5, "east": 0.0}


def test_canopy_that_stands_is_kept_and_counted_once() -> None:
    old = raster(np.full(land_cover().shape, 0.4))
    found = run(woodland, canopy_cover=old)
    assert found.woodland_area["west"] == pytest.approx(PARK_CELLS * CELL * 0.1)
    assert float(found.canopy_cover.min()) == pytest.approx(0.4)


def test_half_the_share_and_named_units() -> None:
    assert run(woodland, WoodlandParams(share=0.5)).woodland_area["west"] == pytest.approx(PARK_CELLS * CELL * 0.25)
    assert run(woodland, WoodlandParams(where=("east",))).woodland_area.sum() == 0
    with pytest.raises(InputError, match="north"):
        run(woodland, WoodlandParams(where=("north",)))


def test_the_uptake_rises_by_canopy_times_trees_less_grass() -> None:
    """81 cells of 25 m2, half under crowns: 1 012.5 m2 × (0.608667 - 0.0077) kg CO2 a year, Zhejiang: 608.5 kg."""
    rate = shipped().resolve("sink_rate", region="CN-ZJ", year=2025)
    before, after = (
        green_sink.of({"land_cover": land_cover(), "sink_rate": rate, "canopy_cover": canopy, "p": GreenSinkParams()})
        for canopy in (raster(np.zeros(land_cover().shape)), run(woodland).canopy_cover)
    )
    gained = float(after.green_sink.sum() - before.green_sink.sum()) * CELL
    assert gained == pytest.approx(1012.5 * (0.608667 - 0.0077), rel=1e-6)
    assert gained == pytest.approx(608.5, abs=0.1)


def test_woodland_has_a_price_but_no_upkeep_and_is_left_out_of_a_portfolio() -> None:
    found = prices(["woodland"], shipped(), region="CN-ZJ", year=2025)
    assert found.missing["woodland"] == ("measure_upkeep", "measure_lifetime")
