import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from citybraid.web.maps.at_hand import AtHand, size_of

MIB = 2**20


def column(mib: int) -> pd.Series:
    return pd.Series(np.zeros(mib * MIB // 8))


def test_many_small_values_stay_at_hand_and_are_read_once() -> None:
    held, reads = AtHand(8 * MIB), []
    for _ in range(3):
        for name in range(100):
            held.get(name, lambda name=name: reads.append(name) or np.zeros(1000))  # type: ignore[misc, func-returns-value]
    assert reads == list(range(100))


def test_what_was_not_asked_for_longest_goes_first() -> None:
    held, reads = AtHand(3 * MIB + MIB // 2), []

    def ask(name: str) -> None:
        held.get(name, lambda: reads.append(name) or column(1))  # type: ignore[func-returns-value]

    for name in "abcadab":
        ask(name)
    assert reads == list("abcdb")
    assert held.bytes <= 3 * MIB + MIB // 2


def test_a_value_larger_than_all_room_is_given_and_leaves_with_the_next() -> None:
    held = AtHand(MIB)
    assert held.get("wide", lambda: column(4)).size == 4 * MIB // 8
    held.get("next", lambda: column(1) / 2)
    assert held.bytes < 2 * MIB


def test_shapes_count_by_their_points() -> None:
    ring = shapely.Point(0, 0).buffer(1, quad_segs=1000)
    assert size_of(gpd.GeoSeries([ring] * 10)) > 10 * 4000 * 16
    assert size_of(gpd.GeoSeries([shapely.Point(0, 0), None])) < 1000
    assert size_of(pd.Series(["一" * 1000] * 10)) >= 10 * 1000
