"""What a result lacks in the end: the data that the models before it would need."""

from collections.abc import Iterable, Iterator, Mapping

from citybraid.core import catalogue
from citybraid.core.model import reads
from citybraid.core.text import known
from citybraid.report.chapter import Text, TextList, words
from citybraid.report.view import View, model_title, named, need_title

PARAMETER = "parameter:"
"""What a need begins with that is a parameter of a model."""


def needed(view: View, quantity: str) -> Text:
    """Return what a quantity lacks in the end: the data that the models before it would need."""
    gaps = {made: gap.needs for name in view.run.alternatives for gap in view.run.gaps(name) for made in gap.makes}
    needed_here, pending = dict[str, None](), [quantity]
    while pending:
        name = pending.pop(0)
        needs = [
            each for each in gaps.pop(name, ()) or _awaited(view, name) if each not in needed_here and each != name
        ]
        if needs:
            pending += needs
        else:
            needed_here[name] = None
    return TextList(tuple(needs_titles(needed_here, left_out=left_out_models(view))), ", ")


def left_out_models(view: View) -> Mapping[str, str]:
    """Return the models that the study leaves out, by the quantities that they would make."""
    models = view.run.manifest.asked.models.skip
    return {made: model for model in models if model in catalogue.known() for made in catalogue.known()[model]["makes"]}


def _awaited(view: View, quantity: str) -> tuple[str, ...]:
    """Return what a model that ran would have needed to make a quantity, or to give it a value; else nothing.

    A quantity without a value awaits the optional columns that its model reads, as people by age.
    """
    ran = frozenset[str]().union(*(view.run.models_run(name) for name in view.run.alternatives))
    for model, entry in catalogue.known().items():
        if model not in ran or quantity not in entry["makes"]:
            continue
        when = entry["makes"][quantity].get("when")
        if when is not None:
            needs_read = reads(catalogue.load(model).needs[when["given"]].what)
            return tuple(name for name in needs_read if view.layer(view.base, name) is None)
        if view.layer(view.base, quantity) is not None:
            columns = (name for need in catalogue.load(model).needs.values() for name in need.optional_reads)
            return tuple(name for name in columns if view.layer(view.base, name) is None)
    return ()


def is_blank(view: View, quantity: str) -> bool:
    """Tell whether a quantity was made without a value anywhere, though nothing that its model reads is absent."""
    gaps = {made for name in view.run.alternatives for gap in view.run.gaps(name) for made in gap.makes}
    made = view.layer(view.base, quantity) is not None
    return made and quantity not in gaps and not _awaited(view, quantity)


def first_need(lacking: Mapping[str, str], indicator: str) -> str:
    """Return the quantity that an indicator lacks, by way of the indicators that it is computed from."""
    need = lacking[indicator]
    while need in lacking and not known(f"var.{need}"):
        need = lacking[need]
    return need


def needs_titles(needs: Iterable[str], *, of: str = "", left_out: Mapping[str, str] | None = None) -> Iterator[Text]:
    """Yield the name of each thing that is needed; then the parameters as one, by model, those of `of` without it.

    What a model would make that the study leaves out (`left_out`, models by quantity) is told with the model.
    """
    listed, models = list(dict.fromkeys(needs)), left_out or {}
    for need in (each for each in listed if not each.startswith(PARAMETER)):
        title = need_title(need)
        yield words("gap.skipped", need=title, model=model_title(models[need])) if need in models else title
    stated: dict[str, list[Text]] = {}
    for need in listed:
        if need.startswith(PARAMETER):
            model, _, name = need.removeprefix(PARAMETER).rpartition(".")
            stated.setdefault(model, []).append(named("parameter", name))
    own = stated.pop(of, [])
    if own:
        yield words("gap.own_parameters", parameters=TextList(tuple(own), ", "))
    titles = [
        words("gap.model_parameters", model=model_title(model), parameters=TextList(tuple(names), ", "))
        for model, names in stated.items()
    ]
    if titles:
        yield words("gap.parameters", parameters=TextList(tuple(titles), "; "))
