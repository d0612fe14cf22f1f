"""Read the files of a study and tell what a run of it takes: the pre-flight."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict


class Options(BaseModel):
    """Whether the intake report is written as well."""

    model_config = ConfigDict(extra="forbid", strict=True)
    report: bool = False


def command(folder: Path, options: Mapping[str, Any]) -> list[str]:
    """Return the arguments of the command."""
    asked = Options.model_validate(dict(options))
    return ["check", str(folder / "study.toml"), "--events", "--report" if asked.report else "--no-report"]
