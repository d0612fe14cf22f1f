from pathlib import Path

import pytest

from citybraid.core.errors import InputError
from citybraid.report.view import View
from citybraid.study.run.manifest import Manifest
from citybraid.study.run.run import Run
from citybraid.web.maps.catalogue import PLACE, Chart
from citybraid.web.maps.origins import origin_of_indicator, origin_of_layer
from tests.report.made_run import made_run


def test_a_layer_leads_to_its_model_its_factors_and_their_status(chart: Chart) -> None:
    found = chart.found(chart.quantities["max_depth"].layers["as_is"]["p50"].key)
    origin = origin_of_layer(chart, found)
    assert [(model.id, model.version) for model in origin.models] == [("resilience.flood", 3)]
    (factor,) = origin.factors
    assert (factor.name, factor.total, factor.unsure, factor.rows[0].value) == ("drain_share", 1, 1, 0.4)


def test_an_input_leads_to_its_file_and_no_model(chart: Chart) -> None:
    found = chart.found(chart.quantities["land_use"].layers["as_is"][""].key)
    origin = origin_of_layer(chart, found)
    assert (origin.models, [source.name for source in origin.sources]) == ((), ["land_use"])
    assert origin.sources[0].completeness == 1.0


def test_an_indicator_tells_its_formula(chart: Chart) -> None:
    origin = origin_of_indicator(chart, "flooded_area", "U1")
    assert origin.reading is not None
    assert origin.reading.statistic.startswith("grid_area")
    assert origin.reading.var == "max_depth"


@pytest.mark.parametrize(("name", "zone"), [("nonsense", "U1"), ("flooded_area", "U9")])
def test_an_indicator_or_unit_that_is_not_there_is_told(chart: Chart, name: str, zone: str) -> None:
    with pytest.raises(InputError):
        origin_of_indicator(chart, name, zone)


@pytest.fixture
def changed(tmp_path: Path) -> Chart:
    """A run whose second alternative changes the land cover of the files."""
    run = made_run(tmp_path)
    manifest = run.manifest.model_dump(mode="json")
    (told,) = [each for each in manifest["alternatives"]["chosen"]["layers"] if each["var"] == "land_cover"]
    old = told["key"]
    run.store.put("wetter", run.store.get(old))
    told["key"] = "wetter"
    step = {**manifest["steps"]["s1"], "model": "integrate.measures.detention_wetland", "name": "wetland"}
    manifest["steps"]["s2"] = {**step, "reads": [old], "makes": ["wetter"]}
    manifest["alternatives"]["chosen"]["steps"] = ["s1", "s2"]
    manifest["origin"]["land_cover"] = ["cover"]
    (run.folder / "manifest.json").write_text(Manifest.model_validate(manifest).model_dump_json(), encoding="utf-8")
    again = Run.open(run.folder)
    return Chart(again, View(again))


def test_an_input_that_a_measure_changes_still_leads_to_its_file(changed: Chart) -> None:
    found = changed.found("wetter")
    assert [source.name for source in origin_of_layer(changed, found).sources] == ["land_cover"]
    assert changed.view.origins("chosen", found.layer) == ("cover",)


def test_what_files_say_is_the_places_own_also_where_a_measure_changes_it(changed: Chart) -> None:
    assert changed.quantities["land_cover"].strand == PLACE
