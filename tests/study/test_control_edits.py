"""A control table that comes back edited is made the study's: told who and what, and the next run reproduces it."""

from pathlib import Path

import geopandas as gpd
import pytest

from citybraid.core.errors import PlanError
from citybraid.report.returned.control_file import returned_controls
from citybraid.study.open.control_edits import ControlEdit, edit_problems, read_edits, write_edits
from citybraid.study.run.run import Run
from tests.commands import citybraid
from tests.study.made_study import Made

pytestmark = pytest.mark.slow
ROW = ControlEdit("P1", "甲-01", "floor_area_ratio", "2.5", "1.5", "李工", "2026-11-01", "改.gpkg")


def test_rows_are_read_back_as_they_were_written_and_added_to(tmp_path: Path) -> None:
    path = tmp_path / "study.edits.csv"
    write_edits(path, [ROW])
    write_edits(path, [ROW._replace(value="", quantity="green_ratio")])
    assert read_edits(path) == (ROW, ROW._replace(value="", quantity="green_ratio"))
    assert [each.name for each in tmp_path.iterdir()] == ["study.edits.csv"]


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"quantity": "floor_height"}, "edits.quantity"), ({"quantity": "no_such"}, "edits.quantity"),
        ({"value": "much"}, "edits.range"), ({"value": "nan"}, "edits.range"), ({"value": "-1"}, "edits.range"),
        ({"quantity": "land_use", "value": "9999"}, "edits.code"),
    ],
)  # fmt: skip
def test_a_row_that_is_no_control_is_told(change: dict[str, str], text: str) -> None:
    (problem,) = edit_problems([ROW._replace(**change)], file="x.csv")
    assert problem.text == text
    assert "甲-01" in problem.say("zh")
    assert not list(edit_problems([ROW], file="x.csv"))


@pytest.mark.parametrize("text", ["", "parcel,number\nP1,1\n", "\0"])
def test_half_a_file_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "half.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PlanError):
        read_edits(path)


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Run]:
    """A plan of nine parcels with stated controls, run with its report."""
    path = Made(tmp_path_factory.mktemp("修改 后"), ("parcels", "buildings", "land_cover")).written()
    done = citybraid("run", str(path))
    assert done.returncode == 0, done.stderr
    return path, Run.open(path.parent / "runs" / "001")


def layer_with(run: Run, folder: Path, **cells: float) -> Path:
    """Write the run's control layer with other values for its first parcel."""
    source = next((run.folder / "report").rglob("plan.gpkg"))
    frame = gpd.read_file(source, layer="control_table")
    for head, value in cells.items():
        frame.loc[frame.index[0], head] = value
    frame.to_file(folder / "改.gpkg", layer="control_table")
    return folder / "改.gpkg"


def test_what_cannot_be_taken_is_told_and_nothing_is_written(planned: tuple[Path, Run], tmp_path: Path) -> None:
    path, run = planned
    before = path.read_text("utf-8")
    file = layer_with(run, tmp_path, 容积率=-2.0)
    done = citybraid("controls", str(run.folder), str(file), "--write", str(path))
    assert done.returncode == 2
    assert "floor_area_ratio" in done.stderr
    assert path.read_text("utf-8") == before
    assert not list(path.parent.glob("*.csv*"))


def test_an_edited_table_is_the_study_s_and_its_run_reproduces_it(planned: tuple[Path, Run], tmp_path: Path) -> None:
    path, run = planned
    file = layer_with(run, tmp_path, 容积率=2.75, 建筑密度=35.0)
    done = citybraid("controls", str(run.folder), str(file), "--write", str(path), "--by", "李工", "--lang", "zh")
    assert done.returncode == 0, done.stderr
    assert "李工" in done.stdout
    assert path.read_text("utf-8").startswith('edits = "study.edits.csv"\n')
    rows = {row.quantity: row for row in read_edits(path.parent / "study.edits.csv")}
    assert (rows["floor_area_ratio"].before, rows["floor_area_ratio"].value) == ("1.5", "2.75")
    assert (rows["building_density"].before, rows["building_density"].value) == ("0.3", "0.35")
    again = citybraid("run", str(path))
    assert again.returncode == 0, again.stderr
    second = Run.open(path.parent / "runs" / "002")
    stated = second.table("controls/as_is")
    assert stated is not None
    far = stated[stated["control"] == "far"].set_index("parcel")["stated"]
    assert sorted(far.dropna().unique()) == [1.5, 2.75]
    left = returned_controls(second, file).changes
    assert [each for each in left if each.control in {"far", "bd"}] == []
    told = [each for each in second.manifest.findings if each.text == "edits.taken"]
    assert {each.layer for each in told} == {"floor_area_ratio", "building_density"}
    assert all("李工" in each.say("zh") for each in told)


def test_a_table_without_changes_and_another_study_are_refused(planned: tuple[Path, Run], tmp_path: Path) -> None:
    path, run = planned
    source = next((run.folder / "report").rglob("plan.gpkg"))
    done = citybraid("controls", str(run.folder), str(source), "--write", str(path))
    assert done.returncode == 2
    (tmp_path / "other").mkdir()
    other = Made(tmp_path / "other", ("parcels",)).written()
    other.write_text(other.read_text("utf-8").replace('name = "made"', 'name = "other"'), "utf-8")
    done = citybraid("controls", str(run.folder), str(source), "--write", str(other))
    assert done.returncode == 2
    assert "made" in done.stderr


def test_edits_of_parcels_that_are_gone_stop_the_run(tmp_path: Path) -> None:
    path = Made(tmp_path, ("parcels",)).written()
    write_edits(path.parent / "e.csv", [ROW])
    path.write_text(f'edits = "e.csv"\n{path.read_text("utf-8")}', "utf-8")
    done = citybraid("run", str(path))
    assert done.returncode == 2
    assert "P1" in done.stderr
