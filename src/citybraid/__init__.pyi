from collections.abc import Callable, Iterator
from os import PathLike
from typing import Any

import pandas as pd

from citybraid.api.run import Run as Run
from citybraid.api.study import Study as Study
from citybraid.core.errors import PlanError as PlanError

__version__: str
__all__ = ["PlanError", "Run", "Study", "__version__", "factors", "models", "new", "open", "open_run"]

class Models:
    def __getattr__(self, name: str) -> Callable[..., Any]: ...
    def __iter__(self) -> Iterator[str]: ...

models: Models

def open(path: str | PathLike[str], *, data: str | PathLike[str] | None = None) -> Study: ...  # noqa: A001
def new(
    folder: str | PathLike[str], *, files: str | PathLike[str] | None = None, pilot: str = "", crs: str = ""
) -> Study: ...
def open_run(folder: str | PathLike[str]) -> Run: ...
def factors(
    name: str, *, region: str = "", year: int = 2025, own: str | PathLike[str] | None = None
) -> pd.DataFrame: ...
