"""A kind that writes nothing: it runs beside others of its study."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

WRITES = False


class Options(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


def command(folder: Path, options: Mapping[str, Any]) -> list[str]:
    Options.model_validate(dict(options))
    return [str(folder), "0", "done", "look"]
