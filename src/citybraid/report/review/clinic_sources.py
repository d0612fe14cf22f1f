"""Where both sides of a contradiction stand: file and row, model, clause of a document, entry of the study."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from citybraid.core.rows.plan import ClinicHazard
from citybraid.core.tables import read_table
from citybraid.core.text import known
from citybraid.planning.master import master_indicators
from citybraid.planning.review.clinic import AREA_FACTOR
from citybraid.planning.review.plots import controls_of_form
from citybraid.planning.review.standards import standards
from citybraid.planning.rows import Control, controls, indicators, quantities_of
from citybraid.report.chapter import Text, TextList, TranslatedText, words
from citybraid.report.remarks.citing import cited
from citybraid.report.review.adopted import adopted
from citybraid.report.view import View, model_title, named

Row = Mapping[Any, Any]
ROWS, FILES = 5, 3
"""Rows of a file, and files behind a computed value, that are named; the rest are counted."""
OF_CONFLICT: Mapping[str, tuple[str, ...]] = {
    "storeys": ("floor_ratio", "footprint", "height"), "ground": ("footprint", "green"),
    "runoff": ("rate", "storage", "sunken", "permeable", "roof"), "runoff_everywhere": ("rate",),
}  # fmt: skip
"""Parts of a plot's form that a contradiction is between; a span names its own."""


def clinic_source(view: View, row: Row) -> Text:
    """Return where the value found and the one asked for stand; '–' where nothing tells."""
    parts = tuple(_OF_KIND[str(row["kind"])](view, row))
    return TextList(parts, "; ") if parts else "–"


def _conflict(view: View, row: Row) -> Iterator[Text]:
    name, _, form = str(row["subject"]).partition(".")
    forms = (form,) if form else OF_CONFLICT[name]
    yield from _stated(view, row, [quantity for each in forms for quantity in _ends(controls_of_form()[each])])


def _control(view: View, row: Row) -> Iterator[Text]:
    control = controls()[str(row["subject"])]
    yield from _stated(view, row, _ends(control))
    if control.reading is not None:
        yield from _computed(view, [control.reading.var, control.reading.second])


def _standard(view: View, row: Row) -> Iterator[Text]:
    clause = standards()[str(row["subject"])]
    if clause.kind == "control":
        yield from _control(view, {**row, "subject": clause.subject})
    elif clause.subject in indicators():
        yield from _computed(view, quantities_of(clause.subject))
    if clause.source:
        yield words("clinic_source.clause", source=cited(clause.source))


def _handed_down(view: View, row: Row) -> Iterator[Text]:
    yield _figure(view, row)


def _layers(view: View, row: Row) -> Iterator[Text]:
    yield _figure(view, row)
    indicator = master_indicators()[str(row["subject"])]
    yield from _computed(view, [*indicator.var.split(), *indicator.second.split()])


def _figure(view: View, row: Row) -> Text:
    """Return where a figure of the plan's table stands, by the study's own words where it names a source."""
    table = view.run.table(f"plan_figures/{adopted(view)}")
    rows = pd.DataFrame() if table is None else table[table["indicator"] == row["subject"]]
    source = str(rows["source"].iloc[0]) if len(rows) else ""
    return words("clinic_source.figure_of", source=cited(source)) if source else words("clinic_source.figure")


def _hazard(view: View, row: Row) -> Iterator[Text]:
    hazard = next(each for each in read_table(ClinicHazard) if each.id == row["subject"])
    yield from _computed(view, [hazard.var])
    yield from _stated(view, row, [hazard.where.partition(" ")[0], "land_use"])


def _capacity(view: View, row: Row) -> Iterator[Text]:
    parts = ("floor_ratio", "people")
    yield from _stated(view, row, [quantity for each in parts for quantity in _ends(controls_of_form()[each])])
    yield words("clinic_source.factor", factor=named("factor", AREA_FACTOR))


def _objective(view: View, row: Row) -> Iterator[Text]:
    asked = next((each for each in view.run.manifest.asked.objectives if each.id == row["place"]), None)
    source = "" if asked is None else asked.source
    yield (
        words("clinic_source.objective_of", name=_name(view, str(row["place"])), source=cited(source))
        if source
        else words("clinic_source.objective", name=_name(view, str(row["place"])))
    )
    if str(row["subject"]) in indicators():
        yield from _computed(view, quantities_of(str(row["subject"])))


def _chain(view: View, row: Row) -> Iterator[Text]:
    place = str(row["place"])
    if place in controls():
        yield words("clinic_source.control_table", control=named("control", place))
    else:
        text = "clinic_source.alternative" if place in view.run.alternatives else "clinic_source.objective"
        yield words(text, name=_name(view, place))


def _name(view: View, place: str) -> Text:
    """Return the title of an objective or an alternative, the id where the study has none of them."""
    if place in view.run.alternatives:
        return view.name(place)
    asked = next((each for each in view.run.manifest.asked.objectives if each.id == place), None)
    return place if asked is None else TranslatedText.of(asked.title)


_OF_KIND: Mapping[str, Callable[[View, Row], Iterator[Text]]] = {
    "conflict": _conflict, "control": _control, "standard": _standard, "handed_down": _handed_down, "layers": _layers,
    "hazard": _hazard, "capacity": _capacity, "objective": _objective, "chain": _chain,
}  # fmt: skip


def _ends(control: Control) -> list[str]:
    """Return the quantities by which a plan states a control: the value and the other end of a span."""
    return [each for each in (control.stated, control.opposite) if each]


def _stated(view: View, row: Row, names: Iterable[str]) -> Iterator[Text]:
    """Yield by file the columns that state something for the parcels of a row, and the rows there."""
    parcels = str(row["place"]).split()
    by_file: dict[tuple[str, ...], list[str]] = {}
    for name in dict.fromkeys(names):
        column, entries = view.column(adopted(view), name), view.run.manifest.origin.get(name, ())
        if column is None or not entries or column.reindex(parcels).isna().all():
            continue
        by_file.setdefault(tuple(entries), []).append(name)
    for entries, found in by_file.items():
        columns = TextList(tuple(named("var", name) for name in found), ", ")
        told = {
            "columns": columns, "files": _files(view, entries), "rows": ", ".join(parcels[:ROWS]),
        }  # fmt: skip
        rest = len(parcels) - ROWS
        yield words("clinic_source.rows_more", rest=rest, **told) if rest > 0 else words("clinic_source.rows", **told)


def _files(view: View, entries: Iterable[str]) -> Text:
    """Return the files of some entries, each with the layer or sheet that the study reads of it, where it names one."""
    parts: list[Text] = []
    for entry in entries:
        asked = view.run.manifest.asked.files.get(entry)
        layer = "" if asked is None else asked.layers.get(entry, asked.sheet)
        names = view.file_names([entry])
        parts.append(words("clinic_source.layer", files=names, layer=layer) if layer else names)
    return TextList(tuple(parts), ", ")


def _computed(view: View, names: Iterable[str]) -> Iterator[Text]:
    """Yield by which models quantities are computed and from which files these read, or the files that state them."""
    models: dict[str, Text] = {}
    files: dict[str, None] = {}
    for name in sorted({each.lstrip("-") for each in names if each}):
        layer = view.layer(adopted(view), name)
        if layer is None:
            continue
        files |= dict.fromkeys(view.origins(adopted(view), layer))
        step = view.makers[adopted(view)].get(layer.key)
        if step is not None and known(f"model.{step.model}"):
            title = model_title(step.model)
            models[step.model] = words("map.model", model=title, version=step.version)
    if models:
        yield words("clinic_source.computed", models=TextList(tuple(models.values()), ", "))
    named_files = view.file_names(tuple(files))
    rest = len(named_files.parts) - FILES
    if rest > 0:
        yield words("clinic_source.from_more", files=replace(named_files, parts=named_files.parts[:FILES]), rest=rest)
    elif files:
        yield words("clinic_source.from", files=named_files)
