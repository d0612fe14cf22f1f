"""What changes beside money is told where it changes anything that can be read."""

from types import SimpleNamespace
from typing import Any

import pandas as pd

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.planning.rows import indicators
from citybraid.report.chapter import Paragraph, in_words
from citybraid.report.portfolio.parties import _beside


def test_a_change_that_reads_as_nothing_is_not_told() -> None:
    """A scheme for storms was said to change net emissions per resident 'by 0.00 t'."""
    whole = pd.Index([WHOLE_AREA])
    tables = {
        "units/plan": pd.DataFrame({"emissions_per_resident": [2.4183], "canopy_cover": [9.0]}, index=whole),
        "units/scheme": pd.DataFrame({"emissions_per_resident": [2.4181], "canopy_cover": [9.4]}, index=whole),
    }
    objectives = [SimpleNamespace(indicator=name) for name in ("emissions_per_resident", "canopy_cover")]
    manifest = SimpleNamespace(asked=SimpleNamespace(objectives=objectives))
    view: Any = SimpleNamespace(
        run=SimpleNamespace(table=tables.get, manifest=manifest), unit_of=lambda name: indicators()[name].unit
    )
    (told,) = _beside(view, "scheme", "plan")
    assert isinstance(told, Paragraph)
    assert "by 0.4 percentage points" in in_words(told.text, "en")
    assert "per resident" not in in_words(told.text, "en")
