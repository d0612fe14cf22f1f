"""Ten numbers of a run's portfolio and plan, from its tables and files alone: sums, ratios, dominance, areas."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyogrio
import pytest

from citybraid.report.annex.provenance import Codes
from citybraid.report.exports.control_layer import control_layer
from citybraid.report.exports.geopackage import write_geopackage
from citybraid.report.view import View
from citybraid.study.run.run import Run

pytestmark = pytest.mark.slow
PLANNED, CHOSEN = "as_planned", "with_measures"
RATE = 0.08
"""Discount rate of the demo's money (Methods and Parameters of Project Appraisal, 3rd ed., 2006) [-]."""


def table(run: Run, name: str) -> pd.DataFrame:
    found = run.table(name)
    assert found is not None
    return found


def test_costs_of_measures_sum_to_what_the_appraisal_says(ran: Run) -> None:
    """1: building, present and yearly cost of every alternative, row by row."""
    own = table(ran, "costs").groupby("alternative")[["build", "present", "annual"]].sum()
    said = table(ran, "appraisal").set_index("alternative").loc[own.index, ["build", "present", "annual_cost"]]
    np.testing.assert_allclose(said.to_numpy(), own.to_numpy(), rtol=1e-9)


def test_present_cost_is_building_and_upkeep_over_the_life(ran: Run) -> None:
    """2: upkeep times (1 − 1.08 ^ −life) / 0.08; the yearly cost brings the same money back over the life."""
    for row in table(ran, "costs").to_dict("records"):
        years = (1.0 - (1.0 + RATE) ** -row["lifetime"]) / RATE
        assert row["present"] == pytest.approx(row["build"] + row["upkeep"] * years, rel=1e-6)
        assert row["annual"] == pytest.approx(row["build"] / years + row["upkeep"], rel=1e-6)


def test_benefit_over_cost_and_net_value(ran: Run) -> None:
    """3: yearly gain over yearly cost; their difference over the mean life at 8 %."""
    rows = table(ran, "appraisal").dropna(subset=["ratio"])
    assert len(rows)
    for row in rows.to_dict("records"):
        years = (1.0 - (1.0 + RATE) ** -row["life"]) / RATE
        assert row["ratio"] == pytest.approx(row["annual_benefit"] / row["annual_cost"], rel=1e-6)
        assert row["net"] == pytest.approx((row["annual_benefit"] - row["annual_cost"]) * years, rel=1e-6)


def test_no_point_of_the_front_is_beaten_by_another(ran: Run) -> None:
    """4: every pair of points, by the directions of the goals, to a millionth of each goal's range."""
    assert ran.choice is not None
    front = table(ran, "front")
    values = front[["emissions_per_resident", "flooded_buildings", "canopy_cover"]].to_numpy() * (-1.0, -1.0, 1.0)
    slack = 1e-6 * np.ptp(values, axis=0)
    beaten = [
        (at, other)
        for at, one in enumerate(values)
        for other, two in enumerate(values)
        if at != other and (two >= one - slack).all() and (two > one + slack).any()
    ]
    assert beaten == []


def test_no_point_of_the_front_costs_more_than_the_budget(ran: Run) -> None:
    """5: 120 million."""
    assert table(ran, "front")["present_cost"].max() <= 120_000_000 * (1.0 + 1e-6)


def test_targets_of_units_and_parcels_make_up_the_target(ran: Run) -> None:
    """6: no flooded building in all, so none in any unit; a share of canopy by land, weighted by hand.

    A parcel of a coarse grid may have cells of the unit beside its own: there the sum is of other ground.
    """
    targets = table(ran, "targets")
    units = targets[targets["level"] == "unit"]
    floods, shade = (units[units["indicator"] == name] for name in ("flooded_buildings", "canopy_cover"))
    assert floods["target"].sum() == pytest.approx(0.0, abs=1e-9)
    assert (shade["target"] * shade["weight"]).sum() / shade["weight"].sum() == pytest.approx(10.0, rel=1e-6)
    parcels = targets[(targets["level"] == "parcel") & (targets["indicator"] == "canopy_cover")]
    held = 0
    for unit in shade.to_dict("records"):
        own = parcels[parcels["parent"] == unit["zone"]]
        if own["weight"].sum() > unit["weight"]:
            continue
        held += 1
        whole = (own["target"] * own["weight"]).sum() / own["weight"].sum()
        assert whole == pytest.approx(unit["target"], rel=1e-6)
    assert held >= len(shade) - 1


def test_money_of_parcels_is_what_their_units_have(ran: Run) -> None:
    """7: the row of all is the sum of the others; no unit spends more than it has."""
    units = table(ran, "parcel_money_units")
    whole, own = units["unit"] == "", units[units["unit"] != ""]
    assert whole.sum() == 1
    for name in ("money", "spent"):
        assert own[name].sum() == pytest.approx(units[name][whole].sum(), rel=1e-9)
    assert (own["spent"] <= own["money"] * (1.0 + 1e-9)).all()


def test_floor_area_ratio_times_land_is_the_floor_area_of_the_buildings(ran: Run) -> None:
    """8: of all parcels, and of each parcel by its buildings; only those on no parcel are left out."""
    view = View(ran)
    parcels, buildings = view.frame(PLANNED, "parcels"), view.frame(PLANNED, "buildings")
    assert parcels is not None
    assert buildings is not None
    rows = table(ran, f"controls/{PLANNED}")
    ratio = rows[rows["control"] == "far"].set_index("parcel")["computed"].reindex(parcels.index)
    floors = buildings.geometry.area * buildings["floors"].astype(float)
    inside = parcels.sindex.query(buildings.geometry.representative_point(), predicate="within")
    own = floors.to_numpy()[inside[0]].sum()
    assert float((ratio * parcels.geometry.area).sum()) == pytest.approx(float(own), rel=1e-6)


def test_planned_floor_area_of_units_is_that_of_the_new_buildings(ran: Run) -> None:
    """9: storeys times footprint of the buildings that are not there today."""
    view = View(ran)
    old, new, units = (
        view.frame(name, kind) for name, kind in (("as_is", "buildings"), (PLANNED, "buildings"), (PLANNED, "units"))
    )
    assert old is not None
    assert new is not None
    assert units is not None
    added = new[~new.index.isin(old.index)]
    assert len(added)
    area = float((added.geometry.area * added["floors"].astype(float)).sum())
    assert float(units["planned_floor_area"].sum()) == pytest.approx(area, rel=1e-6)


def test_the_control_table_of_the_layer_is_that_of_the_run(ran: Run, tmp_path: Path) -> None:
    """10: ratio, density, height and green ratio of every parcel in the GeoPackage, and its area in hectares."""
    view = View(ran)
    path = write_geopackage(tmp_path / "plan.gpkg", control_layer(view, Codes(view)))
    layer = pyogrio.read_dataframe(path, layer="control_table").set_index("编号")
    rows = table(ran, f"controls/{PLANNED}")
    stated = rows.pivot_table(index="parcel", columns="control", values="stated").reindex(layer.index)
    assert stated["far"].notna().any()
    for name, column in (("far", "容积率"), ("bd", "建筑密度"), ("height", "建筑高度"), ("gr", "绿地率")):
        np.testing.assert_allclose(layer[column].astype(float), stated[name], rtol=1e-9, equal_nan=True)
    np.testing.assert_allclose(layer["用地面积"].astype(float), layer.geometry.area / 1e4, rtol=1e-6)
