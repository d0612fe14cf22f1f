"""The command line and `import citybraid` start at once: what they import is looked at, not timed."""

import re
import subprocess
import sys
from pathlib import Path

import citybraid

HEAVY = (
    "numba",
    "geopandas",
    "xarray",
    "matplotlib",
    "scipy",
    "pandas",
    "rasterio",
    "pvlib",
    "numpy",
    "shapely",
    "docx",
)
MODELS = ("core", "kernels", "lowcarbon", "resilience", "biodiversity", "integrate", "planning", "study")
"""What every command that opens a study imports whole."""
WHERE_CALLED = re.compile(
    r"^(?:import|from) (?:pvlib|matplotlib|requests|ezdxf|scipy\.(?:optimize|spatial|interpolate|stats))\b",
    re.MULTILINE,
)
"""Imports at the margin of libraries that a model needs only when it runs."""
EARLY = """
import sys
import citybraid.cli.early
print("loaded:", *(name for name in {heavy!r} if name in sys.modules))
"""
LOOK = """
import sys
from citybraid.cli import app
sys.argv = ["citybraid", "--help"]
try:
    app.main()
except SystemExit as end:
    assert not end.code, end.code
print("\\nloaded:", *(name for name in {heavy!r} if name in sys.modules))
"""


PUBLIC = """
import sys
import citybraid
from citybraid import PlanError, factors, models, new, open, open_run
assert dir(citybraid) and models
print("loaded:", *(name for name in {heavy!r} if name in sys.modules))
"""


def test_importing_the_public_names_imports_nothing_heavy() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", PUBLIC.format(heavy=(*HEAVY, "pydantic"))],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "loaded:"


def test_help_imports_nothing_heavy() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", LOOK.format(heavy=HEAVY)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "citybraid" in done.stdout
    assert done.stdout.splitlines()[-1].strip() == "loaded:"


def test_the_process_that_reads_files_is_started_before_anything_heavy_is_loaded() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", EARLY.format(heavy=(*HEAVY, "pydantic", "pyarrow"))],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "loaded:"


def test_opening_a_study_imports_no_library_that_only_running_a_model_needs() -> None:
    """Such libraries took half a second of the processor in each command, also where nothing had changed."""
    root = Path(citybraid.__file__).parent
    found = [
        path.relative_to(root).as_posix()
        for room in MODELS
        for path in sorted((root / room).rglob("*.py"))
        if WHERE_CALLED.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []
