"""Adding a thing touches one place: a file in its room, and rows; a copy of the package with one of each works."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests import discovered
from tests.architecture.test_models import holds_invariants
from tests.discovered import PACKAGE, ROOT
from tests.golden import values

ADDED = Path(__file__).parent / "added"
KINDS: Mapping[str, tuple[str, ...]] = {
    "reader": ("sources/readers/barred.py",),
    "role": ("sources/roles/sheets/wave_height.py", "codes/file_roles.csv", "texts/sources/roles.csv"),
    "repair": ("sources/repairs/filling/calm_sea.py", "texts/sources/imputation.csv"),
    "chapter": ("report/chapters/c97_added.py", "texts/report/value.csv"),
    "indicator": ("codes/indicators.csv", "texts/planning/planning.csv"),
    "language": ("languages/de.csv",),
    "model": ("lowcarbon/idle_heat.py", "texts/lowcarbon/energy.csv"),
    "measure": ("integrate/measures/lower_roof.py", "texts/integrate/measures.csv"),
}
"""What was added for each, below the package: rows where the package has a table of that name, else a new file."""
MOST = 3
OWN_TEST = """
from hypothesis import given

def golden_case():
    return {"roofs": 3}

def corners():
    return []
"""

Seen = Mapping[str, Any]

pytestmark = pytest.mark.slow


def package(folder: Path) -> Path:
    """A copy of the package with the added files in it, and the added rows below those of its tables.

    What Python has compiled is copied too: it holds as long as size and date of a source do, which the copy keeps.
    """
    copy = folder / "citybraid"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("pilots"))
    for path in sorted(ADDED.rglob("*.*")):
        there = copy / path.relative_to(ADDED)
        if there.suffix == ".csv" and there.exists():
            head, *rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
            assert there.read_text(encoding="utf-8").splitlines(keepends=True)[0] == head
            with there.open("a", encoding="utf-8") as table:
                table.writelines(rows)
        elif path.suffix in (".py", ".csv"):
            shutil.copy(path, there)
    return copy


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    folder = tmp_path_factory.mktemp("added")
    copy = package(folder)
    script = Path(__file__).with_name("after_adding.py")
    around = {**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), str(ROOT)])}
    done = subprocess.run([sys.executable, script, folder], env=around, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: Seen = json.loads((folder / "seen.json").read_text(encoding="utf-8"))
    assert Path(found["package"]).parent == copy
    return found


def test_each_touches_few_places() -> None:
    added = {path.relative_to(ADDED).as_posix() for path in ADDED.rglob("*.*") if path.suffix in (".py", ".csv")}
    assert {path for paths in KINDS.values() for path in paths} == added
    assert not [kind for kind, paths in KINDS.items() if len(paths) > MOST]


def test_one_test_file_holds_invariant_and_golden_case_of_a_measure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    measure = next(model for model in discovered.models() if model.name == "green_roof")
    own = tmp_path / "tests" / "integrate" / "roofs" / "test_green_roof.py"
    own.parent.mkdir(parents=True)
    own.write_text(OWN_TEST, encoding="utf-8")
    monkeypatch.setattr(discovered, "ROOT", tmp_path)
    monkeypatch.setattr(values, "HERE", tmp_path / "golden")
    assert discovered.own_test(measure) == own
    assert holds_invariants(own.read_text(encoding="utf-8"))
    assert values.golden_case(measure) == {"roofs": 3}


def test_modules_are_new_files_and_all_else_is_rows() -> None:
    for paths in KINDS.values():
        assert not [path for path in paths if path.endswith(".py") and (PACKAGE / path).exists()]
        assert all((PACKAGE / path).exists() for path in paths if path.endswith(".csv") and "languages" not in path)


def test_a_reader_reads_files_of_its_suffix(seen: Seen) -> None:
    assert seen["taken"]["reader"] == "sources.readers.barred"
    assert seen["taken"]["level"] == pytest.approx([1.2, 1.5, 0.9])


def test_a_role_is_guessed_and_read(seen: Seen) -> None:
    assert seen["taken"]["known"]
    assert seen["taken"]["guess"] == "wave_height"
    assert "Waves at a buoy" in seen["taken"]["findings"]


def test_a_repair_runs_in_its_stage(seen: Seen) -> None:
    assert "the level rises and falls by 0.6 m" in seen["taken"]["findings"]
    stages = [stage for _, stage in seen["taken"]["repairs"]]
    names = [name for name, _ in seen["taken"]["repairs"]]
    assert stages[names.index("calm_sea") - 1] in ("use", "age")
    assert stages[names.index("calm_sea") + 1] in ("age", "form")


def test_a_chapter_appears_in_the_report_in_every_language(seen: Seen) -> None:
    assert seen["told"]["chapters"] == 1
    for language, title in (("zh-CN", "新增章节"), ("en", "An added chapter"), ("de", "Ein neues Kapitel")):
        assert re.search(f'<span lang="{language}">[^<]*{title}', seen["told"]["page"])
    assert "html[data-lang=de] [lang=en]{display:none}" in seen["told"]["page"]


def test_an_indicator_is_computed_from_its_row(seen: Seen) -> None:
    assert seen["counted"]["whole"] == pytest.approx(30.0)


def test_a_language_is_used_and_what_it_lacks_is_told(seen: Seen) -> None:
    said = seen["spoken"]
    assert said["languages"] == ["en", "zh", "de"]
    assert said["own"] == "2 Varianten"
    assert said["lacking"] == "2 problems: [en]"
    assert "error.several" in said["untranslated"]
    assert "added.text" not in said["untranslated"]


def test_a_model_and_a_measure_are_found_planned_and_run(seen: Seen) -> None:
    assert [name.rpartition(".")[2] for name in seen["planned"]["steps"]] == ["lower_roof", "idle_heat"]
    assert seen["planned"]["heat"] == pytest.approx([10.0, 20.0])
    assert seen["planned"]["catalogue"] == [True, True]
