import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from citybraid.core.errors import InputError
from citybraid.report.chapter import Figure, Paragraph, Table, chapter_functions, in_words
from citybraid.report.view import View
from citybraid.report.write import write_report
from citybraid.study.run.run import Run
from tests.report.made_run import made_run
from tests.written import Written


def test_the_report_has_every_product(report: Path) -> None:
    names = {path.relative_to(report).as_posix() for path in report.rglob("*") if path.is_file()}
    for name in (
        "report.html", "report.zh.docx", "report.en.docx", "report.zh.xlsx", "report.en.xlsx", "gis/plan.gpkg",
        "gis/as_is/max_depth_p50.tif", "cad/parcels_as_is_R2000.dxf", "cad/parcels_as_is_R2010.dxf",
        "maps/zh/max_depth_p50_as_is.png", "maps/en/max_depth_p50_change.png",
        "maps/en/max_depth_p50_side_by_side.png", "maps/zh/pareto_front.png",
    ):  # fmt: skip
        assert name in names


FITTED = 8
"""How far a picture's fitted colours may lie from those of the standard, which no eye tells apart [of 255]."""


def test_maps_differ_by_language_and_are_not_blank(report: Path) -> None:
    zh, en = (report / "maps" / language / "land_use_as_is.png" for language in ("zh", "en"))
    assert zh.read_bytes() != en.read_bytes()
    with Image.open(zh) as image:
        colours = image.convert("RGB").getcolors(1 << 24)
    assert colours is not None
    drawn = np.array([colour for _, colour in colours])
    for standard in ((255, 255, 45), (0, 255, 0)):
        apart = np.abs(drawn - standard).max(axis=1).min()
        assert apart <= FITTED


def test_progress_rises_to_one(town_report: Written) -> None:
    assert len(town_report.told) > 1
    assert town_report.told == sorted(town_report.told)
    assert town_report.told[-1] == 1.0


def test_a_language_or_system_that_there_is_not_is_refused(run: Run, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="language 'fr'"):
        write_report(run, tmp_path, languages=("fr",))
    with pytest.raises(InputError, match="unit system"):
        write_report(run, tmp_path, system="imperial")  # type: ignore[arg-type]  # what a caller might say


def said(run: Run, name: str, language: str = "en") -> str:
    chapter = next(made for make in chapter_functions() if (made := make(View(run))).name == name)
    return "\n".join(in_words(part.text, language) for part in chapter.blocks if isinstance(part, Paragraph))


def test_the_first_page_says_who_fails_why_and_the_cheapest_fix(run: Run) -> None:
    text = said(run, "first-page")
    assert "of 16 parcels with a limit to check, 5 breach at least one. 1 of them is a planned parcel" in text
    assert "Planned parcels that breach each control: Floor area ratio 1" in text
    assert "are assumed: not for quotation" in text
    table = failing(run)
    assert [in_words(part, "en") for part in table["why"]] == [
        "Floor area ratio 1.40 (must be ≤ 1.25)", "Green space ratio 10.0% (must be ≥ 35.0%)",
        "Water depth at buildings (largest storm) 0.45 m (must be ≤ 0.15 m)",
    ]  # fmt: skip
    assert in_words(table["parcel"].iloc[0], "zh", "planning").startswith("嘉南-03、")
    assert [in_words(part, "en") for part in table["measure"]] == [
        "nothing within reach", "Green roof 50%: 35.00%, 52,000 CNY (assumed price); limit reached",
        "nearest: Rain garden 100%: 0.31 m, 30,000 CNY (assumed price); limit not reached",
    ]  # fmt: skip
    assert "绿色屋顶 50%，至 35.00%，5.20 万元（价格为假定），达标" in in_words(
        table["measure"].iloc[1], "zh", "planning"
    )


def test_the_first_page_counts_the_gaps_that_no_objective_hangs_on(run: Run) -> None:
    text = said(run, "first-page")
    assert "1 further model could run with more data; no objective of this study needs them" in text
    assert "Not computed" not in text


def test_the_first_page_says_what_the_plan_must_change_by_the_size_of_the_plot(run: Run) -> None:
    plots = run.table("controls/as_is")
    assert plots is not None
    area = 1e4 * float(plots[(plots["control"] == "area") & (plots["parcel"] == "P003")]["computed"].iloc[0])
    new_limit = "or change the control Green space ratio from 35.0% to 10.0%"
    floor, green = (10 * math.ceil(round(share * area / 10, 6)) for share in (0.15, 0.25))
    assert [in_words(part, "en") for part in failing(run)["change"]] == [
        f"reduce floor area by {floor:,} m², or change the control Floor area ratio from 1.25 to 1.40",
        f"none with the measure; without it: add {green:,} m² of green space, {new_limit}",
        "raise ground floors by 0.30 m (with the measure 0.16 m)",
    ]  # fmt: skip


def failing(run: Run) -> pd.DataFrame:
    chapter = next(iter(chapter_functions()))(View(run))
    return next(part.frame for part in chapter.blocks if isinstance(part, Table) and part.name == "failing")


def test_coarse_files_forbid_reading_depths_street_by_street(run: Run, tmp_path: Path) -> None:
    def captions(made: Run) -> str:
        chapters = [make(View(made)) for make in chapter_functions()]
        return " ".join(in_words(b.caption, "en") for c in chapters for b in c.blocks if isinstance(b, Figure))

    assert "Native resolution 28 m: street depths are not supported" in captions(run)
    assert "street depths" not in captions(made_run(tmp_path, native=5.0))


def test_what_was_not_computed_is_said(run: Run) -> None:
    chapter = next(made for make in chapter_functions() if (made := make(View(run))).name == "lowcarbon")
    table = next(part for part in chapter.blocks if isinstance(part, Table) and part.name == "gaps_lowcarbon")
    said_of = zip(table.frame["model"], table.frame["needs"], strict=True)
    lacking = {in_words(model, "en"): in_words(needs, "en") for model, needs in said_of}
    assert "Second path to the total" in lacking
    assert all(lacking.values())


def test_how_much_rests_on_unsure_factors_is_said(run: Run) -> None:
    assert "1 of 1 factor row in use (100%)" in said(run, "method")


def test_a_run_without_a_choice_has_no_chapter_of_measures(tmp_path: Path) -> None:
    view = View(made_run(tmp_path, choice=False))
    chapters = {chapter.name: chapter for make in chapter_functions() if (chapter := make(view)).blocks}
    assert "measures" not in chapters
    assert {"first-page", "map", "plan", "method", "intake"} <= set(chapters)


def test_the_longest_return_period_stands_for_a_quantity_with_events(run: Run) -> None:
    view = View(run)
    layer = view.layer("as_is", "max_depth")
    assert layer is not None
    assert layer.label == "p50"
    assert view.events("as_is", "max_depth") == ["p5", "p50"]
