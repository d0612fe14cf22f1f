"""A kind that only sleeps: it stands in for a run."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict


class Options(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    seconds: float = 0.0
    ends: str = "done"
    name: str = "nap"


def command(folder: Path, options: Mapping[str, Any]) -> list[str]:
    asked = Options.model_validate(dict(options))
    return [str(folder), str(asked.seconds), asked.ends, asked.name]
