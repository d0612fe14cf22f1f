"""Years of a run side by side: of its pathways, and of its events by the horizon of their climate."""

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from citybraid.web.results.opened import Opened, opened
from citybraid.web.results.years import RowState, years
from tests.web.made import put_run, put_years


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Opened:
    folder = tmp_path_factory.mktemp("study")
    put_years(put_run(folder, rehearsed=False))
    return opened(folder, "001")


def row(rows: list[RowState], quantity: str, alternative: str) -> RowState:
    (each,) = [each for each in rows if (each.quantity, each.alternative) == (quantity, alternative)]
    return each


def test_a_pathway_has_its_years_in_the_reports_unit(found: Opened) -> None:
    told = years(found).pathway
    assert [each.horizon for each in told.moments] == [2025, 2035, 2060]
    assert told.rows[0].quantity == "pathway_emissions", "what a pathway is about comes first"
    plan = row(told.rows, "pathway_emissions", "chosen")
    assert plan.unit == {"en": "t CO₂e/a", "zh": "t CO₂e/年"}
    assert {year: each.value for year, each in plan.values.items()} == {"2025": 1e4, "2035": 9e3, "2060": 4e3}
    assert plan.values["2025"].said["en"] == "10,000"
    assert row(told.rows, "pathway_emissions", "as_is").values["2060"].value == 8e3


def test_events_name_the_climate_that_they_are_of(found: Opened) -> None:
    told = years(found).events
    assert [(each.id, each.horizon) for each in told.moments] == [("p50", None), ("p50_2060", 2060)]
    assert told.moments[1].title == {"en": "50-year storm, ssp245 2060", "zh": "50 年一遇，ssp245 2060"}
    assert [each.value for each in row(told.rows, "rain_volume", "as_is").values.values()] == [2e4, 2.5e4]
    assert {each.quantity for each in told.rows} == {"rain_volume"}, "no residuals, and no names of events"


def test_a_run_without_years_has_none(owner: TestClient, study: str, workspace: Path) -> None:
    put_run(workspace / "片区 一", rehearsed=False)
    told = owner.get(f"/api/studies/{study}/runs/001/years").json()
    assert told["pathway"] == {"moments": [], "rows": []}
    assert told["events"]["rows"] == []
