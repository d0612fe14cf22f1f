"""Levels whose column or file names another height of reference than that of the terrain are told."""

from pathlib import Path

import pytest

from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.reading import Reading
from citybraid.sources.protocol.target import Target
from citybraid.sources.readers import delimited

TARGET = Target(crs="EPSG:4549", cell=5.0)


def read(folder: Path, header: str, role: str = "edge_level", name: str = "位.csv") -> Reading:
    (folder / name).write_text(f'时间(h),"{header}"\n0,2.1\n1,2.3\n2,2.5\n', encoding="utf-8")
    return delimited.read(folder / name, role, delimited.Options(), TARGET, limits=Limits())


@pytest.mark.parametrize(
    ("header", "datum"),
    [
        ("水位(m 吴淞)", "吴淞"), ("水位(m，吴淞高程)", "吴淞高程"), ("吴淞水位(m)", "吴淞"),
        ("潮位（米，珠基）", "珠基"),
        ("水位(m, 1956黄海高程)", "1956黄海高程"), ("潮位(m，当地理论最低潮面)", "当地理论最低潮面"),
        ("level (m, Chart Datum)", "Chart Datum"), ("level (m MSL)", "MSL"),
    ],
)  # fmt: skip
def test_another_height_of_reference_is_told_and_the_unit_read(header: str, datum: str, tmp_path: Path) -> None:
    reading = read(tmp_path, header)
    assert list(reading.layers[0].value) == pytest.approx([2.1, 2.3, 2.5])
    told = next(each for each in reading.findings if each.text == "intake.level_datum")
    assert str(told.values["datum"]).casefold() == datum.casefold()
    assert told.kind == "warning"
    assert datum.casefold() in told.say("zh").casefold()


@pytest.mark.parametrize(
    "header", ["水位(m)", "水位(m 1985国家高程)", "水位(m，85国家高程基准)", "水位(m，国家85高程基准)"]
)
def test_the_nations_own_is_not(header: str, tmp_path: Path) -> None:
    reading = read(tmp_path, header)
    assert list(reading.layers[0].value) == pytest.approx([2.1, 2.3, 2.5])
    assert "intake.level_datum" not in {each.text for each in reading.findings}


def test_the_name_of_the_file_counts_and_flows_have_none(tmp_path: Path) -> None:
    texts = {each.text for each in read(tmp_path, "水位(m)", name="吴淞站潮位.csv").findings}
    assert "intake.level_datum" in texts
    texts = {each.text for each in read(tmp_path, "流量(m3/s)", "inflow_discharge", "吴淞.csv").findings}
    assert "intake.level_datum" not in texts


def test_a_record_of_days_takes_every_unit_of_a_depth(tmp_path: Path) -> None:
    (tmp_path / "雨.csv").write_text("日期,雨量(cm)\n2024-07-01,1.5\n2024-07-02,2\n2024-07-03,0\n", encoding="utf-8")
    reading = delimited.read(tmp_path / "雨.csv", "daily_rain", delimited.Options(), TARGET, limits=Limits())
    assert list(reading.layers[0].value) == pytest.approx([15.0, 20.0, 0.0])
