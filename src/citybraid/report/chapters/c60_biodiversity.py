"""Biodiversity: habitat quality and connections."""

from citybraid.report.chapter import Block, Chapter, appended, words
from citybraid.report.remarks.circuits import circuit_remarks
from citybraid.report.remarks.connectivity import connectivity_distances
from citybraid.report.remarks.corridors import corridor_blocks
from citybraid.report.remarks.greenery import greenery_blocks
from citybraid.report.remarks.habitat_pattern import pattern_blocks
from citybraid.report.remarks.landscape import habitat_lead, landscape_table, refuge_remarks
from citybraid.report.remarks.wildlife_crossings import crossing_blocks
from citybraid.report.strand import gap_blocks, indicator_blocks, strand_maps
from citybraid.report.view import View


def chapter(view: View) -> Chapter:
    """Return the chapter of habitats."""
    blocks: list[Block] = [
        *habitat_lead(view), *indicator_blocks(view, "biodiversity"), *greenery_blocks(view),
        *appended(connectivity_distances(view)), *appended(pattern_blocks(view)), *landscape_table(view),
        *refuge_remarks(view), *appended(circuit_remarks(view)), *corridor_blocks(view), *crossing_blocks(view),
        *strand_maps(view, "biodiversity"), *gap_blocks(view, "biodiversity"),
    ]  # fmt: skip
    return Chapter("biodiversity", words("biodiversity.title"), blocks)
