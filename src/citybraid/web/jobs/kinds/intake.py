"""Reading of all files of a study: what is wrong, where, and what to do; nothing is computed."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict


class Options(BaseModel):
    """Whether the intake report for passing on is written as well."""

    model_config = ConfigDict(extra="forbid", strict=True)
    report: bool = False


def command(folder: Path, options: Mapping[str, Any]) -> list[str]:
    """Return the arguments of the command; its record and map stay beside the store."""
    options_read = Options.model_validate(dict(options))
    return [
        "check",
        str(folder / "study.toml"),
        "--events",
        "--record",
        "--report" if options_read.report else "--no-report",
    ]
