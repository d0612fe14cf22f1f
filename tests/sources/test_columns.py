"""Columns matched to quantities: surely, by likeness with a confidence, or asked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.errors import InputError
from citybraid.sources.protocol.quantities import columns_of
from citybraid.sources.text.columns import ColumnMatches, key, match_columns, synonyms
from citybraid.sources.text.name_similarity import LEAST, SURE, name_similarity

BUILDINGS = ["id", *columns_of("buildings")]
PARCELS = ["id", *columns_of("parcels")]


def match(headers: list[str], wanted: list[str], **said: str) -> ColumnMatches:
    return match_columns(headers, wanted, said, layer="test")


def told(found: ColumnMatches) -> list[str]:
    return [finding.text for finding in found.findings]


def test_every_known_name_is_sure() -> None:
    for var in (*PARCELS, *BUILDINGS):
        for name in synonyms(var):
            found = match([name], [var])
            assert found.headers == {var: name}
            assert found.confidence[var] == SURE


@pytest.mark.parametrize(
    ("header", "var", "least", "most"),
    [
        ("现状建筑层数", "floors", 0.8, 0.9), ("总建筑面积（㎡）", "floor_area", 1.0, 1.0),
        ("bulding_use", "building_use", 0.9, 0.95),
        ("hieght", "height", 0.8, 0.9), ("建成年代(估计)", "year_built", 0.8, 0.9),
        ("2020年末居住人数", "residents", 0.8, 0.9),
        ("容积率（FAR）", "floor_area_ratio", 0.8, 0.9), ("绿地率（％）", "green_ratio", 1.0, 1.0),
    ],
)  # fmt: skip
def test_likely_names_are_taken_and_told(header: str, var: str, least: float, most: float) -> None:
    found = match([header], [var])
    assert found.headers == {var: header}
    assert least <= found.confidence[var] <= most
    assert ("intake.column_guessed" in told(found)) == (found.confidence[var] < SURE)


@pytest.mark.parametrize(
    ("header", "var"),
    [
        ("人口密度", "population"), ("户籍人口", "population"), ("weight", "height"), ("绿化率", "green_ratio"),
        ("建筑宽度", "height"), ("容积率变化", "floor_area_ratio"), ("use_type2", "building_use"),
        ("单元编号2", "id"),
        ("数据年份", "year_built"), ("层高", "floors"), ("建筑基底面积", "floor_area"),
    ],
)  # fmt: skip
def test_names_of_other_quantities_are_not_taken(header: str, var: str) -> None:
    assert not match([header], [var]).headers


def test_two_likely_columns_are_asked_for() -> None:
    found = match(["现状人口", "规划总人口数"], ["population"])
    assert not found.headers or found.confidence["population"] == SURE
    twice = match(["现状容积率", "控制容积率"], PARCELS)
    assert "floor_area_ratio" not in twice.headers
    assert "intake.column_ambiguous" in told(twice)
    assert set(twice.unused) == {"现状容积率", "控制容积率"}


def test_a_sure_name_wins_over_a_likely_one() -> None:
    found = match(["现状容积率", "容积率"], PARCELS)
    assert found.headers["floor_area_ratio"] == "容积率"
    assert "intake.column_guessed" not in told(found)


def test_the_study_s_word_wins_and_may_say_none() -> None:
    assert match(["甲", "容积率"], PARCELS, far="甲").headers["floor_area_ratio"] == "甲"
    assert "floor_area_ratio" not in match(["容积率"], PARCELS, far="").headers
    with pytest.raises(InputError):
        match(["容积率"], PARCELS, far="乙")


@given(st.text(max_size=12), st.text(max_size=12))
def test_likeness_is_a_share_and_sure_only_of_the_same(one: str, other: str) -> None:
    found = name_similarity(key(one), key(other))
    assert found == 0.0 or LEAST <= found <= SURE
    assert (found == SURE) == (key(one) == key(other))


@given(st.lists(st.text(min_size=1, max_size=10), max_size=8, unique=True))
def test_a_header_serves_one_quantity(headers: list[str]) -> None:
    found = match(headers, BUILDINGS)
    taken = list(found.headers.values())
    assert len(taken) == len(set(taken))
    assert sorted([*taken, *found.unused]) == sorted(headers)
