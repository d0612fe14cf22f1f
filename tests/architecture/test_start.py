"""The command line starts at once: what `--help` imports is looked at, not timed."""

import subprocess
import sys

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
