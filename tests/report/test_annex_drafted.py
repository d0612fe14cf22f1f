"""What the annex says of the alternative that it is written for, and of an existing state that meets more targets."""

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from citybraid.report.annex import general
from citybraid.report.annex.basis import standards_named
from citybraid.report.annex.general import _alternatives
from citybraid.report.annex.lacking import first_need
from citybraid.report.chapter import in_words


def drafted(now: int, then: int) -> Any:
    """Return the clause on alternatives where the area meets so many targets of four, and the plan so many."""
    counts = {"met.as_is": now, "met.plan": then, "objectives": 4}
    codes: Any = SimpleNamespace(
        plan="plan", counts={name: SimpleNamespace(amount=amount) for name, amount in counts.items()},
        say=lambda value: str(value.amount), table=lambda name: pd.DataFrame({"name": [name]}),
        view=SimpleNamespace(
            base="as_is", run=SimpleNamespace(alternatives=("as_is", "plan")),
            name=lambda name: {"as_is": "Today", "plan": "Plan"}[name],
        ),
    )  # fmt: skip
    return _alternatives(codes)


@pytest.mark.parametrize(("now", "then", "said"), [(2, 1, True), (1, 1, False), (1, 2, False)])
def test_why_the_area_as_it_is_is_no_candidate_though_it_meets_more_targets(now: int, then: int, said: bool) -> None:
    """It read: nearest with 1 of 4; the table below gave 2 of 4 to the existing state, and no word on it."""
    clause = drafted(now, then)
    text = in_words(clause.text, "en")
    assert ('"Today" meets 2 of 4 and is no candidate' in text) is said
    assert ("但不作为备选" in in_words(clause.text, "zh")) is said
    assert len(clause.stated) == (3 if said else 2)


@pytest.mark.parametrize("beyond", [True, False])
def test_a_plan_beyond_the_budget_is_not_recommended(monkeypatch: pytest.MonkeyPatch, beyond: bool) -> None:
    """Yangpu's annex recommended a scheme of 3.4 times the budget."""
    monkeypatch.setattr(general, "beyond_budget", lambda _view, _score: beyond)
    text = in_words(drafted(1, 4).text, "en")
    assert ("and is recommended" in text) is not beyond
    assert ("lies beyond the budget" in text) is beyond


def test_a_study_of_one_alternative_is_not_compared_with_itself() -> None:
    """Jakarta's annex was "written for Existing conditions and compares it with Existing conditions"."""
    codes: Any = SimpleNamespace(
        plan="as_is", counts={}, say=str,
        view=SimpleNamespace(base="as_is", run=SimpleNamespace(alternatives=("as_is",)), name=lambda _: "Today"),
    )  # fmt: skip
    text = in_words(_alternatives(codes).text, "en")
    assert text.startswith('This annex is written for "Today", the only alternative. The study states no objectives')


@pytest.mark.parametrize(("region", "abroad"), [("SE", True), ("ID", True), ("CN-ZJ-JX", False)])
def test_standards_of_another_country_are_told_as_such(region: str, abroad: bool) -> None:
    """The annexes of Gothenburg and Jakarta rested "on the following standards": GB 50014 and TD/T 1063."""
    sources = {"0.15 m: GB 50014-2006, edition of 2014": "verified", "ISO 7243:2017": "verified"}
    national, worldwide = (in_words(each, "en") for each in standards_named(sources, region))
    assert ("of another country, not in force here" in national) is abroad
    assert worldwide.startswith("ISO 7243:2017, Ergonomics")


def test_what_an_indicator_of_indicators_lacks_is_told_by_its_quantity() -> None:
    """Net emissions per resident: "needs net_emissions" stood in the annex."""
    lacking = {"emissions_per_resident": "net_emissions", "net_emissions": "building_emissions",
               "residents": "residents"}  # fmt: skip
    assert first_need(lacking, "emissions_per_resident") == "building_emissions"
    assert first_need(lacking, "residents") == "residents"
