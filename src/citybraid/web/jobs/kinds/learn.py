"""Learn what edits of single parcels do, so that the plan's page answers at once."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

Word = Annotated[str, Field(pattern=r"^\w[\w-]{0,79}$")]
"""A name that is no option of a command."""


class Options(BaseModel):
    """The alternative that is learned, how many edits are run, by which seed, and the measures among them."""

    model_config = ConfigDict(extra="forbid", strict=True)
    alternative: Word
    edits: int = Field(120, ge=20, le=2000)
    seed: int = Field(1, ge=0, le=2**31)
    measures: list[Word] = Field(default_factory=list, max_length=20)


def command(folder: Path, options: Mapping[str, Any]) -> list[str]:
    """Return the arguments of the command."""
    options_read = Options.model_validate(dict(options))
    measures = [word for name in options_read.measures for word in ("--measure", name)]
    return [
        "whatif", str(folder / "study.toml"), "--learn", str(options_read.edits), "--seed", str(options_read.seed),
        "--alternative", options_read.alternative, *measures, "--json",
    ]  # fmt: skip
