import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.factor import resolve
from citybraid.core.vocabulary.place import RESIDENTS
from citybraid.lowcarbon.transport import transport
from tests.energy_year import row_of_buildings
from tests.ranges import ends

SHIPPED = {name: resolve(name) for name in ("trip_rate", "mode_share", "trip_distance", "travel_emission_factor")}


def travelled(residents: list[float], *, share: dict[str, float] | None = None) -> pd.Series:
    table = row_of_buildings(("residential",) * len(residents)).assign(residents=residents)
    given = SHIPPED if share is None else SHIPPED | {"mode_share": share}
    return transport(buildings=table, **given).transport_emissions


people = st.floats(0, 1e5)


@given(people, people)
def test_everyone_travels_alike(one: float, other: float) -> None:
    together = travelled([one + other])["b0"]
    assert travelled([one, other]).sum() == pytest.approx(together, rel=1e-9, abs=1e-9)


@given(people, st.floats(0.05, 0.9))
def test_a_trip_moved_from_car_to_metro_never_emits_more(residents: float, car: float) -> None:
    most, less = (travelled([residents], share={"car": share, "metro": 1 - share})["b0"] for share in (car, car / 2))
    assert less <= most + 1e-9


@given(people, st.floats(0.1, 10))
def test_only_the_ratio_of_shares_counts(residents: float, times: float) -> None:
    share = {"car": 0.3, "bus": 0.7}
    scaled = {mode: times * part for mode, part in share.items()}
    assert travelled([residents], share=share)["b0"] == pytest.approx(travelled([residents], share=scaled)["b0"])


def corners() -> tuple[float, float]:
    return ends(RESIDENTS)


@pytest.mark.parametrize("residents", corners())
def test_corners(residents: float) -> None:
    found = travelled([residents])["b0"]
    assert (found > 0) == (residents > 0)
