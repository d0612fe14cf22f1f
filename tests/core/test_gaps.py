"""Inputs with gaps: a model that cannot compute with one names it, and Python calls refuse what is no input."""

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import Point

import citybraid as cb
from citybraid.core.check import gaps_named
from citybraid.core.errors import InputError
from citybraid.core.var import Var
from tests.discovered import AnyModel, models
from tests.golden.values import golden_case

HEIGHT = Var("heights", "m", "Heights", on="buildings")


def model_and_case(name: str) -> tuple[AnyModel, dict[str, Any]]:
    model = next(each for each in models() if each.name == name)
    return model, dict(golden_case(model))


@pytest.mark.parametrize(
    ("name", "table", "column", "gap"),
    [
        ("material_exchange", "byproducts", "", "'byproducts' has no rows"),
        ("parking_need", "buildings", "", "'buildings' has no rows"),
        ("pocket_park", "parcels", "", "'parcels' has no rows"),
        ("pv_generation", "buildings", "", "'buildings' has no rows"),
        ("emission_accounts", "buildings", "building_use", "'buildings.building_use' lacks"),
        ("street_trees", "streets", "geometry", "'streets.geometry' lacks 1 value"),
    ],
)
def test_a_gap_that_a_model_cannot_compute_with_is_named(name: str, table: str, column: str, gap: str) -> None:
    """They ended in an IndexError, a TypeError or a ValueError of a library."""
    model, case = model_and_case(name)
    whole = case[table].copy()
    if column:
        whole[column] = [None, *whole[column][1:]] if column == "geometry" else None
    case[table] = whole if column else whole.iloc[:0]
    with pytest.raises(InputError) as told:
        model.of(case)
    assert told.value.text == "check.gaps"
    assert gap in told.value.say("en")
    assert "请补全" in told.value.say("zh")


@pytest.mark.parametrize(("cell", "kind"), [(1.0, ValueError), (np.nan, InputError)])
def test_what_fails_without_a_gap_is_a_fault_of_the_program(cell: float, kind: type[Exception]) -> None:
    def ended_in_an_error() -> None:
        with gaps_named("levels", {"heights": HEIGHT}, {"heights": pd.Series([1.0, cell])}):
            raise ValueError

    with pytest.raises(kind):
        ended_in_an_error()


@pytest.mark.parametrize(
    ("index", "shapes", "text"),
    [(["a", "b"], [Point(0, 0), None], "api.no_shape"), (["a", "a"], [Point(0, 0), Point(1, 1)], "api.id_twice"),
     (["a", "b"], [Point(0, 0), Point()], "api.no_shape")],
)  # fmt: skip
def test_rows_without_a_shape_or_an_id_of_their_own_are_refused(index: list[str], shapes: Any, text: str) -> None:
    homes = gpd.GeoDataFrame({"floor_area": [1.0, 2.0]}, geometry=shapes, index=index, crs=4549)
    with pytest.raises(InputError) as told:
        cb.models.heat_density(buildings=homes.assign(district_heat=1.0, heating_demand=1.0))
    problems = getattr(told.value, "problems", (told.value,))
    assert text in {each.text for each in problems}
    assert "请" in told.value.say("zh")


def test_nan_is_no_single_number() -> None:
    with pytest.raises(InputError, match="NaN is no number"):
        cb.models.plan_share_by_population(city_population=np.nan)
