"""Run a study, by default with its report."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict


class Options(BaseModel):
    """What a run leaves out: the portfolio, the report."""

    model_config = ConfigDict(extra="forbid", strict=True)
    baseline: bool = False
    report: bool = True


def command(folder: Path, options: Mapping[str, Any]) -> list[str]:
    """Return the arguments of the command."""
    options_read = Options.model_validate(dict(options))
    return [
        "run", str(folder / "study.toml"), "--json", "--report" if options_read.report else "--no-report",
        *(["--baseline"] if options_read.baseline else []),
    ]  # fmt: skip
