"""Changed parcels: what a change names and nothing else, built as if the plan's file stated it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from citybraid.core.errors import InputError
from citybraid.core.land.outlines import on_land
from citybraid.core.model import MeasureParams
from citybraid.core.vocabulary.place import BUILDING_DENSITY, FLOOR_AREA_RATIO, GREEN_RATIO, HEIGHT_LIMIT
from citybraid.integrate.measures.form.changed_parcels import ChangedParcels, ChangedParcelsParams, changed_parcels
from tests.examples import at_most
from tests.integrate.growing_town import UNITS, built, parcels
from tests.ranges import ends

NAMES = ("floor_area_ratio", "building_density", "height_limit", "green_ratio")
RANGES = {
    "floor_area_ratio": FLOOR_AREA_RATIO, "building_density": BUILDING_DENSITY, "height_limit": HEIGHT_LIMIT,
    "green_ratio": GREEN_RATIO,
}  # fmt: skip


def changed(plots: Any, changes: Any, **params: Any) -> ChangedParcels:
    given = {"parcels": plots, "units": UNITS[["geometry"]]} if "where" in params else {"parcels": plots}
    return changed_parcels(**given, p=ChangedParcelsParams.model_validate({"parcels": changes, **params}))


def corners() -> list[tuple[str, float]]:
    return [(name, end) for name, var in RANGES.items() for end in ends(var)]


@pytest.mark.parametrize(("name", "value"), corners())
def test_corners(name: str, value: float) -> None:
    plots = parcels(parcel_status=None)
    found = changed(plots, {"p34": {name: value}})._asdict()
    assert found[name]["p34"] == value
    for other in NAMES:
        kept = found[other].drop("p34") if other == name else found[other]
        pd.testing.assert_series_equal(kept, plots[other][kept.index], check_dtype=False)
    assert found["parcel_status"].dropna().to_dict() == {"p34": "planned"}


@given(st.dictionaries(st.sampled_from(list(parcels().index)), st.floats(0.0, 5.0), min_size=1))
@at_most(25)
def test_every_named_parcel_changes_and_no_other(ratios: dict[str, float]) -> None:
    plots = parcels()
    found = changed(plots, {name: {"floor_area_ratio": value} for name, value in ratios.items()})
    assert found.floor_area_ratio.to_dict() == {**plots["floor_area_ratio"].to_dict(), **ratios}
    pd.testing.assert_series_equal(found.land_use, plots["land_use"])


def test_only_parcels_of_the_chosen_units_change() -> None:
    found = changed(parcels(), {"p00": {"green_ratio": 0.5}, "p90": {"green_ratio": 0.5}}, where=("west",))
    assert (found.green_ratio["p00"], found.green_ratio["p90"]) == (0.5, 0.3)


@pytest.mark.parametrize(
    "bad", [{}, {"p00": {"green_ratio": 1.2}}, {"p00": {"colour": 1}}, {"p00": {"land_use": "R2"}}]
)
def test_changes_of_another_form_are_refused(bad: Any) -> None:
    with pytest.raises(ValidationError):
        ChangedParcelsParams.model_validate({"parcels": bad})


def test_an_unknown_parcel_is_refused() -> None:
    with pytest.raises(InputError) as refused:
        changed(parcels(), {"q1": {"green_ratio": 0.2}})
    assert "q1" in refused.value.say("en")


def test_units_are_cut_to_the_land_that_is_named() -> None:
    """A square of 100 m over the border of both units leaves 50 m by 100 m in each."""
    land = shapely.box(950.0, 0.0, 1050.0, 100.0)
    cut = on_land({"units": UNITS, "p": MeasureParams(land=(land.wkt,))})["units"]
    assert cut.geometry.area.tolist() == [5000.0, 5000.0]
    away = on_land({"units": UNITS, "p": MeasureParams(land=(shapely.box(0, 0, 1000, 9).wkt,))})["units"]
    assert away.geometry.is_empty.tolist() == [False, True], "land that only touches a unit is none of its"
    assert on_land({"units": UNITS, "p": MeasureParams()})["units"] is UNITS
    for bad in ("POINT (1 1)", "nonsense", "POLYGON EMPTY", "POLYGON ((0 0, 1 1, 0 1, 1 0, 0 0))"):
        with pytest.raises(ValidationError):
            MeasureParams(land=(bad,))


def test_figure(figure: Callable[[str], Path]) -> None:
    before = parcels()
    after = before.assign(
        **changed(before, {"p44": {"floor_area_ratio": 3.0}, "p22": {"floor_area_ratio": 0.5}})._asdict()
    )
    fig, axes = plt.subplots(1, 2, figsize=(8.0, 3.8), layout="constrained")
    for axis, plots, name in zip(axes, (before, after), ("As the file states", "p44 and p22 changed"), strict=True):
        form = built(plots)
        before.boundary.plot(ax=axis, color="#999999", linewidth=0.6)
        form.buildings.to_frame("geometry").set_geometry("geometry").assign(height=form.height).plot(
            "height", ax=axis, cmap="viridis", vmin=0.0, vmax=45.0
        )
        axis.set_axis_off()
        axis.set_title(f"{name}: {form.planned_floor_area.sum() / 1e4:.1f} ha of floors", fontsize=10)
    fig.savefig(figure("integrate.measures.changed_parcels"), dpi=130)
    plt.close(fig)
