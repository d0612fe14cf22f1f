"""Records of months: months and days, gaps left open, what cannot be read refused, and the way to a drought index."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from affine import Affine
from odc.geo.geobox import GeoBox

from citybraid.core.errors import InputError
from citybraid.resilience.drought.months import IndexParams
from citybraid.resilience.drought.standardized_precipitation import standardized_precipitation
from citybraid.sources.intake.guess import guess_roles
from citybraid.sources.intake.intake import take_in
from citybraid.sources.protocol.filespec import FileSpec
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.reading import Reading
from citybraid.sources.protocol.target import Target
from citybraid.sources.readers import delimited
from tests.resilience.months_record import months

TARGET = Target("EPSG:4549", 10.0)
WITH_GRID = Target("EPSG:4549", 10.0, base=GeoBox((9, 9), Affine(10, 0, 5e5, 0, -10, 3.4e6), "EPSG:4549"))


def read(folder: Path, text: str, unit: str = "") -> Reading:
    path = folder / "逐月气候.csv"
    path.write_text(text, encoding="utf-8")
    return delimited.read(path, "monthly_climate", delimited.Options(unit=unit), TARGET, limits=Limits())


def test_months_with_a_gap(tmp_path: Path) -> None:
    found = read(tmp_path, "年份,月份,降水量(mm),平均气温\n1981,11,30.5,12.1\n1981,12,9,-1\n1982,2,999999,32766\n")
    start, rain, air = (layer.value for layer in found.layers)
    assert start == pytest.approx(1981 + 10 / 12)
    np.testing.assert_array_equal(rain, [30.5, 9.0, np.nan, np.nan])
    np.testing.assert_array_equal(air, [12.1, -1.0, np.nan, np.nan])
    assert rain.index.tolist() == [0.0, 730.5, 1461.0, 2191.5]
    assert {"climate.read_months", "climate.odd"} <= {finding.text for finding in found.findings}


@pytest.mark.parametrize("cell", ["1981-03", "198103", "1981/3", "1981年3月", "1981-03-01"])
def test_months_as_people_write_them(cell: str, tmp_path: Path) -> None:
    found = read(tmp_path, f"时间,月降水量\n{cell},10\n", "mm")
    assert found.layers[0].value == pytest.approx(1981 + 2 / 12)


def test_a_column_of_months_tells_their_years(tmp_path: Path) -> None:
    """Weather bureaus head such a column 月份; months without a year stay refused."""
    found = read(tmp_path, "月份,降水量(mm)\n1981-11,30.5\n1981-12,9\n")
    start, rain = (layer.value for layer in found.layers)
    assert start == pytest.approx(1981 + 10 / 12)
    assert rain.tolist() == [30.5, 9.0]
    with pytest.raises(InputError, match="time"):
        read(tmp_path, "月份,降水量(mm)\n11,30.5\n12,9\n")


@pytest.mark.parametrize(
    "rows",
    [
        "month,rain (cm)\n1981-11,3\n1981-12,\n1982-02,9\n", "年,月,降水量(cm)\n1981,11,3\n1982,2,9\n",
        "date,rain (cm)\n1981-11-01,3\n1982-02-01,9\n", "时间,cm\n1981年11月,3\n1982年2月,9\n",
    ],
)  # fmt: skip
def test_a_model_by_itself_takes_months_as_a_study_does(rows: str, tmp_path: Path) -> None:
    """One quantity of months, which a command names; it took hours alone."""
    path = tmp_path / "rain.csv"
    path.write_text(rows, encoding="utf-8")
    found = delimited.read(path, "monthly_rain", delimited.Options(unit="cm"), TARGET, limits=Limits())
    (layer,) = found.layers
    np.testing.assert_array_equal(layer.value, [30.0, np.nan, np.nan, 90.0])
    assert layer.value.index.tolist() == [0.0, 730.5, 1461.0, 2191.5]
    told = found.findings[-1].values
    assert (told["first"], told["last"], told["unknown"]) == ("1981-11", "1982-02", 2)


def test_hours_of_a_month_stay_hours(tmp_path: Path) -> None:
    path = tmp_path / "rain.csv"
    path.write_text("hours,monthly_rain [mm]\n0,30\n730.5,9\n1461.0,12\n", encoding="utf-8")
    (layer,) = delimited.read(path, "monthly_rain", delimited.Options(), TARGET, limits=Limits()).layers
    assert layer.value.tolist() == [30.0, 9.0, 12.0]
    assert layer.value.index.tolist() == [0.0, 730.5, 1461.0]


@pytest.mark.parametrize(
    ("rows", "told"), [("1981-11,-3\n1981-12,9\n", "lies outside"), ("1981-11,\n1981-12,x\n", "no month")]
)
def test_months_that_cannot_be_are_refused(rows: str, told: str, tmp_path: Path) -> None:
    path = tmp_path / "rain.csv"
    path.write_text(f"month,rain (mm)\n{rows}", encoding="utf-8")
    with pytest.raises(InputError, match=told):
        delimited.read(path, "monthly_rain", delimited.Options(), TARGET, limits=Limits())


def test_evapotranspiration_of_their_own_is_taken(tmp_path: Path) -> None:
    found = read(tmp_path, "年,月,降水量(mm),气温,参考蒸散量(mm)\n1981,1,30,5,22.5\n1981,2,9,7,31\n")
    values = {layer.var.name: layer.value for layer in found.layers}
    np.testing.assert_array_equal(values["monthly_evapotranspiration"], [22.5, 31.0])
    with pytest.raises(InputError) as caught:
        read(tmp_path, "年,月,降水量(mm),参考蒸散量\n1981,1,30,22.5\n")
    assert caught.value.text == "intake.rain_unit"


def test_days_are_gathered(tmp_path: Path) -> None:
    days = pd.date_range("2001-01-01", "2001-03-10")
    lines = "".join(f"{day:%Y-%m-%d},{'' if day.day == 5 else 20},{day.month}\n" for day in days)
    found = read(tmp_path, f"日期,日降水量(0.1mm),日平均气温\n{lines}")
    assert "climate.read_days" in {finding.text for finding in found.findings}
    _, rain, air = (layer.value for layer in found.layers)
    np.testing.assert_allclose(rain, [62.0, 56.0, np.nan])  # ten days are no March
    np.testing.assert_allclose(air, [1.0, 2.0, np.nan])


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("年,月,降水量\n1981,1,3\n", "intake.rain_unit"),
        ("年,月,风速\n1981,1,3\n", "intake.no_rain"),
        ("降水量(mm)\n3\n", "intake.no_time"),
        ("年,月,降水量(mm)\n1981,13,3\n", "intake.time_cell"),
        ("年,月,降水量(mm)\n1981,1,3\n1981,2,3\n1981,2,3\n", "climate.month_twice"),
        ("年,月,降水量(mm)\n1981,1,-\n1981,2,-3\n", "climate.empty"),
        ("日期,降水量(mm)\n" + "2001-01-01,1\n" * 3 + "2001-01-02,1\n" * 3, "climate.closer_than_days"),
    ],
)
def test_what_is_refused(text: str, refusal: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, text)
    assert caught.value.text == refusal
    assert "{" not in caught.value.say("zh") + caught.value.say("en")


def test_from_a_file_to_a_drought_index(tmp_path: Path) -> None:
    rain = months().rain.to_numpy()
    rows = [f"{1981 + at // 12},{at % 12 + 1},{value}" for at, value in enumerate(rain)]
    (tmp_path / "逐月降水.csv").write_text("\n".join(["年,月,降水量(mm)", *rows]), encoding="utf-8")
    assert [guess.role for guess in guess_roles(tmp_path)] == ["monthly_climate"]
    spec = FileSpec(path="逐月降水.csv", role="monthly_climate")
    layers = {each.var.name: each.value for each in take_in({"months": spec}, WITH_GRID, root=tmp_path).layers}
    found = standardized_precipitation(
        monthly_rain=layers["monthly_rain"], record_start=layers["record_start"], p=IndexParams()
    )
    assert found.standardized_precipitation.notna().sum() == 478
