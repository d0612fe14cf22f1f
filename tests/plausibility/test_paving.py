"""Permeable paving stores the rain that falls on it, and no more than its pores hold.

Its pores (105 mm) once filled with whatever ran over the cell: on 21 % of a paved cell they took 57 % of a storm of
39 mm (Xi'an, 5 years), where 21 % of the rain falls on them.
"""

import numpy as np
import pandas as pd
import pytest

from citybraid.study.run.run import Run

pytestmark = pytest.mark.slow

PORES = 105.0
"""Gravel of 0.30 m with a porosity of 0.35 [mm]."""


def depth(rain: pd.Series) -> float:
    """Depth of a storm of equal steps [mm]; the last step is as long as the others."""
    hours = rain.index.to_numpy(np.float64)
    return float(rain.sum() * (hours[1] - hours[0]))


def test_paving_stores_its_own_rain_in_every_storm(ran: Run) -> None:
    before, after = ran.layers("as_planned"), ran.layers("scheme_b")
    share = np.nan_to_num(np.asarray(ran.value(after["permeable_paving"][""]), np.float64))
    others = [np.asarray(ran.value(after[name][""])) for name in ("rain_garden", "green_roof_cover")]
    alone = (share > 0.0) & ~np.any([np.nan_to_num(each) > 0.0 for each in others], axis=0)
    alone &= np.asarray(ran.value(after["land_cover"][""])) == np.asarray(ran.value(before["land_cover"][""]))
    assert alone.any()
    storms = {event: depth(ran.value(layer)) for event, layer in after["rain_intensity"].items()}
    assert set(after["surface_storage"]) == set(storms)
    for event, rain in storms.items():
        plain, laid = (
            np.asarray(ran.value(layers["surface_storage"][event]), np.float64) for layers in (before, after)
        )
        more = (laid - plain)[alone]
        np.testing.assert_allclose(more, share[alone] * min(PORES, rain), rtol=1e-4, atol=1e-4)
