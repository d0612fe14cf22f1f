from collections.abc import Callable
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest
import xarray as xr

from citybraid.core.errors import InputError
from citybraid.core.factor import resolve
from citybraid.lowcarbon.land.wetland_methane import wetland_methane
from tests.district import cover_colours, district

RATE = resolve("wetland_methane_rate", region="CN-ZJ")


def raster(values: list[list[int]]) -> xr.DataArray:
    return xr.DataArray(np.array(values), dims=("y", "x"))


def test_lakes_and_wetlands_by_hand() -> None:
    """3.1 and 1.6 mg a square metre and hour, in every hour of the year."""
    found = wetland_methane(land_cover=raster([[80, 90], [10, 0]]), wetland_methane_rate=RATE).wetland_methane
    assert found.to_numpy().ravel()[:3] == pytest.approx([3.1e-6 * 8760, 1.6e-6 * 8760, 0.0])
    assert np.isnan(found.to_numpy()[1, 1])


def test_a_negative_rate_is_refused_in_both_languages() -> None:
    with pytest.raises(InputError) as told:
        wetland_methane(land_cover=raster([[80]]), wetland_methane_rate={"80": -0.1})
    assert "80" in told.value.say("en")
    assert "小于 0" in told.value.say("zh")


def test_figure(figure: Callable[[str], Path]) -> None:
    town = district()
    found = wetland_methane(land_cover=town.land_cover, wetland_methane_rate=RATE).wetland_methane
    colours, norm = cover_colours()
    fig, (left, right) = plt.subplots(1, 2, figsize=(9.5, 4.2), layout="constrained")
    left.imshow(town.land_cover, cmap=colours, norm=norm)
    left.set_title("Land cover (made-up district)", fontsize=10)
    shown = right.imshow(found * 1000, cmap="Purples")
    right.set_title("Methane of its waters", fontsize=10)
    fig.colorbar(shown, ax=right, label="g CH₄ per m² and year")
    for axis in (left, right):
        axis.set_xticks([])
        axis.set_yticks([])
    fig.savefig(figure("lowcarbon.wetland_methane"), dpi=130)
    plt.close(fig)
