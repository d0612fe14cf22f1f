"""Forms in which a missing quantity can be supplied: a column, shapes, a raster, a file of a role."""

from collections.abc import Sequence

from citybraid.report.chapter import Text, TextList, TranslatedText, words
from citybraid.report.view import LANGUAGES, named, need_title
from citybraid.sources.protocol.discovery import exclusive_roles, geometry_settings
from citybraid.sources.protocol.quantities import columns_of, geometry_of, vocabulary
from citybraid.sources.text.columns import synonyms

SHOWN = 2
"""Names of a column that are shown in each language [-]."""


def forms_of(needs: Sequence[str], columns: Sequence[str] = ()) -> tuple[Text, ...]:
    """Return the forms in which some needs can be supplied; columns of one table are listed together.

    `columns` are those that a table among the needs must have.
    """
    tables: dict[str, list[str]] = {}
    for need in needs:
        if (table := _table_of(need)) is not None:
            tables.setdefault(table, []).append(need)
    return (
        *(_columns(table, members) for table, members in tables.items()),
        *(words(f"intake_form.{role}") for role in dict.fromkeys(filter(None, map(_role_of, needs)))),
        *(_form(need, columns) for need in needs if _table_of(need) is None and not _role_of(need)),
    )


def _table_of(need: str) -> str | None:
    """The table to which a file may add a quantity as a column, None where it is no such column."""
    var = vocabulary().get(need)
    if var is None or not var.on or geometry_of(var.on) in (None, var):
        return None
    return var.on if need in columns_of(var.on) else None


def _role_of(need: str) -> str:
    """The file role that alone supplies a need, or that the need is; '' where there is none."""
    if need in exclusive_roles().values():
        return need
    return "" if need.startswith("factor:") else exclusive_roles().get(need, "")


def _columns(table: str, needs: Sequence[str]) -> Text:
    key = names(geometry_settings(table).named_by or "id")
    columns = TextList(tuple(names(need) for need in needs), ", ")
    return words("intake_form.column", table=named("var", table), key=key, columns=columns)


def _form(need: str, columns: Sequence[str]) -> Text:
    if need.startswith("parameter:"):
        return words("intake_form.parameter", what=need_title(need))
    if need.startswith("factor:"):
        role = exclusive_roles().get(need)
        rows = words("intake_form.factor", factor=need.partition(":")[2])
        return rows if role is None else TextList((rows, words(f"intake_form.{role}")), "; ")
    var = vocabulary().get(need)
    what = named("var", need)
    if var is not None and var.on == "grid":
        return words("intake_form.raster", what=what, role=need, unit=var.unit or "-")
    if var is not None and var.on and geometry_of(var.on) == var:
        required = [names(column) for column in columns if _table_of(column) == need]
        if required:
            return words("intake_form.shapes_with", what=what, role=need, columns=TextList(tuple(required), ", "))
        return words("intake_form.shapes", what=what, role=need)
    if var is not None and not var.on:
        return words("intake_form.number", what=what, name=need)
    return words("intake_form.unread", what=what)


def names(quantity: str) -> Text:
    """Return the names under which a column is known: in Chinese for Chinese readers, else in Latin letters."""
    every = synonyms(quantity)
    plain = [name for name in every if name.isascii()][:SHOWN]
    chinese = [name for name in every if not name.isascii()][:SHOWN]
    by_language = {"zh": chinese or plain}
    return TranslatedText({language: " / ".join(by_language.get(language, plain or chinese)) for language in LANGUAGES})
