"""What measures embody beside what they save a year, and which of them have no figure."""

from types import SimpleNamespace
from typing import cast

import pandas as pd
import pytest

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.report.carbon.measures_carbon import carbon_of_measures
from citybraid.report.chapter import Table, in_words
from citybraid.report.view import View

ROWS = [
    ("roofs", "rooftop_pv", 20e3, 22.26e6), ("roofs", "green_roof", 80e3, 2.0e6),
    ("ground", "rain_garden", 1e5, 20.48e6), ("ground", "early_warning", 3e4, float("nan")),
    ("ground", "storage_tank", 0.0, float("nan")), ("wood", "timber_structure", 1e4, float("nan")),
]  # fmt: skip
EMISSIONS = {"as_planned": 100e3, "roofs": 88e3, "ground": 99e3, "wood": 100e3}


def view() -> View:
    tables = {
        "costs": pd.DataFrame(ROWS, columns=["alternative", "measure", "quantity", "carbon"]),
        "appraisal": pd.DataFrame({"alternative": list(EMISSIONS), "against": ["", *["as_planned"] * 3]}),
    }
    for name, value in EMISSIONS.items():
        tables[f"units/{name}"] = pd.DataFrame({"inventory_emissions": [value]}, index=[WHOLE_AREA])
    run = SimpleNamespace(alternatives=tuple(EMISSIONS), table=tables.get)
    return cast("View", SimpleNamespace(run=run, name=lambda name: name))


def test_what_is_embodied_and_saved_and_the_years_between() -> None:
    """20 000 kW and 80 000 m2 of roofs: 24 260 t, made up for in 2.0 years by 12 000 t a year."""
    (table,) = carbon_of_measures(view())
    frame = cast("Table", table).frame.set_index("alternative")
    assert frame["embodied"]["roofs"] == pytest.approx(24260.0)
    assert frame["saved"]["roofs"] == pytest.approx(12000.0)
    assert frame["years"]["roofs"] == pytest.approx(24260.0 / 12000.0)


def test_a_measure_without_a_figure_is_named_and_no_years_are_told() -> None:
    (table,) = carbon_of_measures(view())
    frame = cast("Table", table).frame.set_index("alternative")
    assert frame["embodied"]["ground"] == pytest.approx(20480.0)
    assert pd.isna(frame["years"]["ground"])
    assert in_words(frame["bare"]["ground"], "en") == "Flood early warning", "of the tank none is built"
    assert "wood" not in frame.index, "its carbon is that of the buildings"
