"""What a study file may say wrong, and what happens to runs whose folders or stores are damaged."""

import json
import re
import shutil
import threading
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from citybraid.core.errors import InputError, InputErrors, PlanError, StoreError
from citybraid.core.text import LANGUAGES
from citybraid.store.store import Store
from citybraid.study.explain.explanation import explain
from citybraid.study.open.open_study import open_study
from citybraid.study.open.pilots import copy_pilot, generate
from citybraid.study.open.study_intake import take_in_study
from citybraid.study.run.migration import MANIFEST
from citybraid.study.run.run import Run, next_folder, write

pytestmark = pytest.mark.slow

WRONG = {
    "text_for_a_number": ("resolution = 5\n", 'resolution = "five"\n', "study.resolution"),
    "not_finite": ("total = 120_000_000", "total = 1e999", "budget.total"),
    "title_in_one_language": ('{ zh = "现状", en = "Existing conditions" }', '{ zh = "现状" }', "as_is.title"),
    "title_in_no_language": ('en = "Existing conditions" }', 'en = "Existing", klingon = "x" }', "as_is.title"),
    "crs_in_wide_digits": ('crs = "EPSG:4549"\nregion', 'crs = "EPSG:４５４９"\nregion', "study.crs"),
    "crs_in_degrees": ('crs = "EPSG:4549"\nregion', 'crs = "EPSG:4490"\nregion', "EPSG:4490"),
    "path_with_a_control_character": ("data/地形高程_合成.tif", "a\\u0000b", "files.terrain.path"),
    "path_too_long": ("data/地形高程_合成.tif", "x" * 5000, "files.terrain.path"),
    "no_path": ('path = "data/地形高程_合成.tif"', "path = []", "files.terrain.path"),
    "event_that_leaves_its_folder": ('event = "user"', 'event = "../x"', "files.storm.event"),
    "alternative_that_leaves_its_folder": ("[alternatives.scheme_a]", '[alternatives."../../x"]', "../../x"),
    "two_storms_of_one_name": ('label = "p20"', 'label = "p5"', "p5"),
    "two_objectives_of_one_name": ('id = "shade"', 'id = "carbon"', "carbon"),
    "objective_named_cost": ('id = "shade"', 'id = "cost"', "cost"),
    "one_goal_on_three_axes": ('["carbon", "waterlogging", "shade"]', '["carbon", "carbon", "carbon"]', "trade_off"),
    "goal_without_direction": ('indicator = "canopy_cover"', 'indicator = "residents"', "shade"),
    "budget_without_portfolio": ("portfolio = true", "portfolio = false", "portfolio = true"),
    "two_portfolios": ("[alternatives.scheme_a]", "[alternatives.scheme_a]\nportfolio = true", "scheme_a"),
    "share_of_a_measure": ("share = 0.5", "share = 2", "share"),
    "negative_seed": ("seed = 1", "seed = -1", "generator.town.seed"),
    "number_without_end": ("year = 2025", f"year = {'9' * 5000}", "study.toml"),
}


@pytest.fixture(scope="module")
def pilot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_pilot("jiaxing-hsr", tmp_path_factory.mktemp("坏 项目"))


def refused(path: Path) -> PlanError:
    with pytest.raises(PlanError) as caught:
        open_study(path)
    assert caught.value.exit_code == 2
    return caught.value


@pytest.mark.parametrize(("old", "new", "named"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_in_a_study_is_named_in_both_languages(pilot: Path, old: str, new: str, named: str) -> None:
    text = pilot.read_text(encoding="utf-8")
    assert old in text
    path = pilot.parent / "坏 study.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    said = {language: refused(path).say(language) for language in LANGUAGES}
    assert all(named in words for words in said.values()), said
    assert not re.search(r"Input should|Value error", said["zh"])


@pytest.mark.parametrize("parent", ['"a\\u0000b"', '"坏 self.toml"', '"gone.toml"', "7"])
def test_what_a_study_extends_must_be_there_and_extend_nothing(pilot: Path, parent: str) -> None:
    path = pilot.parent / "坏 self.toml"
    path.write_text(f"extends = {parent}\n", encoding="utf-8")
    refused(path)


@pytest.mark.parametrize(
    "content", [b"\xff\xfe", "题 = 1".encode("gbk"), b"a=" + b"[" * 3000 + b"]" * 3000, b"", b"study = 1"]
)
def test_what_is_no_study_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "study.toml").write_bytes(content)
    refused(tmp_path / "study.toml")


@pytest.mark.parametrize("generator", ["hamlet = { seed = 1 }", "terrain = { seed = 1 }", "town = { sed = 1 }"])
def test_an_unknown_generator_and_its_options_are_refused_before_a_file_is_made(pilot: Path, generator: str) -> None:
    path = pilot.parent / "坏 generator.toml"
    text = pilot.read_text(encoding="utf-8").replace("town = { seed = 1 }", generator)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="generator"):
        generate(open_study(path))
    assert not (pilot.parent / "data").exists()


def test_generated_files_never_replace_a_users(town_copy: Path) -> None:
    edited, gone = town_copy.parent / "data" / "降雨过程_合成.csv", town_copy.parent / "data" / "weather_synthetic.epw"
    edited.write_text("mine", encoding="utf-8")
    gone.unlink()
    assert generate(open_study(town_copy)) == (gone,)
    assert edited.read_text(encoding="utf-8") == "mine"
    assert not list(town_copy.parent.glob(".made-*"))


def test_a_file_that_brings_the_rain_of_a_design_storm_is_told(town_copy: Path, read_store: Store) -> None:
    text = town_copy.read_text(encoding="utf-8")
    town_copy.write_text(text.replace('event = "user"', 'event = "p20"'), encoding="utf-8")
    taken = take_in_study(open_study(town_copy), read_store)
    (told,) = [each for each in taken.findings if each.text == "study.storm_given"]
    assert "p20" in told.say("en")
    assert "20" in told.say("zh")


def test_a_grid_too_fine_for_any_machine_is_refused_before_rasters_are_read(town_copy: Path, tmp_path: Path) -> None:
    text = town_copy.read_text(encoding="utf-8")
    town_copy.write_text(text.replace("resolution = 40\n", "resolution = 0.125\n", 1), encoding="utf-8")
    with pytest.raises(InputErrors) as caught:
        take_in_study(open_study(town_copy), Store(tmp_path / "store"))
    assert [each.text for each in caught.value.problems] == ["study.grid_large"]


def test_runs_that_end_at_once_get_a_folder_each(ran: Run, tmp_path: Path) -> None:
    manifest, table = ran.manifest, pd.DataFrame({"a": [1.0]})
    made: list[Path] = []
    threads = [
        threading.Thread(target=lambda: made.append(write(tmp_path / "runs", None, manifest, {"t": table})))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(path.name for path in made) == [f"{number:03d}" for number in range(1, 7)]
    assert sorted(path.name for path in (tmp_path / "runs").iterdir()) == [f"{number:03d}" for number in range(1, 7)]


def test_a_run_that_cannot_be_written_leaves_no_folder(ran: Run, tmp_path: Path) -> None:
    twice = pd.DataFrame([[1, 2]], columns=["a", "a"])
    with pytest.raises(ValueError, match="Duplicate"):
        write(tmp_path / "runs", None, ran.manifest, {"t": twice})
    assert not list((tmp_path / "runs").iterdir())
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(StoreError, match="cannot be written"):
        write(tmp_path / "file" / "runs", None, ran.manifest, {})


def test_no_run_is_written_over_what_is_there(ran: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="holds something"):
        write(tmp_path / "runs", tmp_path, ran.manifest, {})
    assert next_folder(tmp_path).name == "001"


def test_a_damaged_run_is_refused_part_by_part(ran: Run, tmp_path: Path) -> None:
    folder = tmp_path / "001"
    shutil.copytree(ran.folder, folder, ignore=shutil.ignore_patterns("report"))
    whole = (folder / MANIFEST).read_text(encoding="utf-8")
    for content in (whole[:500], "[]", '{"store": 1}', json.dumps(json.loads(whole) | {"alternatives": {"a": 1}})):
        (folder / MANIFEST).write_text(content, encoding="utf-8")
        with pytest.raises(InputError, match="001"):
            Run.open(folder)
    half_priced: dict[str, Any] = json.loads(whole)["choice"] | {"prices": {"green_roof": {"build": 1.0}}}
    others: list[Any] = [{}, {"prices": {}}, half_priced]
    for choice in others:
        (folder / MANIFEST).write_text(json.dumps(json.loads(whole) | {"choice": choice}), encoding="utf-8")
        with pytest.raises(InputError, match=r"choice\.\w.* is damaged or of another version"):
            Run.open(folder)
    (folder / MANIFEST).write_text(whole, encoding="utf-8")
    table = next((folder / "tables" / "units").iterdir())
    table.write_bytes(b"x")
    with pytest.raises(InputError, match="cannot be read"):
        explain(Run.open(folder), "residents")
    table.unlink()
    with pytest.raises(InputError, match="cannot be read"):
        explain(Run.open(folder), "residents")


def test_a_cut_record_of_a_step_counts_as_none(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    store.note("abcd", {"seconds": 1.0})
    (tmp_path / "store" / "steps" / "ab" / "abcd.json").write_text('{"sec', encoding="utf-8")
    assert store.noted("abcd") is None


def test_a_store_that_is_only_read_makes_no_folder(tmp_path: Path) -> None:
    assert not Store(tmp_path / "store").has("k")
    assert not (tmp_path / "store").exists()
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(StoreError, match="cannot be written"):
        Store(tmp_path / "file" / "store").put("k", 1.0)
