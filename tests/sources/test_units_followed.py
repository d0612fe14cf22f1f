"""Quantities whose value is known, under headings of planners in both languages: equal to arithmetic, or refused."""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest

from citybraid.core.var import Var
from citybraid.sources.protocol.quantities import columns_of, vocabulary
from citybraid.sources.text.columns import headers_named, synonyms
from citybraid.sources.text.number_columns import HeaderUnit, NumberColumn, convert_column, header_unit
from citybraid.sources.text.units import conversion_factor, seems_unit

RATIO, DENSITY, HEIGHT = "floor_area_ratio", "building_density", "height"
EQUAL = [
    ("parcels", RATIO, "容积率(%)", 150, 1.5), ("parcels", RATIO, "FAR (m2/m2)", 1.5, 1.5),
    ("parcels", RATIO, "容积率（万㎡/公顷）", 1.5, 1.5), ("parcels", RATIO, "容积率（㎡/亩）", 1000, 1.5),
    ("parcels", RATIO, "FAR", "150%", 1.5),
    ("parcels", DENSITY, "建筑密度（‰）", 300, 0.3), ("parcels", DENSITY, "building density (permille)", 300, 0.3),
    ("parcels", DENSITY, "建筑密度(百分比)", 0.5, 0.005), ("parcels", DENSITY, "建筑密度", "30‰", 0.03),
    ("parcels", "height_limit", "限高(mm)", 60_000, 60.0), ("parcels", "height_limit", "限高", "60m", 60.0),
    ("parcels", "planned_storage", "单位面积调蓄容积(m³/亩)", 10, 150.0),
    ("parcels", "planned_storage", "storage (mm)", 10, 100.0),
    ("parcels", "planned_storage", "storage (m3 ha-1)", 10, 10.0),
    ("parcels", "planned_energy_intensity", "能耗强度上限(kWh/(m²·a))", 50, 50.0),
    ("parcels", "planned_energy_intensity", "能耗强度上限(kWh/㎡)", 50, 50.0),
    ("parcels", "planned_energy_intensity", "energy (MJ/m2)", 180, 50.0),
    ("parcels", "households", "户数（百户）", 3, 300.0), ("parcels", "households", "户数", "120户", 120.0),
    ("parcels", "planned_parking", "停车位(辆)", 40, 40.0),
    ("parcels", "detention_storage", "调蓄容积(升)", 5000, 5.0),
    ("parcels", "transformer_capacity", "配变容量(W)", 5000, 5.0),
    ("streets", "speed_limit", "speed limit (mph)", 30, 48.28032),
    ("streets", "speed_limit", "maxspeed", "30 mph", 48.28032),
    ("streets", "speed_limit", "限速(公里/小时)", 40, 40.0), ("streets", "speed_limit", "speed (m/s)", 10, 36.0),
    ("stops", "headway", "发车间隔(分钟)", 10, 10.0), ("stops", "headway", "headway (s)", 600, 10.0),
    ("stops", "headway", "headway (h)", 0.5, 30.0),
    ("assets", "asset_value", "资产价值(万元)", 5, 5e4), ("assets", "asset_value", "资产价值（亿元）", 1, 1e8),
    ("assets", "asset_value", "value (yuan)", 5, 5.0), ("assets", "asset_value", "资产价值", "3万元", 3e4),
    ("lifelines", "hospital_beds", "床位(百张)", 2, 200.0), ("lifelines", "power_reserve", "维持时间(周)", 1, 168.0),
    ("lifelines", "component_height", "离地高度(单位：厘米)", 50, 0.5),
    ("buildings", HEIGHT, "height (inches)", 100, 2.54), ("buildings", HEIGHT, "height (in cm)", 250, 2.5),
    ("buildings", HEIGHT, "height (cm)", "18m", 18.0),
    ("buildings", "floor_area", "floor area (sq ft)", 1000, 92.90304),
    ("buildings", "floor_area", "建筑面积（千平方米）", 2, 2000.0),
    ("buildings", "battery_capacity", "储能(Wh)", 500, 0.5),
    ("buildings", "blind_irradiance", "启用辐照度(kW/m2)", 0.3, 300.0),
    ("buildings", "blind_air_temperature", "遮阳启用室外气温(℃)", 20, 20.0),
    ("buildings", "cool_roof", "反射屋面比例（‰）", 250, 0.25), ("buildings", "floors", "层数", "18层", 18.0),
    ("units", "population", "population (thousand)", 3, 3000.0), ("units", "population", "人口(千)", 3, 3000.0),
    ("units", "unit_elderly", "65岁及以上人口(百人)", 2, 200.0),
    ("facilities", "shelter_area", "有效面积(亩)", 3, 2000.0),
    ("pumps", "pump_capacity", "设计流量(m3/d)", 86_400, 1.0),
    ("buildings", HEIGHT, "高度cm", 1800, 18.0), ("buildings", HEIGHT, "高度(0.1m)", 180, 18.0),
    ("buildings", HEIGHT, "高度", "6F/18m", 18.0), ("buildings", HEIGHT, "高度", "18米（6层）", 18.0),
    ("buildings", "floors", "层数", "6F/18m", 6.0), ("buildings", "floors", "层数", "18.5m(6F)", 6.0),
    ("buildings", "floor_area", "建筑面积ha", 0.3, 3000.0), ("buildings", "floor_area", "建筑面积_万平", 0.3, 3000.0),
    ("buildings", "floor_area", "GFA (000 m2)", 3, 3000.0), ("buildings", "floor_area", "GFA (1000 m2)", 3, 3000.0),
    ("buildings", "year_built", "建成年代", "二〇〇五年", 2005.0),
    ("units", "population", "人口万人", 1.2, 12_000.0), ("units", "population", "population (10k)", 1.2, 12_000.0),
]  # fmt: skip
REFUSED = [
    ("parcels", RATIO, "容积率(m)", 1.5), ("parcels", RATIO, "FAR (floors/ha)", 1.5),
    ("parcels", DENSITY, "建筑密度(栋/公顷)", 0.3), ("parcels", DENSITY, "建筑密度(mm)", 30),
    ("parcels", "planned_energy_intensity", "能耗(W/m2)", 50),
    ("parcels", "planned_energy_intensity", "能耗(kgce/㎡)", 5),
    ("parcels", "households", "户数(人)", 300), ("parcels", "planned_parking", "停车位(辆/户)", 1.2),
    ("parcels", "planned_parking", "parking (spaces/100m2)", 1.2),
    ("units", "population", "人口密度(人/公顷)", 3), ("units", "unit_elderly", "65岁及以上人口(%)", 20),
    ("units", "unit_elderly", "65岁及以上人口", "20%"), ("units", "population", "人口", "120户"),
    ("buildings", HEIGHT, "高度m2", 18), ("buildings", HEIGHT, "height (storeys)", 6),
    ("buildings", HEIGHT, "建筑高度", "18层"),
    ("buildings", HEIGHT, "height_m2", 18), ("buildings", HEIGHT, "height", "20m2"),
    ("buildings", "floors", "floors", "6m"),
    ("lifelines", "power_reserve", "维持时间(kWh)", 8), ("stops", "headway", "发车间隔(km)", 10),
    ("assets", "asset_value", "资产价值(元/m2)", 5000), ("pumps", "pump_capacity", "设计流量(m3)", 5),
    ("heat_streams", "supply_temperature", "supply (°F)", 180),
]  # fmt: skip


def var_of(table: str, name: str) -> Var:
    return columns_of(table)[name]


def read(var: Var, header: str, cells: Sequence[object]) -> NumberColumn:
    return convert_column(pd.Series(list(cells), dtype=object), var, layer="plan", header=header)


@pytest.mark.parametrize(("table", "name", "header", "cell", "value"), EQUAL)
def test_a_value_reaches_its_quantity(table: str, name: str, header: str, cell: object, value: float) -> None:
    found = read(var_of(table, name), header, [cell, None, math.nan])
    assert found.column.iloc[0] == pytest.approx(value, rel=1e-9)
    assert found.column.iloc[1:].isna().all()
    assert not [each for each in found.findings if each.kind == "rejected"]
    assert not [each for each in found.findings if "{" in each.say("zh") + each.say("en")]


@pytest.mark.parametrize(("table", "name", "header", "cell"), REFUSED)
def test_a_unit_of_another_quantity_is_refused_in_both_languages(
    table: str, name: str, header: str, cell: object
) -> None:
    found = read(var_of(table, name), header, [cell])
    assert found.column.isna().all()
    (told,) = [each for each in found.findings if each.kind == "rejected"]
    assert told.text in {"intake.unit_unfit", "intake.money_unfit", "intake.cell_no_number"}
    for language in ("zh", "en"):
        assert header in told.say(language)
        assert "{" not in told.say(language)


@pytest.mark.parametrize(("table", "name"), [("parcels", RATIO), ("buildings", HEIGHT), ("assets", "asset_value")])
def test_an_empty_column_holds_nothing_and_tells_nothing_wrong(table: str, name: str) -> None:
    found = read(var_of(table, name), name, ["", None, math.nan, "—"])
    assert found.column.isna().all()
    assert not found.findings


def test_a_word_in_brackets_that_is_no_known_unit_is_told() -> None:
    for header in ("GFA (k m2)", "GFA (100 m2)"):
        (told,) = read(var_of("buildings", "floor_area"), header, [3]).findings
        assert told.text == "intake.unit_unclear"
    var = var_of("buildings", HEIGHT)
    (told,) = read(var, "height (cubits)", [30]).findings
    assert (told.kind, told.text) == ("guessed", "intake.unit_unclear")
    assert "cubits" in told.say("zh")
    assert not read(var, "建筑高度(2020年)", [30]).findings
    assert not read(var, "建筑高度(现状)", [30]).findings


@pytest.mark.parametrize(
    ("table", "name", "header", "cells", "text"),
    [
        ("buildings", HEIGHT, "高度", [180, 240, 95], "intake.heights_tall"),
        ("buildings", HEIGHT, "高度", [18, 240, 95], ""), ("buildings", HEIGHT, "高度(m)", [180, 240, 195], ""),
        ("buildings", HEIGHT, "高度", ["180m", "240m", "195m"], ""),
        ("buildings", HEIGHT, "高度", [6, 5, 2, 1, 11, 18], "intake.heights_storeys"),
        ("buildings", HEIGHT, "高度", [6, 5, 1.8, 1, 11, 18], ""), ("buildings", HEIGHT, "高度", [6, 18, 33, 12], ""),
        ("units", "population", "居住人口(人)", [0.12, 0.09], "intake.people_fraction"),
        ("units", "population", "居住人口(万人)", [0.12, 0.09], ""),
        ("buildings", "residents", "人口", [0.012, 0.02], "intake.people_fraction"),
        ("buildings", "residents", "人口", [0.5, 2.5], ""), ("buildings", "residents", "人口(万人)", [0.012], ""),
        ("units", "population", "人口", [1.2, 2.5], "intake.people_fraction"),
        ("units", "population", "人口", [12], ""),
    ],
)  # fmt: skip
def test_numbers_without_a_unit_that_look_like_another_are_told(
    table: str, name: str, header: str, cells: list[object], text: str
) -> None:
    """Heights in centimetres were towers of 950 m, and 120 people in ten thousands a hundredth of one."""
    found = read(var_of(table, name), header, cells).findings
    doubts = [each.text for each in found if each.kind == "warning"]
    assert doubts == ([text] if text else [])


def test_a_currency_that_is_not_known_to_be_the_study_s_is_told() -> None:
    (told,) = read(var_of("assets", "asset_value"), "asset value (USD)", [5]).findings
    assert (told.kind, told.text) == ("found", "intake.money_currency")
    for language in ("zh", "en"):
        assert "USD" in told.say(language)
        assert "{" not in told.say(language)


def test_every_canonical_unit_of_a_column_is_understood_as_itself() -> None:
    """No column can be headed by its own unit and be refused, as minutes between departures were."""
    tables = {each.on for each in vocabulary().values()} - {"grid", "time", "field", ""}
    for table in tables:
        for var in columns_of(table).values():
            if var.kind == "float" and var.unit not in ("", "1"):
                assert conversion_factor(var.unit, var.unit) == 1.0, (var.name, var.unit)
                unit = "元" if var.unit == "{currency}" else var.unit
                told = read(var, f"{var.name} ({unit})", [2000.0 if var.unit == "year" else _inside(var)]).findings
                assert {each.text for each in told} <= {"intake.money_currency"}


def _inside(var: Var) -> float:
    low, high = max(var.ge, 0.0), min(var.le, 400.0)
    return low + 0.25 * (high - low)


@pytest.mark.parametrize("text", ["A/B", "R/C", "估计", "FAR", "2020", "2020/12", "USD", "总量/密度", ""])
def test_remarks_are_no_units(text: str) -> None:
    assert not seems_unit(text)


def test_a_unit_in_nested_brackets_leaves_the_name_of_the_column() -> None:
    headers = ["规划建筑能耗强度上限(kWh/(m2·a))", "容积率（万m2/hm2）"]
    found = headers_named(headers, ["planned_energy_intensity", RATIO])
    assert found == {"planned_energy_intensity": headers[0], RATIO: headers[1]}


@pytest.mark.parametrize(
    ("text", "unit", "times"),
    [
        ("升/秒", "m3 s-1", 1e-3), ("mm/d", "mm h-1", 1 / 24), ("kWh·m⁻²", "kWh m-2 year-1", 1.0),
        ("立方米每公顷", "m3 ha-1", 1.0), ("t/t", "kg t-1", 1000.0), ("m3/a", "m3 year-1", 1.0),
        ("kgce", "kWh", None), ("m/s", "m", None), ("年", "h", None), ("万", "m", None), ("", "m", None),
    ],
)  # fmt: skip
def test_composed_units(text: str, unit: str, times: float | None) -> None:
    found = conversion_factor(text, unit)
    assert found is None if times is None else np.isclose(found or 0.0, times, rtol=1e-12)


def test_no_name_of_a_quantity_ends_in_a_unit_that_is_none() -> None:
    """红线宽度 was read as 红线宽 in degrees, and the streets of three pilots lost their widths."""
    every = {**vocabulary(), **columns_of("streets"), **columns_of("units")}
    assert header_unit("红线宽度", every["street_width"]) == HeaderUnit(1.0)
    wrong = [
        f"{name}: {title}{end}"
        for name, var in every.items()
        if var.unit not in ("", "1", "year")
        for title in synonyms(name)
        for end in ("", "度", "量", "数")
        if not header_unit(f"{title}{end}", var).fits
    ]
    assert wrong == []
