"""Every file of the corpus gets the verdict it must get, in time, within memory, and nothing is changed."""

import hashlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from citybraid.sources.fenced.sandbox import Sandbox
from tests.corpus.case import Case
from tests.corpus.corpus import CASES, GROUPS, PAGE, page, start
from tests.corpus.running import Outcome, made, one_worker, outcome

SECONDS, MIB = 28.0, 1024.0
VALUES: dict[str, dict[str, list[float]]] = {
    "csv_of_full_width_figures": {"floor_area_ratio": [2.0, 3.5, 2.0, 3.0], "green_ratio": [0.35, 0.25, 0.8, 0.25]},
    "workbook_with_notes_between": {"floor_area_ratio": [2.0, 3.5, 3.0, 4.0]},
    "workbook_of_errors": {"floor_area_ratio": [2.0, 3.5, 2.0, 2.0]},
    "workbook_of_serial_days": {"daily_rain": [float(at % 5) for at in range(3653)]},
    "buildings_in_words": {"year_built": [1985, 1985, 1995, 2000, 1985, 1985], "floors": [5, 6, 6, 6, 6, 18]},
    "buildings_of_several_years": {"year_built": [1997.5, 1995, 1985, 2000, 1999, 1998]},
    "floor_areas_in_wan": {"floor_area": [2400, 2400, 2500, 2300]},
    "residents_in_words": {"population": [12000, 3000]},
    "dxf_of_scaled_blocks": {"parcels": [2400, 1600]}, "dxf_in_inches": {"parcels": [10000]},
    "dxf_that_says_inches": {"parcels": [10000]}, "geopackage_of_two_geometries": {"parcels": [1e4] * 4},
}  # fmt: skip
"""What some files hold, by quantity; of a table of shapes their areas [m2]."""
WRITTEN: dict[Case, Outcome] = {}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("规划 项目（一）")


@pytest.fixture(scope="module")
def sandbox(root: Path) -> Iterator[Sandbox]:
    with pytest.MonkeyPatch.context() as patch, one_worker(root, patch) as kept:
        yield kept


def tree(folder: Path) -> dict[str, str]:
    """Every file below a folder by its content, its time and its rights."""
    return {
        str(each.relative_to(folder)): f"{each.lstat().st_mtime_ns} {each.lstat().st_mode} "
        + ("" if each.is_symlink() else hashlib.sha256(each.read_bytes()).hexdigest())
        for each in sorted(folder.rglob("*"))
        if each.is_symlink() or each.is_file()
    }


@pytest.mark.filterwarnings("ignore")  # some cases can only be made against a library's advice
@pytest.mark.parametrize("case", CASES, ids=[case.make.__name__ for case in CASES])
def test_verdict(case: Case, root: Path, sandbox: Sandbox) -> None:
    if sys.platform == "win32" and ("link" in case.name or "device" in case.name):
        pytest.skip("links need rights on Windows")
    path = made(case, root)
    before = tree(path.parent)
    found = outcome(case, path, sandbox)
    after = {name: state for name, state in tree(path.parent).items() if name != "beside.gpkg"}
    assert after == before
    wanted = {case.refusal} if case.refusal else set(case.findings)
    assert found.verdict == case.verdict, found.sentences["en"]
    assert wanted <= set(found.texts), found.texts
    assert found.seconds < SECONDS
    assert found.mib <= MIB
    held = {each.var.name: each.value for each in found.layers}
    for name, values in VALUES.get(case.make.__name__, {}).items():
        column = held[name].area if isinstance(held[name], gpd.GeoSeries) else held[name]
        assert column.to_numpy(float) == pytest.approx(np.array(values, float)), name
    for language in ("en", "zh"):
        for sentence in found.sentences[language]:
            assert sentence.isprintable(), sentence
            assert str(root) not in sentence
            assert "Traceback" not in sentence
            assert ".cpp" not in sentence
    assert found.sentences["en"] != found.sentences["zh"]
    for layer in found.layers:
        if isinstance(layer.value, pd.Series) and layer.value.dtype == object:
            "".join(str(each) for each in (*layer.value.index, *layer.value)).encode("utf-8")
    WRITTEN[case] = found


def test_there_are_enough_files_of_every_group() -> None:
    assert len(CASES) >= 120
    assert {case.group for case in CASES} == set(GROUPS)
    assert len({case.name for case in CASES}) == len(CASES)
    assert len({case.about for case in CASES}) == len(CASES)


def test_the_page_shows_every_file_and_its_verdict() -> None:
    """`make corpus` writes the page; here only what no machine changes is compared."""
    if os.environ.get("CITYBRAID_CORPUS") == "1":
        assert set(WRITTEN) == set(CASES)
        PAGE.write_text(page(WRITTEN), encoding="utf-8", newline="\n")
    text = PAGE.read_text(encoding="utf-8")
    missing = [case.name for case in CASES if start(case) not in text]
    assert not missing, "run `make corpus`"
    assert sum(line.startswith("| ") for line in text.splitlines()) == len(CASES) + 2 * len(GROUPS) + 1
