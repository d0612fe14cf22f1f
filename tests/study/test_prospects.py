"""What to add next: the smallest sets of missing things that yield results, and weak layers that results rest on."""

from citybraid.core.step import Gap
from citybraid.planning.rows import indicators, quantities_of
from citybraid.sources.quality.trust import LayerQuality, Thresholds, crs, stated
from citybraid.sources.roles.sheets.weather import ROLE
from citybraid.study.explain.prospects import Lineage, additions

LIMITS = Thresholds()


def lineage(*gaps: Gap, available: frozenset[str] = frozenset(), **parents: set[str]) -> Lineage:
    return Lineage({name: frozenset(read) for name, read in parents.items()}, available, gaps)


def test_an_indicator_rests_on_all_that_is_behind_it() -> None:
    found = lineage(
        available=frozenset({"max_depth", "terrain"}), max_depth={"runoff", "terrain"}, runoff={"land_cover"}
    )
    assert "flooded_area" in found.resting_on({"land_cover"})
    assert "flooded_area" not in found.resting_on({"year_built"})
    assert found.resting_on({"max_depth"}) == found.resting_on({"terrain"})


def test_one_missing_thing_yields_through_a_chain_of_gaps() -> None:
    found = lineage(
        Gap("a", ("runoff",), ("terrain",)), Gap("b", ("max_depth",), ("runoff",)), available=frozenset({"land_cover"})
    )
    (first, *_) = additions(found, (), {"dry": "flooded_area"})
    assert first.needs == ("terrain",)
    assert "flooded_area" in first.indicators
    assert first.objectives == ("dry",)


def test_things_that_only_help_together_are_proposed_together_and_once() -> None:
    found = lineage(Gap("a", ("max_depth",), ("terrain", "rain_return_period", "storm_duration")))
    made = additions(found, (), {})
    assert [each.needs for each in made] == [("storm", "terrain")]


def test_a_missing_formula_is_named_as_it_is_where_the_study_has_storms() -> None:
    gap = Gap("a", ("max_depth",), ("factor:storm_formula",))
    with_storms = lineage(gap, available=frozenset({"rain_return_period", "storm_duration"}))
    assert [each.needs for each in additions(with_storms, (), {})] == [("factor:storm_formula",)]
    assert [each.needs for each in additions(lineage(gap), (), {})] == [("storm",)]


def test_a_missing_table_is_one_file_with_the_columns_that_it_must_have() -> None:
    gap = Gap("a", ("building_emissions",), ("buildings", "floors", "year_built", "green_roof"))
    (made,) = additions(lineage(gap), (), {})
    assert made.needs == ("buildings",)
    assert made.columns == ("floors", "year_built")
    there = additions(lineage(Gap("a", gap.makes, ("floors",)), available=frozenset({"buildings"})), (), {})
    assert [each.needs for each in there] == [("floors",)]


def test_hours_of_weather_are_one_file() -> None:
    assert ROLE.sheet is not None
    needs = ROLE.sheet.brings[:4]
    found = lineage(Gap("a", ("max_depth",), needs))
    assert [each.needs for each in additions(found, (), {})] == [(ROLE.name,)]


def test_what_yields_no_result_is_not_proposed() -> None:
    assert additions(lineage(Gap("a", ("second_path_gap",), ("metered_electricity",))), (), {}) == ()


def test_objectives_come_before_numbers_of_results() -> None:
    many = lineage(Gap("a", ("max_depth",), ("terrain",)), Gap("b", ("habitat_quality",), ("soil_group",)))
    plain = additions(many, (), {})
    assert plain[0].needs == ("terrain",)
    assert len(plain[0].indicators) > len(plain[1].indicators)
    wanted = next(name for name in indicators() if quantities_of(name) == {"habitat_quality"})
    assert additions(many, (), {"birds": wanted})[0].needs == ("soil_group",)


def test_a_weak_layer_is_proposed_with_the_results_that_rest_on_its_weak_parts() -> None:
    found = lineage(available=frozenset({"max_depth"}), max_depth={"terrain", "floors"})
    weak = LayerQuality("buildings", 9, (stated("floors", 0.2, LIMITS), stated("height", 0.7, LIMITS)))
    (made,) = additions(found, [weak], {})
    assert made.layer == "buildings"
    assert made.needs == ("floors",)
    assert "flooded_area" in made.indicators
    by_height = LayerQuality("buildings", 9, (stated("height", 0.2, LIMITS),))
    assert additions(found, [by_height], {}) == ()


def test_a_fault_of_the_whole_layer_touches_all_its_quantities() -> None:
    found = lineage(available=frozenset({"max_depth"}), max_depth={"floors"})
    loose = LayerQuality("buildings", 9, (stated("floors", 1.0, LIMITS), crs("neither", "EPSG:4549")))
    (made,) = additions(found, [loose], {})
    assert made.needs == ()
    assert [part.name for part in made.parts] == ["crs"]
    assert additions(found, [LayerQuality("buildings", 9, (stated("floors", 1.0, LIMITS),))], {}) == ()
