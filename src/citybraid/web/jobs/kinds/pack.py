"""Pack a run as a case: one file that others can open, verify and run."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from citybraid.web.access.refusals import NotFound
from citybraid.web.studies.names import CASE, CASE_FILE


class Options(BaseModel):
    """The run by its number; metres that places are rounded to, or no coordinates; whether reviewers are numbered."""

    model_config = ConfigDict(extra="forbid", strict=True)
    run: Annotated[str, Field(pattern=r"^[0-9]{1,9}$")]
    coarsen: Annotated[float, Field(gt=0, le=1e6, allow_inf_nan=False)] | None = None
    without_coordinates: bool = False
    without_names: bool = False


def command(folder: Path, options: Mapping[str, Any]) -> list[str]:
    """Return the arguments of the command; raises NotFound where there is no such run."""
    options_read = Options.model_validate(dict(options))
    run = folder / "runs" / options_read.run
    if not (run / "manifest.json").is_file():
        raise NotFound("web.no_run")
    return [
        "case", "pack", str(run), "--study", str(folder / "study.toml"), "--out", str(run / CASE / CASE_FILE), "--json",
        *([] if options_read.coarsen is None else ["--coarsen", f"{options_read.coarsen:g}"]),
        *(["--without-coordinates"] if options_read.without_coordinates else []),
        *(["--without-names"] if options_read.without_names else []),
    ]  # fmt: skip
