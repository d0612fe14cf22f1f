"""Every quantity of the engine's report comes out, of models with and without links, nodes and facilities."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from citybraid.core.group import flatten
from citybraid.resilience.drains.drainage import DrainageParams, drainage
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.readers import swmm
from tests.resilience.drained_street import CRS, links, nodes, rain, ran, street
from tests.sources.planner_files import TARGET

AREAS = ("S1", "S2", "S3", "S4")


def catchments() -> gpd.GeoDataFrame:
    shapes = [shapely.box(50.0 * place, 0.0, 50.0 * place + 45.0, 50.0) for place in range(len(AREAS))]
    return gpd.GeoDataFrame(geometry=shapes, index=pd.Index(AREAS, dtype=object, name="id"), crs=CRS)


def test_outfalls_add_up_to_the_total() -> None:
    found = ran()
    over = found.node_outfall_volume
    assert over.notna().sum() == 1
    assert float(over["O1"]) == pytest.approx(found.outfall_volume, rel=1e-3)
    assert found.drain_inflow_volume == pytest.approx(found.drain_runoff_volume + found.drain_external_volume)
    assert float(found.node_lateral_volume.sum()) == pytest.approx(found.drain_inflow_volume, rel=1e-3)
    assert (found.node_mean_depth <= found.node_max_depth).all()


def test_catchments_balance() -> None:
    """Rain and run-on of a catchment are what runs off, infiltrates, evaporates or stays on it."""
    result = drainage(
        drainage_model=street(), drain_catchments=catchments(), p=DrainageParams(hours_after=6.0),
        rain_intensity=rain(60.0),
    )  # fmt: skip
    assert result.nodes is None
    assert result.links is None
    found = result.catchments
    assert found is not None
    np.testing.assert_allclose(found.catchment_rain_depth, 30.0, rtol=1e-3)
    assert float(found.catchment_runoff.sum()) == pytest.approx(result.drain_runoff_volume, rel=5e-3)
    assert (found.catchment_max_runoff > 0.0).all()
    assert (found.catchment_infiltration > 0.0).any()


def test_a_model_without_links_runs() -> None:
    text = street()
    without = text[: text.index("[CONDUITS]")]
    result = drainage(
        drainage_model=without, drain_nodes=nodes(), drain_catchments=catchments(), p=DrainageParams(),
        rain_intensity=rain(60.0),
    )  # fmt: skip
    assert result.catchments is not None
    assert result.nodes is not None
    assert float(result.catchments.catchment_runoff.sum()) > 0.0
    assert result.nodes.node_max_depth.isna().all(), "nothing is routed"
    assert result.outfall_volume == 0.0


LID_ONLY = """[OPTIONS]
FLOW_UNITS CMS
START_DATE 06/01/2020
END_DATE 06/01/2020
END_TIME 06:00:00
WET_STEP 00:01:00
[RAINGAGES]
R1 INTENSITY 0:05 1.0 TIMESERIES T1
[SUBCATCHMENTS]
G R1 G 0.01 0 10 1 0
[SUBAREAS]
G 0.01 0.1 0.05 0.05 25 OUTLET
[INFILTRATION]
G 3 0.5 7 0 0
[LID_CONTROLS]
garden BC
garden SURFACE 150 0.1 0.1 1.0 5
garden SOIL 500 0.45 0.2 0.1 50 10 80
garden STORAGE 200 0.75 10 0
garden DRAIN 0 0.5 0 6
[LID_USAGE]
G garden 1 100 5 90 0 0
[TIMESERIES]
T1 0:00 36
T1 0:30 0
"""


def test_a_model_of_facilities_alone_runs() -> None:
    result = drainage(drainage_model=LID_ONLY, p=DrainageParams(rain="own"))
    assert result.facility_area == pytest.approx(100.0)
    assert result.facility_inflow == pytest.approx(0.003 * 100.0), "five minutes at 36 mm/h on 100 m²"
    assert result.facility_infiltration > 0.0
    assert result.facility_kept == pytest.approx(result.facility_inflow - result.facility_overflow)


def test_files_that_a_model_would_save_are_left_out() -> None:
    text = street().replace("[RAINGAGES]", "[FILES]\nSAVE OUTFLOWS /etc/out\nSAVE RUNOFF run.off\n[RAINGAGES]")
    plain, saving = (
        flatten(drainage(drainage_model=each, drain_nodes=nodes(), drain_links=links(), p=DrainageParams(),
                         rain_intensity=rain(60.0)))
        for each in (street(), text)
    )  # fmt: skip
    assert saving["outfall_volume"] == plain["outfall_volume"]


def test_a_model_of_facilities_alone_is_read(tmp_path: Path) -> None:
    path = tmp_path / "花园.inp"
    path.write_text(LID_ONLY, encoding="utf-8")
    found = swmm.read(path, "drainage", swmm.Options(), TARGET, limits=Limits())
    assert [each.var.name for each in found.layers] == ["drainage_model"]
    assert not swmm.peek(path)[0].count
