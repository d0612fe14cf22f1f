"""The tutorial for Python runs from its first cell to its last, and its page says the same."""

from typing import Any

import numpy as np

import citybraid as cb
from docs.notebook import notebook_page
from tests.api.conftest import NOTEBOOK, cells


def test_the_notebook_runs(notebook: dict[str, Any]) -> None:
    run = notebook["run"]
    assert isinstance(run, cb.Run)
    assert run.alternatives == ("as_is", "as_planned", "scheme_a", "scheme_b")
    assert notebook["depth"].max() > 0
    assert len(notebook["parcels"]) > 10
    assert notebook["buildings"]["building_damage"].sum() > 0
    assert {step.model for step in notebook["found"].steps} >= {"resilience.flood", "resilience.design_storm"}
    assert abs(notebook["made"].mass_error) < 1e-6
    assert all("max_depth" in said for said in notebook["said"])


def test_a_study_finds_its_runs_and_checks_its_files(notebook: dict[str, Any]) -> None:
    study, run = notebook["study"], notebook["run"]
    assert isinstance(study, cb.Study)
    assert study.alternatives == tuple(study.asked.alternatives)
    assert "jiaxing-hsr" in repr(study)
    assert [each.folder for each in study.runs] == [run.folder.resolve()]


def test_a_model_called_alone_gives_what_the_study_computed(notebook: dict[str, Any]) -> None:
    run, about = notebook["run"], notebook["study"].asked.study
    made = cb.models.roughness(land_cover=run.raster("land_cover"), region=about.region, year=about.year)
    kept = run.raster("manning")
    np.testing.assert_array_equal(made.manning.to_numpy(), kept.to_numpy())
    assert made.manning.attrs["units"] == kept.attrs["units"]
    assert made.manning.spatial_ref.identical(kept.spatial_ref)


def test_cells_are_told_in_both_languages_and_keep_no_output() -> None:
    for text in cells("markdown"):
        assert any("\u4e00" <= sign <= "\u9fff" for sign in text)
    assert '"output_type"' not in NOTEBOOK.read_text(encoding="utf-8")


def test_the_page_holds_every_cell() -> None:
    page = notebook_page(NOTEBOOK)
    assert page.startswith("# Use it from Python\n")
    assert all(text in page for kind in ("markdown", "code") for text in cells(kind))
    assert page.count("```python\n") == len(cells("code"))
