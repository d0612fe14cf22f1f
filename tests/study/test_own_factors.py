"""The study's own factor rows: their units, and names that no model reads."""

from pathlib import Path

import pytest

from citybraid.core.currency import normal_unit
from citybraid.core.errors import InputErrors
from citybraid.study.open.open_study import open_study, study_findings
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
    assert "storm_formla" in finding.say("zh")
    assert study_findings(open_study(written(tmp_path, "CN", rows=rows("storm_formula", "A", "mm min-1")))) == ()
