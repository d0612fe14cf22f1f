"""Targets from the whole to units to parcels, on tables made for it."""

import numpy as np
import pandas as pd
import pytest

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.planning.cascade import REST
from citybraid.planning.handing_down import Aim, Handing, LevelTable, target_table

INDEX = pd.Index(["n", "s", WHOLE_AREA], name="zone")


def units(north: float, south: float, whole: float) -> pd.DataFrame:
    return pd.DataFrame({"building_emissions": [north, south, whole], "residents": [30.0, 10.0, 40.0]}, index=INDEX)


def handed(rule: str, *, target: float = 70.0, parcels: bool = False, portfolio: str = "chosen") -> pd.DataFrame:
    """The targets of 60 t in the north, 30 t in the south and 10 t outside both."""
    levels = [LevelTable("unit", units(60.0, 30.0, 100.0), pd.DataFrame(index=INDEX), None)]
    if parcels:
        index = pd.Index(["p", "q", WHOLE_AREA], name="zone")
        plots = pd.DataFrame({"building_emissions": [20.0, 25.0, 100.0]}, index=index)
        parents = pd.Series({"p": "n", "q": "n"})
        levels.append(LevelTable("parcel", plots, pd.DataFrame(index=index), parents))
    tables = {"as_is": units(60.0, 30.0, 100.0), "chosen": units(56.0, 18.0, 84.0), "roofs": units(50.0, 25.0, 85.0)}
    return target_table(Handing([Aim("o", "building_emissions", target, rule)], tables, levels, portfolio))


def targets(table: pd.DataFrame, level: str = "unit") -> dict[str, float]:
    rows = table[table["level"] == level]
    return {str(zone): float(target) for zone, target in zip(rows["zone"], rows["target"], strict=True)}


def test_what_lies_outside_takes_its_share() -> None:
    assert targets(handed("equal")) == pytest.approx({"n": 42.0, "s": 21.0, REST: 7.0})


def test_the_portfolio_says_where_a_change_is_cheap() -> None:
    # It takes 4 t in the north and 12 t in the south: of the 30 t asked, 7.5 t and 22.5 t.
    assert targets(handed("portfolio")) == pytest.approx({"n": 52.5, "s": 7.5, REST: 10.0})


def test_capacity_is_the_best_of_all_alternatives() -> None:
    # 10 t in the north by roofs, 12 t in the south by the portfolio.
    found = handed("capacity")
    assert targets(found) == pytest.approx({"n": 60.0 - 300.0 / 22.0, "s": 30.0 - 360.0 / 22.0, REST: 10.0})
    assert found["reach"].iloc[0] == pytest.approx(22.0 / 30.0)


def test_what_alternatives_change_outside_the_units_counts() -> None:
    """Trees on streets between units: 10 t outside become 4, so that 28 of 30 t can be had, not 22."""
    levels = [LevelTable("unit", units(60.0, 30.0, 100.0), pd.DataFrame(index=INDEX), None)]
    tables = {"as_is": units(60.0, 30.0, 100.0), "chosen": units(56.0, 18.0, 78.0), "roofs": units(50.0, 25.0, 85.0)}
    found = target_table(Handing([Aim("o", "building_emissions", 70.0, "capacity")], tables, levels, ""))
    assert found["reach"].iloc[0] == pytest.approx(28.0 / 30.0)
    assert targets(found) == pytest.approx(
        {"n": 60.0 - 300.0 / 28.0, "s": 30.0 - 360.0 / 28.0, REST: 10.0 - 180.0 / 28.0}
    )


def test_an_indicator_is_a_key() -> None:
    assert targets(handed("residents")) == pytest.approx({"n": 37.5, "s": 22.5, REST: 10.0})


def test_parcels_and_the_ground_between_them_make_up_their_unit() -> None:
    found = handed("equal", parcels=True)
    assert targets(found, "parcel") == pytest.approx({"p": 14.0, "q": 17.5, REST: 10.5})
    assert sum(targets(found, "parcel").values()) == pytest.approx(targets(found)["n"])


def test_a_target_that_is_met_is_kept_at_every_level() -> None:
    found = handed("equal", target=120.0, parcels=True)
    assert targets(found) == {"n": 60.0, "s": 30.0, REST: 10.0}
    assert targets(found, "parcel") == pytest.approx({"p": 20.0, "q": 25.0, REST: 15.0})
    assert found[found["level"] == "unit"]["met"].all()


def test_what_cannot_be_handed_down_has_no_rows() -> None:
    for indicator in ("emissions_per_resident", "residents", "typhoon_wind", "utci"):
        tables = {"as_is": units(60.0, 30.0, 100.0).assign(emissions_per_resident=np.nan)}
        level = LevelTable("unit", tables["as_is"], pd.DataFrame(index=INDEX), None)
        assert target_table(Handing([Aim("o", indicator, 1.0, "equal")], tables, [level], "")).empty
