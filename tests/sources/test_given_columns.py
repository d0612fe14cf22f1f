"""Columns of the low-carbon models that a file alone can bring, under the titles that citybraid shows itself."""

from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
from shapely.geometry import LineString, box

from citybraid.core import catalogue
from citybraid.core.model import optional_reads, reads
from citybraid.core.text import say
from citybraid.core.var import Table, Var
from citybraid.sources.intake.intake import Intake, take_in
from citybraid.sources.protocol.filespec import FileSpec
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.sources.protocol.target import Target

CRS = "EPSG:4549"
SPAN = 1000.0
WORDS = {
    "building_use": "residential", "land_use": "070102", "road_class": "primary", "parcel_status": "planned",
    "envelope_standard": "gb55015", "lighting_standard": "gbt50034_target", "equipment_standard": "best_available",
    "heating_system": "heat_pump", "hot_water_system": "heat_pump", "cooking_system": "electric",
    "structure_system": "timber", "concrete_mix": "low_carbon", "blind_place": "outside",
}  # fmt: skip
"""Values of text columns whose words intake knows; others stay as written."""
CHINESE = {
    "heating_system": "空气源热泵", "hot_water_system": "热泵", "cooking_system": "电磁炉",
    "structure_system": "木结构", "concrete_mix": "低碳混凝土", "blind_place": "外遮阳",
}  # fmt: skip


def given() -> dict[str, tuple[str, ...]]:
    """Return the columns by table that low-carbon models read and no model but a measure makes."""
    models = [catalogue.load(name) for name in catalogue.known()]
    made = {name for each in models if not each.id.startswith("integrate.measures") for name in each.makes}
    found: dict[str, dict[str, None]] = {}
    for each in models:
        for need in each.needs.values() if each.id.startswith("lowcarbon") else ():
            if isinstance(need.what, Table):
                columns = (*reads(need.what)[1:], *optional_reads(need.what))
                found.setdefault(need.what.on, {}).update(dict.fromkeys(set(columns) - made))
    return {table: tuple(sorted(columns)) for table, columns in found.items() if columns}


TABLES = given()


def value_of(var: Var) -> Any:
    """Return a value of a quantity that is no default."""
    if var.kind == "text":
        return WORDS.get(var.name, "some_word")
    low, high = max(var.ge, 0.0), min(var.le, 400.0)
    return 2000.0 if var.unit == "year" else low + 0.25 * (high - low)


def taken(folder: Path, table: str, **changed: list[Any]) -> Intake:
    """Write two rows of a table, columns under their Chinese titles, and read them as a study does."""
    values = {name: [value_of(vocabulary()[name])] * 2 for name in TABLES[table]} | changed
    columns = {"id": ["a", "b"]} | {say(f"var.{name}", "zh"): cells for name, cells in values.items()}
    places = [box(500_000 + 40 * at, 3_400_000, 500_020 + 40 * at, 3_400_020) for at in range(2)]
    lines = [LineString([each.bounds[:2], each.bounds[2:]]) for each in places]
    shapes = lines if table == "streets" else places
    gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS).to_file(folder / f"{table}.gpkg", engine="pyogrio")
    return take_in({table: FileSpec(path=f"{table}.gpkg", role=table)}, Target(CRS, 20.0), root=folder)


def column(intake: Intake, name: str) -> list[Any]:
    (found,) = (each for each in intake.layers if each.var.name == name)
    return list(found.value)


@pytest.mark.parametrize("table", sorted(TABLES))
def test_every_column_arrives_with_its_value_under_its_chinese_title(table: str, tmp_path: Path) -> None:
    intake = taken(tmp_path, table)
    layers = {each.var.name: each for each in intake.layers}
    assert sorted(TABLES[table]) == sorted(set(TABLES[table]) & set(layers))
    for name in TABLES[table]:
        wanted = value_of(vocabulary()[name])
        found = list(layers[name].value)
        assert found == ([wanted] * 2 if isinstance(wanted, str) else pytest.approx([wanted] * 2)), name


def test_chinese_words_of_systems_are_read(tmp_path: Path) -> None:
    intake = taken(tmp_path, "buildings", **{name: [word, WORDS[name]] for name, word in CHINESE.items()})
    for name in CHINESE:
        assert column(intake, name) == [WORDS[name]] * 2, name


def test_an_unknown_word_is_told_and_a_name_of_a_row_is_kept(tmp_path: Path) -> None:
    intake = taken(tmp_path, "buildings", heating_system=["地热井", "my_boiler"])
    assert column(intake, "heating_system") == ["as_built", "my_boiler"]
    told = {each.text: each for each in intake.findings}
    assert told["intake.system_unknown"].values["examples"] == ["地热井"]
    assert told["intake.cells_absent"].count == 1


def test_empty_cells_are_what_no_file_states_and_numbers_out_of_range_are_not(tmp_path: Path) -> None:
    intake = taken(
        tmp_path, "buildings", charged_cars=[0.25, None], battery_capacity=[None, 30.0],
        cooking_system=["", "electric"], pv_roof=[-3.0, None],
    )  # fmt: skip
    assert column(intake, "charged_cars") == [0.25, 0.0]
    assert column(intake, "battery_capacity") == [0.0, 30.0]
    assert column(intake, "cooking_system") == ["as_built", "electric"]
    assert "intake.cell_out_of_range" in {each.text for each in intake.findings}


def test_a_percent_sign_counts_for_shares_that_end_below_one(tmp_path: Path) -> None:
    path = tmp_path / "buildings.gpkg"
    shapes = [box(500_000, 3_400_000, 500_020, 3_400_020)]
    gpd.GeoDataFrame({"id": ["a"], "窗墙比(%)": [35.0]}, geometry=shapes, crs=CRS).to_file(path, engine="pyogrio")
    intake = take_in({"buildings": FileSpec(path=path.name, role="buildings")}, Target(CRS, 20.0), root=tmp_path)
    assert column(intake, "window_share") == pytest.approx([0.35])
