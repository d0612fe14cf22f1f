"""citybraid model resilience.drainage on a model file alone: its tables come with it, and none is needed."""

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from tests.cli.test_model_command import citybraid
from tests.resilience.drained_street import street
from tests.resilience.test_drainage_report import LID_ONLY

DRAINAGE = ("model", "resilience.drainage", "--rain", "own", "--drainage-model")


def number(folder: Path, name: str) -> float:
    return float(pd.read_csv(folder / f"{name}.csv")["value"].iloc[0])


def test_the_tables_of_a_model_come_with_it(tmp_path: Path) -> None:
    text = street() + "\n[POLYGONS]\n" + "".join(
        f"S{place + 1} {x} {y}\n"
        for place in range(4)
        for x, y in ((50 * place, 0), (50 * place + 45, 0), (50 * place + 45, 50), (50 * place, 50))
    )  # fmt: skip
    (tmp_path / "管网.inp").write_text(text, encoding="utf-8")
    done = citybraid([*DRAINAGE, "管网.inp", "--crs", "EPSG:32651", "--out", "out"], tmp_path)
    assert done.returncode == 0, done.stderr
    over = gpd.read_file(tmp_path / "out" / "node_outfall_volume.gpkg").set_index("id")["node_outfall_volume"]
    assert over["O1"] == pytest.approx(number(tmp_path / "out", "outfall_volume"), rel=1e-3)
    runoff = gpd.read_file(tmp_path / "out" / "catchment_runoff.gpkg")["catchment_runoff"]
    assert runoff.sum() == pytest.approx(number(tmp_path / "out", "drain_runoff_volume"), rel=1e-2)
    assert (tmp_path / "out" / "link_max_flow.gpkg").exists()


def test_a_model_without_places_needs_no_crs(tmp_path: Path) -> None:
    (tmp_path / "花园.inp").write_text(LID_ONLY, encoding="utf-8")
    done = citybraid([*DRAINAGE, "花园.inp", "--out", "out"], tmp_path)
    assert done.returncode == 0, done.stderr
    assert number(tmp_path / "out", "facility_inflow") == pytest.approx(0.3)
    assert "not mapped" in done.stderr
