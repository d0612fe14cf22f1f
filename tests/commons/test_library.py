"""Libraries: drafts, review by others, publication, retractions with a trace, search, likeness, effects, comparison."""

import json
import math
from collections.abc import Mapping
from pathlib import Path

import pytest

from citybraid.commons.form.card import Card, Effect, FeatureValue
from citybraid.commons.library.comparison import compare
from citybraid.commons.library.effects import FEW, Limit, effects_of
from citybraid.commons.library.facets import FACETS, cost_band, facet_values, facets, matches
from citybraid.commons.library.history import FOLDER
from citybraid.commons.library.index import FILE, find
from citybraid.commons.library.library import Library, Version
from citybraid.commons.library.likeness import alike, likeness, same
from citybraid.commons.library.words import limit_words
from citybraid.commons.packing.pack import Packed
from citybraid.core.errors import InputError
from citybraid.core.rows.cases import CaseFeature, CaseHazard, CaseLicence, CaseWord
from citybraid.core.tables import read_table
from citybraid.core.text import known
from citybraid.planning.rows import indicators
from citybraid.sources.protocol.quantities import vocabulary
from tests.commands import citybraid
from tests.commons.made_case import made_place, packed, parts_of, rewritten

CHECKS = tuple(row.id for row in read_table(CaseWord) if row.kind == "check")
GOOD = dict.fromkeys(CHECKS, True)


def published(folder: Path, case: Packed) -> Library:
    library = Library.open(folder, create=True)
    name = library.add(case.file, by="Wang").name
    library.review(name, GOOD, by="Li")
    library.release(name, by="Li")
    return library


@pytest.fixture
def library(case: Packed, tmp_path: Path) -> Library:
    return published(tmp_path / "library", case)


def test_a_card_that_is_written_in_another_way_is_kept_as_it_is(library: Library, case: Packed, tmp_path: Path) -> None:
    """It was noted under an id that its copy did not have: no case of the library could be listed any more."""
    other = rewritten(tmp_path / "other.zip", parts_of(case.file))
    added = library.add(other, by="Eve")
    assert added.state == "draft"
    assert added.id != case.id
    assert [each.id for each in library.published()] == [case.id]
    with pytest.raises(InputError, match="version 2 of the library already"):
        library.add(other, by="Eve")


def test_a_case_is_a_draft_until_others_have_reviewed_it(case: Packed, tmp_path: Path) -> None:
    library = Library.open(tmp_path / "library", create=True)
    assert library.add(case.file, by="Wang").state == "draft"
    assert library.published() == ()
    with pytest.raises(InputError, match="needs reviewed"):
        library.release("made", by="Li")
    with pytest.raises(InputError, match="Someone else"):
        library.review("made", GOOD, by="Wang")
    with pytest.raises(InputError, match="checklist"):
        library.review("made", {"licence": True}, by="Li")
    with pytest.raises(InputError, match="version 1 of the library already"):
        library.add(case.file, by="Wang")
    assert library.review("made", {**GOOD, "lessons": False}, by="Li", note="Governance?").state == "draft"
    assert library.review("made", GOOD, by="Li").state == "reviewed"
    assert library.release("made", by="Li").state == "published"
    assert [each.act for each in library.history("made")] == ["drafted", "returned", "reviewed", "published"]
    assert library.history("made")[1].checklist["lessons"] is False


def test_a_case_without_a_licence_is_not_published(tmp_path: Path) -> None:
    file = packed(made_place(tmp_path / "a", lessons=""), tmp_path / "a.case.zip").file
    library = Library.open(tmp_path / "library", create=True)
    library.add(file, by="Wang")
    library.review("made", GOOD, by="Li")
    with pytest.raises(InputError, match="no licence"):
        library.release("made", by="Li")


def test_a_retraction_takes_the_file_and_leaves_a_trace(library: Library) -> None:
    version = library.current("made")
    assert version.file is not None
    with pytest.raises(InputError, match="reason"):
        library.retract("made", by="Li", reason=" ")
    library.retract("made", by="Li", reason="坐标泄露")
    assert not version.file.exists()
    after = library.current("made")
    assert (after.state, after.card, after.id, after.title) == ("retracted", None, version.id, version.title)
    assert library.history("made")[-1].note == "坐标泄露"
    assert find(library, "内涝") == ()
    with pytest.raises(InputError):
        library.retract("made", by="Li", reason="again")


def test_a_history_that_was_changed_is_found(library: Library) -> None:
    file = library.folder / "cases" / "made" / FOLDER / "0002.json"
    kept = file.read_text(encoding="utf-8")
    file.write_text(kept.replace("true", "false", 1), encoding="utf-8")
    with pytest.raises(InputError, match="was changed"):
        library.history("made")
    file.unlink()
    with pytest.raises(InputError, match="was changed"):
        library.history("made")


def test_a_card_that_was_changed_in_the_library_is_found(library: Library) -> None:
    path = library.folder / "cases" / "made" / "v1" / "case.json"
    path.write_bytes(path.read_bytes().replace(b'"year": 2025', b'"year": 2026'))
    with pytest.raises(InputError, match="not the one that its history names"):
        library.published()


def test_what_an_interrupted_submission_left_is_not_overwritten(library: Library, tmp_path: Path) -> None:
    left = library.folder / "cases" / "made" / "v2"
    left.mkdir()
    (left / "half").write_text("x", encoding="utf-8")
    second = packed(made_place(tmp_path / "b", lessons=""), tmp_path / "b.case.zip")
    assert library.add(second.file, by="Wang").number == 3
    assert [path.name for path in left.iterdir()] == ["half"]


def test_a_new_version_replaces_the_published_one_when_it_is_published(library: Library, tmp_path: Path) -> None:
    second = packed(made_place(tmp_path / "b", lessons='licence = "CC0-1.0"\n'), tmp_path / "b.case.zip")
    assert library.add(second.file, by="Wang").number == 2
    assert library.current("made").number == 1
    library.review("made", GOOD, by="Li")
    library.release("made", by="Li")
    assert (library.current("made").number, library.current("made").id) == (2, second.id)
    library.retract("made", by="Li", reason="wrong rain")
    assert library.current("made").number == 1


@pytest.mark.parametrize("query", ["内涝", "低洼街区", "WATERLOGGED", "green roof", "绿色 屋顶", "made wang", "", "屋"])
def test_words_of_both_languages_are_found(library: Library, query: str) -> None:
    assert [each.version.name for each in find(library, query)] == ["made"]


@pytest.mark.parametrize(
    "query", ["nowhere", "地震", "內", 'x" OR 1=1; DROP TABLE words; --', '"', "made AND NOT x*", "%", "___"]
)
def test_what_is_not_said_is_not_found_and_does_no_harm(library: Library, query: str) -> None:
    assert find(library, query) == ()
    assert find(library, "made")


def test_the_index_follows_the_library_and_serves_a_read_only_folder(library: Library) -> None:
    find(library, "made")
    index = library.folder / FILE
    stamp = index.read_bytes()
    index.write_bytes(b"no database")
    assert find(library, "made")
    assert index.read_bytes() == stamp


def test_facets_count_and_filter(library: Library) -> None:
    (version,) = library.published()
    assert version.card is not None
    told = facets([version.card])
    assert set(told) == set(FACETS)
    assert told["form"] == {"new_town": 1}
    assert told["measure"]["green_roof"] == 1
    assert find(library, "", {"measure": ["green_roof"], "form": ["new_town", "village"]})
    assert not find(library, "", {"form": ["village"]})
    with pytest.raises(InputError, match="climate"):
        matches(version.card, {"colour": ["red"]})
    priced = version.card.model_copy(update={"area": 10.0})
    assert facet_values(priced, "cost") == ("CNY-5",)
    assert cost_band("CNY-5") == ("CNY", 1e5, 1e6)


def version_of(card: Card, **changes: object) -> Version:
    made = card.model_copy(update=changes)
    return Version(made.name, 1, "0" * 12, "published", made.title, made, None)


def place_of(**values: float | str) -> Mapping[str, FeatureValue]:
    return {name: FeatureValue(value=value, unit="") for name, value in values.items()}


def test_distances_are_those_of_the_table_term_by_term(case: Packed) -> None:
    there = place_of(climate_zone="3A", mean_temperature=20.0, residents_per_hectare=300.0, relief=2.0)
    found = likeness(
        place_of(climate_zone="3B", mean_temperature=10.0, residents_per_hectare=100.0, flooded_share=1.0),
        version_of(case.card, features=there),
    )
    terms = {term.feature: term.distance for term in found.terms}
    assert terms == pytest.approx({"climate_zone": 1.0, "mean_temperature": 2.0, "residents_per_hectare": 1.0})
    assert found.distance == pytest.approx(((1 + 2) / 2 + 1) / 2), "groups count alike"
    assert found.lacking == ("relief", "flooded_share")


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("3", "3A", True),
        ("3A", "3", True),
        ("3A", "3A", True),
        ("3A", "3B", False),
        ("1", "10", False),
        ("", "3", False),
    ],
)
def test_a_zone_told_coarsely_is_the_same_as_its_parts(one: str, other: str, *, alike: bool) -> None:
    """A draft guesses zone 3 by the nearest city; every case of 3A then was as far as one of another climate."""
    assert same(one, other) is alike


def test_the_nearest_comes_first_and_itself_is_at_no_distance(case: Packed) -> None:
    here = place_of(climate_zone="3A", mean_temperature=18.0)
    near, far, other = (
        version_of(case.card, name=name, features=features)
        for name, features in (
            ("near", here), ("far", place_of(climate_zone="1", mean_temperature=0.0)), ("other", place_of(relief=3.0)),
        )
    )  # fmt: skip
    found = alike(here, [other, far, near])
    assert [each.version.name for each in found] == ["near", "far"]
    assert [each.distance for each in found] == pytest.approx([0.0, (1 + 18 / 5) / 2])
    assert math.isinf(likeness(here, other).distance)


def effect(change: float, *, indicator: str = "flooded_area", unit: str = "ha", base: float = 10.0) -> Effect:
    return Effect(
        measure="rain_garden", indicator=indicator, unit=unit, base=base, change=change, low=None, high=None,
        installed=50.0, quantity_unit="m2",
    )  # fmt: skip


def test_effects_across_cases_are_a_distribution_with_its_number_and_limits(case: Packed) -> None:
    changes = (-1.0, -2.0, -3.0, -4.0, -5.0)
    versions = [
        version_of(
            case.card, name=f"c{at}", area=10.0 * (1 + at), synthetic=at < 2, effects=(effect(change),),
            features=place_of(mean_temperature=15.0 + at, climate_zone="3A"),
        )
        for at, change in enumerate(changes)
    ]  # fmt: skip
    told = effects_of("rain_garden", versions, place_of(mean_temperature=30.0, climate_zone="4A"))
    (found,) = told.distributions
    assert (found.n, found.least, found.lower, found.median, found.upper, found.most) == pytest.approx(
        (5, -50, -40, -30, -20, -10)
    )
    assert found.same_sign
    assert not found.few
    assert [each.per_unit for each in found.cases] == pytest.approx([-0.1, -0.08, -0.06, -0.04, -0.02])
    limits = {limit.text: limit.values for limit in told.limits}
    assert limits["case_limit.synthetic"] == {"count": 2, "of": 5}
    assert limits["case_limit.amount"] == {"low": 1.0, "high": 5.0, "unit": "m2"}
    assert limits["case_limit.outside"]["high"] == 19.0
    assert limits["case_limit.other_text"]["got"] == "4A"
    (zone,) = (limit_words(each, "zh") for each in told.limits if each.text == "case_limit.other_text")
    assert zone == "您的地方气候区为 4A 夏热冬暖 A 区，没有案例与之相同（3A 夏热冬冷 A 区）。"
    together = Limit("case_limit.together", {"count": 2, "cases": ["c0", "new"]})
    assert "Town; new" in limit_words(together, "en", {"c0": {"en": "Town"}}), "by their titles where they are known"
    assert "case_limit.few" not in limits
    few = effects_of("rain_garden", versions[: FEW - 1])
    assert "case_limit.few" in {limit.text for limit in few.limits}
    assert few.distributions[0].few
    (one,) = (each for each in effects_of("rain_garden", versions[:1]).limits if each.text == "case_limit.amount_one")
    assert one.values == {"amount": 5.0, "unit": "m2"}, "one case is no range"
    none = effects_of("levee", versions)
    assert (none.distributions, [limit.text for limit in none.limits]) == ((), ["case_limit.none"])


def test_temperatures_change_by_kelvins_not_by_percent(case: Packed) -> None:
    version = version_of(case.card, effects=(effect(-0.5, indicator="utci", unit="degC", base=0.0),))
    (found,) = effects_of("rain_garden", [version]).distributions
    assert (found.unit, found.median) == ("K", -0.5)


def test_an_effect_larger_than_what_it_changes_stands_in_its_own_unit(case: Packed) -> None:
    """No share of nothing: 0.11 ha grown by 2.3 ha are not +2,100 %, and a band is never clipped."""
    nothing = version_of(case.card, effects=(effect(-0.5, base=0.0),))
    (found,) = effects_of("rain_garden", [nothing]).distributions
    assert (found.unit, found.median) == ("ha", -0.5)
    grown = effect(2.3, base=0.11).model_copy(update={"low": 1.9, "high": 2.7})
    banded = effect(-0.05, base=0.11).model_copy(update={"low": -0.16, "high": 0.06})
    share = effect(27.5, indicator="pervious_share", unit="%", base=9.0)
    small = effect(-1.0)
    told = effects_of("rain_garden", [version_of(case.card, effects=(grown, share)),
                                      version_of(case.card, name="b", effects=(banded,)),
                                      version_of(case.card, name="c", effects=(small,))])  # fmt: skip
    by_key = {(each.indicator, each.unit): each for each in told.distributions}
    assert set(by_key) == {("flooded_area", "ha"), ("flooded_area", "%"), ("pervious_share", "pp")}
    assert [(each.relative, each.low, each.high) for each in by_key["flooded_area", "ha"].cases] == [
        (-0.05, -0.16, 0.06), (2.3, 1.9, 2.7)
    ]  # fmt: skip
    assert by_key["flooded_area", "%"].median == pytest.approx(-10.0)
    assert by_key["pervious_share", "pp"].median == 27.5
    assert "case_limit.own_unit" in {each.text for each in told.limits}


def test_a_band_as_wide_as_its_effect_is_no_band(case: Packed) -> None:
    """Where no run tells the error, the run takes it as large as the effect: damage would fall by 165 % of itself."""
    guess = effect(-279.5, base=338.8).model_copy(update={"low": -559.0, "high": 0.0})
    known = effect(-279.5, base=338.8).model_copy(update={"low": -300.0, "high": -250.0})
    untold = effect(-279.5, base=338.8).model_copy(update={"low": None, "high": None})
    told = effects_of("rain_garden", [version_of(case.card, name="guess", effects=(guess,)),
                                      version_of(case.card, name="known", effects=(known,)),
                                      version_of(case.card, name="untold", effects=(untold,))])  # fmt: skip
    (found,) = told.distributions
    assert found.unit == "%"
    assert {each.case: (each.guessed, each.low is None) for each in found.cases} == {
        "guess": (True, True), "known": (False, False), "untold": (True, True)
    }  # fmt: skip
    (limit,) = (each for each in told.limits if each.text == "case_limit.no_band")
    assert limit.values == {"count": 2, "cases": ["guess", "untold"]}


def test_two_cases_side_by_side(case: Packed) -> None:
    other = case.card.model_copy(update={"indicators": {}, "effects": (effect(-1.0),)})
    same, apart = compare(case.card, case.card), compare(case.card, other)
    assert {row.one == row.other for row in same.indicators} == {True}
    assert {row.measure for row in same.effects} == {"green_roof", "rain_garden", "street_trees"}
    assert apart.indicators == ()
    assert set(apart.not_both) == set(case.card.indicators)
    (shared,) = apart.effects
    assert (shared.measure, shared.unit) == ("rain_garden", "%")
    assert (shared.one, shared.other) == pytest.approx((-0.4 / 2.4 * 100, -10.0))


def test_a_folder_that_is_no_library_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x", encoding="utf-8")
    for create in (True, False):
        with pytest.raises(InputError, match="no library"):
            Library.open(tmp_path, create=create)


def test_rows_name_what_there_is() -> None:
    names = set(indicators())
    assert {row.indicator for row in read_table(CaseHazard)} <= names
    for row in read_table(CaseFeature):
        assert known(f"case_feature.{row.id}")
        assert row.var in (names if row.statistic.startswith("indicator") else {*vocabulary(), "climate_zone"})
        if row.statistic == "indicator":
            assert row.unit == indicators()[row.var].unit
    assert all(known(f"case_hazard.{row.id}") for row in read_table(CaseHazard))
    assert all(known(f"case_{row.kind}.{row.id}") for row in read_table(CaseWord) if row.kind != "map")
    assert {row.share for row in read_table(CaseLicence)} == {True, False}


@pytest.mark.slow
def test_the_commands_speak_of_a_library(case: Packed, tmp_path: Path) -> None:
    library = str(tmp_path / "library")
    assert citybraid("case", "publish", str(case.file), library, "--by", "Wang").returncode == 0
    reviewed = citybraid("case", "review", "made", "--library", library, "--by", "Li", "--yes", "all")
    assert "reviewed" in reviewed.stdout
    assert citybraid("case", "release", "made", "--library", library, "--by", "Li").returncode == 0
    found = json.loads(citybraid("case", "find", "内涝", "--library", library, "--json").stdout)
    assert [each["name"] for each in found["cases"]] == ["made"]
    assert found["facets"]["form"] == {"new_town": 1}
    assert json.loads(citybraid("case", "like", str(case.file), "--library", library, "--json").stdout) == []
    effects = json.loads(citybraid("case", "effect", "green_roof", "--library", library, "--json").stdout)
    assert effects["effects"][0]["n"] == 1
    told = citybraid("case", "compare", "made", str(case.file), "--library", library, "--lang", "zh")
    assert "绿色屋顶" in told.stdout
    history = citybraid("case", "history", "made", "--library", library, "--lang", "en")
    assert "published" in history.stdout
    unknown = citybraid("case", "history", "nothing", "--library", library)
    assert (unknown.returncode, "made" in unknown.stderr) == (2, True)
    assert citybraid("case", "find", "x", "--library", str(tmp_path / "none")).returncode == 2
