"""Constants of mode choice: in an even super-large city they give Beijing's shares of 2019."""

import numpy as np
import pytest
from scipy.stats import gamma

from citybraid.core.errors import InputError
from citybraid.core.factor import resolve
from citybraid.lowcarbon.travel.modes import MODES, Choosing, shares, utility
from citybraid.lowcarbon.travel.stops import city_access

BEIJING = {"walk": 0.302, "cycle": 0.121, "bus": 0.153, "metro": 0.165, "car": 0.259}
"""Transport annual report 2021: residents of the centre on a working day of 2019; car and taxi are the remainder."""


def even_city(size: str) -> dict[str, float]:
    """Return the shares in an even city, where lengths of trips with exponential deterrence are Gamma(2)."""
    return dict(zip(MODES, _even(size)[0], strict=True))


def _even(size: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the shares, and the mean length of a trip by each mode [km]."""
    choice, speed = resolve("mode_choice", region="CN"), resolve("travel_speed")
    rate, length, transit = resolve("travel_trip_rate"), resolve("travel_trip_length"), resolve("transit_service")
    quantile = (np.arange(2000) + 0.5) / 2000
    total, far = np.zeros(len(MODES)), np.zeros(len(MODES))
    for purpose in ("commute", "other"):
        distance = gamma.ppf(quantile, 2, scale=length[f"{size}/{purpose}"] / 2)
        bus, metro = (city_access(kind, size, transit) for kind in ("bus", "metro"))
        of = Choosing(choice, speed, resolve("travel_cost"))
        time = distance / speed["city_car"] * 60.0
        found = utility(distance, time, bus=(bus, bus), metro=(metro, metro), of=of)
        share = rate[purpose] * shares(found, choice).share
        total, far = total + share.mean(axis=1), far + (share * distance).mean(axis=1)
    return total / sum(rate.values()), np.divide(far, total, out=np.zeros_like(far), where=total > 0.0)


def test_constants_give_the_shares_of_beijing() -> None:
    assert even_city("super_large") == pytest.approx(BEIJING, abs=0.002)


def test_ways_on_foot_are_long_as_trips_have_few_short_ones() -> None:
    """37 minutes, 13 to 19 in surveys; were the shortest 30 % of trips walked, and only they, it would be 30."""
    walked = 60.0 / 4.0 * _even("super_large")[1][0]
    assert walked == pytest.approx(37.5, abs=0.5)
    rate, length = resolve("travel_trip_rate"), resolve("travel_trip_length")
    quantile = (np.arange(2000) + 0.5) / 2000
    lengths = {each: gamma.ppf(quantile, 2, scale=length[f"super_large/{each}"] / 2) for each in rate}
    every = np.concatenate(list(lengths.values()))
    weight = np.repeat([rate[each] for each in lengths], 2000) / 2000 / sum(rate.values())
    order = np.argsort(every)
    short = order[np.cumsum(weight[order]) <= BEIJING["walk"]]
    assert 60.0 / 4.0 * np.average(every[short], weights=weight[short]) == pytest.approx(30.0, abs=0.3)


def test_a_large_city_without_metro_walks_cycles_and_drives_more() -> None:
    large = even_city("large")
    assert large["metro"] == 0.0
    assert all(large[mode] > BEIJING[mode] for mode in ("walk", "cycle", "bus", "car"))


@pytest.mark.parametrize("scale", [0.0, 1.01])
def test_a_nest_without_a_scale_from_0_to_1_is_told(scale: float) -> None:
    """A hundredth more of the car's nest, which a band of emissions tries, is refused and does not end a run."""
    choice = {**resolve("mode_choice", region="CN"), "nest/car": scale}
    with pytest.raises(InputError, match="nest/car"):
        shares(np.zeros((len(MODES), 1)), choice)
