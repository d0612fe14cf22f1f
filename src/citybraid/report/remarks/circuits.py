"""What maps of currents rest on: pairs of patches with a path, one-way and omnidirectional current, current lost."""

import math
from collections.abc import Iterator

import numpy as np

from citybraid.report.chapter import Block, Paragraph, Quantity, Text, TextList, words
from citybraid.report.drawing.units import brief
from citybraid.report.view import View

DIRECTED, OMNIDIRECTIONAL = "biodiversity.directed_current", "biodiversity.omnidirectional_current"
CHANNELLED, IMPEDED = 1.2, 0.8
"""Current over that of even ground from which on ground channels, and below which it impedes [-]."""
PERCENT = 100.0
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
        yield Paragraph(words("biodiversity.circuit", lines=TextList(tuple(lines)), residual=_parts(lost)))
    yield from _other_patches(view)
    yield from _directed(view)
    yield from _omnidirectional(view)


def _other_patches(view: View) -> Iterator[Block]:
    """Yield that conductances do not compare where the last alternative's patches are not those of the first."""
    if any(view.number(name, "patch_conductance") is None for name in view.ends):
        return
    layers = [layer for name in view.ends if (layer := view.layer(name, "habitat_patch")) is not None]
    patches = [view.raster(layer) > 0 for layer in layers]
    if any(not np.array_equal(patches[0], other) for other in patches[1:]):
        last = view.name(view.ends[-1])
        yield Paragraph(words("biodiversity.other_patches", alternative=last, base=view.name(view.base)))


def _parts(lost: float) -> int:
    """Return a share of the current in millionths, rounded up."""
    return max(1, math.ceil(MILLION * lost))


def _parameters(view: View, model: str) -> dict[str, object]:
    """Return the parameters of a model in the first alternative, none where it did not run."""
    return next((dict(step.params) for step in view.run.steps(view.base) if step.model == model), {})


def _directed(view: View) -> Iterator[Block]:
    """Yield the mean resistance out of a patch in the first and last alternative, where a study sends current so."""
    settings = _parameters(view, DIRECTED)
    count = _patches(view, int(str(settings.get("patches", 0))))
    if settings.get("mode") != "one_to_all" or count is None:
        return
    power = {name: view.number(name, "directed_power") for name in view.ends}
    lines = [
        words("biodiversity.directed_line", alternative=view.name(name), resistance=Quantity(value / count, "", 1))
        for name, value in power.items()
        if value is not None
    ]
    lost = max(view.number(name, "directed_residual") or 0.0 for name in view.ends)
    yield Paragraph(
        words("biodiversity.directed", patches=count, lines=TextList(tuple(lines), ", "), residual=_parts(lost))
    )


def _patches(view: View, most: int) -> int | None:
    """Return how many patches current flows between, None where the run has no patches."""
    layer = view.layer(view.base, "habitat_patch")
    if layer is None:
        return None
    patches = view.run.value(layer).to_numpy()
    return min(most, len(np.unique(patches[patches > 0])))


def _omnidirectional(view: View) -> Iterator[Block]:
    """Yield the share of the ground that channels and impedes current, in the first and last alternative."""
    settings = _parameters(view, OMNIDIRECTIONAL)
    lines: list[Text] = []
    for name in view.ends:
        layer = view.layer(name, "normalised_current")
        if layer is None:
            return
        values = view.run.value(layer).to_numpy().astype(np.float64)
        known = values[np.isfinite(values)]
        shares = {
            "channelled": Quantity(PERCENT * float((known >= CHANNELLED).mean()), "%", 1),
            "impeded": Quantity(PERCENT * float((known < IMPEDED).mean()), "%", 1),
        }
        lines.append(words("biodiversity.omnidirectional_line", alternative=view.name(name), **shares))
    radius = Quantity(float(str(settings["radius"])), "m", 0)
    yield Paragraph(words("biodiversity.omnidirectional", radius=radius, lines=TextList(tuple(lines))))
