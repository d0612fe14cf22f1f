"""Floor areas under a heading that names another unit are read in that which fits footprint times storeys."""

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import box

from citybraid.core.text import Phrase
from citybraid.sources.protocol.layers import Layers
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.sources.protocol.reading import SourceLayer
from citybraid.sources.protocol.rules import RepairResult, Rules
from citybraid.sources.protocol.target import Target
from citybraid.sources.repairs.filling.floor_area_unit import repair

CRS = "EPSG:4549"
NAMES = pd.Index(list("abcd"), dtype=object, name="id")


def read(areas: list[float], floors: float = 6.0) -> RepairResult:
    shapes = gpd.GeoSeries([box(30 * at, 0, 30 * at + 20, 20) for at in range(4)], index=NAMES, crs=CRS)
    layers = Layers({}).put(SourceLayer(vocabulary()["buildings"], shapes))
    for name, values in (("floor_area", areas), ("floors", [floors] * 4)):
        layers = layers.put(SourceLayer(vocabulary()[name], pd.Series(values, index=NAMES, dtype=float)))
    return repair(layers, Rules(Target(crs=CRS, cell=5.0)))


@pytest.mark.parametrize(("unit", "size"), [("unit.area_wan", 1e4), ("unit.area_mu", 1e4 / 15)])
def test_most_areas_that_fit_another_unit_are_read_in_it(unit: str, size: float) -> None:
    done = read([2400 / size, 2300 / size, 2500 / size, 2400 / size])
    layer = done.layers.get("floor_area", on="buildings")
    assert layer is not None
    assert layer.value.tolist() == pytest.approx([2400.0, 2300.0, 2500.0, 2400.0])
    assert [each.text for each in done.findings] == ["intake.floor_area_unit"]
    assert done.findings[0].values["unit"] == Phrase(unit, {})
    assert "²" in done.findings[0].say("en")


@pytest.mark.parametrize("areas", [[2400.0, 2400.0, 2400.0, 0.24], [1.0, 70.0, 5e4, 900.0]])
def test_areas_that_fit_no_other_unit_stay(areas: list[float]) -> None:
    done = read(areas)
    layer = done.layers.get("floor_area", on="buildings")
    assert layer is not None
    assert layer.value.tolist() == areas
    assert not done.findings
