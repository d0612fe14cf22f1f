"""Open the case of others that a study was begun with."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from citybraid.web.access.refusals import NotFound
from citybraid.web.configuration.settings import OWN
from citybraid.web.studies.names import OPENING


class Options(BaseModel):
    """No options: what is opened stands in the study's folder."""

    model_config = ConfigDict(extra="forbid", strict=True)


def command(folder: Path, options: Mapping[str, Any]) -> list[str]:
    """Return the arguments of the command; raises NotFound where no case waits to be opened."""
    Options.model_validate(dict(options))
    if not (folder / OWN / OPENING).is_dir():
        raise NotFound("web.cases.no_opening")
    return ["open-case", str(folder)]
