"""The study's own factor rows: their units, and names that no model reads."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from citybraid.core.currency import normal_unit
from citybraid.core.errors import InputErrors
from citybraid.core.factor import shipped
from citybraid.core.rows.quantities import factor_precedence
from citybraid.resilience.ground.roughness import roughness
from citybraid.study.open.open_study import open_study, study_findings
from citybraid.study.open.own_factors import own_findings
from citybraid.study.run.single import SingleRunRequest, run_single
from tests.geotiffs import write_raster
from tests.study.test_money import written

ROW = "{factor},{key},{value},,,,{unit},CN,,,user,local,\n"


def rows(factor: str, key: str, unit: str, value: float = 1.0) -> str:
    return ROW.format(factor=factor, key=key, unit=unit, value=value)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("kg/m²", "kg m-2", True), ("mm/h", "mm h-1", True), ("EUR/m2", "CNY m-2", True), ("m h⁻¹", "m h-1", True),
        ("s m-1/3", "m-1/3 s", True), ("%", "1", False), ("m", "mm", False), ("kWh", "kW", False),
    ],
)  # fmt: skip
def test_units_agree_in_any_spelling(one: str, other: str, *, same: bool) -> None:
    assert (normal_unit(one) == normal_unit(other)) is same


def test_a_row_in_another_unit_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputErrors) as told:
        open_study(written(tmp_path, "CN", rows=rows("storey_height", "residential", "mm", 3000.0)))
    (problem,) = told.value.problems
    assert problem.text == "factor.unit"
    assert "'mm'" in problem.say("en")
    assert "m" in str(problem.values["needs"])
    assert open_study(written(tmp_path, "CN", rows=rows("storey_height", "residential", "m", 3.0)))


def test_a_row_that_no_model_reads_is_told(tmp_path: Path) -> None:
    study = open_study(written(tmp_path, "CN", rows=rows("storm_formla", "A", "mm min-1")))
    (finding,) = study_findings(study)
    assert (finding.text, finding.kind) == ("study.factor_unread", "warning")
    assert "storm_formla（最相近的：storm_formula）" in finding.say("zh")
    assert study_findings(open_study(written(tmp_path, "CN", rows=rows("storm_formula", "A", "mm min-1")))) == ()


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("compostng", "composting"), ("Composting", "composting"), ("composting", ""), ("pyrolysis", ""),
        ("composting/lndfill", "composting/landfill"), ("composting_2", ""),
    ],
)  # fmt: skip
def test_a_key_that_is_almost_one_of_ours_is_told_beside_it(key: str, meant: str) -> None:
    row = replace(shipped().by_name["waste_treatment"][0], key=key, origin="own.csv")
    told = own_findings(shipped().with_rows([row]))
    assert [finding.text for finding in told] == ["study.factor_key"] * bool(meant)
    assert all(f"{key} (nearest known: {meant})" in finding.say("en") for finding in told)


@pytest.mark.parametrize(
    ("factor", "key", "meant"),
    [
        ("schedule", "hotel/occupancy/24", "hotel/occupancy/23"),
        ("schedule", "hotel/occupancy/3", "hotel/occupancy/03"),
        ("schedule", "hotel/occupancy/03", ""), ("schedule", "our_hall/occupancy/24", ""),
        ("grid_emission_factor", "2031", ""),
    ],
)  # fmt: skip
def test_an_hour_that_no_day_has_is_told(factor: str, key: str, meant: str) -> None:
    """Hour 24, or 3 for 03, of a schedule was passed over in silence."""
    row = replace(shipped().by_name[factor][0], key=key, origin="own.csv")
    told = own_findings(shipped().with_rows([row]))
    assert [finding.text for finding in told] == ["study.factor_key"] * bool(meant)
    assert all(f"{key} (nearest known: {meant})" in finding.say("en") for finding in told)


def test_a_word_of_the_parameters_is_no_misspelt_key() -> None:
    row = replace(shipped().by_name["movement_resistance"][0], key="xiamen/trees", origin="own.csv")
    book = shipped().with_rows([row])
    assert own_findings(book)
    assert own_findings(book, params=[{"resistances": "xiamen"}]) == ()


@pytest.mark.parametrize(
    ("factor", "key", "text", "said"),
    [
        ("envelope", "residential/nearly_zero/3/airtightness", "study.factor_behind",
         "airtightness (before it: residential/nearly_zero/3/airtightness_tested)"),
        ("envelope", "nearly_zero/3/airtightness", "study.factor_incomplete", "(as in residential/nearly_zero/3/"),
        ("heat_system", "residential/2/heating_cop", "study.factor_behind", "(before it: residential/2/district_heat)"),
        ("schedule", "office/lighting/08", "study.factor_behind", "(before it: office/lighting/weekday/08)"),
    ],
)  # fmt: skip
def test_a_row_that_another_goes_before_or_that_lacks_a_part_is_told(
    factor: str, key: str, text: str, said: str
) -> None:
    """Airtightness of near-zero homes was passed over in silence: what a test has to show goes before."""
    row = replace(shipped().by_name[factor][0], key=key, origin="own.csv")
    (finding,) = own_findings(shipped().with_rows([row]))
    assert (finding.text, finding.kind) == (text, "warning")
    assert f"{factor}, {key}" in finding.say("zh")
    assert said in finding.say("en")


def test_rows_of_ours_and_of_a_kind_of_the_user_s_own_are_not_told() -> None:
    """Only where a row of ours goes before one of ours is it meant: heat pumps are read where boilers are not."""
    own = [replace(row, origin="own.csv") for row in shipped().rows]
    assert {finding.text for finding in own_findings(shipped().with_rows(own))} <= {"study.factor_behind"}
    row = replace(shipped().by_name["window_share"][0], key="office/south", origin="own.csv")
    assert own_findings(shipped().with_rows([row])) == ()


def test_rules_of_precedence_are_of_keys_that_are() -> None:
    for rule in factor_precedence():
        keys = {row.key for row in shipped().by_name[rule.factor]}
        assert any(len(key.split("/")) == len(rule.behind.split("/")) for key in keys), rule
        assert rule.before_key(rule.behind) == rule.before


def test_one_model_tells_rows_that_nothing_reads(tmp_path: Path) -> None:
    cover = write_raster(tmp_path / "cover.tif", np.full((4, 4), 10, np.int32), cell=10.0)
    rows_of = shipped().by_name["manning_n"][0], shipped().by_name["grid_emission_factor"][0]
    own = [
        replace(rows_of[0], key="wetlnd", origin="own.csv"),
        replace(rows_of[1], factor="grid_emision", origin="own.csv"),
    ]
    request = SingleRunRequest(inputs={"land_cover": [str(cover)]}, params={}, book=shipped().with_rows(own))
    told = list[str]()
    run_single(
        roughness, request, tmp_path / "out", lambda _: None,
        tell=lambda found: told.extend(each.text for each in found.findings),
    )  # fmt: skip
    assert {"study.factor_unread", "study.factor_key"} <= set(told)
