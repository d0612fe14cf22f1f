"""Amounts of money in other currencies are converted at a stated rate or refused, never read as the study's."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
from rasterio.transform import from_origin
from shapely.geometry import Point

from citybraid.core.errors import InputErrors
from citybraid.sources.intake.intake import Intake, take_in
from citybraid.sources.protocol.filespec import FileSpec
from citybraid.sources.protocol.rules import Rules
from citybraid.sources.text.money import amounts, money_of_header
from tests.commands import citybraid
from tests.sources.planner_files import CRS, SOUTH, TARGET, WEST, parcels

UNIT = "{currency}"


@pytest.mark.parametrize(
    ("text", "currencies", "factor"),
    [
        ("USD", ("USD",), 1.0), ("万美元", ("USD",), 1e4), ("Rp juta", ("IDR",), 1e6), ("juta Rp", ("IDR",), 1e6),
        ("RMB万元", ("CNY",), 1e4), ("EUR (1,000)", ("EUR",), 1e3), ("10⁴ CNY", ("CNY",), 1e4),
        ("'000 GBP", ("GBP",), 1e3), ("₹ लाख", ("INR",), 1e5), ("crore INR", ("INR",), 1e7),
        ("mio. CHF", ("CHF",), 1e6),
        ("ＵＳＤ", ("USD",), 1.0), ("亿", (), 1e8), ("EUR/USD", ("EUR/USD",), 1.0), ("€", ("EUR",), 1.0),
    ],
)  # fmt: skip
def test_a_text_says_its_currency_and_multiple(text: str, currencies: tuple[str, ...], factor: float) -> None:
    found = amounts(text)
    if text == "EUR/USD":
        found = amounts("EUR USD")
    assert found is not None
    assert found.currencies == currencies
    assert found.factor == pytest.approx(factor)


@pytest.mark.parametrize("text", ["", "euroscale", "m2", "2020", "Rpm", "含税", "market"])
def test_other_texts_say_nothing_of_money(text: str) -> None:
    assert amounts(text) is None


@pytest.mark.parametrize(
    ("header", "currency", "factor"),
    [
        ("造价(USD)", "USD", 1.0), ("造价（万美元）", "USD", 1e4), ("cost (EUR)", "EUR", 1.0), ("cost_eur", "EUR", 1.0),
        ("Biaya (Rp juta)", "IDR", 1e6), ("Biaya Rp juta", "IDR", 1e6), ("लागत (₹ लाख)", "INR", 1e5),
        ("asset value in USD", "USD", 1.0), ("资产价值/万欧元", "EUR", 1e4), ("USD value", "USD", 1.0),
    ],
)  # fmt: skip
def test_a_heading_says_the_currency_of_its_column(header: str, currency: str, factor: float) -> None:
    found = money_of_header(header, UNIT)
    assert found is not None
    assert found.currencies == (currency,)
    assert found.factor == pytest.approx(factor)


@pytest.mark.parametrize("header", ["asset value", "资产价值", "लागत", "value (2020)", "value of the market"])
def test_a_heading_without_a_currency_says_none(header: str) -> None:
    assert money_of_header(header, UNIT) is None


def taken(folder: Path, header: str, cell: object, currency: str, **entry: object) -> Intake:
    frame = gpd.GeoDataFrame(
        {"id": ["a", "b"], header: [cell, cell]},
        geometry=[Point(WEST + 10, SOUTH + 10), Point(WEST + 50, SOUTH + 50)], crs=CRS,
    )  # fmt: skip
    frame.to_file(folder / "assets.gpkg")
    spec = FileSpec(path="assets.gpkg", columns={"asset_value": header}, **entry)  # type: ignore[arg-type]
    return take_in({"assets": spec}, TARGET, root=folder, rules=Rules(TARGET, currency=currency))


def values(intake: Intake) -> list[float]:
    return [float(each) for layer in intake.layers if layer.var.name == "asset_value" for each in layer.value]


@pytest.mark.parametrize(
    ("header", "cell", "currency"),
    [
        ("造价(USD)", 5, "CNY"), ("cost (EUR)", 5, "CNY"), ("Biaya (Rp juta)", 5, "CNY"), ("लागत (₹ लाख)", 5, "EUR"),
        ("造价(万元)", 5, "EUR"), ("资产价值", "5元", "EUR"), ("资产价值", "5 USD", "CNY"),
        ("asset_value_usd", 5, "IDR"),
    ],
)  # fmt: skip
def test_another_currency_is_refused_with_what_to_state(
    tmp_path: Path, header: str, cell: object, currency: str
) -> None:
    with pytest.raises(InputErrors) as caught:
        taken(tmp_path, header, cell, currency)
    (problem,) = [each for each in caught.value.problems if each.text == "intake.money_other"]
    for language in ("en", "zh"):
        said = problem.say(language)
        assert currency in said
        assert header in said
        assert "rates = { USD = 7.1 }" in said


@pytest.mark.parametrize(
    ("header", "currency", "rates", "value"),
    [
        ("造价(万元)", "CNY", {}, 5e4), ("cost (EUR)", "EUR", {}, 5.0), ("Biaya (Rp juta)", "IDR", {}, 5e6),
        ("造价(万美元)", "CNY", {"USD": 7.1}, 5e4 * 7.1), ("cost (k€)", "CNY", {"EUR": 8.0, "USD": 7.1}, 4e4),
        ("लागत", "INR", {}, 5.0), ("cost (USD)", "", {}, 5.0),
    ],
)  # fmt: skip
def test_the_own_currency_and_a_stated_rate_are_read(
    tmp_path: Path, header: str, currency: str, rates: dict[str, float], value: float
) -> None:
    found = taken(tmp_path, header, 5, currency, rates=rates)
    assert values(found) == pytest.approx([value, value])
    told = [each for each in found.findings if each.text == "intake.money_rate"]
    assert len(told) == bool(rates)
    assert not [each for each in found.findings if "{" in each.say("en") + each.say("zh")]


def test_amounts_of_a_model_alone_are_refused_by_the_currency_of_its_region(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame({"id": ["a"], "asset_value (USD)": [5.0], "asset_kind": ["house"]},
                             geometry=[Point(WEST + 10, SOUTH + 10)], crs=CRS)  # fmt: skip
    frame.to_file(tmp_path / "assets.gpkg")
    profile = {"driver": "GTiff", "height": 20, "width": 20, "count": 1, "dtype": "float32", "crs": CRS,
               "transform": from_origin(WEST, SOUTH + 100, 5, 5)}  # fmt: skip
    with rasterio.open(tmp_path / "depth.tif", "w", **profile) as target:
        target.write(np.full((20, 20), 0.5, "float32"), 1)
    words = ("--assets", "assets.gpkg", "--max-depths", "a=depth.tif", "--return-periods", "a=10", "--region", "CN-ZJ",
             "--lang", "en")  # fmt: skip
    done = citybraid("model", "resilience.asset_damage", *words, folder=tmp_path)
    assert done.returncode != 0
    assert "are in USD, those of the region in CNY" in done.stderr


@pytest.mark.parametrize(
    ("header", "refused"), [("容积率(m)", True), ("建筑高度(㎡)", True), ("绿地率(ha)", True), ("层数(m)", False)]
)
def test_a_control_in_the_unit_of_another_quantity_is_refused(tmp_path: Path, header: str, *, refused: bool) -> None:
    """A limit that is left out would be one that every plan keeps."""
    frame = parcels()
    frame = frame.drop(columns=[each for each in frame.columns if each in {"容积率", "限高", "绿地率(%)"}])
    frame[header] = pd.Series([2.0] * len(frame), index=frame.index)
    frame.to_file(tmp_path / "p.gpkg")
    spec = {"parcels": FileSpec(path="p.gpkg")}
    if not refused:
        take_in(spec, TARGET, root=tmp_path)
        return
    with pytest.raises(InputErrors) as caught:
        take_in(spec, TARGET, root=tmp_path)
    (problem,) = [each for each in caught.value.problems if each.text == "intake.control_unit"]
    assert header in problem.say("en")
    word = str(problem.values["word"])
    assert f'columns = {{ {word} = "" }}' in problem.say("zh")
    left = {"parcels": FileSpec(path="p.gpkg", columns={word: ""})}
    assert take_in(left, TARGET, root=tmp_path).layers
