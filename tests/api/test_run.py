"""A run as Python holds it: values with name, unit and place; names that are not there are told with those that are."""

from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest

import citybraid as cb
from citybraid.api.rasters import grid_in
from citybraid.core.errors import InputError, PlanError
from citybraid.core.evaluate import WHOLE_AREA
from citybraid.core.text import LANGUAGES
from citybraid.study.run.run import Run as Kept


def test_a_run_is_opened_by_its_folder(kept: Kept) -> None:
    found = cb.open_run(str(kept.folder))
    assert found.alternatives == ("as_is", "chosen")
    assert found.folder == kept.folder
    assert "as_is, chosen" in repr(found)
    with pytest.raises(PlanError, match="no complete run"):
        cb.open_run(kept.folder / "nowhere")


def test_a_raster_has_its_name_unit_place_and_values(run: cb.Run, kept: Kept) -> None:
    depth = run.raster("max_depth", alternative="chosen", event="p50")
    assert (depth.name, depth.dims, depth.attrs["units"]) == ("max_depth", ("y", "x"), "m")
    assert (depth.attrs["alternative"], depth.attrs["event"]) == ("chosen", "p50")
    lies = grid_in(depth)
    assert lies is not None
    assert lies.crs == kept.grid.crs
    assert (lies.shape, lies.affine) == (kept.grid.shape, kept.grid.affine)
    stored = kept.value(kept.layers("chosen")["max_depth"]["p50"])
    np.testing.assert_array_equal(depth.to_numpy(), stored.to_numpy())
    assert not stored.coords


def test_the_first_alternative_is_meant_where_none_is_named(run: cb.Run) -> None:
    named = run.raster("max_depth", alternative="as_is", event="p5")
    assert run.raster("max_depth", event="p5").identical(named)


def test_a_table_has_its_shapes_and_columns(run: cb.Run, kept: Kept) -> None:
    parcels = run.table("parcels")
    assert isinstance(parcels, gpd.GeoDataFrame)
    assert len(parcels) == 16
    assert parcels.crs == kept.about.crs
    assert {"floor_area_ratio", "parcel_emissions", "geometry"} <= set(parcels)
    assert parcels.attrs["units"]["parcel_emissions"].startswith("kg")
    other = run.table("parcels", alternative="chosen")
    assert other["parcel_emissions"].sum() < parcels["parcel_emissions"].sum()


def test_values_come_as_they_are(run: cb.Run) -> None:
    assert run.value("return_period", event="p50") == 50.0
    assert run.value("record_start") == 1981.0
    assert len(run.value("standardized_precipitation")) == 480


def test_quantities_are_listed_with_unit_home_and_events(run: cb.Run) -> None:
    told = run.quantities()
    assert (told["unit"]["max_depth"], told["home"]["max_depth"]) == ("m", "grid")
    assert told["events"]["max_depth"] == ("p5", "p50")
    assert told["home"]["parcel_emissions"] == "parcels"


def test_results_are_tables(run: cb.Run) -> None:
    assert run.indicators("chosen").loc[WHOLE_AREA, "flooded_area"] == pytest.approx(2.4 * 0.9)
    assert set(run.controls("as_is")["state"]) == {"failed", "passed", "gap", "computed"}
    assert set(run.frame("scorecard")["objective"]) == {"dry"}
    assert "units/as_is" in run.frames
    assert run.choice is not None
    assert run.gaps()[0].needs == ("metered_electricity",)


def test_a_number_is_explained(run: cb.Run) -> None:
    found = run.explain("flooded_area")
    assert found.values == {"as_is": 2.4, "chosen": pytest.approx(2.16)}
    assert [step.model for step in found.steps] == ["resilience.flood"]
    assert run.explain("flooded_area", "U1").values["as_is"] == 1.5


MISSING: dict[str, tuple[Callable[[cb.Run], object], str, str]] = {
    "alternative": (lambda run: run.indicators("planned"), "api.unknown_alternative", "chosen"),
    "quantity": (lambda run: run.raster("max_dept"), "api.unknown_quantity", "max_depth"),
    "not computed": (lambda run: run.value("second_path_gap"), "api.not_computed", "metered_electricity"),
    "event": (lambda run: run.raster("max_depth", event="p500"), "api.unknown_event", "p50"),
    "no event": (lambda run: run.raster("max_depth"), "api.event_needed", "p50"),
    "event of a table": (lambda run: run.table("parcels", event="p50"), "api.unknown_event", "parcels"),
    "no raster": (lambda run: run.raster("parcel_emissions"), "api.no_raster", "parcels"),
    "table": (lambda run: run.table("parcel"), "api.unknown_table", "parcels"),
    "frame": (lambda run: run.frame("score"), "api.unknown_frame", "scorecard"),
    "indicator": (lambda run: run.explain("flooded"), "explain.unknown", "flooded_area"),
    "unit": (lambda run: run.explain("flooded_area", "U9"), "explain.zone", "U1"),
}


@pytest.mark.parametrize(("call", "text", "said"), MISSING.values(), ids=MISSING)
def test_what_is_not_there_is_told_with_what_is(
    run: cb.Run, call: Callable[[cb.Run], object], text: str, said: str
) -> None:
    with pytest.raises(InputError) as caught:
        call(run)
    assert caught.value.text == text
    assert all(said in caught.value.say(language) for language in LANGUAGES)


def test_a_study_that_cannot_be_opened_says_why(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match="nowhere"):
        cb.open(tmp_path / "nowhere.toml")
    with pytest.raises(PlanError):
        cb.new(tmp_path / "new")
    with pytest.raises(PlanError, match="atlantis"):
        cb.new(tmp_path / "new", pilot="atlantis")
