"""The tables of the intake report: trust, contradictions, codes, findings, completeness, what to add."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from citybraid.core.finding import Finding
from citybraid.core.rows.intake import TrustSign
from citybraid.core.tables import read_table
from citybraid.core.text import known
from citybraid.report.chapter import (
    Block,
    Column,
    RatedText,
    Table,
    Text,
    TextList,
    TranslatedText,
    in_words,
    rendered,
    words,
)
from citybraid.report.drawing.units import label, number
from citybraid.report.intake.contents import IntakeReport
from citybraid.report.intake.forms import forms_of
from citybraid.report.view import LANGUAGES, named, need_title
from citybraid.sources.protocol.code_mapping import CodeMapping
from citybraid.sources.protocol.problem import Contradiction
from citybraid.sources.quality.trust import QualityPart
from citybraid.study.explain.prospects import Addition

ORDER = ("rejected", "warning", "guessed", "repaired", "advice", "found")
MOST, PRINTED = 400, 25
"""Rows of a table on the page and in documents; the workbook holds all."""
RESULTS = 6
"""Results that are named of those that an addition would improve."""
MAPPINGS = ("unknown", "prefix", "low", "mixed", "name", "high", "own")
"""Confidence of a mapping, the least sure first."""
UNITS = ("unit", "needs")
"""Values of a finding that name units, where they are texts."""
CATALOGUED: Mapping[str, str] = {"use": "building_use", "master_indicator": "master_indicator"}
"""Values of a finding that are ids of a catalogue, by their name."""
DIGITS, LARGE = 4, 100.0
"""Significant digits of a finding's number below LARGE, such as a share or hours."""


def layer_name(report: IntakeReport, layer: str) -> Text:
    """Return the display name of a layer: its quantity's name, else the files of its entry."""
    name = layer_title(layer)
    return report.names([layer]) if name == layer else name


def layer_title(layer: str) -> Text:
    """Return the display name of a layer, its id where the catalogue has none."""
    return words(own) if known(own := f"intake_layer.{layer}") else named("var", layer)


def trust_table(report: IntakeReport) -> Iterator[Block]:
    """Yield each layer's rating with its reasons, and then all parts of trust."""
    rows = [
        {
            "layer": layer_name(report, trust.layer),
            "light": RatedText(words(f"intake_light.{trust.light}"), trust.light),
            "rows": float(trust.rows) if trust.rows else None,
            "why": TextList(tuple(part_text(part) for part in trust.because)) if trust.because else "–",
        }
        for trust in report.trust
    ]  # fmt: skip
    if not rows:
        return
    columns = [
        Column("layer", words("intake_chapter.layer")), Column("light", words("intake_report.light")),
        Column("rows", words("intake_report.rows"), "", 0), Column("why", words("intake_report.why")),
    ]  # fmt: skip
    frame = pd.DataFrame(rows).astype({"rows": float})
    yield Table("trust", words("intake_report.trust"), frame, columns, words("intake_report.trust_note"), printed=MOST)
    yield _parts_table(report)


def _parts_table(report: IntakeReport) -> Table:
    rows = [
        {
            "layer": layer_name(report, trust.layer), "part": words(f"intake_part.{part.name}"),
            "light": RatedText(words(f"intake_light.{part.light}"), part.light), "text": part_text(part),
        }
        for trust in report.trust
        for part in trust.parts
    ]  # fmt: skip
    columns = [
        Column("layer", words("intake_chapter.layer")), Column("part", words("intake_report.part")),
        Column("light", words("intake_report.light")), Column("text", words("intake_chapter.text")),
    ]  # fmt: skip
    return Table("trust_parts", words("intake_report.parts"), pd.DataFrame(rows), columns,
                 words("intake_report.parts_note"), most=MOST, printed=0)  # fmt: skip


def part_text(part: QualityPart) -> Text:
    """Return a part of trust in a sentence."""
    values: dict[str, object] = {name: _in_words(name, value) for name, value in dict(part.values).items()}
    values["quantity"] = named("var", part.quantity) if part.quantity else ""
    return words(part.text, **values)


def part_short(part: QualityPart) -> Text:
    """Return a part of trust in a few words."""
    if part.name == "stated" and part.value is not None:
        quantity, share = named("var", part.quantity), number(dict(part.values)["share"], digits=0)
        return TranslatedText({language: f"{in_words(quantity, language)} {share}%" for language in LANGUAGES})
    return words(f"intake_part.{part.name}")


def to_confirm(report: IntakeReport) -> list[Finding]:
    """Return the findings that a planner must confirm: what was left out or is doubtful first, then guesses."""
    plain = {row.text for row in read_table(TrustSign) if row.part == "keys"}
    guesses = [each for each in report.findings if each.kind == "guessed" and each.text not in plain]
    return [*warned(report.findings), *guesses]


def warned(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings on what was left out or is used with doubt."""
    return [each for each in findings if each.kind in ("rejected", "warning")]


def _in_words(name: str, value: object) -> object:
    """A value of a finding or a part with the display names of layers and quantities."""
    if name == "layer" and isinstance(value, str):
        return layer_title(value)
    if isinstance(value, str) and (name == "table" or (name == "source" and known(f"var.{value}"))):
        titles = {language: str(rendered(layer_title(value), language)) for language in LANGUAGES}
        return TranslatedText({language: title[:1].lower() + title[1:] for language, title in titles.items()})
    if name == "var" and isinstance(value, str):
        return _quantity(value)
    if name in CATALOGUED and isinstance(value, str):
        return named(CATALOGUED[name], value)
    if name == "basis" and str(value).startswith("choices."):
        return words("intake_report.basis")
    if isinstance(value, float) and abs(value) < LARGE:
        return float(f"{value:.{DIGITS}g}")
    if name in UNITS and isinstance(value, str):
        return TranslatedText({language: label(value, language) or value for language in LANGUAGES})
    if name == "rules" and isinstance(value, list | tuple):
        return TextList(tuple(words("intake_trust.rule", rule=words(text), count=count) for text, count in value), ", ")
    if name == "columns" and isinstance(value, list | tuple):
        return TextList(tuple(_quantity(str(each)) for each in value), ", ")
    return value


def _quantity(name: str) -> Text:
    """Return the name of a quantity, or of a column that is no quantity of its own, such as the time of a series."""
    return named("column_name" if known(f"column_name.{name}") else "var", name)


def largest_first(contradictions: Sequence[Contradiction]) -> list[Contradiction]:
    """Return statements that disagree, the largest relative difference first."""
    return sorted(contradictions, key=lambda each: -abs(each.difference) / max(abs(each.stated), 1e-9))


def contradictions_table(report: IntakeReport) -> Iterator[Table]:
    """Yield the table of statements that disagree, the largest relative difference first."""
    rows = [
        {
            "layer": layer_name(report, each.layer), "row": each.row or "–",
            "text": contradiction_words(each, layer_name(report, each.layer)),
            "stated": each.stated, "computed": each.computed, "difference": each.difference,
            "unit": TranslatedText({language: label(each.unit, language) for language in LANGUAGES}),
        }
        for each in largest_first(report.contradictions)
    ]  # fmt: skip
    if rows:
        columns = [
            Column("layer", words("intake_chapter.layer")), Column("row", words("intake_report.row")),
            Column("text", words("intake_chapter.text")), Column("stated", words("intake_report.stated"), "", 2),
            Column("computed", words("intake_report.computed"), "", 2),
            Column("difference", words("intake_report.difference"), "", 2), Column("unit", words("explorer.unit")),
        ]  # fmt: skip
        yield Table("contradictions", words("intake_report.contradictions"), pd.DataFrame(rows), columns,
                    words("intake_report.contradictions_note"), most=MOST, printed=PRINTED)  # fmt: skip


def problems_table(report: IntakeReport) -> Iterator[Table]:
    """Yield how many problems of each kind there are, mended and open."""
    kinds: dict[tuple[str, str], list[int]] = {}
    for problem in report.problems:
        counts = kinds.setdefault((problem.layer, problem.text), [0, 0])
        counts[problem.mended] += 1
    if kinds:
        rows = [
            {"kind": kind_title(text), "layer": layer_name(report, layer), "open": open_, "mended": mended}
            for (layer, text), (open_, mended) in sorted(kinds.items(), key=lambda pair: (-pair[1][0], -pair[1][1]))
        ]
        columns = [
            Column("kind", words("intake_report.kind")), Column("layer", words("intake_chapter.layer")),
            Column("open", words("report.problem_open"), "", 0),
            Column("mended", words("report.problem_mended"), "", 0),
        ]  # fmt: skip
        yield Table("problems", words("intake_report.problems"), pd.DataFrame(rows), columns,
                    words("intake_report.problems_note"), printed=PRINTED)  # fmt: skip


def kind_title(text: str) -> Text:
    """Return the short name of a kind of problem."""
    name = text.rpartition(".")[2].removeprefix("problem_")
    title = named("intake_kind", name)
    return title if title != name else words("intake_kind.other")


def mappings_table(report: IntakeReport) -> Iterator[Table]:
    """Yield the mapping of every code and word, the least certain first."""
    rows = [
        {
            "layer": layer_name(report, each.layer), "quantity": named("var", each.quantity), "said": each.said,
            "scheme": named("web.choice.files.scheme", each.scheme) if each.scheme else "–", "code": _code(each),
            "sure": RatedText(words(f"intake_sure.{each.confidence}"), "usable" if each.weak else "good"),
            "rows": each.rows, "area": None if each.area is None else each.area / 1e4,
        }
        for each in sorted(report.mappings, key=lambda each: (MAPPINGS.index(each.confidence), -each.rows))
    ]  # fmt: skip
    if rows:
        columns = [
            Column("layer", words("intake_chapter.layer")), Column("quantity", words("intake_chapter.quantity")),
            Column("said", words("intake_report.said")), Column("scheme", words("intake_report.scheme")),
            Column("code", words("intake_report.read_as")), Column("sure", words("intake_report.sure")),
            Column("rows", words("intake_report.rows"), "", 0), Column("area", words("intake_report.area"), "", 2),
        ]  # fmt: skip
        frame = pd.DataFrame(rows).astype({"area": float})
        yield Table("mappings", words("intake_report.mappings"), frame, columns, words("intake_report.mappings_note"),
                    most=MOST, printed=PRINTED)  # fmt: skip


def _code(mapping: CodeMapping) -> Text:
    if not mapping.code:
        return "–"
    names = {language: mapping.name(language) for language in LANGUAGES}
    if mapping.code[0].isdigit():
        names = {language: f"{mapping.code} {name}".strip() for language, name in names.items()}
    return TranslatedText({language: name or mapping.code for language, name in names.items()})


def findings_table(report: IntakeReport) -> Iterator[Table]:
    """Yield all findings, those to be judged first."""
    ordered = sorted(report.findings, key=lambda finding: ORDER.index(finding.kind))
    rows = [
        {
            "kind": words(f"intake_chapter.{finding.kind}"), "layer": layer_name(report, finding.layer),
            "count": finding.count, "text": finding_text(report, finding),
        }
        for finding in ordered
    ]  # fmt: skip
    columns = [
        Column("kind", words("intake_chapter.kind")), Column("layer", words("intake_chapter.layer")),
        Column("count", words("intake_chapter.count"), "", 0), Column("text", words("intake_chapter.text")),
    ]  # fmt: skip
    if rows:
        yield Table("findings", words("intake_chapter.findings"), pd.DataFrame(rows), columns, most=MOST,
                    printed=PRINTED)  # fmt: skip


def finding_text(report: IntakeReport, finding: Finding) -> TranslatedText:
    """Return a finding, with the display names of its layer and quantities."""
    return finding_words(finding, layer_name(report, finding.layer))


def finding_words(finding: Finding, layer: Text) -> TranslatedText:
    """Return a finding with the display names of its quantities, and `layer` as the name of its layer."""
    return TranslatedText({language: _finding_message(finding, layer, language) for language in LANGUAGES})


def _finding_message(finding: Finding, layer: Text, language: str) -> str:
    values = {name: rendered(_in_words(name, value), language) for name, value in dict(finding.values).items()}
    return replace(finding, layer=in_words(layer, language), values=values).say(language)


def contradiction_words(contradiction: Contradiction, layer: Text) -> TranslatedText:
    """Return a contradiction, with `layer` as the name of its layer."""
    return TranslatedText({language: _contradiction_message(contradiction, layer, language) for language in LANGUAGES})


def _contradiction_message(contradiction: Contradiction, layer: Text, language: str) -> str:
    values = {name: rendered(_in_words(name, value), language) for name, value in dict(contradiction.values).items()}
    computed = contradiction.computed
    short = float(f"{computed:.{DIGITS}g}") if abs(computed) < LARGE else computed
    message = replace(contradiction, layer=in_words(layer, language), computed=short, values=values)
    return message.say(language)


def completeness_table(report: IntakeReport) -> Iterator[Table]:
    """Yield the share of rows or cells that files state, the least first."""
    rows = [
        {"layer": named("var", name), "share": 100 * float(share), "files": report.names(report.origin.get(name, ()))}
        for name, share in sorted(report.completeness.items(), key=lambda pair: (pair[1], pair[0]))
    ]
    columns = [
        Column("layer", words("intake_chapter.quantity")), Column("share", words("intake_chapter.stated"), "%", 0),
        Column("files", words("intake_chapter.files")),
    ]  # fmt: skip
    if rows:
        note = words("intake_chapter.stated_note")
        yield Table("completeness", words("intake_chapter.completeness"), pd.DataFrame(rows), columns, note,
                    printed=PRINTED)  # fmt: skip


def additions_table(report: IntakeReport) -> Iterator[Table]:
    """Yield possible additions, with the results they affect and the accepted forms."""
    rows = [
        {
            "rank": rank, "what": addition_title(report, each), "objectives": _objectives(report, each),
            "count": len(each.indicators),
            "indicators": _results(each.indicators),
            "how": _how(each),
        }
        for rank, each in enumerate(report.additions, 1)
    ]  # fmt: skip
    if rows:
        columns = [
            Column("rank", "#", "", 0), Column("what", words("intake_report.add")),
            Column("objectives", words("intake_report.objectives")),
            Column("count", words("intake_report.results_count"), "", 0),
            Column("indicators", words("intake_report.results")), Column("how", words("intake_report.how")),
        ]  # fmt: skip
        yield Table("additions", words("intake_report.additions"), pd.DataFrame(rows), columns,
                    words("intake_report.additions_note"), printed=PRINTED)  # fmt: skip


def _results(names: Sequence[str]) -> Text:
    """Return the first of the results that an addition would improve, and how many there are more."""
    first = TextList(tuple(named("indicator", name) for name in names[:RESULTS]), ", ")
    more = len(names) - RESULTS
    return words("intake_report.results_more", which=first, more=more) if more > 0 else first


def addition_title(report: IntakeReport, addition: Addition) -> Text:
    """Return the title of an addition: missing inputs, or the weak parts of a layer."""
    if not addition.layer:
        return words("intake_report.missing", what=TextList(tuple(map(need_name, addition.needs)), ", "))
    parts = dict.fromkeys(
        (part.name, part.quantity) for part in addition.parts
    )  # fmt: skip
    what = TextList(tuple(named("var", quantity) if quantity else words(f"intake_part.{name}")
                         for name, quantity in parts), ", ")  # fmt: skip
    return words("intake_report.weak", layer=layer_name(report, addition.layer), what=what)


def need_name(need: str) -> Text:
    """Return the display name of a missing input."""
    return words(own) if known(own := f"intake_layer.{need}") else need_title(need)


def _objectives(report: IntakeReport, addition: Addition) -> Text:
    return TextList(tuple(report.objectives.get(name, name) for name in addition.objectives), ", ") or "–"


def _how(addition: Addition) -> Text:
    advice = dict.fromkeys(part.name for part in addition.parts if part.name != "stated")
    return TextList((*forms_of(addition.needs, addition.columns), *(words(f"intake_advice.{name}") for name in advice)))
