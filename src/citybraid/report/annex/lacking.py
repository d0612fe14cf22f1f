"""What a result lacks in the end: the data that the models before it would need."""

from collections.abc import Iterable, Iterator

from citybraid.report.chapter import Text, TextList, words
from citybraid.report.view import View, model_title, named, need_title

PARAMETER = "parameter:"
"""What a need begins with that is a parameter of a model."""


def needed(view: View, quantity: str) -> Text:
    """Return what a quantity lacks in the end: the data that the models before it would need."""
    gaps = {made: gap.needs for name in view.run.alternatives for gap in view.run.gaps(name) for made in gap.makes}
    found, pending = dict[str, None](), [quantity]
    while pending:
        name = pending.pop(0)
        needs = [each for each in gaps.pop(name, ()) if each not in found]
        if needs:
            pending += needs
        else:
            found[name] = None
    return TextList(tuple(_titles(found)), ", ")


def _titles(needs: Iterable[str]) -> Iterator[Text]:
    """Yield the name of each thing that is needed; parameters of one model together."""
    listed = list(needs)
    models = [need.removeprefix(PARAMETER).rpartition(".")[0] if need.startswith(PARAMETER) else "" for need in listed]
    for at, (need, model) in enumerate(zip(listed, models, strict=True)):
        if not model or models.count(model) == 1:
            yield need_title(need)
        elif model not in models[:at]:
            names = [each.rpartition(".")[2] for each, own in zip(listed, models, strict=True) if own == model]
            told = TextList(tuple(named("parameter", name) for name in names), ", ")
            yield words("gap.parameters", parameters=told, model=model_title(model))
