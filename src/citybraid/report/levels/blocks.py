"""Blocks of the levels of a plan, in the order that a planner reads them."""

from collections.abc import Iterator

from citybraid.report.chapter import Block
from citybraid.report.levels.database import database_blocks
from citybraid.report.levels.master_plan import capacity_table, conflict_blocks, national_table
from citybraid.report.levels.profiles import score_blocks
from citybraid.report.levels.sums import nesting_blocks, sum_blocks
from citybraid.report.levels.targets import target_blocks
from citybraid.report.view import View


def level_blocks(view: View) -> Iterator[Block]:
    """Yield how units stand, their targets, conflicts of zones, the tables of the master plan, and sums over levels."""
    yield from score_blocks(view)
    yield from target_blocks(view)
    yield from conflict_blocks(view)
    yield from nesting_blocks(view)
    yield from national_table(view)
    yield from capacity_table(view)
    yield from database_blocks(view)
    yield from sum_blocks(view)
