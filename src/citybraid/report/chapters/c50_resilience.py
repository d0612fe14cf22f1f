"""Resilience: floods and heat."""

from collections.abc import Iterator

from matplotlib.figure import Figure as Drawing

from citybraid.report.chapter import Block, Chapter, Figure, in_words, words
from citybraid.report.charts import Labels, exceedance
from citybraid.report.palettes import street_pixel
from citybraid.report.strand import gap_blocks, indicator_blocks, strand_maps
from citybraid.report.units import label
from citybraid.report.view import View, named

DEPTH = "max_depth"


def chapter(view: View) -> Chapter:
    """Return the chapter of floods and heat."""
    blocks: list[Block] = [
        *indicator_blocks(view, "resilience"), *_exceedance(view), *strand_maps(view, "resilience"),
        *gap_blocks(view, "resilience"),
    ]  # fmt: skip
    return Chapter("resilience", words("resilience.title"), blocks)


def _exceedance(view: View) -> Iterator[Block]:
    found = {name: layer for name in view.run.alternatives if (layer := view.layer(name, DEPTH)) is not None}
    layers = [(name, layer.label, layer) for name, layer in found.items()]
    if not layers:
        return
    cell = layers[0][2].grid
    area = 1.0 if cell is None else float(abs(cell.resolution.x * cell.resolution.y))

    def draw(language: str) -> Drawing:
        depths = {
            f"{in_words(view.event_name(name, event), language)} · {in_words(view.name(name), language)}": view.raster(
                layer
            )
            for name, event, layer in layers
        }
        what = in_words(named("var", DEPTH), language)
        labels = Labels(
            words("resilience.exceedance").say(language), x=f"{what} ({label('m', language)})",
            y=f"{words('resilience.area').say(language)} ({label('ha', language)})",
        )  # fmt: skip
        return exceedance(depths, labels, cell_area=area)

    native = max(view.native(name, layer) or 0.0 for name, _, layer in layers)
    limit = street_pixel(DEPTH)
    coarse = limit is not None and native > limit
    caption = (
        words("resilience.exceedance_coarse", native=round(native, 1))
        if coarse
        else words("resilience.exceedance_caption")
    )
    yield Figure("depth_exceedance", caption, draw)
