"""GeoParquet: both encodings, the CRS from PROJJSON only, what is no GeoParquet told."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest

from citybraid.core.errors import InputError
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.reading import Reading
from citybraid.sources.readers import geoparquet
from tests.sources.planner_files import TARGET, buildings, parcels


def read(path: Path, role: str = "parcels", limits: Limits | None = None, **said: object) -> Reading:
    return geoparquet.read(path, role, geoparquet.Options.model_validate(said), TARGET, limits=limits or Limits())


def fault(path: Path, limits: Limits | None = None) -> InputError:
    with pytest.raises(InputError) as caught:
        read(path, limits=limits)
    assert path.name in caught.value.say("zh")
    return caught.value


def restated(path: Path, change: Callable[[dict[str, Any]], None]) -> Path:
    """Write a file's geo metadata anew."""
    table = pq.read_table(path)
    told = json.loads(table.schema.metadata[b"geo"])
    change(told)
    pq.write_table(table.replace_schema_metadata({b"geo": json.dumps(told).encode()}), path)
    return path


@pytest.mark.parametrize("encoding", ["WKB", "geoarrow"])
def test_rows_columns_and_the_crs_are_read(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "地块.parquet"
    parcels().to_parquet(path, geometry_encoding=encoding, schema_version="1.1.0")
    layers = {found.var.name: found.value for found in read(path).layers}
    assert list(layers["plot_number"]) == ["A-01", "A-02", "B-01", "B-02"]
    assert layers["parcels"].area.tolist() == [1e4] * 4
    peeked = geoparquet.peek(path)[0]
    assert (peeked.kind, peeked.count) == ("polygon", 4)
    assert "容积率" in peeked.columns
    assert "4549" in peeked.crs


def test_numbers_blanks_and_nested_columns(tmp_path: Path) -> None:
    path = tmp_path / "a.geoparquet"
    frame = buildings()
    frame["标签"] = [["a"], ["b"], None, ["c", "d"], []]
    frame["竣工"] = pd.Timestamp("2001-05-01")
    frame.to_parquet(path)
    reading = read(path, "buildings")
    floors = next(found for found in reading.layers if found.var.name == "floors")
    assert floors.value.tolist()[3:] == [11, 18]
    assert floors.completeness == pytest.approx(0.6)
    assert "intake.parquet_nested" in {finding.text for finding in reading.findings}


def test_no_crs_means_wgs84_and_null_means_unknown(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    parcels().to_crs(4326).to_parquet(path)
    restated(path, lambda told: told["columns"]["geometry"].pop("crs"))
    assert read(path).layers[0].value.area.sum() == pytest.approx(4e4, rel=1e-4)
    restated(path, lambda told: told["columns"]["geometry"].update(crs=None))
    assert fault(path).text == "intake.crs_missing"
    assert len(read(path, crs="EPSG:4326").layers[0].value) == 4


@pytest.mark.parametrize("crs", ["http://127.0.0.1:9/x", "EPSG:4549", {"type": "Transformation"}, ["x"], 3])
def test_a_crs_that_is_no_projjson_is_refused(tmp_path: Path, crs: object) -> None:
    path = tmp_path / "a.parquet"
    parcels().to_parquet(path)
    restated(path, lambda told: told["columns"]["geometry"].update(crs=crs))
    assert fault(path).text == "intake.crs_form"


def test_other_damaged_and_large_files_are_told(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pd.DataFrame({"a": [1]}).to_parquet(path)
    assert fault(path).text == "intake.parquet_plain"
    parcels().to_parquet(path)
    assert fault(path, Limits(features=3)).text == "intake.too_many_features"
    assert fault(path, Limits(unpacked_mib=1e-5)).text == "intake.parquet_large"
    assert fault(path, Limits(vertices=3)).text == "intake.too_many_vertices"
    restated(path, lambda told: told.update(primary_column="gone"))
    assert fault(path).text == "intake.parquet_metadata"
    path.write_bytes(path.read_bytes()[:-20])
    assert fault(path).text == "intake.unreadable"
    path.write_bytes(b"<html>")
    assert fault(path).text == "intake.disguised_page"
