"""Denominators of the demo's numbers: a head of whom, land without what, a mean over what, a trip of which mode.

On its 5 m as planned: 0.87 m² of shelter a resident are 5.8 m² for each of the 15 % who need a place, of 2 m² each;
86.8 of 400 ha, streets above all, lie in no parcel; 56 corridors of 284 each in the mean resist by 174.6 along their
ways together.
"""

import numpy as np
import pandas as pd
import pytest
import shapely

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.report.carbon.travel import modes, travel_by_mode
from citybraid.report.chapter import Paragraph, Table, in_words
from citybraid.report.levels.master_plan import national_table
from citybraid.report.view import View
from citybraid.study.run.run import Run

pytestmark = pytest.mark.slow

STATE = "as_planned"
PLACE, NEED = 2.0, 0.15
"""Area of a place for a short time [m²], and share of residents who need one (GB 51143-2015, to be confirmed)."""


@pytest.fixture(scope="module")
def view(ran: Run) -> View:
    return View(ran)


def column(view: View, name: str) -> pd.Series:
    found = view.column(STATE, name)
    assert found is not None
    return found


def test_a_shelter_s_area_is_for_each_who_needs_a_place(view: View) -> None:
    """All effective area over the 15 % who need a place is far above 2 m²; per resident it never is."""
    clauses = view.run.table(f"standards/{STATE}")
    assert clauses is not None
    found = clauses.set_index("standard")
    in_need = NEED * float(column(view, "residents").sum())
    assert PLACE * float(column(view, "shelter_places").sum()) / in_need > PLACE
    left = float(column(view, "people_unsheltered").sum())
    assert found["value"]["shelter_place"] == pytest.approx(left)
    assert found["state"]["shelter_place"] == ("passed" if left <= 0.5 else "failed")


def test_construction_land_is_parcels_without_fields_and_rivers_and_says_what_it_lacks(view: View) -> None:
    """Parcels of 07 to 16 by the drawing; the rest of the square, streets above all, is told beside the table."""
    shapes, land = view.shapes(STATE, "parcels"), column(view, "land_use").astype(str)
    area = view.shapes(STATE, "study_area")
    assert shapes is not None
    assert area is not None
    built = land.str[:2].astype(int).between(7, 16)
    square_metres = float(shapely.area(np.asarray(shapes.array))[built.to_numpy()].sum())
    table = view.run.table(f"master/{STATE}")
    assert table is not None
    assert table["construction_land"][WHOLE_AREA] == pytest.approx(square_metres / 1e6, rel=1e-3)
    people = float(column(view, "residents").sum())
    assert table["construction_land_per_resident"][WHOLE_AREA] == pytest.approx(square_metres / people, rel=1e-3)
    outside = shapely.area(np.asarray(area.array)).sum() - shapely.area(np.asarray(shapes.array)).sum()
    told = next(each for each in national_table(view) if isinstance(each, Table))
    assert f"{outside / 1e4:.1f} ha of the area ({100 * outside / 4e6:.0f}%)" in in_words(told.note, "en")
    trips = column(view, "green_trips").sum() / column(view, "resident_trips").sum()
    assert table["green_trips"][WHOLE_AREA] == pytest.approx(100.0 * trips)


def test_corridors_resist_in_the_mean_along_their_ways(view: View) -> None:
    """Cost over length of all of them together: the mean of each one's resistance is another number."""
    cost, length = column(view, "corridor_cost"), column(view, "corridor_length")
    mean = view.number(STATE, "mean_corridor_resistance")
    assert mean == pytest.approx(float(cost.sum() / length.sum()), rel=1e-6)


def test_walks_are_as_long_as_their_kilometres_over_their_number(view: View) -> None:
    """13 to 19 min in surveys of Chinese cities; the model's are longer, and the page says so with what that hides."""
    table = modes(view, "as_is")
    assert table is not None
    trips, distance = (view.column("as_is", f"mode_{part}") for part in ("trips", "distance"))
    assert trips is not None
    assert distance is not None
    walk = float(distance["walk"] / trips["walk"])
    assert table["mode_length"]["walk"] == pytest.approx(walk)
    told = [each for each in travel_by_mode(view) if isinstance(each, Paragraph)]
    assert len(told) == (walk > 4.0 * 19.0 / 60.0)
    rest = float(distance.sum() - distance["walk"])
    more = float(trips["walk"]) * (walk - 4.0 * 19.0 / 60.0) / rest
    assert f"{100.0 * more:.0f}% more" in in_words(told[0].text, "en")
