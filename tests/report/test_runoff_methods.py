"""The two runoff control rates: told to be the same only where no plot has storage."""

from pathlib import Path

import numpy as np
import pytest

from citybraid.report.chapter import Paragraph, in_words
from citybraid.report.remarks.runoff_methods import runoff_methods
from citybraid.report.view import View
from citybraid.study.run.manifest import Manifest
from citybraid.study.run.run import Run, write
from tests.report.made_run import Shelf, made_run


def view(folder: Path, *, storage: float, more: float = 0.0) -> View:
    run = made_run(folder)
    manifest, shelf = run.manifest.model_dump(mode="json"), Shelf(run.store, run.grid)
    rate = np.full(run.grid.shape, 0.3)
    shelf.put("annual_runoff_control", rate)
    shelf.put("continuous_runoff_control", rate + more)
    shelf.put("sponge_storage", np.full(run.grid.shape, storage))
    for name, layers in shelf.layers.items():
        manifest["alternatives"][name]["layers"] += layers
    write(folder, folder / "rates", Manifest.model_validate(manifest), {})
    return View(Run.open(folder / "rates"))


def test_why_both_rates_are_the_same(tmp_path: Path) -> None:
    (found,) = runoff_methods(view(tmp_path, storage=0.0))
    assert isinstance(found, Paragraph)
    assert "no plot there has storage" in in_words(found.text, "en")
    assert "现状" in in_words(found.text, "zh")


@pytest.mark.parametrize(("storage", "more"), [(12.0, 0.0), (0.0, 0.1)])
def test_nothing_is_said_where_they_differ_or_have_storage(tmp_path: Path, storage: float, more: float) -> None:
    assert not list(runoff_methods(view(tmp_path, storage=storage, more=more)))
