"""citybraid model for drains: one .inp file stands for the model, its nodes and its links."""

import json
from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import pytest

from tests import commands
from tests.resilience.drained_street import CRS, PLACES, street


def citybraid(words: Sequence[str], folder: Path) -> commands.Done:
    return commands.citybraid("model", *words, folder=folder)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    (tmp_path / "管网.inp").write_bytes(street().encode("gb18030"))
    (tmp_path / "storm.csv").write_text("time_min,rain_mm\n0,5\n5,10\n10,2\n15,0\n", encoding="utf-8")
    return tmp_path


DRAINAGE = (
    "resilience.drainage", "--drainage-model", "管网.inp", "--drain-nodes", "管网.inp", "--drain-links", "管网.inp",
    "--crs", CRS, "--out", "结果",
)  # fmt: skip


def test_drains_from_a_model_and_a_storm(desk: Path) -> None:
    done = citybraid([*DRAINAGE, "--rain-intensity", "storm.csv"], desk)
    assert done.returncode == 0, done.stderr
    nodes = gpd.read_file(desk / "结果" / "node_max_depth.gpkg")
    assert set(nodes["id"]) == set(PLACES)
    assert nodes.crs.to_epsg() == 32651
    assert 0.0 < nodes["node_max_depth"].max() < 2.2
    numbers = json.loads((desk / "结果" / "provenance.json").read_text(encoding="utf-8"))["numbers"]
    assert numbers["outfall_volume"] > 0.0


def test_a_refused_model_is_told_in_two_languages_and_nothing_is_written(desk: Path) -> None:
    (desk / "管网.inp").write_text(street().replace("T1 0:30 0", "T1 0:30"), encoding="utf-8")
    done = citybraid([*DRAINAGE, "--rain", "own"], desk)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "line " in done.stderr
    assert "字段不足" in done.stderr
    assert not (desk / "结果").exists()
