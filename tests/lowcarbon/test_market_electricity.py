from collections.abc import Callable
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest

from citybraid.core.errors import InputError
from citybraid.core.factor import resolve
from citybraid.lowcarbon.activity.market_electricity import MarketElectricity, market_electricity
from tests.energy_year import row_of_buildings

BUILDINGS = row_of_buildings(("residential", "office")).assign(electricity=[3000.0, 1000.0])
GRID = resolve("grid_emission_factor", region="CN-ZJ", year=2023)
RESIDUAL = resolve("residual_grid_factor", region="CN-ZJ", year=2023)


def both(green: float) -> MarketElectricity:
    return market_electricity(
        buildings=BUILDINGS, green_power=green, grid_emission_factor=GRID, residual_grid_factor=RESIDUAL
    )


def test_green_power_counts_nothing_and_the_rest_the_residual_mix() -> None:
    found = both(1000.0)
    assert found.location_electricity == pytest.approx(4000 * 0.4974)
    assert found.market_electricity == pytest.approx(3000 * 0.6096)


def test_more_green_power_than_use_is_refused() -> None:
    with pytest.raises(InputError, match="green_power"):
        both(4001.0)


def test_figure(figure: Callable[[str], Path]) -> None:
    green = np.linspace(0, 4000, 41)
    fig, axis = plt.subplots(figsize=(6, 3.4), layout="constrained")
    axis.plot(green / 40, [both(each).market_electricity for each in green], color="#4f8f4f", label="market-based")
    axis.plot(green / 40, [both(each).location_electricity for each in green], color="#7f8fa9", label="location-based")
    axis.set_xlabel("share of green power [%]")
    axis.set_ylabel("kg CO2 a year")
    axis.legend(frameon=False)
    fig.savefig(figure("lowcarbon.market_electricity"), dpi=130)
    plt.close(fig)
