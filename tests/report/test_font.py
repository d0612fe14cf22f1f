import io
import warnings

import pytest
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from matplotlib.figure import Figure

from citybraid.core.text import catalogue
from citybraid.report.drawing.font import (
    FAMILY,
    MISSING,
    WEIGHTS,
    characters,
    drawable,
    face,
    registered,
    subset_font,
    typeface,
    wrapped,
)
from citybraid.report.drawing.palettes import code_names


def every_text() -> str:
    texts = [row[language] for row in catalogue().values() for language in ("zh", "en")]
    names = [name for table in ("land_use", "land_cover") for name in code_names(table, "zh").values()]
    return "".join([*texts, *names])


def test_the_font_has_every_hanzi_of_gb_2312() -> None:
    rows = [bytes([row, cell]).decode("gb2312", "ignore") for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF)]
    hanzi = {char for char in rows if char}
    assert len(hanzi) == 6763
    assert hanzi <= characters()


def test_names_of_places_beyond_gb_2312_are_drawn() -> None:
    """Shanghai's old housing is called 邨, which maps showed as 〓."""
    for weight in WEIGHTS:
        known = set(map(chr, TTFont(face(weight)).getBestCmap()))
        assert set("邨垚堃喆赟玥翀") <= known
        assert sum("\u4e00" <= char <= "\u9fff" for char in known) >= 7900


def test_every_text_and_code_name_of_ours_can_be_drawn() -> None:
    assert sorted(set(every_text()) - characters() - {"\n"}) == []


def test_no_empty_box_is_drawn_for_any_of_our_texts() -> None:
    signs = sorted(set(every_text()) - {"\n", "$", "\\", "_", "^", "{", "}"})
    with typeface(), warnings.catch_warnings():
        warnings.simplefilter("error")
        figure = Figure()
        for row in range(0, len(signs), 60):
            figure.text(0, row / len(signs), "".join(signs[row : row + 60]))
        figure.savefig(io.BytesIO(), format="png")


def test_a_character_that_no_font_has_would_be_noticed() -> None:
    with typeface():
        figure = Figure()
        figure.text(0.5, 0.5, "\U0002a7de")
        with pytest.warns(UserWarning, match="missing"):
            figure.savefig(io.BytesIO(), format="png")


def test_what_cannot_be_drawn_is_marked() -> None:
    assert drawable("嘉兴\U0002a7de m²") == f"嘉兴{MISSING} m²"


def test_the_font_is_not_called_by_its_makers_name() -> None:
    assert registered()[0] == FAMILY
    font = TTFont(io.BytesIO(subset_font(["嘉"])))
    names = {str(record) for record in font["name"].names if record.nameID in (1, 4, 6, 16)}
    assert names
    assert not any("noto" in name.lower() or "source" in name.lower() for name in names)


def test_a_cut_font_holds_what_was_wanted_and_little_else() -> None:
    data = subset_font(["积水深度"])
    assert data[:4] == b"wOFF"
    assert len(data) < 6000
    assert set(map(chr, TTFont(io.BytesIO(data)).getBestCmap())) == set("积水深度")


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("one two three", 8, ["one two", "three"]),
        ("积水深度。", 8, ["积水深", "度。"]),
        ("暴雨（2025）", 6, ["暴雨", "（2025）"]),
    ],
)
def test_lines_break_between_words_and_never_before_a_stop(text: str, width: int, lines: list[str]) -> None:
    assert wrapped(text, width).split("\n") == lines
