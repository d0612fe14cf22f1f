"""Land uses of every scheme brought to the 2023 guide."""

import pandas as pd
import pytest

from citybraid.core.rows.land import BuildingUseName, BuildingUseWord, LandUse, LandUseCrosswalk, LandUseWord
from citybraid.core.tables import read_table
from citybraid.sources.land_use.building_uses import match_use, use_of
from citybraid.sources.land_use.column import ColumnContext, to_guide
from citybraid.sources.land_use.land_use import building_use, guide, land_cover, map_code
from citybraid.sources.land_use.scheme import scheme_of


def codes(*cells: str, scheme: str = "", names: list[str] | None = None) -> list[str]:
    beside = pd.Series(names, dtype=object) if names else None
    column = pd.Series(cells, dtype=object)
    return list(to_guide(column, layer="parcels", scheme=scheme, beside=ColumnContext(names=beside)).codes)


def test_the_guide_is_whole() -> None:
    assert len(guide()) == 175
    for code, row in guide().items():
        assert row.parent in guide() if row.parent else len(code) == 2
        assert row.color.startswith("#")
    assert {row.land_use for row in read_table(LandUseCrosswalk)} <= set(guide())


def test_codes_names_and_both_together() -> None:
    assert codes("070102", "二类城镇住宅用地", "070102二类城镇住宅用地", "Retail") == ["070102"] * 3 + ["090101"]


@pytest.mark.parametrize(
    ("scheme", "cell", "code"),
    [
        ("urban_2011", "R2", "070102"), ("urban_2011", "A33", "080403"), ("urban_2011", "G1", "1401"),
        ("survey_3", "0303", "0507"), ("survey_3", "1107A", "1311"), ("survey_3", "0601", "1001"),
        ("guide_2020", "0602", "060201"), ("guide_2020", "2303", "060102"), ("osm", "leisure=park", "1401"),
    ],
)  # fmt: skip
def test_other_schemes(scheme: str, cell: str, code: str) -> None:
    assert codes(cell, scheme=scheme) == [code]


def test_a_drawing_in_old_urban_codes_is_found_and_told() -> None:
    answer = to_guide(pd.Series(["R2", "B1", "G1", "S1", "A33"], dtype=object), layer="parcels")
    assert list(answer.codes) == ["070102", "0901", "1401", "1207", "080403"]
    assert [finding.text for finding in answer.findings] == ["intake.scheme_guessed"]


def test_names_beside_the_codes_decide_between_schemes() -> None:
    assert scheme_of(["0303", "0601"], ["红树林地", "工业用地"])[0] == "survey_3"
    assert scheme_of(["0303", "0601"], ["灌木林地", "农村道路"])[0] == "guide_2023"
    assert codes("0303", "0601", names=["红树林地", "工业用地"]) == ["0507", "1001"]


def test_unknown_codes_by_prefix_or_told() -> None:
    answer = to_guide(pd.Series(["070199", "9999", ""], dtype=object), layer="parcels", scheme="guide_2023")
    assert list(answer.codes) == ["0701", "", ""]
    assert {finding.text for finding in answer.findings} == {"intake.code_prefix", "intake.code_unknown"}
    assert map_code("99", "guide_2023") is None


def test_uses_and_covers_that_codes_carry() -> None:
    assert building_use("070102") == "residential"
    assert building_use("090104") == "hotel"
    assert building_use("1401") == "other"
    assert building_use("0101") == ""
    assert land_cover("1701") == 80
    assert land_cover("1207") == 51
    assert land_cover("0301") == 10
    assert land_cover("zz") == 0


@pytest.mark.parametrize(
    ("text", "use"),
    [
        ("多层住宅小区", "residential"), ("商务住宅", "residential"), ("一般办公", "office"), ("沿街商铺", "retail"),
        ("中小学", "school"), ("综合医疗服务中心", "hospital"), ("低层工业厂房及仓储", "industrial"),
        ("apartments", "residential"), ("酒店式公寓", "residential"),
        ("0804", "school"), ("奇怪的东西", ""), ("文化活动中心", "public"),
    ],
)  # fmt: skip
def test_words_for_uses(text: str, use: str) -> None:
    assert use_of(text) == use


@pytest.mark.parametrize(
    ("cell", "code", "confidence"),
    [
        ("r2", "070102", "high"), ("Ｒ２", "070102", "high"), ("R 2", "070102", "high"), ("70102", "070102", "high"),
        ("7.0102E+04", "070102", "high"), ("07 01 02", "070102", "high"), ("R2/B1", "070102", "mixed"),
        ("R2B1", "070102", "mixed"), ("RB", "07", "mixed"), ("0701/0901 (30:70)", "0901", "mixed"),
        ("0701/0901（70：30）", "0701", "mixed"), ("R2(30%)+B1(70%)", "0901", "mixed"), ("商住", "0701", "mixed"),
        ("居住用地兼容商业用地", "07", "mixed"), ("mixed use", "0701", "mixed"), ("二类居住", "070102", "name"),
        ("居住用地（R2）", "070102", "high"), ("商业区", "0901", "name"), ("Residential area", "0701", "name"),
        ("070102 二类城镇住宅用地", "070102", "high"), ("070199", "0701", "prefix"), ("A-01", "08", "prefix"),
        ("landuse=residential", "07", "low"), ("R2/奇怪的东西", "070102", "mixed"),
    ],
)  # fmt: skip
def test_cells_as_planners_write_them(cell: str, code: str, confidence: str) -> None:
    scheme = "osm" if "=" in cell else "guide_2023"
    (record,) = to_guide(pd.Series([cell], dtype=object), layer="parcels", scheme=scheme).mappings
    assert (record.code, record.confidence) == (code, confidence)


@pytest.mark.parametrize("cell", ["1", "7", "地块1", "9999", "", "奇怪", "1/2"])
def test_cells_that_say_no_land_use(cell: str) -> None:
    assert map_code(cell, "guide_2023") is None


def test_digits_that_mean_two_things_are_told_with_what_decides() -> None:
    said = pd.Series(["0601", "0303", "0101"], dtype=object)
    (told,) = to_guide(said, layer="parcels").findings
    assert (told.text, told.count, told.values["scheme"], told.values["rival"]) == (
        "intake.scheme_ambiguous", 2, "guide_2023", "survey_3",
    )  # fmt: skip
    by_header = to_guide(said, layer="parcels", beside=ColumnContext(header="DLBM"))
    assert list(by_header.codes) == ["1001", "0507", "0101"]
    assert "intake.scheme_by_header" in {each.text for each in by_header.findings}
    names = pd.Series(["工业用地", "红树林地", "水田"], dtype=object)
    by_names = to_guide(said, layer="parcels", beside=ColumnContext(names=names))
    assert list(by_names.codes) == ["1001", "0507", "0101"]
    assert "intake.scheme_by_names" in {each.text for each in by_names.findings}
    assert to_guide(said, layer="parcels", scheme="survey_3").findings == ()


def test_words_lead_to_codes_of_the_guide() -> None:
    for row in read_table(LandUseWord):
        assert set(row.land_use.split("+")) <= set(guide())
        assert (row.confidence == "mixed") == ("+" in row.land_use)
        assert map_code(row.word, "guide_2023") is not None


@pytest.mark.parametrize(
    ("text", "use", "confidence"),
    [
        ("住宅", "residential", "high"), ("综合办公楼", "office", "name"), ("商业/居住", "retail", "mixed"),
        ("warehouse", "industrial", "high"), ("Residential Building", "residential", "name"), ("B1", "retail", "high"),
        ("幼托", "school", "high"), ("消防站", "public", "name"), ("厂", "industrial", "high"),
    ],
)  # fmt: skip
def test_words_for_uses_with_how_sure_they_are(text: str, use: str, confidence: str) -> None:
    found = match_use(text)
    assert found is not None
    assert (found.code, found.confidence) == (use, confidence)


def test_every_building_use_word_is_an_archetype() -> None:
    names = {row.code for row in read_table(BuildingUseName)}
    assert {row.building_use for row in read_table(BuildingUseWord)} == names
    assert {row.building_use for row in read_table(LandUse)} <= {*names, ""}
