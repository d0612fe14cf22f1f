"""Compiled kernels are kept by the code that they rest on: a change compiles that anew, and nothing else."""

import ast
import shutil
from collections.abc import Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import numba
import pytest

from citybraid.kernels import compiled

KERNELS = Path(compiled.__file__).parent
MODULES = sorted(path.relative_to(KERNELS) for path in KERNELS.rglob("*.py") if path.parent != KERNELS)


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of all kernels, to change."""
    place = tmp_path / "kernels"
    shutil.copytree(KERNELS, place, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(compiled, "_KERNELS", place)
    _forget()
    yield place
    _forget()


def _forget() -> None:
    compiled._read.cache_clear()
    compiled.code_digest.cache_clear()


def _digests(place: Path) -> dict[Path, str]:
    _forget()
    return {module: compiled.code_digest(place / module) for module in MODULES}


def _imports(place: Path, module: Path) -> set[Path]:
    """Return what a module imports of the kernels, by its syntax and not by its text."""
    tree = ast.parse((place / module).read_text(encoding="utf-8"))
    names = [each.module or "" for each in ast.walk(tree) if isinstance(each, ast.ImportFrom)]
    names += [name.name for each in ast.walk(tree) if isinstance(each, ast.Import) for name in each.names]
    parts = [name.split(".")[2:] for name in names if name.startswith("citybraid.kernels.")]
    return {Path(*each).with_suffix(".py") for each in parts} & set(MODULES)


@pytest.mark.parametrize("changed", [Path("flood/root.py"), Path("numerics/gravity.py"), Path("buildings/zone.py")])
def test_a_change_moves_what_imports_it_however_far_up_and_nothing_else(copy: Path, changed: Path) -> None:
    below = {module: _imports(copy, module) for module in MODULES}
    moved = {changed}
    while more := {module for module, taken in below.items() if taken & moved} - moved:
        moved |= more
    before = _digests(copy)
    (copy / changed).write_text((copy / changed).read_text("utf-8") + "\n_MORE = 1\n", "utf-8")
    after = _digests(copy)
    assert {module for module in MODULES if before[module] != after[module]} == moved
    assert 1 < len(moved) < len(MODULES) / 2


def test_a_change_of_the_compilers_settings_moves_all(copy: Path) -> None:
    before = _digests(copy)
    (copy / "compiled.py").write_text((copy / "compiled.py").read_text("utf-8") + "\n", "utf-8")
    after = _digests(copy)
    assert all(before[module] != after[module] for module in MODULES)


@pytest.mark.parametrize(
    ("line", "room"), [("import citybraid.kernels.flood", "flood"), ("from citybraid.kernels import x", "")]
)
def test_a_room_that_is_named_stands_for_all_its_modules(copy: Path, line: str, room: str) -> None:
    module = Path("buildings/zone.py")
    (copy / module).write_text(f"{(copy / module).read_text('utf-8')}\n{line}\n", "utf-8")
    before = _digests(copy)
    below = copy / room / ("root.py" if room else "waste/__init__.py")
    below.write_text(below.read_text("utf-8") + "\n", "utf-8")
    assert _digests(copy)[module] != before[module]


def _falls(seconds: float) -> float:
    return 0.5 * seconds * seconds


def test_a_kernel_is_kept_where_its_digest_says() -> None:
    folder = compiled.cache_folder()
    assert folder is not None
    place = Path(compiled.compiled()(_falls).stats.cache_path)  # type: ignore[attr-defined]  # a compiled kernel has it
    assert place.parent == folder / compiled.code_digest(Path(__file__))
    settings = numba.config
    assert Path(settings.CACHE_DIR) == folder, "what others compile lies apart"  # type: ignore[attr-defined]
    assert settings.CACHE_LOCATOR_CLASSES != compiled.LOCATORS, "and where numba says"  # type: ignore[attr-defined]


RISING = """
from citybraid.kernels.compiled import compiled


@compiled()
def rises(metres: float) -> float:
    return metres + {more}
"""


def _made(path: Path, more: float) -> Any:
    """A kernel of a module written to a path."""
    path.parent.mkdir(parents=True)
    path.write_text(RISING.format(more=more), "utf-8")
    asked = spec_from_file_location(path.stem, path)
    assert asked is not None
    assert asked.loader is not None
    module = module_from_spec(asked)
    asked.loader.exec_module(module)
    return module.rises


def test_the_same_code_elsewhere_is_not_compiled_again_and_other_code_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second checkout, a new environment, a release that leaves a kernel as it was."""
    monkeypatch.setattr(compiled, "_FOLDER", tmp_path / "kept")
    names = ("here", "there 另处", "changed")
    kernels = [_made(tmp_path / name / "room" / "rising.py", 2.0 if name == "changed" else 1.0) for name in names]
    assert [kernel(1.0) for kernel in kernels] == [2.0, 2.0, 3.0]
    assert [sum(kernel.stats.cache_hits.values()) for kernel in kernels] == [0, 1, 0]


def test_modules_of_another_checkout_with_the_same_code_count_as_compiled(
    copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = compiled.Kept(tmp_path, KERNELS / "flood" / "solver.py", 1)
    kept.ensure_cache_path()
    (Path(kept.get_cache_path()) / "solver.advance-1.py311.nbi").touch()
    monkeypatch.setattr(compiled, "_FOLDER", tmp_path)
    assert compiled.modules_compiled() == {"flood.solver"}
    (copy / "flood" / "root.py").write_text((copy / "flood" / "root.py").read_text("utf-8") + "\n_MORE = 1\n", "utf-8")
    _forget()
    assert compiled.modules_compiled() == frozenset()


def test_a_kernel_that_cannot_be_kept_with_ours_is_left_to_numba(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "kept").write_text("a file where the folder would be", "utf-8")
    monkeypatch.setattr(compiled, "_FOLDER", tmp_path / "kept")
    assert compiled.Kept.from_function(_falls, __file__) is None
    assert compiled.Kept.from_function(_falls, "<typed>") is None
