"""Costs: what a portfolio and a parcel's fix are said to cost is what their placement at full resolution costs.

On the demo's own grid the portfolio of 120 million CNY cost 115.0 when it was run again, its quantities being those of
cells of 20 m; parcels' costs were off by up to a quarter. Placed on the full grid both are the same.
"""

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from rasterio.features import rasterize

from citybraid.core.vocabulary.surface import COVER
from citybraid.study.run.run import Run

pytestmark = pytest.mark.slow

AGREE = 0.01
CODE = {name: code for code, name in COVER}
GARDEN_SHARE, STEEPEST = 0.5, 0.05
"""DB11/685-2021 (share of sunken green) and the slope up to which gardens are laid."""


def table(run: Run, name: str) -> pd.DataFrame:
    found = run.table(name)
    assert found is not None
    return found


def present(run: Run) -> dict[str, float]:
    assert run.choice is not None
    return {name.rpartition(".")[2]: price.present for name, price in run.choice.prices.items()}


def test_the_portfolio_costs_what_it_costs_when_it_is_run_again(ran: Run) -> None:
    assert ran.choice is not None
    again = table(ran, "appraisal").set_index("alternative")["present"]["with_measures"]
    assert ran.choice.cost == pytest.approx(again, rel=1e-9)
    assert ran.choice.cost <= ran.choice.budget.total * (1.0 + 1e-6)


def test_the_cost_predicted_by_shares_of_lone_measures_agrees(ran: Run) -> None:
    """Adoption times what each measure installs alone; measures of whole cells and trees differ by their rounding."""
    assert ran.choice is not None
    adoption, effects = table(ran, "adoption"), table(ran, "effects")
    lone = effects.drop_duplicates(["measure", "zone"]).pivot_table(index="zone", columns="measure", values="installed")
    prices = present(ran)
    used = [name for name in prices if name in adoption]
    costs = [prices[name] * float((adoption[name] * lone[name].reindex(adoption.index)).sum()) for name in used]
    predicted = sum(costs)
    assert predicted == pytest.approx(ran.choice.cost, rel=AGREE)


def test_installed_paving_is_that_of_the_rasters(ran: Run) -> None:
    before, after = (
        np.asarray(ran.value(ran.layers(name)["permeable_paving"][""]), np.float64)
        for name in ("as_planned", "with_measures")
    )
    area = float(np.nansum(after - before)) * abs(ran.grid.affine.a * ran.grid.affine.e)
    installed = table(ran, "installed")
    assert installed["permeable_paving"].sum() == pytest.approx(area, rel=1e-6)


def level(ran: Run, name: str) -> NDArray[np.bool_]:
    """Cells of a cover no steeper than gardens are laid, as planned."""
    layers = ran.layers("as_planned")
    height = np.asarray(ran.value(layers["terrain"][""]), np.float64)
    down, right = np.gradient(height, abs(ran.grid.affine.e), abs(ran.grid.affine.a))
    cover = np.asarray(ran.value(layers["land_cover"][""]))
    fit: NDArray[np.bool_] = (cover == CODE[name]) & (np.hypot(down, right) <= STEEPEST)
    return fit


def test_a_fix_by_rain_gardens_costs_their_area_at_full_resolution(ran: Run) -> None:
    fixes = table(ran, "fixes")
    alone = fixes.groupby(["parcel", "control"])["measure"].transform("size") == 1
    rows = fixes[(fixes["measure"] == "rain_garden") & alone]
    assert len(rows)
    layers = ran.layers("as_planned")
    shapes = ran.value(layers["parcels"][""])
    pairs = [(shape, at) for at, shape in enumerate(shapes)][::-1]
    labels = rasterize(pairs, out_shape=tuple(ran.grid.shape), transform=ran.grid.affine, fill=-1, dtype="int32")
    old = np.nan_to_num(np.asarray(ran.value(layers["rain_garden"][""]), np.float64))
    room = np.where(level(ran, "grass"), np.maximum(GARDEN_SHARE - old, 0.0), 0.0)
    cell = abs(ran.grid.affine.a * ran.grid.affine.e)
    sought = table(ran, "fix_measures").set_index("measure")["present"]
    for row in rows.to_dict("records"):
        area = float(room[labels == list(shapes.index).index(row["parcel"])].sum()) * cell
        assert row["cost"] == pytest.approx(row["adoption"] * area * sought["rain_garden"], rel=1e-6)
