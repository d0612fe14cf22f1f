import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest

from citybraid.core.errors import InputError
from citybraid.lowcarbon.embodied.embodied_carbon import EmbodiedCarbon, embodied_carbon
from citybraid.lowcarbon.embodied.structure import structures
from tests.blocks import COLUMNS, blocks, materials

NEEDED = ["building_use", "floors", "height", "year_built", "floor_area", "geometry"]


def embodied(**changed: Any) -> EmbodiedCarbon:
    return embodied_carbon(buildings=blocks(**changed)[NEEDED], materials=materials())


def test_structures_by_storeys_and_year() -> None:
    floors = np.array([6.0, 6.0, 7.0, 8.0, 14.0, 18.0, 30.0])
    year = np.array([1985.0, 2010.0, 2000.0, 1985.0, 2010.0, 2010.0, 2010.0])
    found = structures(floors, year, materials().structure_limit)
    assert list(found) == ["masonry", "frame", "masonry", "middle", "middle", "high", "tower"]


def test_amounts_times_factors_by_hand() -> None:
    """Masonry: 30 kg steel, 0.315 m3 concrete, 0.284 m3 bricks, 0.22 m2 windows, then 6.08 % for erection."""
    found = embodied()
    masonry = 30 * 2.34 + 0.315 * 295 + 0.284 * 292 + 0.22 * 254
    frame = 40 * 2.34 + 0.34 * 295 + 0.22 * 254
    high = 57 * 2.34 + 0.36 * 295 + 0.22 * 254
    assert found.embodied_carbon["a"] == pytest.approx(600 * masonry * 1.0608)
    assert found.rebuild_embodied["a"] == pytest.approx(600 * frame * 1.0608)
    assert found.embodied_carbon["c"] == found.rebuild_embodied["c"] == pytest.approx(9000 * high * 1.0608)
    assert found.embodied_yearly["c"] == pytest.approx(9000 * high * 1.0608 / 50)
    assert found.demolition_carbon["a"] == 600 * 20
    envelope = 80 * 18 + 400
    assert found.retrofit_embodied["a"] == pytest.approx((envelope * 2 * 5.02 + 600 * 0.22 * 254) * 1.0608)


def test_a_row_of_the_use_wins() -> None:
    found = embodied(building_use=["industrial", "office", "residential", "residential"])
    assert found.embodied_carbon["a"] == pytest.approx(600 * 350 * 1.0608)


def test_dwellings_stay_below_published_totals() -> None:
    """Sustainability 15(7) 5717: 372 to 526 kg m-2 in 15 dwellings with all materials; the structure is a part."""
    per_area = embodied().embodied_carbon / blocks()["floor_area"]
    assert per_area.between(250, 526).all()


@pytest.mark.parametrize("column", ["floors", "year_built"])
def test_unknown_storeys_or_years_are_refused(column: str) -> None:
    with pytest.raises(InputError, match=column) as refused:
        embodied(**{column: [math.nan, *COLUMNS[column][1:]]})
    assert "栋" in refused.value.say("zh")


def test_figure(figure: Callable[[str], Path]) -> None:
    kinds = {"masonry": (6, 1985), "frame": (6, 2015), "middle": (11, 2015), "high": (18, 2015), "tower": (30, 2015)}
    parts = {"steel": "#4c78a8", "concrete": "#9d9d9d", "brick": "#b5651d", "window": "#72b7b2"}
    tables = materials()
    fig, axis = plt.subplots(figsize=(6.5, 3.6), layout="constrained")
    base = np.zeros(len(kinds))
    for name, colour in parts.items():
        values = [
            tables.material_intensity.get(f"{kind}/{name}", 0.0) * tables.material_emission_factor[name]
            for kind in kinds
        ]
        axis.bar(list(kinds), values, 0.6, base, color=colour, label=name)
        base += np.array(values)
    axis.axhspan(372, 526, color="#eeeeee", zorder=0, label="15 dwellings, all materials (published)")
    axis.set_ylabel("kg CO₂e per m² of floor area, A1 to A3")
    axis.legend(fontsize=8, loc="upper left", ncols=2)
    axis.set_ylim(0, 620)
    fig.savefig(figure("lowcarbon.embodied_carbon"), dpi=130)
    plt.close(fig)
