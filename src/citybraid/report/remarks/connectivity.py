"""Distances that habitat connectivity was computed with, and its indices PC and IIC."""

from collections.abc import Iterator
from typing import NamedTuple

from citybraid.report.chapter import Block, Paragraph, Quantity, Text, TextList, words
from citybraid.report.drawing.units import brief
from citybraid.report.view import View


class _Indices(NamedTuple):
    half: float
    link: float
    probability: float
    integral: float


def connectivity_distances(view: View) -> Iterator[Block]:
    """Yield, for each pair of distances of PC and IIC, both indices of the alternatives that were computed with it."""
    indices = {name: each for name in view.run.alternatives if (each := _indices(view, name)) is not None}
    for half, link in dict.fromkeys((each.half, each.link) for each in indices.values()):
        same = {name: each for name, each in indices.items() if (each.half, each.link) == (half, link)}
        lines: tuple[Text, ...] = tuple(
            words("biodiversity.connectivity_index", alternative=view.name(name), pc=brief(each.probability),
                  iic=brief(each.integral))
            for name, each in same.items()
        )  # fmt: skip
        yield Paragraph(
            words("biodiversity.connectivity_distances", half=Quantity(half, "m", 0), link=Quantity(link, "m", 0),
                  indices=TextList(lines))
        )  # fmt: skip
    for name in [*indices][:1]:
        yield from _patches(view, name)


def _patches(view: View, alternative: str) -> Iterator[Block]:
    """Yield from which suitability and size on ground is a patch: other areas of habitat count otherwise."""
    layer = view.layer(alternative, "habitat_patch")
    maker = None if layer is None else view.run.maker(alternative, layer)
    if maker is not None and {"suitable", "smallest"} <= set(maker.params):
        yield Paragraph(
            words("biodiversity.patches_from", suitable=f"{maker.params['suitable']:g}",
                  smallest=Quantity(float(maker.params["smallest"]), "ha", 2))
        )  # fmt: skip


def _indices(view: View, alternative: str) -> _Indices | None:
    names = ("half_chance_distance", "link_distance", "probability_of_connectivity", "integral_connectivity")
    half, link, probability, integral = (view.number(alternative, name) for name in names)
    if half is None or link is None or probability is None or integral is None:
        return None
    return _Indices(half, link, probability, integral)
