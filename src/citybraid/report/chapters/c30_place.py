"""The place: land use in standard colours or what the files hold, land cover, ground."""

from citybraid.report.chapter import Block, Chapter, words
from citybraid.report.place_sheet import place_sheet
from citybraid.report.sheets import land_use_sheet
from citybraid.report.strand import strand_maps
from citybraid.report.view import View


def chapter(view: View) -> Chapter:
    """Return the chapter of the place as the files describe it."""
    use = land_use_sheet(view, view.base) or place_sheet(view, view.base)
    blocks: list[Block] = [*([use] if use is not None else []), *strand_maps(view, "place")]
    return Chapter("place", words("place.title"), blocks)
