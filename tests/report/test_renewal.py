"""What a renewed envelope saves by use and vintage: rows by hand, and starts that do not agree."""

from types import SimpleNamespace
from typing import Any, cast

import pandas as pd
import pytest

from citybraid.report.carbon.renewal import other_start, renewable, renewal
from citybraid.report.chapter import Paragraph, Table, in_words
from citybraid.report.view import View

BUILDINGS = pd.DataFrame({
    "building_use": ["residential", "residential", "office", "office", "residential", "residential"],
    "year_built": [1990.0, 1999.0, 2010.0, 2024.0, 1990.0, 2030.0],
    "floor_area": [1000.0, 3000.0, 2000.0, 500.0, 700.0, 900.0],
    "electricity_emissions": [10e3, 30e3, 40e3, 8e3, 7e3, 9e3], "heat_emissions": 0.0,
    "gas_emissions": [5e3, 0.0, 0.0, 0.0, 0.0, 0.0],
    "renewed_electricity_saving": [500.0, 1500.0, 4000.0, 0.0, 300.0, 100.0], "renewed_heat_saving": 0.0,
    "renewed_gas_saving": [250.0, 0.0, 0.0, 0.0, 0.0, 0.0],
    "keep_carbon": 100.0, "retrofit_carbon": [90.0, 120.0, 130.0, 110.0, 90.0, 110.0],
    "envelope_standard": ["as_built", "as_built", "as_built", "as_built", "gb55015", "as_built"],
})  # fmt: skip
"""The fourth has the newest envelope, the fifth was retrofitted by a measure, the sixth is the plan's."""
SINCE = {"residential/3/old": 0, "residential/3/first": 2002, "residential/3/gb55015": 2023, "public/3/old": 0,
         "public/3/first": 2006, "public/3/gb55015": 2023, "residential/2/cold": 1997}  # fmt: skip


def view(path: int | None = 2025) -> View:
    rows = tuple(SimpleNamespace(factor="standard_since", key=key, value=float(year)) for key, year in SINCE.items())
    judged = SimpleNamespace(
        model="lowcarbon.life_cycle", params={"start": 2025, "horizon": 2060, "climate_zone": "3A"},
        factors={"standard_since": rows},
    )  # fmt: skip
    steps = [judged]
    if path is not None:
        steps.append(SimpleNamespace(model="lowcarbon.pathway", params={"start": path}, factors={}))
    run: Any = SimpleNamespace(steps=lambda _: steps)
    return cast("View", SimpleNamespace(run=run, base="as_is", frame=lambda *_: BUILDINGS))


def test_only_what_a_standard_changes_is_renewed() -> None:
    found = renewable(BUILDINGS, 2025)
    assert found.index.to_list() == [0, 1, 2]
    assert found["saved"].to_list() == [750.0, 1500.0, 4000.0]


def test_rows_by_use_and_vintage_by_hand() -> None:
    """Homes to 2001: 2250 of 45 000 kg on 4000 m2, a quarter of which pays back; offices of 2006 to 2022."""
    said, table = renewal(view())
    assert isinstance(table, Table)
    rows = {
        (in_words(row["use"], "en"), in_words(row["vintage"], "en")): [row["saving"], row["share"], row["pays"]]
        for row in table.frame.to_dict("records")
    }
    assert rows == {
        ("offices", "2006 to 2022"): pytest.approx([2.0, 10.0, 0.0]),
        ("homes", "to 2001"): pytest.approx([0.5625, 5.0, 25.0]),
    }
    assert isinstance(said, Paragraph)
    words = in_words(said.text, "en")
    assert "would save 6 t CO₂e/a, 5.7% of what" in words
    assert "On 83% of that floor area" in words
    assert "the pathway takes" in words


def test_without_a_pathway_none_is_told_of() -> None:
    said, _ = renewal(view(path=None))
    assert isinstance(said, Paragraph)
    assert "pathway" not in in_words(said.text, "en")
    assert not list(other_start(view(path=None)))


def test_another_start_of_the_pathway_is_warned_of() -> None:
    assert not list(other_start(view()))
    (warned,) = other_start(view(path=2020))
    assert isinstance(warned, Paragraph)
    assert warned.kind == "warning"
    assert "starts in 2020" in in_words(warned.text, "en")


def test_nothing_without_life_cycles() -> None:
    bare = SimpleNamespace(run=view().run, base="as_is", frame=lambda *_: BUILDINGS.drop(columns="keep_carbon"))
    assert not list(renewal(cast("View", bare)))
