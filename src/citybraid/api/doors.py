"""Entry points: open or create a study, open a run, call a model, look up a factor. Heavy imports are deferred."""

from collections.abc import Callable, Iterator
from os import PathLike
from pathlib import Path
from typing import Any

from citybraid.api.names import UnknownModelError, near


def open(path: str | PathLike[str], *, data: str | PathLike[str] | None = None) -> Any:  # noqa: A001  (the API's verb)
    """Open a study file and return its Study; file paths are relative to `data` where it is given.

    Raises:
        PlanError: all problems of the file, reported together.
    """
    from citybraid.api.study import Study
    from citybraid.study.open.open_study import open_study

    return Study(open_study(Path(path), data=None if data is None else Path(data)))


def new(
    folder: str | PathLike[str], *, files: str | PathLike[str] | None = None, pilot: str = "", crs: str = ""
) -> Any:
    """Create a study in a folder, from a folder of files or from a pilot, and return its Study.

    The roles of the files are guessed, with the reason as a comment in study.toml. A pilot's synthetic files are
    generated.

    Raises:
        PlanError: neither files nor a pilot are passed, the folder has a study already, or the draft cannot be opened.
    """
    from citybraid.study.open import drafting, pilots

    path = Path(folder)
    if pilot:
        study = open(pilots.copy_pilot(pilot, path))
        study.generate()
        return study
    return open(drafting.create_study(path, None if files is None else Path(files), crs=crs).path)


def open_run(folder: str | PathLike[str]) -> Any:
    """Open the folder of a run (runs/001) and return its Run.

    Raises:
        PlanError: there is no run, or it is damaged or of a newer format.
    """
    from citybraid.api.run import Run
    from citybraid.study.run.run import Run as StoredRun

    return Run(StoredRun.open(Path(folder)))


def factors(name: str, *, region: str = "", year: int = 2025, own: str | PathLike[str] | None = None) -> Any:
    """Return the rows that a factor, or every factor of a model, resolves to: value, spread, status, source.

    These are the rows that a model uses for the same `region`, `year` and `own` table of factors (CSV).
    A factor without a row there is left out.

    Raises:
        PlanError: no factor or model has this name.
    """
    from citybraid.api.factors import resolved

    return resolved(name, region=region, year=year, own=own)


class Models:
    """Every model and measure by name, as functions: `citybraid.models.flood(terrain=..., rain_intensity=...)`.

    `help(citybraid.models.flood)` shows a model's inputs, outputs and sources; `dir(citybraid.models)` lists them.
    """

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("_"):
            raise AttributeError(name)
        from citybraid.api.calling import callable_of

        model_id = self._ids().get(name)
        if model_id is None:
            raise UnknownModelError("api.unknown_model", name=name, near=near(name, self._ids()))
        return callable_of(model_id)

    def __dir__(self) -> list[str]:
        return sorted(self._ids())

    def __iter__(self) -> Iterator[str]:
        return iter(self.__dir__())

    @staticmethod
    def _ids() -> dict[str, str]:
        from citybraid.core import catalogue

        return {model_id.rpartition(".")[2]: model_id for model_id in catalogue.known()}


models = Models()
