"""A flood on coarse cells through a study: water stays on its side of an embankment, and the report tells the error."""

from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin

from citybraid.core.errors import InputError
from citybraid.report.annex.provenance import Codes
from citybraid.report.annex.strands import strand_parts
from citybraid.report.chapter import Paragraph, Table, in_words, words
from citybraid.report.chapters.c50_resilience import chapter
from citybraid.report.remarks.result_limits import flood_equations_note, limit_notes
from citybraid.report.view import View
from citybraid.study.open.open_study import open_study
from citybraid.study.run.pipeline import run_study

pytestmark = pytest.mark.slow

STUDY = """
[study]
name = "embankment"
title = {{ zh = "路堤", en = "Embankment" }}
crs = "EPSG:4549"
region = "CN-SH"
year = 2025
resolution = 5
synthetic = true

[files]
terrain = {{ path = "dem.tif" }}

[files.storm]
path = "rain.csv"
event = "storm"

[uniform]
manning = 0.03

[parameters."resilience.flood"]
north = "closed"
south = "closed"
east = "closed"
west = "closed"
duration = 3600.0
subgrid = {subgrid}

[alternatives.as_is]
title = {{ zh = "现状", en = "As it is" }}
"""
ROWS, COLUMNS = 40, 60


def ground() -> tuple[
    np.ndarray[tuple[int, ...], np.dtype[np.float64]], np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
]:
    """Return ground that falls over a slanting embankment 5 m wide and 1.5 m high, and which cells lie above it."""
    y, x = np.mgrid[0:ROWS, 0:COLUMNS]
    beyond = x - y > 10
    wall = (x - y >= 9) & ~beyond
    return 10.0 - 0.01 * x + 1.5 * wall, ~beyond & ~wall


def made(folder: Path, subgrid: str) -> View:
    bed, _ = ground()
    place = from_origin(500000.0, 3400000.0, 5.0, 5.0)
    with rasterio.open(
        folder / "dem.tif", "w", driver="GTiff", height=ROWS, width=COLUMNS, count=1, dtype="float32",
        crs="EPSG:4549", transform=place,
    ) as file:  # fmt: skip
        file.write(bed.astype(np.float32), 1)
    (folder / "rain.csv").write_text("minutes,rain_intensity [mm/h]\n0,60\n30,0\n60,0\n", encoding="utf-8")
    (folder / "study.toml").write_text(STUDY.format(subgrid=subgrid), encoding="utf-8")
    return View(run_study(open_study(folder / "study.toml"), threads=1))


def told(view: View) -> dict[str, Table]:
    """Return the chapter's tables about coarse cells by name."""
    tables = (block for block in chapter(view).blocks if isinstance(block, Table))
    return {table.name: table for table in tables if table.name.startswith("flood_subgrid")}


def upper(view: View) -> float:
    """Return the water above the embankment at the end [m³]."""
    layer = view.layer("as_is", "final_depth")
    assert layer is not None
    return float(np.where(ground()[1], np.nan_to_num(view.raster(layer)), 0.0).sum()) * 25.0


def test_the_report_tells_how_far_coarse_floods_lay_off(tmp_path: Path) -> None:
    view = made(tmp_path, "4")
    table = told(view)["flood_subgrid_4"]
    assert len(table.frame) >= 3
    assert (table.frame["rmse"] > 0.0).all()
    assert table.frame["common"].between(50.0, 100.0).all()
    for language, advice in (("en", "own cells"), ("zh", "原网格")):
        note = in_words(table.note, language)
        assert "20 m" in note
        assert advice in note
        assert all(in_words(each, language) for each in table.frame["terrain"])
    assert abs(view.number("as_is", "mass_error") or 0.0) < 1e-6
    fell = 0.030 * 25.0 * float(ground()[1].sum())
    assert 0.85 * fell < upper(view) < 1.2 * fell


def test_fine_floods_need_no_such_table(tmp_path: Path) -> None:
    assert not told(made(tmp_path, "1"))


def test_reports_tell_by_which_equations_floods_were_computed(tmp_path: Path) -> None:
    """Only where they are not the usual ones, on what rests on a flood, in the annex and its statement."""
    (tmp_path / "full").mkdir()
    full, usual = made(tmp_path / "full", '1\nmomentum = "full"'), made(tmp_path, "1")
    for language, word in (("en", "full shallow water equations"), ("zh", "完整浅水方程")):
        (told,) = [note for note in limit_notes(full, ["flooded_area"]) if word in in_words(note, language)]
        assert told == flood_equations_note(full)
    assert not any(note == told for note in limit_notes(full, ["residents"]))
    assert flood_equations_note(usual) is None
    (part,) = [part for part in strand_parts(Codes(full)) if part.title == words("annex.resilience")]
    assert Paragraph(told) in part.blocks


@pytest.mark.parametrize("subgrid", ["0", "5", "2.5", '"coarse"'])
def test_other_widths_are_refused(tmp_path: Path, subgrid: str) -> None:
    with pytest.raises(InputError) as fault:
        made(tmp_path, subgrid)
    assert "subgrid" in str(fault.value)
