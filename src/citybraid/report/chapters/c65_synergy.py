"""Synergy of nature and climate: services at once, hot spots, relations, joint corridors and parcels."""

from citybraid.report.chapter import Block, Chapter, words
from citybraid.report.strand import gap_blocks, strand_maps
from citybraid.report.synergy.bundle import bundle_blocks
from citybraid.report.synergy.joint import parcel_blocks, spot_blocks
from citybraid.report.synergy.relations import relation_blocks
from citybraid.report.synergy.services import Bundle
from citybraid.report.view import View


def chapter(view: View) -> Chapter:
    """Return the chapter on nature and climate together."""
    bundle = Bundle.of(view)
    blocks: list[Block] = [] if bundle is None else [*bundle_blocks(bundle), *relation_blocks(bundle)]
    blocks += [
        *spot_blocks(view), *strand_maps(view, "synergy"), *parcel_blocks(view), *gap_blocks(view, "integrate.synergy"),
    ]  # fmt: skip
    return Chapter("synergy", words("synergy.title"), blocks)
