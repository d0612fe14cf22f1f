"""MacDonald's channel: steady subcritical flow over an uneven bed (SWASHES, Delestre et al. 2013)."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.resilience.basin import line, run, series
from tests.validation.plots import Line, profile
from tests.validation.publishing import Published


@pytest.mark.case("validation/flood_macdonald")
def test_flood_macdonald(cases: Path, published: Published) -> None:
    """Mean error of the water level below 0.025 m; what remains is the advection that the scheme leaves out."""
    table = pd.read_csv(cases / "validation" / "flood_macdonald" / "mcdo_norain.csv")
    bed = np.tile(table["topo"].to_numpy(), (3, 1))
    found = run(
        bed,
        manning=0.033,
        duration=1200,
        north="closed",
        south="closed",
        west="closed",
        east="free",
        inflows=line((0, 0), (0, 15)),
        inflow_discharge=series([30.0, 30.0], 600.0),
    )
    level = found.final_depth.to_numpy()[1] + bed[1]
    want = table["wse"].to_numpy()
    published.at_most("Mean error of the water level", np.abs(level - want).mean(), 0.025, unit="m")
    published.at_most("Balance", abs(found.mass_error), 1e-6)
    where = published.figure("macdonald", "Water level over the uneven bed of MacDonald's channel.")
    lines = [Line("bed", bed[1]), Line("SWASHES", want), Line("citybraid", level)]
    profile(where, np.arange(0.5, len(want)) * 5.0, lines, "level (m)")
