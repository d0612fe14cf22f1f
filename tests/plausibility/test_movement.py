"""Travel, access, energy bills and hot homes of the demo by a pencil, from residents, buildings and printed surveys.

On the demo's 40 m cells: 39 710 residents make 2.16 trips a day of 6.0 km, 30 % of them by car.
"""

import numpy as np
import pandas as pd
import pytest
import shapely

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.study.run.run import Run

pytestmark = pytest.mark.slow

TRIPS = {"commute": 1.04, "other": 1.12}
"""Trips a resident and day of the survey rows."""
LENGTH = {"commute": 7.7, "other": 4.6}
"""Their mean lengths in large cities [km]."""
DAILY = ("school", "retail")
QUARTER = 1000.0
"""Way on foot in 15 minutes at 4 km/h [m]."""


def value(ran: Run, name: str) -> pd.Series:
    column: pd.Series = ran.value(ran.layers("as_is")[name][""])
    return column


def told(ran: Run, name: str) -> float:
    table = ran.table("units/as_is")
    assert table is not None
    return float(table[name][WHOLE_AREA])


def test_trips_are_those_of_the_survey_and_as_long(ran: Run) -> None:
    people, trips = float(value(ran, "residents").sum()), value(ran, "mode_trips")
    assert float(trips.sum()) == pytest.approx(people * sum(TRIPS.values()), rel=1e-6)
    surveyed = sum(TRIPS[each] * LENGTH[each] for each in TRIPS) / sum(TRIPS.values())
    assert told(ran, "mean_trip_length") == pytest.approx(surveyed, rel=0.1), "the network decides, not the row"
    assert told(ran, "mean_trip_length") == pytest.approx(float(value(ran, "mode_distance").sum() / trips.sum()))


def test_car_kilometres_are_passenger_kilometres_over_the_load_of_a_car(ran: Run) -> None:
    """365 days, 1.35 people a car; China's cities: 700 to 3 000 km per resident and year."""
    a_day = float(value(ran, "mode_distance")["car"])
    people = float(value(ran, "residents").sum())
    assert told(ran, "car_distance_per_resident") == pytest.approx(365.0 * a_day / 1.35 / people, rel=1e-6)
    assert 700.0 < told(ran, "car_distance_per_resident") < 3000.0
    assert float(value(ran, "car_distance").sum()) == pytest.approx(365.0 * a_day / 1.35, rel=1e-6)


def test_no_one_is_nearer_on_foot_than_as_the_crow_flies(ran: Run) -> None:
    """The farther of a school and a shop, straight: an upper bound; a detour of 1.6 on it is a lower one."""
    people, use = value(ran, "residents").to_numpy(), value(ran, "building_use").astype(str)
    places = shapely.centroid(np.asarray(ran.value(ran.layers("as_is")["buildings"][""]).array))
    farthest = np.zeros(len(people))
    for kind in DAILY:
        here = places[(use == kind).to_numpy()]
        farthest = np.maximum(farthest, shapely.distance(places[:, None], here[None, :]).min(axis=1))
    straight, bent = (100.0 * people[farthest * way <= QUARTER].sum() / people.sum() for way in (1.0, 1.6))
    assert bent - 2.0 <= told(ran, "walk_access_share") <= straight + 1e-9
    assert told(ran, "walk_access_share") < told(ran, "cycle_access_share") <= 100.0
    assert farthest[people > 0].max() * 1.3 < 13.0 / 4.0 * QUARTER, "all within a quarter of an hour by bicycle"


def test_the_whole_inventory_is_shared_by_residents(ran: Run) -> None:
    """All lines in tonnes, removals with their sign, over residents: towns with little industry emit 2 to 10 t."""
    people, lines = float(value(ran, "residents").sum()), value(ran, "inventory_equivalent")
    assert told(ran, "inventory_per_resident") == pytest.approx(float(lines.sum()) / 1e3 / people, rel=1e-6)
    assert float(lines[[str(line).endswith("/removal") for line in lines.index]].sum()) < 0.0
    assert 2.0 < told(ran, "inventory_per_resident") < 10.0


def test_energy_is_paid_at_the_prices_of_the_study(ran: Run) -> None:
    """Electricity and gas in kWh times the demonstration's prices by use [10⁴ CNY a year]."""
    use = value(ran, "building_use").astype(str)
    kind = use.where(use.isin(["residential", "industrial"]), "public")
    power = kind.map({"residential": 0.538, "public": 0.75, "industrial": 0.7})
    gas = kind.map({"residential": 0.287, "public": 0.315, "industrial": 0.35})
    paid = float((value(ran, "electricity") * power + value(ran, "gas") * gas).sum())
    assert told(ran, "energy_cost") == pytest.approx(paid / 1e4, rel=1e-6)


def test_homes_without_cooling_are_hotter_for_longer_than_the_air(ran: Run) -> None:
    """Hours above 30 degC: 825 outdoors; inside, heat that is stored adds to them. All tolerate 1 % of the year."""
    people, hours = value(ran, "residents"), value(ran, "hours_above_30")
    by_pencil = float((hours.fillna(0.0) * people).sum() / people.sum())
    assert told(ran, "overheated_hours") == pytest.approx(by_pencil, rel=1e-6)
    outdoors = {limit: int((value(ran, "dry_bulb") > limit).sum()) for limit in (26, 30)}
    assert outdoors[30] < told(ran, "overheated_hours") < outdoors[26], "aired at night"
    means = [float(value(ran, f"hours_above_{limit}").mean()) for limit in (26, 28, 30, 32)]
    assert means == sorted(means, reverse=True)
    safe = float(people[hours.fillna(0.0) == 0.0].sum())
    assert told(ran, "people_overheated") <= people.sum() - safe
    assert told(ran, "people_overheated") >= float(people[hours > 2 * 87.6].sum()) * 0.5
