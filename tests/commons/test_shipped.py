"""Cases of pilots that come with the program: cards of real runs, found, compared and shown without a library."""

import json
import shutil
from pathlib import Path

import pytest

from citybraid.commons.form.lessons import TOPICS, read_lessons
from citybraid.commons.library import shipped as module
from citybraid.commons.library.effects import effects_of
from citybraid.commons.library.facets import FACETS, facets
from citybraid.commons.library.index import find
from citybraid.commons.library.likeness import alike
from citybraid.commons.library.shipped import shipped, shipped_bytes, shipped_text, shown
from citybraid.commons.site.site import write_site
from citybraid.core.text import LANGUAGES, say
from tests.commands import citybraid
from tests.discovered import ROOT

PILOTS = ROOT / "src" / "citybraid" / "pilots"
MOST_BYTES = 1_000_000
"""Most that all cards may add to the package."""


@pytest.fixture(autouse=True)
def _with_cases(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "shipped", shipped)


def test_cards_are_small_and_of_pilots() -> None:
    files = sorted(PILOTS.glob("*/case*.json"))
    assert len(files) == len(shipped()) >= 8
    assert sum(path.stat().st_size for path in files) < MOST_BYTES
    assert all((path.parent / "study.toml").is_file() for path in files)


@pytest.mark.parametrize("name", [each.name for each in shipped()])
def test_each_tells_its_lessons_in_both_languages_and_numbers_of_a_run(name: str) -> None:
    version = next(each for each in shipped() if each.name == name)
    assert version.card is not None
    assert version.origin is not None
    assert version.card.lessons == read_lessons(PILOTS / version.origin.pilot / "lessons.toml")
    for topic in TOPICS:
        assert {*getattr(version.card.lessons, topic)} == {"zh", "en"}, topic
    assert version.card.indicators
    assert version.card.basis
    assert version.file is None
    assert version.state == "shipped"


def test_a_coarse_run_says_so_in_both_languages() -> None:
    told = [(each, shipped_text(each)) for each in shipped()]
    for each, text in told:
        assert each.origin is not None
        assert text is not None
        said = {language: say(text.text, language, **text.values) for language in LANGUAGES}
        assert each.origin.day in said["en"]
        assert ("coarser" in said["en"]) == ("粗于" in said["zh"]) == (each.origin.cells > each.origin.own_cells)
        assert each.origin.cells >= each.origin.own_cells


def test_written_anew_a_card_is_the_same_bytes() -> None:
    for path in sorted(PILOTS.glob("*/case*.json")):
        version = module.read_shipped(path)
        assert version.card is not None
        assert version.origin is not None
        day, _, cells, own, _ = version.origin
        pilot = json.loads(path.read_text(encoding="utf-8"))["pilot"]
        assert shipped_bytes(version.card, day=day, cells=cells, own_cells=own, pilot=pilot) == path.read_bytes()


def test_a_pilot_that_has_changed_since_is_told(tmp_path: Path) -> None:
    shutil.copytree(PILOTS / "gothenburg", tmp_path / "gothenburg", ignore=shutil.ignore_patterns("data", "runs"))
    card = tmp_path / "gothenburg" / "case.json"
    told = json.loads(card.read_text(encoding="utf-8")) | {"pilot": module.pilot_digest(card.parent)}
    card.write_text(json.dumps(told), encoding="utf-8")
    as_run, study = shipped_text(module.read_shipped(card)), card.with_name("study.toml")
    study.write_text(study.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    since = shipped_text(module.read_shipped(card))
    assert as_run is not None
    assert since is not None
    assert "changed since" not in say(as_run.text, "en", **as_run.values)
    assert say(since.text, "en", **since.values).endswith("The pilot has changed since.")
    assert say(since.text, "zh", **since.values).endswith("该试点此后有改动。")


def test_without_a_library_they_are_found_in_both_languages_with_facets_and_places_alike() -> None:
    for words in ("积水", "waterlogging", "生境", "fields"):
        assert find(None, words), words
    cards = [each.card for each in shipped() if each.card is not None]
    assert {facet for facet, values in facets(cards).items() if len(values) > 1} >= {
        "climate",
        "form",
        "hazard",
        "measure",
    }
    assert set(facets(cards)) == set(FACETS)
    nearest = alike(cards[0].features, [each for each in shipped() if each.name != cards[0].name])
    assert nearest[0].distance < nearest[-1].distance
    assert nearest[0].terms


def test_effects_of_a_measure_are_told_across_them_with_limits() -> None:
    measures = {each.measure.rpartition(".")[2] for one in shipped() if one.card for each in one.card.effects}
    told = {name: effects_of(name, shipped()) for name in measures}
    assert max(each.n for one in told.values() for each in one.distributions) >= 2
    assert all(one.limits for one in told.values())


def test_a_case_of_the_library_stands_before_that_of_the_program() -> None:
    class Held:
        names = (shipped()[0].name,)

        @staticmethod
        def published() -> tuple[object, ...]:
            return ()

    assert shipped()[0].name not in {each.name for each in shown(Held())}  # type: ignore[arg-type]
    assert len(shown(None)) == len(shipped())


def test_the_commands_read_them_and_tell_units_as_people_write_them() -> None:
    said = {language: citybraid("case", "effect", "cool_roof", "--lang", language).stdout for language in LANGUAGES}
    assert "m² per hectare" in said["en"]
    assert "m2" not in "".join(said.values())
    costs = citybraid("case", "find", "上海", "--lang", "zh").stdout
    assert "元" in costs
    assert "CNY " not in costs
    compared = citybraid("case", "compare", *(each.name for each in shipped()[:2]), "--lang", "en").stdout
    assert "year-1" not in compared


def test_a_site_of_them_alone_says_of_each_what_it_is(tmp_path: Path) -> None:
    site = write_site(None, tmp_path / "site")
    assert site.cases == len(shipped())
    for each in shipped():
        page = (tmp_path / "site" / "cases" / each.name / "index.html").read_text(encoding="utf-8")
        assert "Comes with citybraid" in page
        assert "随 citybraid 附带" in page
        assert "download" not in page
