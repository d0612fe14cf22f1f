"""The chapter of low carbon tells the park's balance, its network, by-products, reclaimed water and building waste."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from citybraid.report.carbon.park import park
from citybraid.report.chapter import Block, Paragraph, Table, in_words
from citybraid.report.view import View
from citybraid.study.run.manifest import Manifest
from citybraid.study.run.run import Run, write
from tests.report.made_run import Shelf, made_run

ELECTRICITY = {
    "park_load": 4e6, "park_generation": 2e6, "park_self_used": 1.5e6, "park_import": 2.5e6, "park_export": 0.5e6,
    "plant_self_used": pd.Series([1e6], ["w0"]),
}  # fmt: skip
NETWORK = {
    "waste_heat_to_network": 3e5, "waste_heat_lost": 1e5, "network_pump_power": 2e4, "network_heat_made": 7e4,
}  # fmt: skip
PAIRS = ["厂甲>厂乙:gypsum", "厂甲>厂丙:豆渣"]
MATERIAL = {
    "matched_material": pd.Series([2000.0, 5.0], PAIRS), "material_distance": pd.Series([240.0, 90.0], PAIRS),
    "unused_material": 300.0, "byproduct_avoided": pd.Series([65600.0, np.nan], ["厂乙", "厂丙"]),
}  # fmt: skip
WATER = {
    "reclaimed_water": pd.Series([4000.0], ["b0"]), "reclaimed_energy": 1320.0, "replaced_supply_energy": 1160.0,
    "reclaimed_avoided": -92.0,
}  # fmt: skip
WASTE = {
    "construction_waste": pd.Series([4e4], ["b0"]), "demolition_waste": pd.Series([1.3e6], ["b0"]),
    "recycled_waste": pd.Series([6e5], ["b0"]),
}  # fmt: skip


def blocks(folder: Path, layers: Mapping[str, object]) -> list[Block]:
    run = made_run(folder)
    manifest, shelf = run.manifest.model_dump(mode="json"), Shelf(run.store, run.grid)
    for name, value in layers.items():
        shelf.put(name, value)
    for name, told in shelf.layers.items():
        manifest["alternatives"][name]["layers"] += told
    write(folder, folder / "park", Manifest.model_validate(manifest), {})
    return list(park(View(Run.open(folder / "park"))))


def said(found: list[Block], language: str) -> str:
    return " ".join(in_words(block.text, language) for block in found if isinstance(block, Paragraph))


def test_a_run_without_a_park_tells_nothing(tmp_path: Path) -> None:
    assert blocks(tmp_path, {}) == []


def test_shares_of_the_park_by_hand(tmp_path: Path) -> None:
    (table,) = (block for block in blocks(tmp_path, ELECTRICITY) if isinstance(block, Table))
    row = table.frame.iloc[0]
    assert (row["self_consumption"], row["self_sufficiency"]) == pytest.approx((75.0, 37.5))


@pytest.mark.parametrize(("language", "gypsum"), [("zh", "石膏"), ("en", "gypsum")])
def test_by_products_are_named_in_the_reader_s_language(tmp_path: Path, language: str, gypsum: str) -> None:
    (table,) = (block for block in blocks(tmp_path, MATERIAL) if isinstance(block, Table))
    assert [in_words(name, language) for name in table.frame["material"]] == [gypsum, "豆渣"]
    assert list(table.frame["giver"]) == ["厂甲", "厂甲"]
    assert list(table.frame["taker"]) == ["厂乙", "厂丙"]
    told = in_words(table.note, language)
    assert "65.6 t CO₂e" in told
    assert {"zh": "300 t/年", "en": "300 t/a"}[language] in told, "a mass of goods is no mass of CO2"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_sentences_carry_the_numbers(tmp_path: Path, language: str) -> None:
    told = said(blocks(tmp_path, NETWORK | WATER | WASTE), language)
    for number in ("300 MWh", "70 MWh", "4,000", "-0.1", "1,300", "600"):
        assert number in told.replace("−", "-").replace("\u202f", ",").replace("\xa0", " "), (number, told)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_waste_heat_in_the_network_is_told_where_pipes_bring_it(tmp_path: Path, language: str) -> None:
    fed = {"network_waste_heat": 48e4, "network_lift_power": 12e3, "network_heat_factor": 0.0216}
    told = said(blocks(tmp_path, fed), language)
    for number in ("480 MWh", "12 MWh", "0.022 kg CO₂/kWh"):
        assert number in told.replace("\u202f", ",").replace("\xa0", " "), (number, told)
    (tmp_path / "none").mkdir()
    assert said(blocks(tmp_path / "none", fed | {"network_waste_heat": 0.0}), language) == ""


def test_no_match_is_said(tmp_path: Path) -> None:
    empty = pd.Series([], index=pd.Index([], dtype=object), dtype=np.float64)
    layers = {"matched_material": empty, "material_distance": empty, "unused_material": 300.0}
    assert "300" in said(blocks(tmp_path, layers), "zh")
