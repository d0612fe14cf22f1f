"""The special plan of the delta zone as shipped, on coarse cells and made-up weather: its page answers its question."""

from pathlib import Path

import numpy as np
import pytest

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.report.chapter import Figure, Paragraph, Table, in_words
from citybraid.report.drawing.cartography import MapFigure
from citybraid.report.drawing.scene import VectorPart
from citybraid.report.levels.special import special_chapter, write_special
from citybraid.sources.synthetic.files import write_epw
from citybraid.sources.synthetic.weather_year.weather import weather
from citybraid.study.open.pilots import copy_pilot
from citybraid.study.special.members import open_special
from citybraid.study.special.running import SpecialRun, run_special

pytestmark = pytest.mark.slow
GRIDS = {"qingpu": 0.5737, "wujiang": 0.5827, "jiashan": 0.4974}
"""Grid factors of Shanghai, Jiangsu and Zhejiang [kg kWh-1] (MEE and NBS notice 2025 no. 47, table 3)."""
LEFT_OUT = '"lowcarbon.hourly_balance", "biodiversity.mspa", "biodiversity.habitat_quality", "resilience.landslide"'
"""Models that the question does not need, to save time."""
TOWNS = 31
"""Eleven towns in Qingpu and Wujiang each, nine in Jiashan."""
PEOPLE = {"qingpu": 1_271_424, "wujiang": 1_545_023, "jiashan": 648_200}
"""Censuses of 2020."""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> SpecialRun:
    """The pilot on cells of 1 km, with the weather of the synthetic town."""
    folder, data = tmp_path_factory.mktemp("delta"), tmp_path_factory.mktemp("data")
    path = copy_pilot("delta-zone", folder)
    zone = folder / "zone.toml"
    text = zone.read_text(encoding="utf-8")
    for old, new in (("resolution = 200", "resolution = 1000"), ("skip = [", f"skip = [{LEFT_OUT},")):
        assert old in text
        text = text.replace(old, new)
    zone.write_text(text, encoding="utf-8")
    (data / "epw").mkdir()
    write_epw(data / "epw" / "CHN_Shanghai.Shanghai.583620_CSWD.epw", weather(1))
    return run_special(open_special(path, data=data))


def test_each_jurisdiction_has_its_people_and_its_own_grid(run: SpecialRun) -> None:
    own = run.joined.indicators.query("alternative == 'as_is'").set_index("jurisdiction")
    for name, people in PEOPLE.items():
        assert own["residents"][name] == pytest.approx(people, abs=1)
    assert own["residents"][WHOLE_AREA] == pytest.approx(3_464_647, abs=3)
    grid = run.joined.factors.query("factor == 'grid_emission_factor' and key == ''").set_index("jurisdiction")
    assert dict(grid["value"]) == GRIDS


def test_emissions_add_up_and_the_package_lowers_them(run: SpecialRun) -> None:
    for _, table in run.joined.indicators.groupby("alternative"):
        own = table.set_index("jurisdiction")["inventory_emissions"]
        assert own[list(PEOPLE)].sum() == pytest.approx(own[WHOLE_AREA], rel=1e-9)
    both = run.joined.indicators.pivot_table(index="jurisdiction", columns="alternative", values="inventory_emissions")
    assert (both["near_zero"] < both["as_is"]).all()


def test_published_figures_are_checked_against_the_sum(run: SpecialRun) -> None:
    table = run.joined.published.set_index("indicator")
    assert np.isfinite(table[WHOLE_AREA].astype(float)).all()
    missed = ["construction_land", "forest_land"]
    assert not table["kept"][missed].any(), "15.7 km2 are to be given back, and forest grows from 8.6 to 12 % by 2035"
    assert table["kept"].drop(missed).all()
    assert table[WHOLE_AREA]["forest_land"] == pytest.approx(0.086 * 2413.0, rel=0.01)
    assert table[WHOLE_AREA]["construction_land"] == pytest.approx(819.3, rel=0.003)


def test_the_target_of_all_is_shared_by_residents_with_a_pencil(run: SpecialRun) -> None:
    """Each has to change by its share of the people: Qingpu by 36.7 % of what 7.3 Mt ask of all three."""
    table = run.joined.targets.set_index("jurisdiction")
    gap, people = float(table["present"][WHOLE_AREA]) - 7_300_000.0, sum(PEOPLE.values())
    for name, residents in PEOPLE.items():
        by_hand = float(table["present"][name]) - gap * residents / people
        assert table["target"][name] == pytest.approx(by_hand, rel=1e-4)
    assert table["target"][list(PEOPLE)].sum() == pytest.approx(7_300_000.0)


def test_a_figure_shows_what_a_resident_emits(run: SpecialRun, tmp_path: Path) -> None:
    figure = next(block for block in special_chapter(run).blocks if isinstance(block, Figure))
    bars = figure.draw("en").axes[0].patches
    own = run.joined.indicators.query("alternative == 'as_is'").set_index("jurisdiction")["inventory_per_resident"]
    assert [bar.get_height() for bar in bars[:4]] == pytest.approx(own[[*PEOPLE, WHOLE_AREA]].tolist())  # type: ignore[attr-defined]  # bars
    written = write_special(run, tmp_path)
    assert sum(path.name == "special_question_picture.png" for path in written) == 2


def test_a_map_shows_what_residents_of_every_town_emit(run: SpecialRun, tmp_path: Path) -> None:
    """The page had bars and tables alone: no one saw where the three jurisdictions lie, and which towns emit most."""
    (figure,) = (each for each in special_chapter(run).blocks if getattr(each, "name", "") == "special_map")
    assert isinstance(figure, Figure)
    drawn = figure.draw("en")
    assert isinstance(drawn, MapFigure)
    assert [panel.name for panel in drawn.panels] == ["Existing conditions", "Package towards near zero"]
    towns, borders = drawn.panels[0].scene.parts
    assert isinstance(towns, VectorPart)
    assert isinstance(borders, VectorPart)
    assert len(towns.shapes) == TOWNS  # type: ignore[arg-type]  # a list here
    assert sum(shape.area for shape in borders.outlines.shapes) / 1e6 == pytest.approx(2413.0, rel=0.005)
    own = run.joined.indicators.query("alternative == 'as_is'").set_index("jurisdiction")["inventory_per_resident"]
    assert [label.split()[-1] for label in borders.labels] == [f"{own[name]:.2f}" for name in PEOPLE]
    for name, each in run.runs.items():  # people-weighted towns are the jurisdiction, by the run's own tables
        units = each.table("units/as_is")
        assert units is not None
        parts = units.drop(index=WHOLE_AREA)
        mean = float((parts["emissions_per_resident"] * parts["residents"]).sum() / parts["residents"].sum())
        assert mean == pytest.approx(float(units["emissions_per_resident"][WHOLE_AREA]), rel=1e-3), name
    for language, words in (("en", "Qingpu"), ("zh", "青浦")):
        assert words in in_words(figure.alt, language)
        figure.draw(language).savefig(tmp_path / f"{language}.png")


def test_the_page_opens_with_the_question_and_its_answer(run: SpecialRun) -> None:
    blocks = special_chapter(run).blocks
    first, second = blocks[0], blocks[1]
    assert isinstance(first, Paragraph)
    assert isinstance(second, Paragraph)
    assert in_words(first.text, "en").startswith("Three jurisdictions on three provincial grids")
    told = in_words(second.text, "en")
    assert told.startswith("The 3,464,647 people of all jurisdictions emit")
    after = [in_words(block.text, "en") for block in blocks[2:6] if isinstance(block, Paragraph)]
    assert after[0] == "Of 6 published figures, the jurisdictions together keep 4 at present."
    assert any(each.startswith("One run with the middle of each factor: no range is given.") for each in after)
    assert any(each.startswith("The layout is synthetic") for each in after)
    shown = next(block for block in blocks if isinstance(block, Table))
    assert shown.name == "special_question"
    assert list(shown.frame["grid"][:3]) == list(GRIDS.values())
    for language in ("en", "zh"):
        said = [in_words(block.text, language) for block in blocks if isinstance(block, Paragraph)]
        assert all(said)


def test_what_lies_outside_published_ranges_is_told(run: SpecialRun) -> None:
    """Buildings emit 3.3 t a resident, twice the mean of the country: the runs knew it, the page did not say it."""
    (found,) = (each for each in special_chapter(run).blocks if getattr(each, "name", "") == "plausibility_places")
    assert isinstance(found, Table)
    told = found.frame.assign(quantity=[in_words(each, "en") for each in found.frame["quantity"]])
    mine = told[told["quantity"] == "Emissions of buildings per resident"]
    places = [in_words(each, "en") for each in mine["place"]]
    assert places == ["Qingpu", "Wujiang", "Jiashan"]
    own = run.joined.indicators.query("alternative == 'as_is'").set_index("jurisdiction")
    for place, value in zip(PEOPLE, mine["value_head"], strict=True):
        by_hand = own["building_emissions"][place] / own["residents"][place]
        assert float(in_words(value, "en").split()[0]) == pytest.approx(by_hand, rel=0.01)
    assert all(in_words(each, language) for each in mine["reason"] for language in ("en", "zh"))
