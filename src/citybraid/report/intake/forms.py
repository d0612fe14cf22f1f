"""In which form a missing quantity can be brought: a column, shapes, a raster, a file of weather or of a storm."""

from collections.abc import Sequence

from citybraid.report.chapter import Either, Several, Text, words
from citybraid.report.view import LANGUAGES, named, need_title
from citybraid.sources.columns import synonyms
from citybraid.sources.quantities import columns_of, geometry_of, vocabulary
from citybraid.sources.tables import NAMED_BY
from citybraid.study.prospects import WEATHER

SHOWN = 2
"""Names of a column that are shown in each language [-]."""
STORM = "rain_intensity"


def form_of(need: str) -> Text:
    """Return what would do to bring a quantity, said as people make files."""
    if need.startswith("parameter:"):
        return words("intake_form.parameter", what=need_title(need))
    if need == WEATHER:
        return words("intake_form.weather")
    var = vocabulary().get(need)
    if var is None:
        return words("intake_form.unread", what=named("var", need))
    if need == STORM:
        return words("intake_form.storm")
    if var.on == "grid":
        return words("intake_form.raster", what=named("var", need), role=need, unit=var.unit or "-")
    if var.on and geometry_of(var.on) == var:
        return words("intake_form.shapes", what=named("var", need), role=need)
    if var.on and need in columns_of(var.on):
        return words("intake_form.column", table=named("var", var.on), key=names(NAMED_BY.get(var.on, "id")),
                     columns=names(need))  # fmt: skip
    if not var.on:
        return words("intake_form.number", what=named("var", need), name=need)
    return words("intake_form.unread", what=named("var", need))


def names(quantity: str) -> Text:
    """Return the names under which a column is known: in Chinese for Chinese readers, else in Latin letters."""
    every = synonyms(quantity)
    plain = [name for name in every if name.isascii()][:SHOWN]
    chinese = [name for name in every if not name.isascii()][:SHOWN]
    said = {"en": plain or chinese, "zh": chinese or plain}
    return Either({language: " / ".join(said[language]) for language in LANGUAGES})


def forms_of(needs: Sequence[str]) -> Several:
    """Return the forms of several needs, one after the other."""
    return Several(tuple(form_of(need) for need in needs), "; ")
