"""A value outside its published range is told on page one, with value, range, source and reason, in both languages."""

from pathlib import Path

import pandas as pd
import pytest

from citybraid.report.chapter import Paragraph, Table, in_words
from citybraid.report.chapters import c10_first_page, c90_method
from citybraid.report.plausible import MOST
from citybraid.report.view import View
from citybraid.study.run.manifest import Manifest
from citybraid.study.run.run import Run, write
from tests.report.made_run import made_run

ROW = {
    "quantity": "emissions_per_resident", "use": "", "value": 8.125, "unit": "t CO2e person-1 year-1", "low": 2.36,
    "high": 3.83, "outside": True, "region": "CN", "status": "derived", "source": "A Source (2020)",
    "alternative": "as_is",
}  # fmt: skip
HOMES = ROW | {"quantity": "floor_area_per_person", "use": "residential", "value": 47.5, "unit": "m2 person-1"}


def view(folder: Path, *rows: dict[str, object]) -> View:
    run = made_run(folder)
    frames = {name: table for name in run.tables if (table := run.table(name)) is not None}
    manifest = Manifest.model_validate(run.manifest.model_dump(mode="json"))
    write(folder, folder / "compared", manifest, {**frames, "plausibility": pd.DataFrame(rows)})
    return View(Run.open(folder / "compared"))


def page_one(shown: View, language: str) -> list[str]:
    blocks = c10_first_page.chapter(shown).blocks
    return [in_words(block.text, language) for block in blocks if isinstance(block, Paragraph)]


def test_page_one_tells_it(tmp_path: Path) -> None:
    shown = view(tmp_path, ROW, HOMES)
    (english,) = [text for text in page_one(shown, "en") if "8.13" in text or "8.12" in text]
    assert "2.36 to 3.83 t CO₂e/(person·a)" in english
    assert "A Source (2020)" in english
    assert "more jobs than residents" in english
    (chinese,) = [text for text in page_one(shown, "zh") if "2.36 至 3.83" in text and "住宅" not in text]
    assert "超出已发表区间" in chinese
    assert "A Source (2020)" in chinese
    (homes,) = [text for text in page_one(shown, "zh") if "47.5" in text]
    assert "住宅" in homes


def test_nothing_is_said_of_values_inside(tmp_path: Path) -> None:
    texts = page_one(view(tmp_path, ROW | {"outside": False}), "en")
    assert not [text for text in texts if "published range" in text]


def test_open_ends_are_said_as_such(tmp_path: Path) -> None:
    texts = page_one(view(tmp_path, ROW | {"low": float("nan")}, HOMES | {"high": float("nan"), "value": 1.0}), "en")
    assert any("at most 3.83" in text for text in texts)
    assert any("at least 2.36" in text for text in texts)


@pytest.mark.parametrize("objective", [True, False])
def test_objectives_come_first_and_are_never_left_out(tmp_path: Path, objective: bool) -> None:
    others = [HOMES | {"use": f"use{number}"} for number in range(MOST + 2)]
    others[0] |= {"use": "residential"}
    name = (
        made_run(tmp_path / "first").manifest.asked.objectives[0].indicator if objective else "emissions_per_resident"
    )
    texts = [
        text for text in page_one(view(tmp_path, *others, ROW | {"quantity": name}), "en") if "published range" in text
    ]
    assert ("8.1" in texts[0]) == objective
    counted = f"{MOST + 2 + (not objective)} {'other ' if objective else ''}quantities lie outside published ranges"
    assert texts[-1].startswith(counted), "Yangpu's seven were other ones than none"
    assert "47.5" not in texts[-1]
    assert "residential" in texts[-1] or "homes" in texts[-1]


def test_deaths_are_told_whole_however_many_others_lie_outside(tmp_path: Path) -> None:
    """2 of 100 deaths in a province where 0.74 to 1.46 are published were a name in a list."""
    deaths = ROW | {"quantity": "heat_deaths_share", "value": 0.0155, "unit": "% year-1", "low": 0.0057, "high": 0.0113}
    rows = [HOMES | {"use": f"use{number}"} for number in range(MOST + 2)]
    shown = view(tmp_path, *rows, deaths)
    (english,) = [text for text in page_one(shown, "en") if "0.0155" in text]
    assert "outside the published range of 0.0057 to 0.0113" in english
    assert "One in a hundred deaths is 0.0078% of residents" in english
    assert "climate zone" in english
    (chinese,) = [text for text in page_one(shown, "zh") if "0.0155" in text]
    assert "0.0057 至 0.0113" in chinese
    assert "气候区" in chinese


def test_the_chapter_on_method_lists_every_comparison(tmp_path: Path) -> None:
    shown = view(tmp_path, HOMES | {"outside": False}, ROW)
    tables = [block for block in c90_method.chapter(shown).blocks if isinstance(block, Table)]
    (table,) = [each for each in tables if each.name == "plausibility"]
    assert len(table.frame) == 2
    assert in_words(table.frame["quantity"][0], "en") == "Net emissions per resident"


def test_one_value_of_all_alternatives_is_told_once(tmp_path: Path) -> None:
    rows = [ROW | {"alternative": name} for name in ("as_is", "one", "two")]
    (english,) = [text for text in page_one(view(tmp_path, *rows), "en") if "8.1" in text]
    assert "in 3 alternatives" in english
    assert english.count("8.1") == 1


GAS = ROW | {"quantity": "gas_intensity", "use": "residential", "value": 16.5, "unit": "kWh m-2 year-1", "low": 24.4,
             "high": 35.0}  # fmt: skip
PEOPLE = GAS | {"quantity": "gas_per_person", "value": 989.0, "unit": "kWh person-1 year-1", "low": 891.0,
                "high": 1279.0}  # fmt: skip


@pytest.mark.parametrize("outside", [True, False])
def test_what_lies_outside_per_area_is_told_per_person_once(tmp_path: Path, outside: bool) -> None:
    """Roomy homes burn little gas per floor area: 16.5 kWh of 60 m2 a person are the usual 990 kWh of a person."""
    shown = view(tmp_path, GAS, PEOPLE | {"outside": outside})
    said = {language: [text for text in page_one(shown, language) if "16.5" in text] for language in ("en", "zh")}
    (english,), (chinese,) = said["en"], said["zh"]
    told = "outside the published 891 to 1,279 kWh/(person·a) too" if outside else "within the published 891 to 1,279"
    assert f"Per person it is 989 kWh/(person·a) (As is), {told}" in english
    assert ("也超出" if outside else "区间 891 至") in chinese
    assert not [text for text in page_one(shown, "en") if "989" in text and text != english]


def test_a_reason_is_that_of_the_use_and_of_the_side(tmp_path: Path) -> None:
    """Schools above their range were explained by kitchens that the model leaves out, offices by roomy dwellings."""
    school = ROW | {"quantity": "electricity_intensity", "use": "school", "value": 49.8, "low": 16.0, "high": 40.0,
                    "unit": "kWh m-2 year-1"}  # fmt: skip
    (above,) = [text for text in page_one(view(tmp_path / "a", school), "en") if "49.8" in text]
    (below,) = [text for text in page_one(view(tmp_path / "b", school | {"value": 9.8}), "en") if "9.8" in text]
    assert "without air conditioning" in above
    assert "kitchens" in below
    (office,) = [text for text in page_one(view(tmp_path / "c", GAS | {"use": "office"}), "en") if "16.5" in text]
    assert "dwellings" not in office


def test_the_chapter_on_method_gives_the_reasons_that_page_one_promises(tmp_path: Path) -> None:
    tables = [block for block in c90_method.chapter(view(tmp_path, HOMES, ROW | {"outside": False})).blocks
              if isinstance(block, Table)]  # fmt: skip
    (table,) = [each for each in tables if each.name == "plausibility"]
    assert [in_words(each, "en") for each in table.frame["reason"]][1] == ""
    assert "second homes" in in_words(table.frame["reason"][0], "en")
