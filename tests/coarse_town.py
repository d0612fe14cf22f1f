"""The demo town on coarse cells: every model in seconds."""

import re
from pathlib import Path

from citybraid.study.open.open_study import open_study
from citybraid.study.open.pilots import copy_pilot, generate

COARSE = [
    ("resolution = 5\n", "resolution = 40\n"),
    ("screening_resolution = 20\n", "screening_resolution = 80\n"),
    ("trade_off = ", "pairs = false\ntrade_off = "),
    ('\n[[storms]]\nlabel = "p2"\nreturn_period = 2\nduration = 120\n', "\n[imputation]\ndraws = 2\n"),
    ('"depaving", "pocket_park", "riparian_buffer"', '"detention_wetland", "rain_garden"'),
]


def coarsened(text: str) -> str:
    """The demo's study on cells of 40 m, without its 2-year storm and runs of pairs; measures that do nothing stand for
    an objective.

    Two draws of what no file states show what five do, and each takes five seconds of the processor.
    """
    for old, new in COARSE:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def without(text: str, *alternatives: str) -> str:
    """Take alternatives out of the text of a study file: what a test does not look at is not run for it."""
    for name in alternatives:
        text, count = re.subn(rf"^\[alternatives\.{name}\]\n(?:.+\n)+", "", text, flags=re.MULTILINE)
        assert count == 1, name
    return text


def write_coarse_town(folder: Path) -> Path:
    """Write the demo pilot with its files into a folder, and return the study file."""
    path = copy_pilot("jiaxing-hsr", folder)
    path.write_text(coarsened(path.read_text(encoding="utf-8")), encoding="utf-8")
    generate(open_study(path))
    return path
