"""MacDonald's channel: steady subcritical flow over an uneven bed (SWASHES, Delestre et al. 2013)."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.resilience.basin import line, run, series


@pytest.mark.case("validation/flood_macdonald")
def test_flood_macdonald(cases: Path) -> None:
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
    assert np.abs(level - table["wse"].to_numpy()).mean() < 0.025
    assert abs(found.mass_error) < 1e-6
