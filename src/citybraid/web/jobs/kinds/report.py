"""Write the report of a run."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from citybraid.web.access.refusals import NotFound


class Options(BaseModel):
    """The run, by its number."""

    model_config = ConfigDict(extra="forbid", strict=True)
    run: Annotated[str, Field(pattern=r"^[0-9]{1,9}$")]


def command(folder: Path, options: Mapping[str, Any]) -> list[str]:
    """Return the arguments of the command; raises NotFound where there is no such run."""
    options_read = Options.model_validate(dict(options))
    run = folder / "runs" / options_read.run
    if not (run / "manifest.json").is_file():
        raise NotFound("web.no_run")
    return ["report", str(run), "--json"]
