"""Statements that disagree: each kind is found once, with both numbers, the tolerance and where it comes from."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import Polygon, box

from citybraid.core.text import Phrase
from citybraid.sources.intake.intake import take_in
from citybraid.sources.protocol.filespec import FileSpec
from citybraid.sources.protocol.layers import Layers, layer_key
from citybraid.sources.protocol.quantities import PLOT_AREA, POPULATION_GRID, vocabulary
from citybraid.sources.protocol.reading import SourceLayer
from citybraid.sources.protocol.rules import Choices, RepairResult, Rules
from citybraid.sources.protocol.target import Target
from citybraid.sources.quality.contradictions import MOST, Disagreement, contradiction_rows
from citybraid.sources.repairs.reconciling import (
    reconcile_areas,
    reconcile_buildings,
    reconcile_controls,
    reconcile_footprints,
    reconcile_parcels,
    reconcile_plants,
    reconcile_population,
)
from tests.sources.planner_files import CRS, SOUTH, WEST, workbook

RULES = Rules(Target(CRS, 5.0), year=2025)
NAN = float("nan")
PLOT = box(0, 0, 100, 100)


def table(
    name: str, shapes: Sequence[Polygon], columns: Mapping[str, Sequence[object]], guessed: str = ""
) -> list[SourceLayer]:
    index = pd.Index([f"{name[0]}{at}" for at in range(len(shapes))], dtype=object, name="id")
    layers = [SourceLayer(vocabulary()[name], gpd.GeoSeries(list(shapes), index=index, crs=CRS))]
    for column, values in columns.items():
        var = PLOT_AREA if column == PLOT_AREA.name else vocabulary()[column]
        series = pd.Series(list(values), index=index, name=column)
        layers.append(SourceLayer(var, series, stated=pd.Series(data=column != guessed, index=index)))
    return layers


def together(*tables: list[SourceLayer]) -> Layers:
    return Layers({layer_key(found): found for each in tables for found in each})


def kinds(done: RepairResult) -> list[str]:
    assert not [each for each in done.contradictions if each.say("en") == each.say("zh")]
    assert not [each for each in done.findings if each.say("en") == each.say("zh")]
    assert not [each for each in done.problems if each.say("en") == each.say("zh")]
    for row in done.contradictions:
        assert "factors." not in row.say("zh"), "factors go by their names"
        if isinstance(row.values["basis"], Phrase):
            continue
        assert str(row.values["basis"]).split(".")[0] in {"choices", "study"}
        if str(row.values["basis"]).startswith("choices."):
            assert str(row.values["basis"]).removeprefix("choices.") in Choices.model_fields
    assert len({each.text for each in done.contradictions}) <= len(done.findings)
    return [each.text.removeprefix("intake.contradiction_") for each in done.contradictions]


PARCEL: Mapping[str, Sequence[object]] = {
    "floor_area_ratio": [1.0], "building_density": [0.3], "height_limit": [24.0], "land_use": ["070102"],
    "parcel_status": ["built"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("foot", "building", "parcel", "expected"),
    [
        (box(10, 10, 50, 50), {"floors": [6.0]}, {}, []),
        (box(10, 10, 60, 60), {"floors": [6.0]}, {}, ["far_over"]),
        (box(10, 10, 70, 70), {"floors": [1.0]}, {}, ["far_under", "density"]),
        (box(10, 10, 30, 30), {"floors": [1.0]}, {}, ["far_under"]),
        (box(10, 10, 30, 30), {"floors": [1.0]}, {"parcel_status": ["planned"]}, ["planned_built"]),
        (box(10, 10, 90, 90), {"floors": [9.0]}, {"parcel_status": ["planned"]}, ["planned_built"]),
        (box(200, 0, 220, 20), {"floors": [3.0]}, {}, ["built_empty"]),
        (box(200, 0, 220, 20), {"floors": [3.0]}, {"land_use": ["1401"]}, []),
        (box(10, 10, 50, 50), {"floors": [6.0], "building_use": ["industrial"]}, {}, ["use"]),
        (box(10, 10, 50, 50), {"floors": [6.0], "building_use": ["residential"]}, {}, []),
        (box(10, 10, 50, 50), {"floors": [6.0], "height": [30.0]}, {}, ["height"]),
        (box(10, 10, 50, 50), {"floors": [6.0], "height": [24.5]}, {}, []),
        (box(10, 10, 60, 60), {"floors": [NAN]}, {}, []),
    ],
)
def test_parcels_against_buildings(
    foot: Polygon, building: Mapping[str, list[object]], parcel: Mapping[str, list[object]], expected: list[str]
) -> None:
    layers = together(table("parcels", [PLOT], {**PARCEL, **parcel}), table("buildings", [foot], building))
    assert kinds(reconcile_parcels.repair(layers, RULES)) == expected


def test_numbers_of_a_contradiction_can_be_checked_by_hand() -> None:
    layers = together(
        table("parcels", [PLOT], {"floor_area_ratio": [1.0]}),
        table("buildings", [box(50, 0, 150, 50)], {"floors": [6.0]}),
    )
    row = reconcile_parcels.repair(layers, RULES).contradictions[0]
    assert (row.layer, row.row, row.stated, row.unit) == ("parcels", "p0", 1.0, "1")
    assert row.computed == pytest.approx(1.5)
    assert row.values["tolerance"] == Choices().floor_area_off


def test_what_a_rule_filled_contradicts_nothing() -> None:
    foot = [box(10, 10, 50, 50)]
    layers = together(
        table("parcels", [PLOT], {"height_limit": [24.0]}),
        table("buildings", foot, {"height": [90.0]}, guessed="height"),
    )
    assert not kinds(reconcile_parcels.repair(layers, RULES))


def test_parcels_against_themselves() -> None:
    plots = [box(110 * at, 0, 110 * at + 100, 100) for at in range(5)]
    controls = {"green_ratio": [0.6, 0.5, 0.4, NAN, 0.3], "building_density": [0.5, 0.5, 0.3, 0.9, 0.3]}
    hectares = {"plot_area": [1.0, 1.0, 1.01, 1.5, NAN]}
    done = reconcile_controls.repair(together(table("parcels", plots, {**controls, **hectares})), RULES)
    assert kinds(done) == ["shares", "plot_area"]
    assert [each.row for each in done.contradictions] == ["p0", "p3"]
    assert [each.stated for each in done.contradictions] == pytest.approx([1.0, 15_000.0])
    assert [each.computed for each in done.contradictions] == pytest.approx([1.1, 10_000.0])
    assert "intake.plot_area_unit" in {finding.text for finding in done.findings}


def test_buildings_against_themselves() -> None:
    feet = [box(20 * at, 0, 20 * at + 10, 10) for at in range(6)]
    columns: Mapping[str, Sequence[object]] = {
        "building_use": ["residential"] * 6,
        "floors": [6.0, 6.0, 6.0, 1.0, 6.0, NAN], "height": [18.0, 40.0, 12.0, 6.0, NAN, 99.0],
        "floor_area": [600.0, 610.0, 900.0, NAN, 600.0, 5.0],
        "year_built": [1990.0, 2025.0, 2031.0, NAN, 2000.0, 2000.0],
    }  # fmt: skip
    done = reconcile_buildings.repair(together(table("buildings", feet, columns)), RULES)
    assert kinds(done) == ["storeys", "storeys", "floor_area", "year"]
    assert [each.row for each in done.contradictions] == ["b1", "b2", "b2", "b2"]
    high = done.contradictions[0]
    assert (high.stated, high.computed, high.values["high"]) == (40.0, 18.0, pytest.approx(7 * 3.3))


def test_units_and_parcels_against_the_study_area() -> None:
    area = table("study_area", [box(0, 0, 200, 100)], {})
    short = together(area, table("units", [box(0, 0, 100, 100), box(100, 0, 180, 100)], {}))
    assert kinds(reconcile_areas.repair(short, RULES)) == ["area_units"]
    double = together(area, table("parcels", [box(0, 0, 150, 100), box(50, 0, 200, 100)], {}))
    assert kinds(reconcile_areas.repair(double, RULES)) == ["area_parcels"]
    fine = together(
        area, table("units", [box(0, 0, 100, 100), box(100, 0, 200, 100)], {}), table("parcels", [PLOT], {})
    )
    assert not kinds(reconcile_areas.repair(fine, RULES))


def test_people_of_units_against_people_of_buildings() -> None:
    units = [box(0, 0, 100, 100), box(100, 0, 200, 100), box(200, 0, 300, 100)]
    feet = [box(10, 10, 20, 20), box(110, 10, 120, 20), box(130, 10, 140, 20), box(210, 10, 220, 20)]
    uses = ["residential"] * 4
    layers = together(
        table("units", units, {"population": [100.0, 100.0, 100.0]}),
        table("buildings", feet, {"residents": [95.0, 50.0, NAN, 300.0], "building_use": uses}),
    )
    done = reconcile_population.repair(layers, RULES)
    assert kinds(done) == ["population", "population_total"]
    assert [(each.row, each.stated, each.computed) for each in done.contradictions] == [
        ("u2", 100.0, 300.0), ("-", 300.0, 445.0),
    ]  # fmt: skip


def test_footprints_beside_and_across_parcels() -> None:
    plots = [box(0, 0, 50, 50), box(50, 0, 100, 50)]
    feet = [box(5, 5, 15, 15), box(45, 10, 55, 20), box(49.9, 30, 60, 40), box(5, 48, 15, 60), box(500, 0, 510, 10)]
    area = table("study_area", [box(0, 0, 100, 100)], {})
    done = reconcile_footprints.repair(together(area, table("parcels", plots, {}), table("buildings", feet, {})), RULES)
    kinds(done)
    assert [(each.text.removeprefix("intake.problem_footprint_"), each.row) for each in done.problems] == [
        ("across", "b1"), ("outside", "b3"),
    ]  # fmt: skip


def test_a_flood_is_counted_and_the_worst_kept() -> None:
    count = MOST + 100
    group = Disagreement(
        "year", "buildings", "year", [f"b{at}" for at in range(count)], np.arange(count, dtype=float),
        np.zeros(count), 0.0, "study.year",
    )  # fmt: skip
    rows, findings = contradiction_rows([group])
    assert len(rows) == MOST
    assert rows[0].row == f"b{count - 1}"
    assert findings[0].count == count


def test_people_of_units_against_a_grid() -> None:
    layers = together(table("units", [box(0, 0, 100, 100), box(100, 0, 200, 100)], {"population": [100.0, 100.0]}))
    grid = Target(CRS, 50.0).placed((0.0, 0.0, 200.0, 100.0)).base
    assert grid is not None
    people = np.full(grid.shape, 24.0)
    people[:, 2:] = [[50.0, NAN], [50.0, 50.0]]
    layers = layers.put(SourceLayer(POPULATION_GRID, people, grid=grid))
    done = reconcile_population.repair(layers, RULES)
    assert kinds(done) == ["grid", "grid_total"]
    assert [(each.row, each.stated, each.computed) for each in done.contradictions] == [
        ("u1", 100.0, 150.0), ("-", 200.0, 246.0),
    ]  # fmt: skip


@pytest.mark.parametrize(("total", "expected"), [(500, []), (5000, ["sheet_total"]), ("", [])])
def test_rows_of_a_sheet_against_its_total(tmp_path: Path, total: object, expected: list[str]) -> None:
    rows: list[list[object]] = [["单元名称", "常住人口"], ["甲", 200], ["乙", 300], ["合计", total]]
    workbook(tmp_path / "人口.xlsx", {"表": rows})
    units = gpd.GeoDataFrame({"单元名称": ["甲", "乙"]}, geometry=[PLOT, box(100, 0, 200, 100)], crs=CRS)
    units.geometry = units.geometry.translate(WEST, SOUTH)
    units.to_file(tmp_path / "单元.gpkg")
    files = {"units": FileSpec(path="单元.gpkg"), "population": FileSpec(path="人口.xlsx")}
    intake = take_in(files, Target(CRS, 5.0), root=tmp_path)
    done = [each for each in intake.contradictions if each.say("en") != each.say("zh")]
    assert [each.text.removeprefix("intake.contradiction_") for each in done] == expected
    assert [(each.stated, each.computed) for each in done] == [(float(str(total)), 500.0) for _ in expected]


@pytest.mark.parametrize(("factor", "expected"), [(1.0, []), (1e3, ["plant_power"]), (1e4, ["plant_power"])])
def test_electricity_in_the_wrong_unit_is_more_than_a_plot_can_take(factor: float, expected: list[str]) -> None:
    """6.2 GWh on a hectare, 620 kWh a square metre, as kWh; then kWh written where MWh or 10 000 kWh are asked."""
    plants = table("plants", [box(40, 40, 50, 50)], {"plant_electricity": [6.2e6 * factor]})
    done = reconcile_plants.repair(together(table("parcels", [PLOT], {}), plants), RULES)
    assert kinds(done) == expected
    assert kinds(reconcile_plants.repair(together(plants), RULES)) == [], "no plot, no bound"


@pytest.mark.parametrize(("same", "found"), [(97, True), (80, False)])
def test_one_year_for_nearly_all_buildings_is_told(same: int, found: bool) -> None:
    years = [1985.0] * same + [1990.0 + at for at in range(100 - same)]
    shapes = [box(at, 0, at + 0.9, 1) for at in range(100)]
    done = reconcile_buildings.repair(together(table("buildings", shapes, {"year_built": years})), RULES)
    told = [each.say("en") for each in done.findings if each.text == "intake.one_year"]
    assert bool(told) == found
    assert not found or "97% of them (97) carry the year 1985" in told[0]
    few = together(table("buildings", shapes[:20], {"year_built": [1985.0] * 20}))
    assert not reconcile_buildings.repair(few, RULES).findings, "an estate is built at once"
