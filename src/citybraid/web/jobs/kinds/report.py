"""Write the report of a run."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from citybraid.web.access.refusals import NotFound
from citybraid.web.studies.runs import numbers


class Options(BaseModel):
    """The run, by its number."""

    model_config = ConfigDict(extra="forbid", strict=True)
    run: Annotated[str, Field(pattern=r"^[0-9]{1,9}$")]


def command(folder: Path, options: Mapping[str, Any]) -> list[str]:
    """Return the arguments of the command; raises NotFound where there is no such run."""
    asked = Options.model_validate(dict(options))
    if asked.run not in numbers(folder):
        raise NotFound("web.no_run")
    return ["report", str(folder / "runs" / asked.run), "--json"]
