"""The reference pages, generated from the catalogue when the docs are built; a hook of mkdocs.

Each model's page comes from the catalogue, the pages of quantities, tables and
factors from the vocabulary and the factor tables, so that they always match the code.
"""

import importlib
import json
import pkgutil
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from citybraid.core import catalogue, factor, text, vocabulary
from citybraid.core.rows.intake import TrustSign
from citybraid.core.tables import read_table
from citybraid.core.var import Var
from citybraid.report.intake.record import IntakeRecord
from citybraid.sources.intake.formats import formats
from citybraid.sources.intake.role_listing import role_listings
from citybraid.sources.quality.trust import Thresholds
from citybraid.study.open.schema import StudyFile
from docs import tables
from docs.formulas import typeset
from docs.notebook import notebook_page

DOCS = Path(__file__).parent
Entry = Mapping[str, Any]


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Put the generated pages, the method pages and the decisions into the navigation."""
    nav: list[dict[str, Any]] = config.nav or []
    sections = {key: value for part in nav for key, value in part.items()}
    models, measures = _split(catalogue.known())
    sections["Reference"][2:2] = [{"Models": _pages(models, "models")}, {"Measures": _pages(measures, "measures")}]
    for part in sections["Explanation"]:
        for heading, language in (("Method", "en"), ("方法", "zh")):
            if isinstance(part, dict) and heading in part:
                part[heading] += [_path(page) for page in _written("explanation/method", language)]
        if isinstance(part, dict) and "Decisions" in part:
            part["Decisions"] += [_path(page) for page in _written("explanation/decisions")]
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the generated pages."""
    for folder, entries in zip(("models", "measures"), _split(catalogue.known()), strict=True):
        for name, entry in entries.items():
            files.append(File.generated(config, f"reference/{folder}/{name}.md", content=model_page(name, entry)))
        content = index_page(folder.capitalize(), entries)
        content += "\n\n" + tables.prices_part(entries) if folder == "measures" else ""
        files.append(File.generated(config, f"reference/{folder}/index.md", content=content))
    files.append(File.generated(config, "reference/study-file.md", content=study_page()))
    files.append(File.generated(config, "reference/quantities.md", content=quantities_page(catalogue.known())))
    files.append(File.generated(config, "reference/factors.md", content=factors_page()))
    files.append(File.generated(config, "reference/tables.md", content=tables.page()))
    files.append(File.generated(config, "reference/formats.md", content=formats_page()))
    files.append(File.generated(config, "reference/intake-json.md", content=intake_page()))
    files.append(File.generated(config, "reference/trust.md", content=trust_page()))
    for path in sorted((DOCS / "tutorials").glob("*.ipynb")):
        page = path.relative_to(DOCS).with_suffix(".md").as_posix()
        files.append(File.generated(config, page, content=notebook_page(path)))
    return files


MESSAGE = re.compile(r"^!message (\S+) (\{.*\})$", re.MULTILINE)
"""A line of a page that is replaced by a message of the program, with the values of its placeholders."""
FORMATS, ROLES = "!formats", "!roles"
"""Lines of a page that are replaced by the table of formats, and by that of roles."""


def on_page_markdown(markdown: str, page: Page, **_: object) -> str:
    """Insert messages of the program, and the tables of formats and roles, into a page."""
    language = "zh" if page.file.src_uri.endswith(".zh.md") else "en"
    content = MESSAGE.sub(lambda match: f"> {text.say(match[1], language, **json.loads(match[2]))}", markdown)
    content = content.replace(FORMATS, "\n".join(formats_table(language)))
    return content.replace(ROLES, "\n".join(roles_table(language)))


def on_page_content(html: str, **_: object) -> str:
    """Draw a page's formulas."""
    return typeset(html)


def title(model_id: str, language: str = "en") -> str:
    """Return a model's short title."""
    return text.say(f"model.{model_id}", language)


def model_page(name: str, entry: Entry) -> str:
    """Return a model's page: description, validity, source, inputs, outputs and parameters."""
    lines = [
        f"# {title(name)}",
        "",
        f"`{name}`, version {entry['version']} · {title(name, 'zh')}",
        "",
        entry["doc"],
        "",
    ]
    lines += [f"**Validity:** {entry['validity']}", "", f"**Source:** {entry['cite']}", ""]
    if (DOCS / "explanation" / "method" / f"{name}.md").is_file():
        page = f"../../explanation/method/{name}"
        lines += [f"[Method, assumptions and validation]({page}.md) · [方法、假设与验证]({page}.zh.md)", ""]
    if entry["stage"]:
        lines += [f"Stage **{entry['stage']}**; {entry['responsible']}; {entry['build_years']} years to build.", ""]
    lines += ["## Inputs", "", *_table(("input", "quantity", "unit", "range", "location"), _inputs(entry["needs"]))]
    rows = (
        (f"`{key}`{_when(var)}", var["about"], var["unit"] or "-", _range(var), _home(var))
        for key, var in entry["makes"].items()
    )
    lines += ["## Outputs", "", *_table(("output", "quantity", "unit", "range", "location"), rows)]
    if entry["params"] and entry["params"]["properties"]:
        lines += [
            "## Parameters",
            "",
            *_table(("parameter", "default", "limits", "meaning"), _params(entry["params"])),
        ]
    lines += ["## From the command line", "", "```sh", f"citybraid model {name} --help", "```", ""]
    return "\n".join(lines)


def index_page(heading: str, entries: Mapping[str, Entry]) -> str:
    """Return the list of models or measures."""
    rows = (
        (f"[{title(name)}]({name}.md)", f"`{name}`", title(name, "zh"), entry["cite"])
        for name, entry in entries.items()
    )
    return "\n".join([f"# {heading}", "", *_table(("", "id", "中文", "source"), rows)])


def quantities_page(entries: Mapping[str, Entry]) -> str:
    """Return the vocabulary with the models that compute and that read each quantity."""
    makers: dict[str, list[str]] = {}
    readers: dict[str, list[str]] = {}
    for name, entry in entries.items():
        folder = "measures" if entry["stage"] else "models"
        link = f"[{name.rpartition('.')[2]}]({folder}/{name}.md)"
        for var in entry["makes"]:
            makers.setdefault(var, []).append(link)
        for var in sorted(_reads(entry)):
            readers.setdefault(var, []).append(link)
    lines = [
        "# Quantities",
        "",
        "All quantities with unit and location (grid, table, series or one number).",
    ]
    lines += ["Models refer to these names, never to each other.", ""]
    for domain, quantities in _domains():
        lines += [f"## {domain.capitalize()}", ""]
        rows = (
            (
                f"`{var.name}`",
                f"{var.about}<br>{text.say(f'var.{var.name}', 'zh')}",
                var.unit or "-",
                var.on or "one number",
                "<br>".join(makers.get(var.name, ["input"])),
                "<br>".join(readers.get(var.name, ["-"])),
            )
            for var in quantities
        )
        lines += _table(("name", "meaning", "unit", "location", "computed by", "read by"), rows)
    return "\n".join(lines)


def factors_page() -> str:
    """Return every shipped factor row with its status and source."""
    lines = [
        "# Factors",
        "",
        "Coefficients with status and source. Rows of a study's own factor table take precedence.",
        "",
    ]
    for name, rows in sorted(factor.shipped().by_name.items()):
        cells = (
            (row.key or "-", f"{row.value:g}", row.unit or "-", row.region or "anywhere", row.status, row.source or "-")
            for row in rows
        )
        lines += [f"## {name}", "", *_table(("key", "value", "unit", "region", "status", "source"), cells)]
    return "\n".join(lines)


def formats_page() -> str:
    """Return the formats that can be read, as declared by the readers."""
    lines = [
        "# Formats",
        "",
        "The formats of all readers (`citybraid formats` prints the same table). The last column",
        "lists the options of the format in an entry under `[files]`; all formats accept `path`, `role` and `as_of`.",
        "",
        "A DWG drawing cannot be read: choose *Save As* R2018 DXF in the CAD program.",
        "",
    ]
    return "\n".join([*lines, *formats_table("en"), *formats_table("zh")])


def formats_table(language: str) -> list[str]:
    """Return the table of formats in a language."""
    rows = (
        (
            " ".join(f"`{suffix}`" for suffix in each.suffixes), text.say(each.what, language),
            each.notes(language), ", ".join(f"`{name}`" for name in each.options) or "-",
        )
        for each in formats()
    )  # fmt: skip
    heads = tuple(text.say(f"lists.{each}", language) for each in ("suffix", "brings", "notes", "words"))
    return _table(heads, rows)


def roles_table(language: str) -> list[str]:
    """Return the table of roles in a language."""
    rows = (
        (
            f"`{each.name}`", text.say(each.title, language), text.say(f"role_kind.{each.kind}", language),
            ", ".join(text.say(column, language) for column in each.columns) or "-",
        )
        for each in role_listings()
    )  # fmt: skip
    heads = tuple(text.say(f"lists.{each}", language) for each in ("role", "role_is", "kind", "columns"))
    return _table(heads, rows)


def intake_page() -> str:
    """Return every field of intake.json."""
    whole = IntakeRecord.model_json_schema()
    lines = [
        "# intake.json",
        "",
        "The record of `citybraid check` for other programs, with a closed and versioned schema.",
        "",
    ]
    for heading, schema in (("The record", whole), *whole["$defs"].items()):
        lines += [f"## {heading}", "", " ".join(schema.get("description", "").split()), ""]
        lines += _table(("field", "type", "default", "limits", "meaning"), _words(schema))
    return "\n".join(lines)


def trust_page() -> str:
    """Return the parts of the trust rating with their thresholds."""
    schema = Thresholds.model_json_schema()
    lines = ["# Trust thresholds", "", " ".join(schema.get("description", "").split()), ""]
    lines += _table(("threshold", "value", "limits", "meaning"), _params(schema))
    lines += ["Parts without a number are rated by how the information is known:", ""]
    texts = text.catalogue()
    rows = ((f"`{row.part}`", texts[row.text]["en"], row.light) for row in read_table(TrustSign))
    return "\n".join([*lines, *_table(("part", "text of the intake", "rating"), rows)])


def study_page() -> str:
    """Return all entries of a study file."""
    whole = StudyFile.model_json_schema()
    lines = [
        "# Study file",
        "",
        "A study is one TOML file. Entries that are not listed here are errors. All problems are reported at once.",
    ]
    lines += ['`extends = "other.toml"` extends another study: tables are merged, lists and values are replaced.', ""]
    for heading, schema in (("The file", whole), *whole["$defs"].items()):
        lines += [f"## {heading}", "", " ".join(schema.get("description", "").split()), ""]
        lines += _table(("entry", "type", "default", "limits", "meaning"), _words(schema))
    return "\n".join(lines)


def _words(schema: Entry) -> Iterator[tuple[str, ...]]:
    for (name, field), (_, default, limits, about) in zip(schema["properties"].items(), _params(schema), strict=True):
        yield f"`{name}`", _type(field), default, limits, " ".join(about.split())


def _type(field: Entry) -> str:
    if "$ref" in field:
        name = field["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in field:
        return " or ".join(_type(part) for part in field["anyOf"] if part.get("type") != "null")
    if "enum" in field:
        return " or ".join(f"`{value}`" for value in field["enum"])
    if field.get("type") == "array":
        return f"list of {_type(field.get('items', {}))}"
    if field.get("type") == "object":
        inner = field.get("additionalProperties")
        return f"table of {_type(inner)}" if isinstance(inner, dict) and inner else "table"
    return str(field.get("type", "value"))


def _split(entries: Mapping[str, Entry]) -> tuple[dict[str, Entry], dict[str, Entry]]:
    models = {name: entry for name, entry in entries.items() if not entry["stage"]}
    return models, {name: entry for name, entry in entries.items() if entry["stage"]}


def _pages(entries: Mapping[str, Entry], folder: str) -> list[Any]:
    return [f"reference/{folder}/index.md", *({title(name): f"reference/{folder}/{name}.md"} for name in entries)]


def _written(folder: str, language: str = "en") -> list[Path]:
    """Return the pages of a folder in a language, without its index."""
    pages = sorted(page for page in (DOCS / folder).glob("*.md") if not page.name.startswith("index."))
    return [page for page in pages if page.name.endswith(".zh.md") == (language == "zh")]


def _path(page: Path) -> str:
    return page.relative_to(DOCS).as_posix()


def _domains() -> Iterator[tuple[str, list[Var]]]:
    for module in pkgutil.iter_modules(vocabulary.__path__):
        names = vars(importlib.import_module(f"{vocabulary.__name__}.{module.name}")).values()
        quantities = [part for alias in names for part in get_args(alias)[1:] if isinstance(part, Var)]
        yield module.name, sorted(quantities, key=lambda var: var.name)


def _reads(entry: Entry) -> set[str]:
    names: set[str] = set()
    for need in entry["needs"].values():
        if "var" in need:
            names.add(need["var"])
        if need["kind"] == "table":
            names |= {need["table"], *(column["var"] for column in need["columns"]), *need["optional_columns"]}
    return names


def _inputs(needs: Mapping[str, Entry]) -> Iterator[tuple[str, ...]]:
    for name, need in needs.items():
        shown = f"`{name}`" + (" (optional)" if need["optional"] else "")
        if "var" in need:
            several = f", every {need['axis']}" if need["kind"] == "over" else ""
            yield shown, need["about"] + several, need["unit"] or "-", _range(need), _home(need)
        elif need["kind"] == "table":
            yield shown, f"table `{need['table']}`", "-", "-", need["table"]
            for column in need["columns"]:
                yield f"`{name}.{column['var']}`", column["about"], column["unit"] or "-", _range(column), need["table"]
            for column in need["optional_columns"]:
                yield f"`{name}.{column}` (optional)", text.say(f"var.{column}", "en"), "-", "-", need["table"]
        elif need["kind"] == "factor":
            link = f"[{need['factor']}](../factors.md#{need['factor'].lower()})"
            yield shown, f"factor {link}", "-", "-", "factor table"


def _when(var: Entry) -> str:
    """Return the condition of an output that is not always computed."""
    if "when" not in var:
        return ""
    conditions = [f"`{var['when']['given']}`"]
    conditions += [f"`{name}` = {value}" for name, value in var["when"].get("parameter", {}).items()]
    return f" (with {' and '.join(conditions)})"


def _params(schema: Entry) -> Iterator[tuple[str, ...]]:
    for name, field in schema["properties"].items():
        limits = [f"{sign} {field[key]:g}" for key, sign in _LIMITS.items() if key in field]
        default = "required" if name in schema.get("required", ()) else _default(field.get("default"))
        yield f"`{name}`", default, ", ".join(limits) or "-", field.get("description", "")


def _default(value: object) -> str:
    return "-" if value is None or value in ("", [], {}) else f"`{value}`"


_LIMITS = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤", "exclusiveMaximum": "<"}


def _range(var: Entry) -> str:
    low, high = var["low"], var["high"]
    if low is None and high is None:
        return "-"
    return f"{'-∞' if low is None else f'{low:g}'} … {'∞' if high is None else f'{high:g}'}"


def _home(var: Entry) -> str:
    return var["on"] or "one number"


def _table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> list[str]:
    lines = [f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}"]
    lines += [
        f"| {' | '.join(cell.replace('|', chr(92) + '|').replace(chr(10), ' ') for cell in row)} |" for row in rows
    ]
    return [*lines, ""]
