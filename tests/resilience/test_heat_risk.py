"""People in heat outdoors: counted by pencil, bounded, and never fewer where it is hotter; the figure of the method."""

from collections.abc import Callable
from itertools import product
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from citybraid.core.errors import InputError
from citybraid.core.factor import resolve
from citybraid.core.vocabulary.heat import HOURLY_UTCI
from citybraid.core.vocabulary.place import RESIDENTS
from citybraid.resilience.people.heat_risk import HeatRisk, HeatRiskParams, heat_risk
from tests.heat_people import day, felt, homes
from tests.ranges import ends

LIMITS = {"strong": 32.0, "very_strong": 38.0, "extreme": 46.0}


def risk(courses: object, residents: list[float], *, reach: float = 30.0, **columns: list[float]) -> HeatRisk:
    return heat_risk(
        buildings=homes(residents, **columns), hourly_utci=felt(courses),
        heat_stress_limit=resolve("heat_stress_limit"), p=HeatRiskParams(reach=reach),
    )  # fmt: skip


def test_by_pencil() -> None:
    """Ten people through 5 hours of 33, 3 of 40 and 1 of 47 degC: 9, 4 and 1 hours each."""
    course = np.full(24, 25.0)
    course[9:14], course[14:17], course[17] = 33.0, 40.0, 47.0
    found = risk([course, np.full(24, 20.0)], [10.0, 99.0], elderly=[2.0, 9.0], children=[3.0, 9.0])
    assert found.strong_heat_person_hours.tolist() == [90.0, 0.0]
    assert found.very_strong_heat_person_hours.tolist() == [40.0, 0.0]
    assert found.extreme_heat_person_hours.tolist() == [10.0, 0.0]
    assert found.elderly_heat_person_hours["b0"] == 8.0
    assert found.children_heat_person_hours["b0"] == 12.0
    assert found.people_in_strong_heat.tolist() == [10.0 if 9 <= hour < 18 else 0.0 for hour in range(24)]
    assert found.people_in_extreme_heat.sum() == 10.0


def test_the_limits_are_those_of_the_published_classes() -> None:
    assert dict(resolve("heat_stress_limit")) == LIMITS
    exactly = risk([np.full(24, 38.0)], [1.0])
    assert exactly.very_strong_heat_person_hours["b0"] == 24.0


def test_nobody_is_counted_where_no_column_tells_and_no_field_reaches() -> None:
    found = risk([day(45.0)], [10.0, 10.0, 10.0, 10.0])
    assert found.elderly_heat_person_hours.isna().all()
    assert np.isfinite(found.strong_heat_person_hours["b0"])
    assert np.isnan(found.strong_heat_person_hours["b3"])
    unknown = risk([day(45.0)], [float("nan")])
    assert unknown.strong_heat_person_hours.isna().all()
    assert unknown.people_in_strong_heat.sum() == 0.0
    assert risk([day(45.0)], [0.0]).strong_heat_person_hours["b0"] == 0.0


def test_limits_out_of_order_are_refused() -> None:
    with pytest.raises(InputError) as failure:
        heat_risk(
            buildings=homes([1.0]), hourly_utci=felt([day(40.0)]), heat_stress_limit=LIMITS | {"extreme": 36.0},
            p=HeatRiskParams(),
        )  # fmt: skip
    assert failure.value.text == "heat.limits_order"
    assert failure.value.say("zh") != failure.value.say("en")


courses = st.lists(st.lists(st.floats(-40, 60), min_size=24, max_size=24), min_size=1, max_size=4)


@given(courses, st.floats(0, 1e4), st.floats(0, 20))
@example([[46.0] * 24], 1.0, 0.0)
def test_never_fewer_where_it_is_hotter(by_home: list[list[float]], people: float, more: float) -> None:
    cool = risk(by_home, [people] * len(by_home))
    hot = risk(np.asarray(by_home) + more, [people] * len(by_home))
    for name in ("strong", "very_strong", "extreme"):
        one, two = (getattr(each, f"{name}_heat_person_hours") for each in (cool, hot))
        assert (two >= one).all()
        assert (two <= 24.0 * people * (1 + 1e-12)).all()
    assert (cool.strong_heat_person_hours >= cool.very_strong_heat_person_hours).all()
    total = sum(getattr(cool, f"people_in_{name}_heat").sum() for name in ("strong", "very_strong", "extreme"))
    by_building = sum(getattr(cool, f"{name}_heat_person_hours").sum() for name in ("strong", "very_strong", "extreme"))
    assert total == pytest.approx(by_building)


def corners() -> list[tuple[float, float]]:
    return list(product(ends(HOURLY_UTCI), ends(RESIDENTS)))


@pytest.mark.parametrize(("temperature", "people"), corners())
def test_corners(temperature: float, people: float) -> None:
    found = risk([np.full(24, temperature)], [people])
    assert found.extreme_heat_person_hours["b0"] == (24.0 * people if temperature > 46.0 else 0.0)


def test_figure(figure: Callable[[str], Path]) -> None:
    shade, street, square = day(36.0), day(42.0), day(47.5)
    found = risk([shade, street, square], [120.0, 300.0, 80.0])
    fig, (left, right) = plt.subplots(1, 2, figsize=(9.0, 3.4), layout="constrained")
    for course, name, colour in (
        (shade, "trees", "#4f8c5b"),
        (street, "street", "#d98f2b"),
        (square, "square", "#b2352f"),
    ):
        left.plot(course, color=colour, label=name)
    for limit in LIMITS.values():
        left.axhline(limit, color="0.6", linewidth=0.7, linestyle=":")
    left.set(xlabel="hour", ylabel="UTCI by the home [°C]", title="Three homes on the hottest day")
    left.legend(frameon=False, fontsize=8)
    for name, colour in (("strong", "#f2c46d"), ("very_strong", "#d98f2b"), ("extreme", "#b2352f")):
        people = getattr(found, f"people_in_{name}_heat")
        right.fill_between(people.index, people, step="mid", color=colour, label=name.replace("_", " "))
    right.set(xlabel="hour", ylabel="people", title="Residents in heat stress", ylim=(0, 520))
    right.legend(frameon=False, fontsize=8)
    fig.savefig(figure("resilience.heat_risk"), dpi=110)
    plt.close(fig)
