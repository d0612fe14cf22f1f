"""The first year of every alternative is what stands: no plan emits, and no measure saves, before it is carried out.

On the demo's 5 m cells the plan began 168 t above the state as it is: 478 t of waste of people who have not moved in
yet (its sum was shared out by floor area), 34 t of land that is not built on yet, less 319 t of shorter ways to shops
that do not stand yet and 24 t of the shade of new buildings. Scheme A began 9 587 t below it, and so never reached a
tenth of its own start though it emits no more in the end.
"""

import pandas as pd
import pytest

from citybraid.study.run.run import Run

pytestmark = pytest.mark.slow

PLANS = ["as_planned", "scheme_a", "with_measures"]
GROUPS = {
    "stationary": ("residential/", "commercial/", "industry/"),
    "transport": ("road/", "rail/"),
    "waste": ("biological_treatment/", "incineration/", "solid_waste/", "wastewater/"),
    "land": ("land/",),
}
SETTLED = 2030
"""Year in which the demo's new buildings are complete."""


def value(ran: Run, alternative: str, name: str) -> pd.Series:
    column: pd.Series = ran.value(ran.layers(alternative)[name][""])
    return column


def emitted(ran: Run, alternative: str, group: str) -> float:
    """Return the inventory's lines of a group, without what modules avoid [kg a year]."""
    lines = value(ran, alternative, "inventory_equivalent")
    mine = lines.index.str.startswith(GROUPS[group]) & ~lines.index.str.endswith("/avoided")
    return float(lines[mine].sum())


@pytest.mark.parametrize("alternative", PLANS)
@pytest.mark.parametrize("group", GROUPS)
def test_the_first_year_is_what_stands_in_each_sector(ran: Run, alternative: str, group: str) -> None:
    course = value(ran, alternative, f"pathway_{group}")
    assert course.iloc[0] == pytest.approx(emitted(ran, "as_is", group), rel=1e-9)


@pytest.mark.parametrize("alternative", PLANS)
def test_nothing_is_avoided_before_modules_stand(ran: Run, alternative: str) -> None:
    assert value(ran, alternative, "pathway_avoided").iloc[0] == pytest.approx(0.0, abs=1e-6)
    assert value(ran, alternative, "pathway_emissions").iloc[0] == pytest.approx(
        float(value(ran, "as_is", "inventory_equivalent").sum()), rel=1e-9
    )


@pytest.mark.parametrize("alternative", PLANS)
def test_without_levers_it_goes_straight_to_the_plan_s_accounts(ran: Run, alternative: str) -> None:
    """A fifth of the way a year: 2027 is three fifths what stands and two fifths the plan, from 2030 it is the plan."""
    course = value(ran, alternative, "pathway_reference")
    before, after = (float(value(ran, name, "inventory_equivalent").sum()) for name in ("as_is", alternative))
    assert course["2027"] == pytest.approx(0.6 * before + 0.4 * after, rel=1e-9)
    assert course[str(SETTLED)] == pytest.approx(after, rel=1e-9)
    assert course["2060"] == pytest.approx(after, rel=1e-9)


def test_what_a_plan_adds_to_waste_is_that_of_its_people(ran: Run) -> None:
    """Waste follows residents: the plan's share of it over that of today is the ratio of people, not of floor area."""
    course = value(ran, "as_planned", "pathway_waste")
    people = [float(value(ran, name, "residents").sum()) for name in ("as_is", "as_planned")]
    assert course["2030"] / course["2025"] == pytest.approx(people[1] / people[0], rel=1e-6)


@pytest.mark.parametrize("alternative", PLANS)
def test_what_is_left_is_a_share_of_the_same_start(ran: Run, alternative: str) -> None:
    gross = sum(value(ran, alternative, f"pathway_{name}").clip(lower=0.0) for name in GROUPS)
    assert isinstance(gross, pd.Series)
    start = sum(max(emitted(ran, "as_is", group), 0.0) for group in GROUPS)
    told = float(ran.value(ran.layers(alternative)["residual_emissions"][""]))
    assert told == pytest.approx(gross["2060"] / start, rel=1e-9)
