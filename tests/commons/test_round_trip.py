"""A study run, packed, opened in another place and run there: the same numbers; and what a re-run finds."""

import csv
import json
from pathlib import Path

import pytest

from citybraid.commons.opening.opened import open_case
from citybraid.commons.opening.verification import SampledValue, sample, verify
from citybraid.commons.packing.pack import Packed, PackOptions, pack
from citybraid.core.errors import InputError
from citybraid.study.open.open_study import open_study
from citybraid.study.run.pipeline import run_study
from tests.commands import citybraid
from tests.commons.made_case import parts_of, rewritten
from tests.study.made_study import STORED, Made

pytestmark = pytest.mark.slow
ROLES = ("parcels", "buildings", "terrain", "land_cover")


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Packed:
    """A small study whose inputs may all be passed on, run and packed."""
    folder = tmp_path_factory.mktemp("here")
    study = Made(folder, ROLES).written()
    text = study.read_text(encoding="utf-8")
    for role in ROLES:
        text = text.replace(f"[files.{role}]\n", f'[files.{role}]\nlicence = "CC0-1.0"\n')
    study.write_text(text, encoding="utf-8")
    run = run_study(open_study(study), threads=1)
    return pack(run, tmp_path_factory.mktemp("case") / "made.case.zip", PackOptions(study=study))


def test_the_opened_case_runs_to_the_same_numbers(case: Packed, tmp_path: Path) -> None:
    folder = tmp_path / "there" / "opened"
    open_case(case.file, folder)
    run = run_study(open_study(folder / "study" / "study.toml"), threads=1)
    with (folder / "results" / "indicators.csv").open(encoding="utf-8", newline="") as stream:
        told = list(csv.DictReader(stream))
    assert len(told) > 20
    for row in told:
        units = run.table(f"units/{row['alternative']}")
        assert units is not None
        assert float(row["value"]) == units.loc[row["zone"], row["indicator"]]
    provenance = json.loads((folder / "results" / "provenance.json").read_text(encoding="utf-8"))
    assert provenance["files"] == dict(run.manifest.files), "the same files, by content key"
    assert {key for step in provenance["steps"].values() for key in step["makes"]} == {
        key for step in run.manifest.steps.values() for key in step.makes
    }


def test_a_sample_is_computed_again_from_the_file_alone(case: Packed) -> None:
    verified = verify(case.file, rerun=12)
    assert len(verified.sample) == 12
    assert verified.holds
    assert len({each.indicator for each in verified.sample}) > 3


def test_a_case_that_tells_other_numbers_than_its_inputs_give_is_found(case: Packed, tmp_path: Path) -> None:
    parts = parts_of(case.file)
    rows = parts["results/indicators.csv"].decode().splitlines()
    changed = [rows[0]]
    for row in csv.reader(rows[1:]):
        row[4] = str(float(row[4]) * 1.01 + 1e-3)
        changed.append(",".join(f'"{cell}"' for cell in row))
    parts["results/indicators.csv"] = "\n".join(changed).encode()
    file = rewritten(tmp_path / "other.zip", parts)
    assert verify(file).holds, "its hashes are those of its card"
    done = citybraid("case", "verify", str(file), "--rerun", "5", "--quiet", "--lang", "en")
    assert done.returncode == 1
    assert "tells them: 0 of 5" in done.stdout


def test_without_its_inputs_a_case_is_not_computed_again(tmp_path: Path) -> None:
    study = Made(tmp_path, ("parcels", "terrain")).written()
    run = run_study(open_study(study), threads=1)
    case = pack(run, tmp_path / "out.case.zip", PackOptions(study=study))
    with pytest.raises(InputError, match="parcels, terrain"):
        verify(case.file, rerun=3)
    with pytest.raises(InputError, match="parcels, terrain"):
        verify(case.file, rerun=3, data=tmp_path / "nowhere")
    verified = verify(case.file, rerun=3, data=tmp_path)
    assert len(verified.sample) == 3
    assert verified.holds


def test_other_bytes_than_those_of_the_case_are_not_computed_with(tmp_path: Path) -> None:
    study = Made(tmp_path, ("parcels", "terrain")).written()
    case = pack(run_study(open_study(study), threads=1), tmp_path / "out.case.zip", PackOptions(study=study))
    with (tmp_path / STORED["terrain"]).open("ab") as stream:
        stream.write(b" ")
    with pytest.raises(InputError, match="terrain") as told:
        verify(case.file, rerun=3, data=tmp_path)
    assert "parcels" not in str(told.value)


def test_the_same_case_gives_the_same_sample() -> None:
    rows = [SampledValue(name, str(zone), "i", 1.0, 0.0) for name in ("a", "b") for zone in range(50)]
    first = sample(rows, {"a"}, 10, "id")
    assert first == sample(list(reversed(rows)), {"a"}, 10, "id")
    assert {each.alternative for each in first} == {"a"}
    assert first != sample(rows, {"a"}, 10, "another")


def test_values_agree_within_the_tolerance_of_other_machines() -> None:
    assert SampledValue("a", "", "i", 1.0, 1.0 + 5e-6).holds
    assert not SampledValue("a", "", "i", 1.0, 1.0 + 5e-5).holds
    assert not SampledValue("a", "", "i", 1.0, float("nan")).holds
    assert SampledValue("a", "", "i", 0.0, 0.0).holds
