"""Series of a model run on its own: units in the headers' brackets are read, or refused."""

from pathlib import Path

import numpy as np
import pytest

from citybraid.core.errors import InputError
from citybraid.core.model import var_of
from citybraid.core.vocabulary.water import EDGE_LEVEL
from citybraid.sources.series.single_run_inputs import series


def table(folder: Path, head: str) -> Path:
    path = folder / "潮位.csv"
    path.write_text(f"{head}\n0,100\n30,150\n60,120\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("head", "last", "value"),
    [("hours,edge_level", 60.0, 120.0), ("历时(min),潮位(cm)", 1.0, 1.2), ("历时（分钟）,潮位（m）", 1.0, 120.0)],
)
def test_units_in_brackets_count(tmp_path: Path, head: str, last: float, value: float) -> None:
    found = series(table(tmp_path, head), var_of(EDGE_LEVEL))
    assert found.index[-1] == pytest.approx(last)
    np.testing.assert_allclose(found.iloc[-1], value)


@pytest.mark.parametrize("head", ["历时(min),潮位(mm/h)", "历时(years),潮位(m)"])
def test_units_that_do_not_fit_are_refused(tmp_path: Path, head: str) -> None:
    with pytest.raises(InputError) as told:
        series(table(tmp_path, head), var_of(EDGE_LEVEL))
    assert told.value.text == "intake.series_unit"


def test_why_is_said_in_the_reader_s_language(tmp_path: Path) -> None:
    path = tmp_path / "潮位.csv"
    path.write_text("hours,level\n0,1\n1,2\n5,2\n", encoding="utf-8")
    with pytest.raises(InputError) as told:
        series(path, var_of(EDGE_LEVEL))
    assert "等间隔" in told.value.say("zh")
    assert "constant step" in told.value.say("en")
