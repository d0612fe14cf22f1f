"""An adopted plan with planted contradictions: each is found, and a clean plan has none."""

import math

import numpy as np
import pandas as pd
import pytest

from citybraid.core.factor import shipped
from citybraid.planning.chain import MissingLink
from citybraid.planning.control_table import control_table
from citybraid.planning.review.clinic import KINDS, AdoptedPlan, clinic
from citybraid.planning.review.feasibility import feasibility
from citybraid.planning.review.figures import PlanFigure, figure_table
from citybraid.planning.review.plots import plots
from citybraid.planning.review.standards import check_standards
from tests.planning.test_unit_table import Made, raster

REGION, YEAR = "CN", 2025
CLEAN = {
    "floor_area_ratio": (2.0, 1.0), "building_density": (0.25, 0.4), "green_ratio": (0.35, 0.3),
    "height_limit": (54.0, 24.0), "parcel_residents": (100.0, math.nan),
}  # fmt: skip


def plan(**changes: tuple[float, float]) -> Made:
    """Two planned plots of 2 500 m2, homes and shops, that keep to their controls."""
    made = Made("parcels")
    for name, values in {**CLEAN, **changes}.items():
        made.put(name, pd.Series(values, index=["a", "b"]))
    made.put("land_use", pd.Series(["070102", "0901"], index=["a", "b"]))
    made.put("parcel_status", pd.Series(["planned", "planned"], index=["a", "b"]))
    made.put("floor_area", made.column(4000.0, 1500.0, 10.0))
    made.put("height", made.column(30.0, 20.0, 10.0))
    cover = raster(50, 50)
    cover[:4], cover[4:10, :] = 30, 50
    made.put("land_cover", cover.astype(np.uint8))
    made.put("return_period", 50.0, event="p50")
    return made


def found(
    made: Made,
    *,
    built: bool = True,
    links: tuple[MissingLink, ...] = (),
    scorecard: pd.DataFrame | None = None,
    figures: pd.DataFrame | None = None,
) -> list[tuple[str, str, str]]:
    zones, book = made.zones(), shipped()
    table = control_table(zones, book, region=REGION, year=YEAR)
    by_plot = plots(zones, book, region=REGION, year=YEAR)
    checked = check_standards(zones, table, {}, region=REGION, year=YEAR, built=built)
    adopted = AdoptedPlan(zones, by_plot, table, feasibility(by_plot), checked, links, scorecard, built, figures)
    rows = clinic(adopted, book, region=REGION, year=YEAR)
    return [(str(row["kind"]), str(row["place"]), str(row["subject"])) for row in rows.to_dict("records")]


def test_a_clean_plan_has_no_finding() -> None:
    assert found(plan()) == []


def test_every_planted_contradiction_is_found_and_no_other() -> None:
    made = plan(
        floor_area_ratio=(2.0, 1.0), height_limit=(20.0, 24.0), building_density=(0.25, 0.75),
        parcel_residents=(200.0, math.nan),
    )  # fmt: skip
    made.put("floor_area", made.column(6000.0, 1500.0, 10.0))
    depth = raster(0.0, 0.0)
    depth[:3, 10:] = 0.6
    made.put("max_depth", depth, event="p50")
    links = (MissingLink("chain.no_measure", "cool", ""),)
    score = pd.DataFrame(
        [
            {"objective": "dry", "indicator": "flooded_area", "value": 3.0, "target": 1.0, "unit": "ha", "state": state}
            for state in ("red", "green")
        ]
    )
    figures = figure_table(
        [PlanFigure("cultivated_land", 0.20, 0.25), PlanFigure("forest_land", 0.5, 0.5)],
        {"cultivated_land": 0.136, "forest_land": 0.1},
    )
    assert sorted(found(made, links=links, scorecard=score, figures=figures)) == sorted(
        [
            ("handed_down", "", "cultivated_land"),  # 20 ha stated, 25 ha asked
            ("layers", "", "cultivated_land"),  # 13.6 ha drawn, 20 ha stated; woodland is not examined by its layers
            ("conflict", "a", "storeys"),  # 2.0 > 0.25 x 6
            ("conflict", "b", "ground"),  # 75 % + 30 %
            ("control", "a", "far"),  # 6 000 m2 on 2 500 m2 are 2.4
            ("control", "a", "height"),  # 30 m > 20 m
            ("hazard", "b", "flood"),  # 3 of 10 rows deeper than 0.5 m
            ("capacity", "a", "population"),  # 2.0 x 2 500 m2 / 200 = 25 m2 < 30 m2
            ("objective", "dry", "flooded_area"),
            ("chain", "cool", ""),
        ]
    )


def test_a_missed_standard_names_its_plots() -> None:
    made = plan(height_limit=(90.0, 24.0))
    made.put("height", made.column(85.0, 20.0, 10.0))
    assert ("standard", "a", "home_height") in found(made)


def test_before_the_plan_is_built_the_ground_of_new_plots_breaks_nothing() -> None:
    made = plan()
    made.put("floor_area", made.column(9000.0, 1500.0, 10.0))
    made.put("height", made.column(85.0, 20.0, 10.0))
    assert found(made, built=False) == []
    made.put("parcel_status", pd.Series(["built", "planned"], index=["a", "b"]))
    assert found(made, built=False) == [("control", "a", "far"), ("control", "a", "height")]


def test_hard_ones_come_first() -> None:
    made = plan(height_limit=(20.0, 24.0))
    kinds = [kind for kind, _, _ in found(made)]
    assert kinds == ["control", "conflict"]
    assert set(kinds) <= set(KINDS)


@pytest.mark.parametrize(("residents", "crowded"), [(166.0, False), (167.0, True)])
def test_floor_area_a_person_is_held_to_the_lower_end_of_what_is_usual(residents: float, crowded: bool) -> None:
    """2.0 x 2 500 m2 = 5 000 m2: 30 m2 each for 166 people."""
    made = plan(parcel_residents=(residents, math.nan))
    assert (("capacity", "a", "population") in found(made)) is crowded
