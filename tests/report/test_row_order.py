"""Rows that tie stand in the same order in every process and on every machine."""

import json
import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pandas as pd
import pyogrio
import pytest

from citybraid.planning.rows import indicators
from citybraid.report.chapter import Paragraph, TextList, Words
from citybraid.report.chapters import c10_first_page
from citybraid.report.view import View, named
from citybraid.report.write import write_report
from citybraid.study.run.migration import MANIFEST
from citybraid.study.run.run import Run
from tests.report.made_run import made_run

WRITE = """
import sys
from pathlib import Path
from citybraid.report.write import write_report
from citybraid.study.run.run import Run
write_report(Run.open(Path(sys.argv[1])), Path(sys.argv[2]))
"""
SEED = "2" if os.environ.get("PYTHONHASHSEED") == "1" else "1"
"""Of a process whose texts hash otherwise than in this one."""


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ...]:
    """The report of a run whose inputs are all filled alike, written by two processes that hash texts differently."""
    home = tmp_path_factory.mktemp("order")
    run = made_run(home)
    manifest = json.loads((run.folder / MANIFEST).read_text(encoding="utf-8"))
    layers = [layer for each in manifest["alternatives"].values() for layer in each["layers"]]
    made_keys = {key for step in manifest["steps"].values() for key in step["makes"]}
    inputs = {layer["key"]: layer["var"] for layer in layers if layer["key"] not in made_keys}
    manifest["completeness"] = dict.fromkeys(sorted(inputs.values()), 0.5)
    for step in manifest["steps"].values():
        step["reads"] = sorted(inputs)
    (run.folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    environment = {**os.environ, "PYTHONHASHSEED": SEED}
    subprocess.run([sys.executable, "-c", WRITE, run.folder, home / "other"], env=environment, check=True)
    write_report(Run.open(run.folder), home / "own")
    return home / "own", home / "other"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_workbooks_have_the_same_cells(reports: tuple[Path, ...], language: str) -> None:
    one, other = (
        pd.read_excel(report / f"report.{language}.xlsx", sheet_name=None, header=None, engine="calamine")
        for report in reports
    )
    assert list(one) == list(other)
    for name, cells in one.items():
        pd.testing.assert_frame_equal(cells, other[name])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_documents_have_the_same_text(reports: tuple[Path, ...], language: str) -> None:
    texts = []
    for report in reports:
        with ZipFile(report / f"report.{language}.docx") as file:
            texts.append(file.read("word/document.xml"))
    assert texts[0] == texts[1]


def test_pages_are_the_same(reports: tuple[Path, ...]) -> None:
    one, other = ((report / "report.html").read_text(encoding="utf-8") for report in reports)
    assert one == other


def test_geopackages_have_the_same_rows(reports: tuple[Path, ...]) -> None:
    one, other = (report / "gis" / "plan.gpkg" for report in reports)
    for name, _ in pyogrio.list_layers(one):
        rows, same = (pyogrio.read_dataframe(path, layer=name) for path in (one, other))
        pd.testing.assert_frame_equal(rows, same)


def test_indicators_equally_far_off_are_named_in_the_order_of_their_table(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [*indicators()][:40]
    off = np.where(np.arange(len(names)) % 3 == 1, 0.4, 0.3)
    grids = pd.DataFrame({"screening": 1.0 + off, "full": 1.0, "relative": off}, index=pd.Index(names))
    monkeypatch.setattr(Run, "table", lambda _, name: grids if name == "grids" else None)
    monkeypatch.setattr(c10_first_page, "MOST_LISTED", len(names))
    (warning,) = c10_first_page._screening(View(run))
    assert isinstance(warning, Paragraph)
    assert isinstance(warning.text, Words)
    listed = warning.text.values["parts"]
    assert isinstance(listed, TextList)
    objectives = {each.indicator for each in run.manifest.asked.objectives}
    by_size = [name for _, name in sorted(zip(-off, names, strict=True), key=lambda pair: pair[0])]
    expected = sorted(by_size, key=lambda name: name not in objectives)
    assert [part.values["indicator"] for part in listed.parts if isinstance(part, Words)] == [
        named("indicator", name) for name in expected
    ]
