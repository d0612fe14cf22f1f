"""Blocks of the levels of a plan, in the order that a planner reads them."""

from collections.abc import Iterator

from citybraid.report.chapter import Block
from citybraid.report.levels.profiles import score_blocks
from citybraid.report.levels.sums import nesting_blocks, sum_blocks
from citybraid.report.view import View


def level_blocks(view: View) -> Iterator[Block]:
    """Yield how units stand, where levels do not nest, and sums over levels."""
    yield from score_blocks(view)
    yield from nesting_blocks(view)
    yield from sum_blocks(view)
