"""One disaster in four phases: prevention, preparedness, response and recovery, on one timeline."""

from dataclasses import replace

from citybraid.report.chapter import Block, Chapter, Figure, Paragraph, Table, appended, words
from citybraid.report.disaster.phase import PHASES, blocks_by_phase
from citybraid.report.disaster.phase_table import phase_table
from citybraid.report.disaster.timeline import timeline
from citybraid.report.strand import strand_maps
from citybraid.report.view import View


def chapter(view: View) -> Chapter:
    """Return the chapter of the four phases; empty where no phase has results of its own."""
    parts = blocks_by_phase(view)
    blocks: list[Block] = []
    if any(parts.values()):
        blocks += timeline(view)
        for phase in PHASES:
            own = [*phase_table(view, phase), *parts[phase]]
            if own:
                blocks += [Paragraph(words(f"disaster.{phase}"), "heading"), *map(_detail, own)]
        blocks += appended(strand_maps(view, "disaster"))
    return Chapter("disaster", words("disaster.title"), blocks)


def _detail(block: Block) -> Block:
    """Return a block of the body, tables and figures for the appendix: their indicators stand in that of resilience."""
    return replace(block, appendix=True) if isinstance(block, Table | Figure) else block
