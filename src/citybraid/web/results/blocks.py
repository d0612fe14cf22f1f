"""Blocks of the report as pages take them: paragraphs, tables with texts by language, and names of figures."""

from collections.abc import Iterable
from typing import Literal

from pydantic import BaseModel

from citybraid.report.chapter import Block, Figure, Paragraph, Table
from citybraid.report.drawing.units import SYSTEM
from citybraid.report.page_table import laid_out
from citybraid.web.wording import Said, said, unit_said


class HeadState(BaseModel):
    """Head of a column: title, unit, and whether its cells are numbers."""

    title: Said
    unit: Said
    numeric: bool


class BlockState(BaseModel):
    """A block: of a table its heads and rows, of a figure the name under which the report draws it."""

    kind: Literal["paragraph", "table", "figure"]
    style: str = ""
    text: Said
    note: Said = {}
    heads: list[HeadState] = []
    rows: list[list[Said]] = []
    left_out: int = 0
    """Rows of the table that are not listed here."""
    name: str = ""


def block_states(blocks: Iterable[Block]) -> list[BlockState]:
    """Return blocks in order; maps that are clicked have a page of their own."""
    states = (_state(each) for each in blocks)
    return [each for each in states if each is not None]


def _state(block: Block) -> BlockState | None:
    if isinstance(block, Paragraph):
        return BlockState(kind="paragraph", style=block.kind, text=said(block.text))
    if isinstance(block, Table):
        return table_state(block)
    if isinstance(block, Figure):
        return BlockState(kind="figure", text=said(block.caption), name=block.name)
    return None


def table_state(table: Table) -> BlockState:
    """Return a table as the report's page lays it out."""
    laid = laid_out(table, SYSTEM)
    heads = [HeadState(title=said(each.title), unit=unit_said(each.unit), numeric=each.numeric) for each in laid.heads]
    return BlockState(
        kind="table", text=said(table.title), note=said(table.note), name=table.name, heads=heads,
        rows=[[said(each) for each in row] for row in laid.rows], left_out=len(table.frame) - laid.shown,
    )  # fmt: skip
