"""Measures on travel: more frequent transit and floor area at stations, through the model of travel."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import matplotlib.pyplot as plt
import numpy as np
import pytest

from citybraid.core.errors import InputError
from citybraid.core.factor import resolve
from citybraid.core.model import STAGES
from citybraid.integrate.measures.built_form import built_form
from citybraid.integrate.measures.travel.compact_growth import compact_growth
from citybraid.integrate.measures.travel.transit_frequency import (
    TransitFrequency,
    TransitFrequencyParams,
    transit_frequency,
)
from citybraid.lowcarbon.travel.travel import travel
from tests.integrate.growing_town import EXTENT, STOP, UNITS, built, grown, parcels, travelled
from tests.travel_town import buildings, station, streets, town

MIDDLE = 0.5 * EXTENT


def served(stops: gpd.GeoDataFrame, **params: Any) -> TransitFrequency:
    return transit_frequency(
        stops=stops, units=UNITS[["geometry", "added_departures"]], transit_service=resolve("transit_service"),
        p=TransitFrequencyParams.model_validate(params),
    )  # fmt: skip


def test_departures_by_pencil() -> None:
    """A bus every 10 min has 6 departures an hour; half of the way to 12 (5 min) are 9: every 6.67 min."""
    stop = station(100.0, 100.0, kind="bus", headway=10.0)
    found = served(stop, share=0.5)
    assert found.headway["m1"] == pytest.approx(60 / 9)
    assert found.added_departures.to_dict() == pytest.approx({"west": 3.0, "east": 0.0})
    assert served(stop).headway["m1"] == pytest.approx(5.0)


def test_only_stops_of_the_kind_in_the_units_and_none_more_rarely() -> None:
    stop = station(100.0, 100.0, headway=10.0)
    assert served(stop).added_departures.sum() == 0.0
    assert served(stop, kind="both").added_departures["west"] == pytest.approx(6.0)
    assert served(stop, kind="metro", where=["east"]).headway["m1"] == 10.0
    often = served(station(100.0, 100.0, headway=2.0), kind="metro")
    assert often.headway["m1"] == 2.0
    assert often.added_departures.sum() == 0.0


def test_a_stop_without_a_headway_has_that_of_the_factor() -> None:
    bus = station(100.0, 100.0, kind="公交站").drop(columns="headway")
    assert served(bus).added_departures["west"] == pytest.approx(60 / 5 - 60 / 8)


def test_more_frequent_transit_takes_trips_from_cars() -> None:
    """The mode choice waits half a headway: 20 to 4 minutes save 16 weighted minutes at every boarding."""
    homes = {"buildings": buildings(blocks=4), "streets": streets(blocks=4)}
    rare = station(400.0, 400.0, headway=20.0)
    often = rare.assign(headway=served(rare, kind="metro", headway=4.0).headway)
    before, after = (travel(**town(stops=stops, **homes)) for stops in (rare, often))
    assert after.mode_trips["metro"] > 1.2 * before.mode_trips["metro"]
    assert after.car_distance.sum() < before.car_distance.sum()
    assert after.transport_emissions.sum() < before.transport_emissions.sum()


def test_floor_area_is_kept_by_use() -> None:
    plots = parcels()
    found = grown(plots, share=0.5)
    area = plots.geometry.area
    for code in ("070102", "0902"):
        of_use = plots["land_use"] == code
        before, after = ((ratio * area)[of_use].sum() for ratio in (plots["floor_area_ratio"], found.floor_area_ratio))
        assert after == pytest.approx(before)
    near = plots.geometry.centroid.distance(STOP.geometry.iloc[0]) <= 500.0
    homes = plots["land_use"] == "070102"
    assert (found.floor_area_ratio[near & homes] > 1.0).all()
    assert found.floor_area_ratio[~near & homes].to_numpy() == pytest.approx(0.5)
    assert found.moved_floor_area.sum() == pytest.approx(0.5 * area[~near & homes].sum())


def test_parcels_at_stations_take_no_more_than_their_limits() -> None:
    """Storeys of 3 m under 12 m: 4 x 0.25 = 1.0 is reached already; a stated ratio of 1.2 is another limit."""
    assert grown(parcels(height_limit=12.0)).moved_floor_area.sum() == 0.0
    capped = grown(parcels(), most_floor_area_ratio=1.2)
    assert capped.floor_area_ratio.max() == pytest.approx(1.2)


@pytest.mark.parametrize(
    ("changed", "text"),
    [({"stops": station(0.0, 0.0, kind="bus")}, "compact_growth"), ({"height_limit": np.nan}, "height limit")],
)
def test_what_cannot_be_moved_is_told(changed: dict[str, Any], text: str) -> None:
    stops = changed.pop("stops", STOP)
    with pytest.raises(InputError, match=text) as refused:
        grown(parcels(**changed), stops)
    assert "站点" in refused.value.say("zh")


def test_controls_move_before_the_form_is_built() -> None:
    stages = [STAGES.index(each.stage) for each in (compact_growth, built_form) if each.stage]
    assert stages == sorted(stages)
    assert len(set(stages)) == 2


@pytest.fixture(scope="module")
def courses() -> dict[str, Any]:
    """The same plan, spread and compact: parcels, buildings, travel."""
    spread = parcels()
    compact = spread.assign(floor_area_ratio=grown(spread).floor_area_ratio)
    forms = {"spread": built(spread), "compact": built(compact)}
    return {name: (plots, forms[name], travelled(forms[name])) for name, plots in
            (("spread", spread), ("compact", compact))}  # fmt: skip


def test_floor_area_at_a_station_lowers_vehicle_kilometres(courses: dict[str, Any]) -> None:
    """From controls to buildings to travel: as much floor area and as many people, fewer car kilometres."""
    (_, spread, before), (_, compact, after) = courses["spread"], courses["compact"]
    assert compact.planned_floor_area.sum() == pytest.approx(spread.planned_floor_area.sum(), rel=0.01)
    people = [form.planned_residents.sum() for form in (spread, compact)]
    assert people[1] == pytest.approx(people[0], rel=0.01)
    driven = [found.car_distance.sum() / each for found, each in zip((before, after), people, strict=True)]
    assert driven[1] < 0.95 * driven[0]
    assert after.mode_trips["metro"] > before.mode_trips["metro"]
    assert after.travel_emissions.sum() < before.travel_emissions.sum()


def test_figure_of_compact_growth(courses: dict[str, Any], figure: Callable[[str], Path]) -> None:
    fig, axes = plt.subplots(1, 2, figsize=(8.0, 3.8), layout="constrained")
    most = max(plots["floor_area_ratio"].max() for plots, _, _ in courses.values())
    for axis, (name, (plots, _, found)) in zip(axes, courses.items(), strict=True):
        legend = {"legend": True, "legend_kwds": {"label": "Floor area ratio"}} if name == "compact" else {}
        plots.plot(ax=axis, column="floor_area_ratio", cmap="YlOrBr", vmin=0.0, vmax=most, edgecolor="#888", **legend)
        axis.plot(MIDDLE, MIDDLE, "s", color="#1f4e79")
        axis.set_axis_off()
        axis.set_title(f"{name}: {found.car_distance.sum() / 1e6:.1f} million car km a year", fontsize=10)
    fig.savefig(figure("integrate.measures.compact_growth"), dpi=130)
    plt.close(fig)


def test_figure_of_frequency(figure: Callable[[str], Path]) -> None:
    homes = {"buildings": buildings(blocks=4), "streets": streets(blocks=4)}
    rare = station(400.0, 400.0, headway=20.0)
    shares = np.array([0.0, 0.1, 0.25, 0.5, 1.0])
    waits = [served(rare, kind="metro", headway=3.0, share=share) for share in shares]
    found = [travel(**town(stops=rare.assign(headway=each.headway), **homes)) for each in waits]
    fig, (left, right) = plt.subplots(1, 2, figsize=(8.0, 3.2), layout="constrained")
    left.plot(100 * shares, [each.headway["m1"] for each in waits], "o-", color="#1f4e79")
    left.set(xlabel="Share of the measure [%]", ylabel="Headway [min]", ylim=(0, None))
    right.plot(100 * shares, [each.car_distance.sum() / 1e6 for each in found], "o-", color="#b5541c")
    right.set(xlabel="Share of the measure [%]", ylabel="Car kilometres a year [million]")
    fig.savefig(figure("integrate.measures.transit_frequency"), dpi=130)
    plt.close(fig)
