"""A flood that drains of a fixed rate carry off is told with what it leaves out."""

from types import SimpleNamespace
from typing import Any

import pytest

from citybraid.report.chapter import in_words
from citybraid.report.remarks.drained import drained_note

VOLUMES = {"rain_volume": 180_997.0, "drained_volume": 527_045.0}


def view(volumes: dict[str, float], *, rate: bool = True) -> Any:
    known = {**volumes, **({"drain_capacity": 36.0} if rate else {})}
    return SimpleNamespace(
        run=SimpleNamespace(alternatives=("as_is", "levee"), value=lambda layer: layer),
        layer=lambda _, var, *__: known.get(var), events=lambda *_: ("river",),
        name=lambda name: name, event_name=lambda *_: "river flood",
    )  # fmt: skip


def test_drains_that_take_a_river_are_told() -> None:
    """Rongdong's drains took three times the rain, nine tenths of what came over the levee, past a river above them."""
    note = drained_note(view(VOLUMES))
    assert note is not None
    english, chinese = (in_words(note, language) for language in ("en", "zh"))
    assert english.startswith("as_is, river flood: drains take 527,045 m³, more than the rain of 180,997 m³.")
    assert "deeper and longer" in english
    assert "管网排走 527,045 m³，多于降雨 180,997 m³" in chinese


@pytest.mark.parametrize(
    ("drained", "rate"), [(180_997.0, True), (189_000.0, True), (527_045.0, False), (0.0, True)]
)  # fmt: skip
def test_drains_that_take_rain_or_have_levels_at_outfalls_are_not(drained: float, *, rate: bool) -> None:
    assert drained_note(view({**VOLUMES, "drained_volume": drained}, rate=rate)) is None
