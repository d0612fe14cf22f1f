"""No study that the check calls ready fails in its run, whatever files, roles and alternatives are left in or out."""

import shutil
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from citybraid.core.errors import PlanError
from citybraid.store.store import Store
from citybraid.study.explain.checking import check
from citybraid.study.open.open_study import open_study
from citybraid.study.run.pipeline import run_study
from tests.study.made_study import STORED, Made

EXAMPLES = 3
"""Studies drawn beside those that are named: each takes about three CPU seconds."""
ZONES = ("3A", "2B", "1A", "5B")
MEASURES = ("green_roof", "rain_garden", "rooftop_pv", "permeable_paving", "built_form")
SOIL = {"resilience.soil": {"soil_group": "C"}, "resilience.curve_number": {"soil_group": "C"}}
SHORT = {"resilience.flood": {"recession": "0"}}
"""No water is followed after the rain: what is looked for is not in the depths."""


@st.composite
def studies(draw: st.DrawFn) -> Made:
    """A study of some of the files: parcels or buildings among them, so that there is an area."""
    roles = draw(st.sets(st.sampled_from(sorted(STORED)))) | {draw(st.sampled_from(["parcels", "buildings"]))}
    zone = draw(st.sampled_from(["", *ZONES]))
    energy = {"lowcarbon.building_energy": {"climate_zone": zone}} if zone else {}
    return Made(
        Path(),
        tuple(sorted(roles)),
        region=draw(st.sampled_from(["CN", "CN-ZJ-JX", "CN-SH", "ID-JK"])),
        resolution=draw(st.sampled_from([20.0, 40.0])),
        storms=tuple(sorted(draw(st.sets(st.sampled_from([5.0, 20.0]))))),
        floor_areas=draw(st.sampled_from([14, 14, 10, 0])),
        parameters={**SHORT, **energy, **(SOIL if draw(st.booleans()) else {})},
        alternatives=("as_is", "other")[: draw(st.integers(1, 2))],
        measures=tuple(sorted(draw(st.sets(st.sampled_from(MEASURES), max_size=2)))),
        budget=draw(st.booleans()),
        candidates=tuple(sorted(draw(st.sets(st.sampled_from(MEASURES[:-1]), max_size=2)))),
        runs=draw(st.sampled_from([0, 0, 8])),
        drains=draw(st.sampled_from(["", "", "apart", "coupled"])),
    )


ALL = tuple(sorted(set(STORED) - {"rain_field", "drainage"}))


@settings(max_examples=EXAMPLES)
@given(made=studies())
@example(made=Made(Path(), ("parcels", "storm", "terrain"), storms=(20.0,)))
@example(made=Made(Path(), ALL, storms=(5.0, 20.0), region="CN-SH", parameters=SHORT))
@example(
    made=Made(
        Path(),
        ("buildings", "land_cover", "parcels", "terrain"),
        storms=(5.0, 20.0),
        region="CN-SH",
        resolution=40.0,
        parameters={**SHORT, **SOIL},
        alternatives=("as_is", "other"),
        measures=("rain_garden",),
        budget=True,
        candidates=("rain_garden",),
        runs=8,
    )
)
@example(made=Made(Path(), ("parcels", "rain_field", "terrain"), resolution=40.0, parameters=SHORT))
@example(
    made=Made(
        Path(),
        ("buildings", "parcels", "storm", "terrain"),
        region="CN-SH",
        resolution=40.0,
        parameters={**SHORT, **SOIL},
        runs=8,
    )
)
def test_a_study_that_is_ready_runs_to_its_end(made: Made, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("ready")  # below the folder that the shared worker reads, each example's its own
    try:
        path = Made(**{**vars(made), "folder": folder}).written()
        try:
            study = open_study(path)
        except PlanError:
            return  # refused by the first line of `check`
        store = Store(folder / ".citybraid" / "store")
        found = check(study, store)
        if found.refused:
            return
        run = run_study(study, store=store, threads=1)
        without = {name for name, each in study.asked.alternatives.items() if each.portfolio and run.choice is None}
        assert set(run.alternatives) == set(study.asked.alternatives) - without, (
            "nothing can be built, and that is told"
        )
        for name, planned in found.plans.items():
            if name != "chosen":  # its measures are chosen in the run
                assert run.gaps(name) == planned.gaps
    finally:
        shutil.rmtree(folder)
