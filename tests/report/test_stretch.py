"""Maps whose colours are stretched over values that hardly differ say so."""

from dataclasses import replace
from typing import get_args

import numpy as np
import pytest
from numpy.typing import NDArray

from citybraid.core.vocabulary.heat import AIR_TEMPERATURE
from citybraid.report.chapter import in_words
from citybraid.report.drawing.palettes import scale_of
from citybraid.report.sheets import Theme, stretch_notes
from citybraid.report.view import View
from citybraid.study.run.run import Run


def theme(run: Run, values: NDArray[np.float64], *, var: str) -> Theme:
    view = View(run)
    layer = view.layer("as_is", "max_depth")
    assert layer is not None
    if var == "air_temperature":
        layer = replace(layer, var=get_args(AIR_TEMPERATURE)[1])
    return Theme(view, "as_is", layer, "raster", values, scale_of(var, [values]))


@pytest.mark.parametrize(("span", "told"), [(0.4, ["0.40 ℃", "0.40 °C"]), (3.0, [])])
def test_evening_air_of_a_narrow_range_is_told(town_run: Run, span: float, told: list[str]) -> None:
    made = theme(town_run, np.array([[30.0, 30.0 + span], [np.nan, 30.1]]), var="air_temperature")
    found = [in_words(note, language) for language in ("zh", "en") for note in stretch_notes([made])]
    assert len(found) == len(told)
    assert all(span in text for span, text in zip(told, found, strict=True))


def test_depths_have_fixed_classes_and_say_nothing(town_run: Run) -> None:
    assert not stretch_notes([theme(town_run, np.array([[0.1, 0.2]]), var="max_depth")])


def test_a_map_without_values_says_nothing(town_run: Run) -> None:
    assert not stretch_notes([theme(town_run, np.array([[np.nan]]), var="air_temperature")])
