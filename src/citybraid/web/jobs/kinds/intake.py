"""Reading of all files of a study: what is wrong, where, and what to do; nothing is computed."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from citybraid.web.studies.listing import STUDY


def command(folder: Path, options: Mapping[str, Any]) -> list[str]:
    """Return the command that checks a study; with `report` it writes the intake report for passing on as well."""
    return ["check", str(folder / STUDY), "--events", "--report" if options.get("report") else "--no-report"]
