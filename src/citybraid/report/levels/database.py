"""What the export to the planning database lacks, in words."""

from collections.abc import Iterator

from citybraid.report.chapter import Block, Paragraph, TextList, words
from citybraid.report.exports.planning_database import database_layers
from citybraid.report.view import View


def database_blocks(view: View) -> Iterator[Block]:
    """Yield the layers of the planning database that are written, and the mandatory fields that stay empty."""
    layers = database_layers(view, view.run.alternatives[-1])
    if not layers:
        return
    missing = tuple(
        words("database.field", layer=each.name, fields=" ".join(each.missing)) for each in layers if each.missing
    )
    text = words("database.lead", count=len(layers), missing=TextList(missing) if missing else "–")
    yield Paragraph(text, appendix=True)
