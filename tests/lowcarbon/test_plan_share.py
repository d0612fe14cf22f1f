"""Share of the city within the plan: by people and by area, never assumed."""

from collections.abc import Callable
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest

from citybraid.core.errors import InputError
from citybraid.lowcarbon.accounts.plan_share import plan_share_by_area, plan_share_by_population
from tests.downscaling_town import AREA, houses


def by_people(city: float) -> float:
    return plan_share_by_population(buildings=houses(), study_area=AREA, city_population=city).plan_share


def by_area(city: float) -> float:
    return plan_share_by_area(study_area=AREA, city_built_area=city).plan_share


def test_people_of_the_study_area_over_those_of_the_city() -> None:
    assert by_people(5000.0) == pytest.approx(0.01)
    assert by_area(1e6) == pytest.approx(0.01)


def test_a_plan_larger_than_its_city_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        by_people(49.0)
    assert "50 people" in caught.value.say("en")
    assert "50 人" in caught.value.say("zh")
    with pytest.raises(InputError) as caught:
        by_area(9999.0)
    assert "city_built_area" in caught.value.say("en")
    assert "city_built_area" in caught.value.say("zh")


def test_unknown_residents_are_refused() -> None:
    table = houses()
    table.loc["a", "residents"] = np.nan
    with pytest.raises(InputError, match="1 building of"):
        plan_share_by_population(buildings=table, study_area=AREA, city_population=5000.0)


def test_figures(figure: Callable[[str], Path]) -> None:
    for path, share, label, cities in (
        (figure("lowcarbon.plan_share_by_population"), by_people, "residents of the city", np.geomspace(60, 1e5, 9)),
        (figure("lowcarbon.plan_share_by_area"), by_area, "built-up area of the city", np.geomspace(2e4, 1e8, 9)),
    ):  # fmt: skip
        fig, axis = plt.subplots(figsize=(5, 3), layout="constrained")
        axis.loglog(cities, [share(float(city)) for city in cities], color="#4472c4")
        axis.set_xlabel(label)
        axis.set_ylabel("share within the plan [-]")
        fig.savefig(path, dpi=130)
        plt.close(fig)
