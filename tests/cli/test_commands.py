"""The commands that tell what there is, make a study from files, and check it."""

import inspect
import json
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from citybraid.cli.app import app
from citybraid.core import catalogue, factor
from citybraid.planning.rows import indicators
from citybraid.sources.synthetic.town import write_town
from tests.commands import apart, citybraid


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("资料")
    write_town(folder)
    return folder


@pytest.mark.parametrize("words", [["models"], ["measures"], ["indicators"]])
def test_lists_hold_what_there_is(words: Sequence[str]) -> None:
    found = json.loads(citybraid(*words, "--json").stdout)
    wanted = {
        "models": {name for name, told in catalogue.known().items() if told["stage"] is None},
        "measures": {name for name, told in catalogue.known().items() if told["stage"] is not None},
        "indicators": set(indicators()),
    }[words[0]]
    assert {each["id"] for each in found} == wanted if words[0] == "indicators" else set(found) == wanted
    assert apart(*words).returncode == 0


def test_factor_rows_as_csv_can_be_given_back(tmp_path: Path) -> None:
    done = citybraid("factors", "grid_emission_factor", "--csv")
    (tmp_path / "factors.csv").write_text(done.stdout, encoding="utf-8")
    rows = factor.read(tmp_path / "factors.csv")
    assert len(rows) == sum(row.factor == "grid_emission_factor" for row in factor.shipped().rows)
    assert {row.status for row in rows} <= set(factor.STATUSES)


def test_sources_and_notes_of_factors_are_told_in_the_language_asked_for() -> None:
    english, chinese = (citybraid("factors", "measure_lifetime", "--lang", lang).stdout for lang in ("en", "zh"))
    assert "middle of the range 8 to 30 years" in " ".join(english.split())
    assert "8～30 年的中值" in "".join(chinese.split("\n")).replace("  ", "")


def test_every_word_of_a_study_file_is_told() -> None:
    told = citybraid("words").stdout
    assert "study.crs*" in told
    assert "budget.trade_off" in told


@pytest.mark.slow
@pytest.mark.own_worker
def test_a_study_is_made_from_a_folder_of_files(files: Path, tmp_path: Path) -> None:
    done = citybraid("new", str(tmp_path / "新 项目"), "--files", str(files), "--crs", "EPSG:4549")
    assert done.returncode == 0, done.stderr
    text = (tmp_path / "新 项目" / "study.toml").read_text(encoding="utf-8")
    for role in ("parcels", "buildings", "terrain", "land_cover", "weather", "storm", "population"):
        assert f"[files.{role}]" in text, text
    assert text.count("#") > 20
    assert "Can be computed now" in done.stdout
    again = citybraid("new", str(tmp_path / "新 项目"), "--files", str(files))
    assert again.returncode == 2
    assert "has a study already" in again.stderr


@pytest.mark.slow
def test_check_tells_what_is_there_and_what_one_more_file_would_add(files: Path, tmp_path: Path) -> None:
    shutil.copytree(files, tmp_path / "data")
    study = tmp_path / "study.toml"
    study.write_text(
        '[study]\nname = "bare"\ntitle = { zh = "甲", en = "A" }\ncrs = "EPSG:4549"\nregion = "CN"\nyear = 2025\n'
        "resolution = 20\n"
        '[files.terrain]\npath = "data/地形高程_合成.tif"\n[files.land_cover]\npath = "data/地表覆盖_合成.tif"\n',
        encoding="utf-8",
    )
    done = citybraid("check", str(study), "--no-report")
    assert done.returncode == 0, done.stderr
    assert "missing: Storm" in done.stdout
    assert "缺少：暴雨" in done.stdout
    told = json.loads(citybraid("check", str(study), "--json", "--no-report").stdout)
    assert told["completeness"]["terrain"] > 0.99
    assert "lowcarbon.building_energy" in {gap["model"] for gap in told["gaps"]}


def test_pilots_are_copied_and_unknown_ones_refused(tmp_path: Path) -> None:
    assert citybraid("new", str(tmp_path / "西安"), "--from", "xian-units").returncode == 0
    assert (tmp_path / "西安" / "study.toml").exists()
    done = citybraid("new", str(tmp_path / "b"), "--from", "atlantis")
    assert done.returncode == 2
    assert "jiaxing-hsr" in done.stderr


def test_absent_pilot_data_are_told_file_by_file(tmp_path: Path) -> None:
    citybraid("new", str(tmp_path / "西安"), "--from", "xian-units")
    study = tmp_path / "西安" / "study.toml"
    assert "\ndata = " not in study.read_text(encoding="utf-8")
    done = citybraid("run", str(study))
    assert done.returncode == 2
    assert "xian_dem.tif" in done.stderr
    assert "--data" in done.stderr
    assert not (tmp_path / "西安" / "runs").exists()


@pytest.mark.slow
def test_a_run_too_large_for_the_machine_is_refused_with_the_numbers(
    files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(files, tmp_path / "data")
    study = tmp_path / "study.toml"
    study.write_text(
        '[study]\nname = "huge"\ntitle = { zh = "甲", en = "A" }\ncrs = "EPSG:4549"\nregion = "CN-JS-SZ"\nyear = 2025\n'
        'resolution = 2.5\nscreening_resolution = 2.5\n[[storms]]\nlabel = "p5"\nreturn_period = 5\n'
        '[parameters."resilience.soil"]\nsoil_group = "C"\n[parameters."resilience.curve_number"]\nsoil_group = "C"\n'
        '[files.terrain]\npath = "data/地形高程_合成.tif"\n[files.land_cover]\npath = "data/地表覆盖_合成.tif"\n'
        '[alternatives.as_is]\ntitle = { zh = "现状", en = "As is" }\n',
        encoding="utf-8",
    )
    monkeypatch.setattr("citybraid.study.run.preflight.free_mib", lambda: 64.0)
    done = citybraid("run", str(study))
    assert done.returncode == 2, done.stderr
    assert "64 MiB are free" in done.stderr
    assert not (tmp_path / "runs").exists()


def test_every_command_takes_a_language() -> None:
    groups = [app, *(each.typer_instance for each in app.registered_groups if each.typer_instance)]
    commands = [each.callback for group in groups for each in group.registered_commands if each.callback]
    assert len(commands) > 15
    lacking = [each.__name__ for each in commands if "lang" not in inspect.signature(each).parameters]
    assert lacking == ["open_case", "model"], (
        "the server's own, which speaks JSON; and one that reads its options itself"
    )
    assert "--lang" in citybraid("model", "resilience.soil", "--help").stdout


@pytest.mark.parametrize("words", [["models"], ["measures"], ["indicators"], ["factors"], ["languages"], ["formats"]])
def test_a_list_speaks_the_language_asked_for(words: Sequence[str]) -> None:
    both, chinese, english = (citybraid(*words, *more).stdout for more in ([], ["--lang", "zh"], ["--lang", "en"]))
    head = chinese.splitlines()[0].strip()
    assert not re.search(r"[a-z]{3}", head), head
    assert not re.search(r"[\u4e00-\u9fff]", english.replace("中文", "")), english
    assert head in both.splitlines()[0]
    assert citybraid(*words, "--lang", "tlh").returncode == 2
