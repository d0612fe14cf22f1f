"""Map sheets: which are drawn, what they say where nothing changes, and what is seen on them."""

from collections.abc import Sequence
from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
import pytest
import shapely
from matplotlib.text import Text

from citybraid.report.chapter import Figure, Paragraph, in_words
from citybraid.report.drawing.cartography import Entry, Panel, Sheet, draw_panels
from citybraid.report.drawing.description import described
from citybraid.report.drawing.palettes import NOISE
from citybraid.report.drawing.scene import Bounds, Scene, VectorPart
from citybraid.report.land_use_sheet import land_use_sheet
from citybraid.report.place_sheet import place_sheet
from citybraid.report.sheets import (
    Theme,
    changed,
    differences,
    map_blocks,
    mapped,
    narrow_note,
    next_to,
    sheet_of,
    themes,
)
from citybraid.report.view import View
from citybraid.study.run.run import Run

DEPTH = next(row for row in mapped() if row.var == "max_depth")


@pytest.fixture(scope="module")
def depths(run: Run) -> list[Theme]:
    return themes(View(run), DEPTH, run.alternatives, "p50")


def said(blocks: Sequence[object]) -> str:
    return " ".join(in_words(block.text, "en") for block in blocks if isinstance(block, Paragraph))


def test_changes_no_larger_than_rounding_are_told_not_drawn(depths: list[Theme]) -> None:
    first = depths[0]
    noise = replace(depths[1], values=first.values + NOISE / 2 * np.nanmax(first.values))
    assert changed([first, noise]) == []
    blocks = list(differences([first, noise]))
    assert not [block for block in blocks if isinstance(block, Figure)]
    assert "does not differ from" in said(blocks)
    real = replace(depths[1], values=first.values + 0.1)
    assert len(changed([first, real])) == 1


def test_changes_that_the_map_would_not_show_are_told_not_drawn(depths: list[Theme]) -> None:
    """Envelopes cooled the street by 0.0075 K at most, and a map of it was coloured from end to end."""
    first = depths[0]
    narrowest = float(np.diff(first.scale.bounds).min())
    little, seen = (replace(depths[1], values=first.values + part * narrowest) for part in (0.04, 0.06))
    assert changed([first, little]) == []
    blocks = list(differences([first, little]))
    assert not [block for block in blocks if isinstance(block, Figure)]
    assert "differs from" in said(blocks)
    assert "by less than a twentieth of the narrowest class" in said(blocks)
    assert len(changed([first, seen])) == 1


def test_a_map_without_values_is_told_not_drawn(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Theme, "empty", property(lambda theme: theme.alternative == run.alternatives[0]))
    blocks = list(map_blocks(View(run), DEPTH))
    assert "nothing to show for" in said(blocks)
    names = [block.name for block in blocks if isinstance(block, Figure)]
    assert not any("side_by_side" in name for name in names)


def test_a_map_of_one_class_is_told_in_words_not_drawn(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Theme, "uniform", property(lambda theme: theme.alternative == run.alternatives[0]))
    assert any(isinstance(block, Figure) for block in map_blocks(View(run), DEPTH)), "others are compared with it"
    monkeypatch.setattr(Theme, "uniform", property(lambda _: True))
    blocks = list(map_blocks(View(run), DEPTH))
    assert "the same everywhere in" in said(blocks)
    assert all(block.name.endswith("_change") for block in blocks if isinstance(block, Figure))


def test_one_class_from_edge_to_edge_is_uniform(depths: list[Theme]) -> None:
    wet = np.full_like(depths[0].values, 1.0)
    assert not depths[0].uniform
    assert replace(depths[0], values=wet).uniform
    wet[0, 0] = np.nan
    assert not replace(depths[0], values=wet).uniform, "where nothing is coloured is seen"


def test_dry_maps_are_empty_and_wet_ones_are_not(depths: list[Theme]) -> None:
    assert not depths[0].empty
    assert replace(depths[0], values=np.zeros_like(depths[0].values)).empty


def test_roofs_without_modules_are_not_coloured_as_if_they_had_some(depths: list[Theme]) -> None:
    """An atlas showed a plan without photovoltaics in the colour of "0 to 1 MWh"; classes of codes keep their first."""
    theme = depths[0]
    plain = replace(theme.scale, floor=None)
    nothing = replace(theme, scale=plain, values=np.zeros_like(theme.values))
    assert (nothing.classes >= 0).any()
    assert nothing.empty
    assert not replace(nothing, scale=replace(plain, codes=(0, 1, 2))).empty


@pytest.mark.parametrize(("language", "part"), [("en", "% of the map is coloured"), ("zh", "着色范围占图幅")])
def test_what_is_seen_on_a_map_holds_its_share_and_values(depths: list[Theme], language: str, part: str) -> None:
    theme = depths[0]
    seen = described(sheet_of(theme).draw(language), language)
    wet = theme.values[theme.scale.classes(theme.values) >= 0]
    assert part in seen
    assert f"{float(f'{wet.max():.3g}'):g}" in seen
    assert f"{float(f'{wet.max():.3g}'):g} m" in seen, "with its unit"
    assert f"{100 * wet.size / theme.values.size:.0f}" in seen


def test_values_that_are_next_to_nothing_are_told_as_none() -> None:
    """A map of current said "values 0.0000000000142 to 36"."""
    assert [next_to(value, 36.0) for value in (1.42e-11, 0.122, 36.0)] == ["0", "0.122", "36"]


def test_the_land_use_sheet_tells_the_largest_uses(run: Run) -> None:
    figure = land_use_sheet(View(run), run.alternatives[0])
    assert figure is not None
    assert "25%" in described(figure.draw("en"), "en"), "four uses share sixteen equal parcels"


def test_a_map_of_shapes_tells_how_many_of_each_class_and_their_labels() -> None:
    """Maps of conflicts and of units said their title alone."""
    spots = [shapely.box(at, 0, at + 1, 1) for at in range(20)]
    parts = [
        VectorPart(spots, "#f3f1ec", "#aaaaaa"), VectorPart(spots[:3], "#ff0000", None, labels=["A: 10", "B: 20", "C"]),
        VectorPart([spots[3].centroid], None, "#00ff00", marker="o"), VectorPart(spots[:2], ["#0000ff", None]),
    ]  # fmt: skip
    legend = [Entry("red", "#ff0000"), Entry("spot", "#00ff00"), Entry("blue", "#0000ff"), Entry("none", "#123456")]
    sheet = Sheet("Title", "P", "A", "en", "", legend=legend)
    bounds = Bounds(0, 0, 20, 1)
    figure = draw_panels(sheet, [Panel("", Scene(tuple(parts), bounds))], bounds=bounds)
    assert described(figure, "en") == "Title. Shapes by class: red 3, spot 1, blue 1. Labels: A: 10, B: 20, C"
    assert described(figure, "en", "what its author sees") == "Title. what its author sees"


def test_years_are_told_as_years_and_rounding_as_nothing() -> None:
    figure, axes = plt.subplots()
    axes.plot(np.arange(2025, 2061), np.r_[100.0, np.full(34, 100.0 + 1e-12), 40.0], label="net")
    told = described(figure, "en")
    assert "100 at 2025, 40 at 2060, highest 100 at 2025" in told, "not 2,025, and not the year that rounding picks"
    plt.close(figure)
    figure, axes = plt.subplots()
    axes.scatter([1000.0, 4000.0], [-1e-13, 3.0])
    axes.set(xlabel="depth", ylabel="share")
    axes.xaxis.set_major_formatter("{x:,.0f}")
    assert "depth 1,000 to 4,000, share 0 to 3" in described(figure, "en")
    plt.close(figure)


def test_every_sheet_carries_the_notes_of_the_study(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    view = View(run)
    monkeypatch.setattr(View, "notes", property(lambda _: ("places are schematic",)))
    figures = [place_sheet(view, run.alternatives[0]), land_use_sheet(view, run.alternatives[0])]
    for figure in figures:
        assert figure is not None
        drawn = [text.get_text() for text in figure.draw("en").findobj(Text)]
        assert any("places are schematic" in " ".join(each.split()) for each in drawn), figure.name


def test_a_narrow_map_says_how_little_its_values_differ(depths: list[Theme]) -> None:
    assert narrow_note(depths[0]) == ()
    (note,) = narrow_note(replace(depths[0], scale=replace(depths[0].scale, narrow=0.4)))
    assert "within 0.4 m" in in_words(note, "en")
