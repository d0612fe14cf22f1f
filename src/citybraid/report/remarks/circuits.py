"""What the map of currents between habitat patches rests on: pairs with a path, and current lost."""

import math
from collections.abc import Iterator

from citybraid.report.chapter import Block, Paragraph, Text, TextList, words
from citybraid.report.drawing.units import brief
from citybraid.report.view import View

MILLION = 1_000_000


def circuit_remarks(view: View) -> Iterator[Block]:
    """Yield how well patches are joined in the first and last alternative, and the residual of the circuits."""
    lines: list[Text] = []
    lost = 0.0
    for name in view.ends:
        share, conductance = view.number(name, "joined_pairs"), view.number(name, "patch_conductance")
        residual = view.number(name, "circuit_residual")
        if share is None or conductance is None or residual is None:
            continue
        lost = max(lost, residual)
        lines.append(
            words(
                "biodiversity.circuit_line",
                alternative=view.name(name), share=f"{100.0 * share:.0f}", conductance=brief(conductance, 4),
            )
        )  # fmt: skip
    if lines:
        yield Paragraph(
            words("biodiversity.circuit", lines=TextList(tuple(lines)), residual=max(1, math.ceil(MILLION * lost)))
        )
