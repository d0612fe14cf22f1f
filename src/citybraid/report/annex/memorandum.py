"""The explanatory memorandum: data, method, the reason and evidence of each clause, alternatives, and what is open."""

from collections.abc import Iterator, Sequence

import pandas as pd

from citybraid.core import catalogue
from citybraid.core.text import known
from citybraid.planning.rows import indicators
from citybraid.report.annex.basis import sources_of, standards_table
from citybraid.report.annex.content import Block, Clause, Part, clauses_of
from citybraid.report.annex.evidence import ENDS, KEY, Evidence
from citybraid.report.annex.general import objectives_table
from citybraid.report.annex.integration import totals_table
from citybraid.report.annex.lacking import left_out_models, needs_titles
from citybraid.report.annex.provenance import Codes, Value
from citybraid.report.annex.strands import STATED
from citybraid.report.chapter import (
    Column,
    Figure,
    Paragraph,
    Quantity,
    Sentence,
    Table,
    Text,
    TextList,
    TranslatedText,
    Unrepeated,
    cells,
    words,
)
from citybraid.report.drawing.units import significant
from citybraid.report.plausible import sentences
from citybraid.report.remarks.citing import cited
from citybraid.report.remarks.influence import influence_table
from citybraid.report.remarks.result_limits import limit_notes
from citybraid.report.verdict.question import question
from citybraid.report.view import View, model_title, named, page_name, region_title

FIRST_FACTORS = 20
"""Factors to be confirmed that are listed, the most influential first."""


def memorandum(codes: Codes, evidence: Evidence, text: Sequence[Part], figures: Sequence[Figure]) -> list[Part]:
    """Return the parts of the memorandum to the text of an annex."""
    answers = [*_answers(codes.view)]
    return [
        *([Part(words("annex.memo_question"), answers)] if answers else []),
        Part(words("annex.memo_data"), [*_data(codes)]),
        Part(words("annex.memo_method"), [*_method(codes.view), *_sources(codes)]),
        Part(words("annex.memo_clauses"), [*_reasons(evidence, clauses_of(text))]),
        Part(words("annex.memo_alternatives"), [*_alternatives(codes), *figures]),
        Part(
            words("annex.memo_uncertainty"),
            [
                *_ranges(codes, evidence),
                *_limits(codes),
                *_implausible(codes),
                *_factors(codes),
            ],
        ),
        Part(words("annex.memo_gaps"), [*_gaps(codes)]),
    ]


def _answers(view: View) -> Iterator[Block]:
    """Yield the study's question and its answers as page one gives them, without figures."""
    asked_question = view.run.manifest.asked.question
    if asked_question is None:
        return
    yield Paragraph(TranslatedText.of(asked_question.ask), "lead")
    for block in question(view):
        if isinstance(block, Table) or (isinstance(block, Paragraph) and block.kind != "heading"):
            yield block


def _role(entry: str) -> Text:
    """Return what a file of the study gives: a quantity, or what its role says."""
    return named("var" if known(f"var.{entry}") else "role", entry)


def _data(codes: Codes) -> Iterator[Block]:
    view = codes.view
    about = view.run.about
    yield Paragraph(words("annex.memo_about", title=view.title, year=about.year, region=region_title(about.region)))
    if view.run.synthetic:
        yield Paragraph(words("page.synthetic"), "warning")
    yield from (Paragraph(note, "item") for note in view.notes)
    yield from _files(view)


def _files(view: View) -> Iterator[Table]:
    """Yield the files of the study with what it states of each: the year of the data, the source, the licence."""
    files = view.run.manifest.asked.files
    if not files:
        return
    unstated = words("annex.unstated")
    frame = pd.DataFrame({
        "file": [", ".join(spec.paths) or entry for entry, spec in files.items()],
        "role": cells(_role(entry) for entry in files),
        "year": cells(unstated if spec.as_of is None else str(spec.as_of) for spec in files.values()),
        "source": cells(spec.obtained or unstated for spec in files.values()),
        "licence": cells(spec.licence or unstated for spec in files.values()),
        "version": [", ".join(_versions(view, entry)) or "–" for entry in files],
    })  # fmt: skip
    columns = [
        Column("file", words("annex.file")), Column("role", words("annex.role")),
        Column("year", words("annex.file_year")), Column("source", words("annex.file_source")),
        Column("licence", words("annex.file_licence")), Column("version", words("annex.file_version")),
    ]  # fmt: skip
    yield Table("annex_files", words("annex.files_table"), frame, columns, words("annex.files_note"))


def _versions(view: View, entry: str) -> Iterator[str]:
    """Yield the first letters of the key of each file of an entry, which changes with the file's content."""
    for file, key in view.run.manifest.files.items():
        if file.partition(":")[0] == entry:
            yield key[:KEY]


def _method(view: View) -> Iterator[Block]:
    yield Paragraph(words("annex.memo_method_text"))
    steps = {step.key: step for name in view.run.alternatives for step in view.run.steps(name)}
    models = {step.model: step.version for step in steps.values() if step.model in catalogue.known()}
    frame = pd.DataFrame({
        "model": cells(model_title(name) for name in sorted(models)),
        "version": [models[name] for name in sorted(models)],
        "page": cells(page_name(name) for name in sorted(models)),
        "cite": cells(cited(str(catalogue.known()[name]["cite"])) for name in sorted(models)),
    })  # fmt: skip
    columns = [
        Column("model", words("method.model")), Column("version", words("method.version"), "", 0),
        Column("cite", words("method.source")), Column("page", words("method.page"), printed=False),
    ]  # fmt: skip
    if len(frame):
        yield Table("annex_models", words("annex.models_table"), frame, columns)


def _sources(codes: Codes) -> Iterator[Table]:
    """Yield where indicators, controls and targets come from, with the status of each source."""
    sources = sources_of(codes)
    if sources:
        frame = pd.DataFrame({
            "source": cells(Sentence(cited(source)) for source in sources),
            "status": cells(named("status", status) for status in sources.values()),
        })  # fmt: skip
        columns = [Column("source", words("method.source")), Column("status", words("method.status"))]
        yield Table("annex_sources", words("annex.sources_table"), frame, columns)
    if (standards := standards_table(codes)) is not None:
        yield standards


def _reasons(evidence: Evidence, clauses: Sequence[Clause]) -> Iterator[Block]:
    """Yield for each clause why it is there, and what its values rest on."""
    yield Paragraph(words("annex.memo_clauses_text"))
    for number, clause in enumerate(clauses, 1):
        yield Paragraph(words("annex.reason_head", number=number, heading=clause.heading), "heading")
        yield Paragraph(clause.reason)
        if clause.stated:
            yield Paragraph(_rests_on(evidence, clause.stated))


def _rests_on(evidence: Evidence, values: Sequence[Value]) -> Text:
    """Return the lights of a clause's values, and the models that made them."""
    lights = [evidence.light(evidence.codes.note(each)) for each in values]
    counts = TextList(
        tuple(words("annex.light_count", light=words(f"light.{light}"), codes=_codes_of(values, lights, light))
              for light in dict.fromkeys(lights)), "; ",
    )  # fmt: skip
    models = dict.fromkeys(name for value in values for name in evidence.models(value))
    if not models:
        return words("annex.rests", lights=counts)
    titles = TextList(tuple(model_title(name) for name in models), ", ")
    return words("annex.rests_models", lights=counts, models=titles)


def _codes_of(values: Sequence[Value], lights: Sequence[str], light: str) -> str:
    return ", ".join(value.code for value, own in zip(values, lights, strict=True) if own == light)


def _alternatives(codes: Codes) -> Iterator[Block]:
    view = codes.view
    yield Paragraph(words("annex.memo_alternatives_text", chosen=view.name(codes.plan), base=view.name(view.base)))
    if view.run.manifest.asked.objectives:
        yield objectives_table(codes)
    if (table := totals_table(codes)) is not None:
        yield table
    for name in view.run.alternatives:
        met, of = codes.counts.get(f"met.{name}"), codes.counts.get("objectives")
        if met is not None and of is not None:
            values = {"alternative": view.name(name), "met": codes.say(met), "of": codes.say(of)}
            yield Paragraph(words("annex.met", **values), "item")


def _ranges(codes: Codes, evidence: Evidence) -> Iterator[Block]:
    """Yield the ranges of the objectives' indicators that are known."""
    view = codes.view
    sentences = []
    for objective in view.run.manifest.asked.objectives:
        for name in view.run.alternatives if objective.indicator in indicators() else ():
            value = codes.indicator(objective.indicator, name)
            span = evidence.span(value)
            if span is not None and value.known:
                low, high = (_amount(getattr(span, end), value.unit) for end in ENDS)
                sentences.append(
                    words("annex.range", indicator=value.title, alternative=view.name(name), value=codes.say(value),
                          low=Unrepeated(low, high), high=high, source=words(f"annex_range.{span.source}"))
                )  # fmt: skip
    yield Paragraph(words("annex.ranges" if sentences else "annex.no_ranges"))
    yield from (Paragraph(each, "item") for each in sentences)


def _amount(value: float, unit: str) -> Text:
    return Quantity(significant(value, unit), unit)


def _limits(codes: Codes) -> Iterator[Block]:
    """Yield what limits the meaning of the indicators that the text states, as the report tells it beside them."""
    tables = codes.unit_tables.values()
    shown = [name for name, row in indicators().items() if row.level in STATED and any(name in each for each in tables)]
    notes = limit_notes(codes.view, shown)
    if notes:
        yield Paragraph(words("annex.limits"))
        yield from (Paragraph(each, "item") for each in notes)


def _implausible(codes: Codes) -> Iterator[Block]:
    sentences_found = sentences(codes.view)
    if not sentences_found:
        yield Paragraph(words("annex.plausible"))
        return
    yield Paragraph(words("annex.implausible"), "warning")
    yield from (Paragraph(text, "item") for _, text in sentences_found)


def _factors(codes: Codes) -> Iterator[Block]:
    """Yield the factors to be confirmed that the objectives' indicators rest on."""
    objectives = codes.view.run.manifest.asked.objectives
    shown = list(dict.fromkeys(each.indicator for each in objectives if each.indicator in indicators()))
    total, unsure = codes.counts["factors"], codes.counts["factors.unsure"]
    yield Paragraph(words("annex.factors", total=codes.say(total), unsure=codes.say(unsure)))
    table = influence_table(codes.view, shown)
    if table is not None:
        columns = [column for column in table.columns if column.key in {"indicator", "factor", "status"}]
        yield Table("annex_factors", words("annex.factors_table"), table.frame, columns, words("annex.factors_note"),
                    printed=FIRST_FACTORS)  # fmt: skip


def _gaps(codes: Codes) -> Iterator[Block]:
    gaps = {gap.model: gap.needs for name in codes.view.run.alternatives for gap in codes.view.run.gaps(name)}
    rows = [(name, needs) for name, needs in sorted(gaps.items()) if name in catalogue.known() or needs]
    left_out = left_out_models(codes.view)
    yield Paragraph(words("annex.gaps" if rows else "annex.no_gaps", count=codes.say(codes.counts["gaps"])))
    for name, needs in rows:
        lacking = TextList(tuple(needs_titles(needs, of=name, left_out=left_out)), ", ")
        yield Paragraph(words("annex.missing", what=model_title(name), needs=lacking), "item")
