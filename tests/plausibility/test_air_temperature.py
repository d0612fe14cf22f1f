"""Heat island of the demo's hottest day and night, beside its files and what is published."""

import numpy as np
import pytest

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.study.run.run import Run

pytestmark = pytest.mark.slow


def value(ran: Run, name: str) -> np.ndarray:
    return np.asarray(ran.value(ran.layers("as_is")[name][""]))


def test_the_night_is_warmer_in_town_and_the_day_hardly(coarse_run: Run) -> None:
    """Open midrise and open low-rise are 1 to 3 K warmer on clear calm nights (Stewart, Oke and Krayenhoff 2014)."""
    table = coarse_run.table("units/as_is")
    assert table is not None
    night, day, most = (
        float(table[name][WHOLE_AREA]) for name in ("night_heat_island", "day_heat_island", "night_heat_island_max")
    )
    assert 0.8 < night < 3.5
    assert night <= most < 6.0
    assert -1.5 < day < night


def test_the_heat_island_is_the_blocks_air_less_the_weather_files(coarse_run: Run) -> None:
    """By another route: hours of the field's blocks, and the rows of the weather file that they name."""
    field = coarse_run.value(coarse_run.layers("as_is")["hourly_air"][""])
    file, hours = value(coarse_run, "dry_bulb"), field["time"].to_numpy().astype(int)
    assert len(hours) == 30
    assert hours[0] % 24 == 0
    warmer = field.to_numpy() - file[hours][:, None, None]
    cells = value(coarse_run, "night_heat_island")
    blocks = warmer[21:29].mean(axis=0)
    assert float(np.nanmin(blocks)) - 1e-9 <= float(np.nanmin(cells))
    assert float(np.nanmax(cells)) <= float(np.nanmax(blocks)) + 1e-9
    assert float(np.nanmean(cells)) == pytest.approx(float(np.nanmean(blocks)), abs=0.15)


def test_the_energy_of_every_block_and_hour_closes(coarse_run: Run) -> None:
    assert float(value(coarse_run, "canopy_energy_error")) < 1e-9
