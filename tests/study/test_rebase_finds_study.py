"""The study of a run is found again, also where opening it filled in parameters that models share."""

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from citybraid.core.errors import InputError
from citybraid.study.explain.rebasing import study_of
from citybraid.study.open.open_study import open_study
from citybraid.study.open.schema import StudyFile, read
from citybraid.study.run.run import Run


def made(study: Path, asked: StudyFile) -> Run:
    folder = study.parent
    fake = SimpleNamespace(
        folder=folder / "runs" / "001", store=SimpleNamespace(folder=folder / "store" / "one"),
        manifest=SimpleNamespace(asked=asked),
    )  # fmt: skip
    return cast("Run", fake)


def test_a_study_whose_zone_all_models_share_is_found(coarse_town: Path) -> None:
    asked = open_study(coarse_town).asked
    assert asked != read(coarse_town), "opening fills in the zone of the models"
    assert study_of(made(coarse_town, asked)).asked == asked
    assert study_of(made(coarse_town, read(coarse_town))).asked == asked


def test_a_study_that_asks_something_else_is_refused(coarse_town: Path) -> None:
    asked = open_study(coarse_town).asked
    other = asked.model_copy(update={"alternatives": {}})
    with pytest.raises(InputError, match="no study file asks"):
        study_of(made(coarse_town, other))
