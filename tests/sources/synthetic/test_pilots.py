"""The pilots' studies: what they name is there, and the synthetic one goes through the ordinary intake whole."""

from importlib.resources import as_file, files
from pathlib import Path

import pytest
import shapely

from citybraid.core import factor
from citybraid.sources.intake.intake import Intake, take_in
from citybraid.sources.protocol.target import Target
from citybraid.study.open.schema import StudyFile, read
from tests.sources.synthetic.conftest import Town

PILOTS = files("citybraid") / "pilots"


def _study(name: str) -> StudyFile:
    with as_file(PILOTS / name / "study.toml") as path:
        return read(path)


@pytest.fixture(scope="module")
def intake(folder: Path) -> Intake:
    """The pilot's files as the intake reads them."""
    study = _study("jiaxing-hsr")
    return take_in(study.files, Target(study.study.crs, study.study.resolution), root=folder.parent)


def _column(intake: Intake, name: str) -> object:
    return next(found.value for found in intake.layers if found.var.name == name)


def test_the_synthetic_study_says_so_everywhere() -> None:
    about = _study("jiaxing-hsr").study
    assert about.synthetic
    assert "合成" in about.title["zh"]
    assert "synthetic" in about.title["en"]
    assert about.note is not None
    assert "苏州" in about.note["zh"]


def test_the_study_names_the_files_that_the_generator_writes(folder: Path) -> None:
    study = _study("jiaxing-hsr")
    named = {Path(path).name for spec in study.files.values() for path in spec.paths}
    written = {path.name for path in folder.iterdir()}
    assert named <= written
    assert {name for name in written - named if not name.endswith((".dbf", ".shx"))} == set()
    assert study.generator == {"town": {"seed": 1}}


@pytest.mark.slow
def test_intake_returns_every_parcel_without_mojibake(intake: Intake, town: Town) -> None:
    shapes, codes, numbers = (_column(intake, name) for name in ("parcels", "land_use", "plot_number"))
    assert len(shapes) == len(town.parcels)  # type: ignore[arg-type]  # a geometry column
    said = dict(zip(numbers, codes, strict=True))  # type: ignore[call-overload]  # two columns
    assert said == {parcel.number: parcel.code for parcel in town.parcels}
    drawn = dict(zip(numbers, shapes, strict=True))  # type: ignore[call-overload]  # two columns
    for parcel in town.parcels:
        assert shapely.area(drawn[parcel.number]) == pytest.approx(parcel.shape.area, rel=1e-3)


@pytest.mark.slow
def test_intake_attaches_the_controls_that_the_plan_states(intake: Intake, town: Town) -> None:
    numbers = _column(intake, "plot_number")
    stated = {parcel.number: parcel.controls for parcel in town.parcels if parcel.controls is not None}
    for name in ("floor_area_ratio", "building_density", "height_limit", "green_ratio"):
        column = _column(intake, name)
        read_ = dict(zip(numbers, column, strict=True))  # type: ignore[call-overload]  # two columns
        assert {key: read_[key] for key in stated} == pytest.approx({k: getattr(c, name) for k, c in stated.items()})


@pytest.mark.slow
def test_intake_rejects_nothing_and_tells_what_it_filled(intake: Intake, town: Town) -> None:
    told = {finding.text for finding in intake.findings}
    assert [f for f in intake.findings if f.kind == "rejected"] == []
    assert {"intake.year_filled", "intake.use_from_parcel", "intake.rings_closed", "intake.encoding_guessed"} <= told
    assert len(_column(intake, "buildings")) == len(town.buildings)  # type: ignore[arg-type]  # a geometry column


def test_rows_of_the_demo_have_a_source_or_are_marked_assumed() -> None:
    with as_file(PILOTS / "jiaxing-hsr" / "factors.csv") as path:
        rows = factor.read(path)
    assert all(row.source or (row.status == "assumed" and row.note) for row in rows)


def test_the_storm_is_suzhous_and_says_so() -> None:
    with as_file(PILOTS / "jiaxing-hsr" / "factors.csv") as path:
        book = factor.shipped().with_rows(factor.read(path))
    jiaxing = book.resolve("storm_formula", region=_study("jiaxing-hsr").study.region, year=2025)
    suzhou = factor.shipped().resolve("storm_formula", region="CN-JS-SZ", year=2025)
    assert dict(jiaxing) == dict(suzhou)
    assert all("Suzhou" in row.note for row in jiaxing.rows.values())


def test_every_measure_has_a_price_in_the_demo_but_those_of_nature_that_none_is_published_for() -> None:
    study = _study("jiaxing-hsr")
    with as_file(PILOTS / "jiaxing-hsr" / "factors.csv") as path:
        book = factor.shipped().with_rows(factor.read(path))
    named = {measure for objective in study.objectives for measure in objective.measures}
    for name in ("measure_cost", "measure_upkeep", "measure_lifetime"):
        unpriced = named - set(book.resolve(name, region=study.study.region, year=study.study.year))
        assert unpriced <= {"depaving", "pocket_park", "riparian_buffer"}, "page one names them as left out"


@pytest.mark.case("data/xian")
def test_the_xian_study_names_real_files(cases: Path) -> None:
    study = _study("xian-units")
    assert not study.study.synthetic
    assert study.study.note is not None
    assert "28" in study.study.note["en"]
    missing = [path for spec in study.files.values() for path in spec.paths if not (cases / "data" / path).is_file()]
    assert missing == []


@pytest.mark.case("data/shanghai")
@pytest.mark.parametrize("name", ["shanghai-xinhua", "shanghai-yangpu"])
def test_the_studies_of_shanghai_name_real_files_and_say_that_places_are_schematic(cases: Path, name: str) -> None:
    study = _study(name)
    assert not study.study.synthetic
    assert study.study.note is not None
    assert "schematic" in study.study.note["en"]
    assert "示意" in study.study.note["zh"]
    paths = [cases / "data" / path for spec in study.files.values() if not spec.made for path in spec.paths]
    assert [path for path in paths if not path.is_file()] == []
    assert "synthetic" in study.study.note["en"], "what the generator makes is named so"
    with as_file(PILOTS / name / "factors.csv") as path:
        assert all(row.source and row.status != "assumed" for row in factor.read(path))


def test_the_pilots_hold_no_program() -> None:
    with as_file(PILOTS) as folder:
        assert not list(folder.rglob("*.py"))
