"""Suspended solids by hand: control rate times the mean removal of a plot's facilities."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.factor import resolve
from citybraid.core.vocabulary.surface import PERMEABLE_PAVING, RAIN_GARDEN
from citybraid.core.vocabulary.water import ANNUAL_RUNOFF_CONTROL
from citybraid.resilience.sponge.solids_removal import solids_removal
from tests.ranges import ends
from tests.resilience.sponge_town import GRID, layer, parcels

REMOVAL = resolve("facility_solids_removal")
STORAGE = {"rain_garden": 250.0}
BUILT, STREET = (0, 0), (0, 5)


def kept(rate: float, **words: Any) -> xr.DataArray:
    inputs = {"permeable_paving": layer(0.0), "rain_garden": layer(0.0), "parcels": parcels(), **words}
    found: xr.DataArray = solids_removal(
        annual_runoff_control=layer(rate), removal=REMOVAL, facility_storage=STORAGE, grid=GRID, **inputs
    ).solids_removal
    return found


def test_by_hand() -> None:
    """0.6 of the rain kept; 10 % permeable paving (0.85) and 5 % rain garden (0.825): 0.6 x 0.125 25 / 0.15."""
    found = kept(0.6, permeable_paving=layer(0.10), rain_garden=layer(0.05))
    assert float(found[BUILT]) == pytest.approx(0.6 * (0.10 * 0.85 + 0.05 * 0.825) / 0.15)
    assert float(found[STREET]) == pytest.approx(float(found[BUILT]))


def test_a_tank_counts_as_the_rain_garden_that_stores_as_much() -> None:
    """5 m3 on 800 m2 are 6.25 mm: 2.5 % of garden of 250 mm. With 2.5 % of garden, both count alike."""
    tanks = parcels(detention_storage=[5.0, 0.0])
    assert float(kept(0.8, parcels=tanks)[BUILT]) == pytest.approx(0.8 * 0.85)
    both = kept(0.8, parcels=tanks, rain_garden=layer(0.025))
    assert float(both[BUILT]) == pytest.approx(0.8 * (0.85 + 0.825) / 2)


def test_a_plot_without_facility_has_no_value() -> None:
    assert np.isnan(kept(0.7)).all()
    green = kept(0.7, green_roof_cover=layer(0.2))
    assert float(green[BUILT]) == pytest.approx(0.7 * 0.75)


@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_never_more_than_the_runoff_kept(rate: float, less: float, paving: float, garden: float) -> None:
    words = {"permeable_paving": layer(paving), "rain_garden": layer(garden)}
    found, fewer = kept(rate, **words), kept(rate * less, **words)
    known = np.isfinite(found)
    assert (found.where(known, 0.0) <= rate).all()
    assert (fewer.where(known, 0.0) <= found.where(known, 0.0) + 1e-12).all()


@pytest.mark.parametrize("rate", ends(ANNUAL_RUNOFF_CONTROL))
@pytest.mark.parametrize("paving", ends(PERMEABLE_PAVING))
@pytest.mark.parametrize("garden", ends(RAIN_GARDEN))
def test_corners(rate: float, paving: float, garden: float) -> None:
    found = kept(rate, permeable_paving=layer(paving), rain_garden=layer(garden))
    assert bool(np.isnan(found).all()) == (paving == garden == 0.0)
    assert float(np.nan_to_num(found).max()) <= rate


def test_figure(figure: Callable[[str], Path]) -> None:
    rates = np.linspace(0.0, 1.0, 21)
    drawn, axis = plt.subplots(figsize=(6.5, 3.2), layout="constrained")
    for name, words in (
        ("permeable paving", {"permeable_paving": layer(0.2)}), ("rain garden", {"rain_garden": layer(0.1)}),
        ("green roof", {"green_roof_cover": layer(0.2)}),
    ):  # fmt: skip
        values = [float(kept(float(rate), **words)[BUILT]) for rate in rates]
        assert np.diff(values).min() > 0.0
        axis.plot(100 * rates, 100 * np.array(values), label=name)
    axis.axhspan(40, 60, color="#e8e2d6", label="usual by the guide")
    axis.set(xlabel="annual runoff capture ratio [%]", ylabel="solids kept back [%]", title="A plot with one facility")
    axis.legend(frameon=False)
    drawn.savefig(figure("resilience.solids_removal"), dpi=130)
    plt.close(drawn)
