"""Readings are remembered by file, reader, options, role and grid; a refused file does not hide the others."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import xarray as xr

from citybraid.core import tables
from citybraid.sources.fenced.sandbox import Job, Sandbox
from citybraid.sources.protocol.discovery import reader_for
from citybraid.sources.protocol.filespec import options_of
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.target import Target
from citybraid.store.store import Store
from citybraid.study.open.events import Event, FileRead, FilesPlanned, FileStarted
from citybraid.study.open.open_study import OpenStudy, open_study
from citybraid.study.open.reading_cache import ReadingCache
from citybraid.study.open.study_intake import preview_intake, take_in_study
from tests.sources.planner_files import CRS
from tests.sources.test_intake import FILES, folder

pytestmark = pytest.mark.slow

STUDY = """
[study]
name = "a"
title = { zh = "甲", en = "A" }
crs = "EPSG:4549"
region = "CN"
year = 2025
resolution = 5
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return folder(tmp_path_factory.mktemp("规划 项目"))


@pytest.fixture(scope="module")
def sandbox(root: Path) -> Iterator[Sandbox]:
    with Sandbox(root) as worker:
        yield worker


@pytest.mark.parametrize("entry", ["buildings", "parcels", "streets", "terrain", "green", "storm", "weather"])
def test_a_reading_comes_back_as_it_was(entry: str, root: Path, tmp_path: Path, sandbox: Sandbox) -> None:
    spec = FILES[entry]
    path = root / spec.paths[0]
    reader = reader_for(path)
    target = Target(CRS, 5.0).placed((572_000.0, 3_397_000.0, 572_200.0, 3_397_200.0))
    job = Job(reader.module.__name__, path, entry, options_of(spec, reader.options, name=entry), target, Limits())
    kept = ReadingCache(Store(tmp_path / "store"))
    assert kept.get(job) is None
    reading = sandbox.read(job)
    kept.keep(job, reading)
    again = kept.get(job)
    assert again is not None
    assert [(each.var, dict(each.at), each.native_resolution, each.position) for each in again.layers] == [
        (each.var, dict(each.at), each.native_resolution, each.position) for each in reading.layers
    ]
    assert [each.say("zh") for each in again.findings] == [each.say("zh") for each in reading.findings]
    for one, other in zip(reading.layers, again.layers, strict=True):
        assert one.grid == other.grid
        assert one.mappings == other.mappings
        same(one.value, other.value)
        same(one.stated, other.stated)


def same(one: Any, other: Any) -> None:
    if isinstance(one, gpd.GeoSeries):
        assert one.geom_equals_exact(other, 0.0).all()
        assert one.crs == other.crs
        assert list(one.index) == list(other.index)
    elif isinstance(one, pd.Series):
        pd.testing.assert_series_equal(one, other, check_freq=False)
    elif isinstance(one, xr.DataArray):
        assert one.equals(xr.DataArray(other))
    else:
        assert one == other


def study_of(root: Path, tmp_path: Path, files: str) -> OpenStudy:
    path = tmp_path / "study.toml"
    path.write_text(STUDY + f"data = {json.dumps(str(root))}\n" + files, encoding="utf-8")
    return open_study(path)


ENTRIES = (
    f'[files.buildings]\npath = "现状建筑.shp"\ncrs = "{CRS}"\n[files.parcels]\npath = "地块.shp"\n'
    '[files.terrain]\npath = "dem.tif"\n[files.storm]\npath = "雨.csv"\n'
)


def read(events: list[Event]) -> dict[str, bool]:
    return {event.file: event.known for event in events if isinstance(event, FileRead)}


def test_each_file_is_told_and_only_what_changed_is_read_again(root: Path, tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    events: list[Event] = []
    first = take_in_study(study_of(root, tmp_path, ENTRIES), store, emit=events.append)
    assert isinstance(events[0], FilesPlanned)
    assert events[0].files == 4
    assert events[0].size == sum(event.size for event in events if isinstance(event, FileRead))
    assert [event.file for event in events if isinstance(event, FileStarted)] == list(read(events))
    assert read(events) == dict.fromkeys(("现状建筑.shp", "地块.shp", "雨.csv", "dem.tif"), False)
    events.clear()
    wider = study_of(root, tmp_path, ENTRIES.replace('path = "地块.shp"', 'path = "地块.shp"\nscheme = "guide_2023"'))
    second = take_in_study(wider, store, emit=events.append)
    assert read(events) == {"现状建筑.shp": True, "地块.shp": False, "雨.csv": True, "dem.tif": True}
    assert second.completeness == first.completeness
    assert {layer.key for found in second.place.layers.values() for layer in found} == {
        layer.key for found in first.place.layers.values() for layer in found
    }


def test_a_refused_file_does_not_hide_what_the_others_hold(root: Path, tmp_path: Path) -> None:
    broken = ENTRIES + '[files.units]\npath = "没有.gpkg"\n[files.green]\npath = "dem.dwg"\n'
    study = study_of(root, tmp_path, broken)
    (root / "dem.dwg").write_bytes(b"AC1032")
    try:
        seen = preview_intake(study, Store(tmp_path / "store"))
    finally:
        os.remove(root / "dem.dwg")  # noqa: PTH107  (made here)
    assert {fault.text for fault in seen.refused} == {"intake.file_missing", "intake.dwg"}
    assert seen.taken is not None
    assert {"buildings", "parcels", "terrain"} <= set(seen.taken.place.layers)
    assert any(finding.layer == "buildings" and finding.kind == "guessed" for finding in seen.findings)


def test_a_look_at_sound_files_is_what_a_run_takes(root: Path, tmp_path: Path) -> None:
    study, store = study_of(root, tmp_path, ENTRIES), Store(tmp_path / "store")
    seen = preview_intake(study, store)
    assert seen.refused == ()
    events: list[Event] = []
    taken = take_in_study(study, store, emit=events.append)
    assert events == []
    assert taken == seen.taken


def test_without_a_place_the_findings_are_told_all_the_same(root: Path, tmp_path: Path) -> None:
    seen = preview_intake(study_of(root, tmp_path, '[files.storm]\npath = "雨.csv"\n'), Store(tmp_path / "store"))
    assert seen.taken is None
    assert [fault.text for fault in seen.refused] != []
    assert any(finding.text == "intake.storm_read" for finding in seen.findings)


def test_a_boundary_in_a_wrong_place_does_not_move_the_plan_area_away_from_all_other_tables(
    root: Path, tmp_path: Path
) -> None:
    (root / "范围.geojson").write_text(
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, "geometry": {"type": '
        '"Polygon", "coordinates": [[[0, 0], [0, 1], [1, 1], [1, 0], [0, 0]]]}}]}',
        encoding="utf-8",
    )
    study = study_of(root, tmp_path, ENTRIES + '[files.study_area]\npath = "范围.geojson"\n')
    seen = preview_intake(study, Store(tmp_path / "store"))
    assert seen.taken is not None
    assert "terrain" in seen.taken.place.layers
    assert not [fault for fault in seen.refused if "dem.tif" in fault.say("en")]
    assert [fault for fault in seen.refused if "study_area" in fault.say("en") or "范围" in fault.say("en")]


def changed(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """As if these tables of the package held something else now."""
    kept = tables._digest_of
    monkeypatch.setattr(tables, "_digest_of", lambda name: "another" if name in names else kept(name))


def test_a_table_that_was_read_for_a_file_is_part_of_what_is_known(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(tmp_path / "store")
    first = take_in_study(study_of(root, tmp_path, ENTRIES), store)
    changed(monkeypatch, "codes/legend", "codes/indicators")
    assert not known_again(root, tmp_path, store), "tables that no reader reads"
    changed(monkeypatch, "codes/column_names")
    events = known_again(root, tmp_path, store)
    assert events["现状建筑.shp"] is False
    assert events["dem.tif"] is True
    changed(monkeypatch, "codes/costs")
    again = take_in_study(study_of(root, tmp_path, ENTRIES), store)
    assert [each.key for each in again.place.layers["buildings"]] == [
        each.key for each in first.place.layers["buildings"]
    ]


def known_again(root: Path, tmp_path: Path, store: Store) -> dict[str, bool]:
    """Which files were read, and which were known; none where the whole intake was."""
    events: list[Event] = []
    take_in_study(study_of(root, tmp_path, ENTRIES), store, emit=events.append)
    return read(events)


def test_a_table_that_a_repair_reads_is_part_of_what_is_known(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every table that a reading or the intake as a whole rests on is recorded, none is listed by hand."""
    store = Store(tmp_path / "store")
    with tables.record_tables() as whole:
        take_in_study(study_of(root, tmp_path, ENTRIES), store)
    assert {"codes/column_names", "codes/units", "codes/trust_signs"} <= set(whole)
    changed(monkeypatch, "codes/trust_signs")
    events = known_again(root, tmp_path, store)
    assert events
    assert all(events.values()), "no file rests on it, but the intake does"
