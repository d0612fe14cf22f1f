"""One factor of the grid: its value of the study's year, those of all years, and tables with its former name."""

from pathlib import Path

import pytest

from citybraid.core.errors import InputError
from citybraid.core.factor import Factor, FactorBook, read, shipped
from citybraid.study.open.own_factors import renamed_findings
from tests.discovered import models
from tests.golden.values import golden_case

HEAD = "factor,key,value,low,high,distribution,unit,region,year_from,year_to,status,source,note"
GRID = "grid_emission_factor"


def own(tmp_path: Path, *rows: str) -> FactorBook:
    """Return the shipped rows and a user's table."""
    table = tmp_path / "factors.csv"
    table.write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
    return shipped().with_rows(read(table))


def value(book: FactorBook, year: int) -> float:
    return book.resolve(GRID, region="CN-FJ", year=year)[""]


def of_years(book: FactorBook, year: int = 2023) -> dict[str, float]:
    return dict(book.resolve(GRID, region="CN-FJ", year=year, by_year=True))


def test_the_values_of_all_years_are_those_of_each_year() -> None:
    assert of_years(shipped()) == {"2021": 0.4711, "2022": 0.4092, "2023": 0.4211}
    for region in sorted({row.region for row in shipped().by_name[GRID]}):
        years = shipped().resolve(GRID, region=region, year=2023, by_year=True)
        single = {each: shipped().resolve(GRID, region=region, year=int(each))[""] for each in years}
        assert set(single) == {"2021", "2022", "2023"}
        assert dict(years) == single
        assert years.carried == ()


def test_national_values_of_all_years_by_hand() -> None:
    found = shipped().resolve(GRID, region="CN", year=2025, by_year=True)
    assert dict(found) == {"2021": 0.5568, "2022": 0.5366, "2023": 0.5306}


def test_a_row_of_a_year_holds_for_that_year_alone(tmp_path: Path) -> None:
    book = own(tmp_path, f"{GRID},2015,0.61,,,,kg kWh-1,,,,user,our utility,")
    assert of_years(book) == {"2015": 0.61, "2021": 0.4711, "2022": 0.4092, "2023": 0.4211}
    assert value(book, 2015) == 0.61
    assert value(book, 2025) == value(shipped(), 2025)
    assert list(book.resolve(GRID, region="CN-FJ", year=2025)) == [""]


def test_a_row_of_the_studys_year_is_what_models_read(tmp_path: Path) -> None:
    book = own(tmp_path, f"{GRID},2025,0.38,,,,kg kWh-1,,,,user,our utility,")
    assert value(book, 2025) == 0.38
    assert value(book, 2023) == 0.4211


def test_a_row_without_a_year_holds_for_all_of_them(tmp_path: Path) -> None:
    book = own(tmp_path, f"{GRID},,0.5,,,,kg kWh-1,,,,user,our utility,")
    assert set(of_years(book).values()) == {0.5}
    assert value(book, 2025) == 0.5


def test_the_former_name_is_read_and_told(tmp_path: Path) -> None:
    book = own(
        tmp_path,
        "grid_factor_of_year,2015,0.61,,,,kg kWh-1,,,,user,,",
        "grid_factor_of_year,2016,0.6,,,,kg kWh-1,,,,user,,",
    )
    assert of_years(book)["2015"] == 0.61
    assert value(book, 2025) == value(shipped(), 2025)
    (finding,) = renamed_findings(book)
    assert finding.count == 2
    assert "'grid_factor_of_year' is now 'grid_emission_factor'" in finding.say("en")
    assert "已更名" in finding.say("zh")
    assert renamed_findings(shipped()) == ()


def test_units_of_the_former_name_are_checked(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="kg kWh-1") as told:
        own(tmp_path, "grid_factor_of_year,2015,610,,,,g kWh-1,,,,user,,")
    assert told.value.text == "factor.unit"


def test_factors_whose_keys_are_years_keep_them() -> None:
    residual = shipped().resolve("residual_grid_factor", region="CN", year=2023)
    assert "2023" in residual
    rows = (Factor("f", "2020", 1.0, "1", "user"), Factor("f", "2021", 2.0, "1", "user"))
    assert dict(FactorBook(rows).resolve("f", region="CN", year=2020)) == {"2020": 1.0, "2021": 2.0}


@pytest.mark.parametrize("year", [1990, 2023, 2060])
def test_a_factor_without_years_has_that_of_the_study(year: int) -> None:
    book = FactorBook((Factor("f", "", 3.0, "1", "user"),))
    assert dict(book.resolve("f", region="CN", year=year, by_year=True)) == {str(year): 3.0}


def test_own_rows_are_named_where_a_model_cannot_compute() -> None:
    """A division by 0 without a name before; code that fails by itself stays as it is.

    Tables refuse such a row when they are read: what is left are rows that can each be, and cannot together.
    """
    roofs = next(model for model in models() if model.id == "lowcarbon.pv_generation")
    book = shipped().with_rows([Factor("pv_loss", "dc_over_ac", 0.0, "1", "user", origin="own.csv")])
    rows = book.resolve("pv_loss", region="", year=2025)
    case = dict(golden_case(roofs))
    with pytest.raises(InputError, match=r"'pv_generation': cannot be computed.*pv_loss,dc_over_ac = 0") as refused:
        roofs.of({**case, "loss": rows})
    assert "自有因子 1 行" in refused.value.say("zh")
    with pytest.raises(ZeroDivisionError):
        roofs.of({**case, "loss": dict(rows)})
