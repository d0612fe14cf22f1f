"""The currency of a study: its region's, its own word, and refusals where money would change its name unseen."""

from pathlib import Path

import pytest

from citybraid.core.errors import InputErrors
from citybraid.study.open.open_study import open_study

HEAD = """
[study]
name = "money"
title = {{ zh = "钱", en = "Money" }}
crs = "EPSG:4549"
region = "{region}"
year = 2025
resolution = 10
{more}
"""
OWN = "factor,key,value,low,high,distribution,unit,region,year_from,year_to,status,source,note\n"


def written(folder: Path, region: str, more: str = "", rows: str = "") -> Path:
    path = folder / "study.toml"
    (folder / "own.csv").write_text(OWN + rows, encoding="utf-8")
    path.write_text('factors = "own.csv"\n' + HEAD.format(region=region, more=more), encoding="utf-8")
    return path


def test_a_region_s_currency_stands_where_the_study_says_nothing(tmp_path: Path) -> None:
    assert open_study(written(tmp_path, "CN-JS")).currency == "CNY"
    assert open_study(written(tmp_path, "DE")).currency == "EUR"


def test_an_unknown_region_must_say_its_currency(tmp_path: Path) -> None:
    with pytest.raises(InputErrors) as told:
        open_study(written(tmp_path, "XX"))
    assert {problem.text for problem in told.value.problems} == {"study.no_currency"}
    assert open_study(written(tmp_path, "XX", 'currency = "XAF"')).currency == "XAF"


def test_an_empty_region_is_asked_for_and_no_currency(tmp_path: Path) -> None:
    """A draft whose place nobody knows: "no currency is known for region ''" had sent its reader elsewhere."""
    with pytest.raises(InputErrors) as told:
        open_study(written(tmp_path, ""))
    assert {problem.text for problem in told.value.problems} == {"study.no_region"}


def test_a_rate_to_another_currency_is_refused_and_a_row_of_one_s_own_mends_it(tmp_path: Path) -> None:
    asked = 'currency = "USD"'
    with pytest.raises(InputErrors) as told:
        open_study(written(tmp_path, "CN", asked))
    (problem,) = told.value.problems
    assert problem.text == "study.other_currency"
    assert "USD" in problem.say("zh")
    rate = "flood_damage_price,currency,1.33,,,,USD EUR-1,CN,,,user,a bank,\n"
    assert open_study(written(tmp_path, "CN", asked, rate)).currency == "USD"


def test_a_model_of_one_measure_is_part_of_no_study(tmp_path: Path) -> None:
    """Nothing is missing where its numbers are not given; where they are, the study says which command reads them."""
    study = open_study(written(tmp_path, "CN-JS"))
    assert "resilience.cost_benefit" not in {model.id for model in study.models}
    more = '[numbers]\nservice_life = 30.0\n[parameters."resilience.cost_benefit"]\ndamage_growth = 0.01'
    with pytest.raises(InputErrors) as told:
        open_study(written(tmp_path, "CN-JS", more))
    assert {problem.text for problem in told.value.problems} == {"study.model_alone"}
    for language in ("en", "zh"):
        said = told.value.say(language)
        assert "numbers.service_life" in said
        assert "citybraid model resilience.cost_benefit" in said
