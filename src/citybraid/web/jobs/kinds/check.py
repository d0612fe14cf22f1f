"""Read the files of a study and tell what a run of it takes: the pre-flight."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict


class Options(BaseModel):
    """Whether every model is tried on a small part of the area, and the intake report is written; both take longer."""

    model_config = ConfigDict(extra="forbid", strict=True)
    rehearsal: bool = False
    report: bool = False


def command(folder: Path, options: Mapping[str, Any]) -> list[str]:
    """Return the arguments of the command."""
    options_read = Options.model_validate(dict(options))
    return [
        "check", str(folder / "study.toml"), "--events", "--rehearsal" if options_read.rehearsal else "--no-rehearsal",
        "--report" if options_read.report else "--no-report",
    ]  # fmt: skip
