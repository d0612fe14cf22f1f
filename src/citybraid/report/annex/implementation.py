"""Implementation in the annex: monitoring, data still needed, and the reviewers' comments."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import pandas as pd

from citybraid.core import catalogue
from citybraid.report.annex.content import Block, Clause, Part
from citybraid.report.annex.provenance import PARTS, Codes
from citybraid.report.annex.strands import evaluation_table
from citybraid.report.chapter import Column, Table, Text, TextList, cells, words
from citybraid.report.remarks.factor_key import BETWEEN, INSIDE, key_title
from citybraid.report.view import measure_title, named
from citybraid.study.review.comment import Comment, Reply

KINDS = frozenset({"map", "parcel", "factor", "clause", "place", "run", "alternative"})
"""Kinds of addresses that are no value's."""
MEASURES = "integrate.measures."
"""What ids of measures begin with."""


def implementation(codes: Codes, comments: Sequence[Comment]) -> Part:
    """Return the part on carrying the plan out."""
    return Part(
        words("annex.implementation"),
        [*_works(codes), *_monitoring(codes), _assumptions(codes), _review(comments), _renewal()],
    )


def _works(codes: Codes) -> Iterator[Block]:
    """Yield who carries each measure, at what cost, and when it starts where the study has budgets by year."""
    view, where = codes.view, codes.plan
    names = [name for each, name in codes.costs if each == where]
    if not names:
        return
    starts = _starts(codes)
    when = words("annex.works_years" if starts else "annex.works_no_years")
    text = words("annex.works", chosen=view.name(where), when=when)
    yield Clause(words("annex.works_head"), text, reason=words("annex.works_why"))
    quantity, _, present = PARTS
    frame = pd.DataFrame({
        "measure": cells(measure_title(name) for name in names),
        "quantity": cells(codes.say(codes.measure(name, where, quantity)) for name in names),
        "cost": cells(codes.say(codes.measure(name, where, present)) for name in names),
        "responsible": cells(responsible_bodies(name) for name in names),
        "start": cells(starts.get(name, "–") for name in names),
    })  # fmt: skip
    columns = [
        Column("measure", words("measures.measure")), Column("quantity", words("annex.works_quantity")),
        Column("cost", words("annex_total.present")), Column("responsible", words("annex.works_body")),
        Column("start", words("annex.works_start")),
    ]  # fmt: skip
    kept = columns if starts else columns[:-1]
    yield Table("annex_works", words("annex.works_table"), frame, kept, words("annex.works_note"))


def _starts(codes: Codes) -> Mapping[str, Text]:
    """Return the years in which works of each measure start, where the annex is written for a portfolio with years."""
    alternative = codes.view.run.manifest.asked.alternatives.get(codes.plan)
    table = codes.table("phases")
    if table is None or table.empty or alternative is None or not alternative.portfolio:
        return {}
    return {
        str(name): _span(years) if years.notna().any() else words("why.not_started")
        for name, years in table.groupby("measure", sort=False)["start"]
    }


def _span(years: pd.Series) -> str:
    first, last = int(years.min()), int(years.max())
    return str(first) if first == last else f"{first}–{last}"


def responsible_bodies(measure: str) -> Text:
    """Return the bodies that a measure names as responsible, in words."""
    bodies = str(catalogue.known()[f"{MEASURES}{measure}"]["responsible"]).split(";")
    return TextList(tuple(named("responsible", body.strip()) for body in bodies), "; ")


def _monitoring(codes: Codes) -> Iterator[Block]:
    table = evaluation_table(codes)
    text = words("annex.monitoring" if table is not None else "annex.no_monitoring")
    yield Clause(words("annex.monitoring_head"), text, reason=words("annex.monitoring_why"))
    if table is not None:
        yield table


def _assumptions(codes: Codes) -> Clause:
    """Return how many factor rows must be confirmed before the numbers bind."""
    total, unsure = codes.counts["factors"], codes.counts["factors.unsure"]
    counts = {"unsure": codes.say(unsure), "total": codes.say(total)}
    return Clause(words("annex.confirm_head"), words("annex.confirm", **counts), reason=words("annex.confirm_why"),
                  stated=(unsure, total))  # fmt: skip


def _review(comments: Sequence[Comment]) -> Clause:
    states = {state: sum(each.status == state for each in comments) for state in ("open", "answered", "closed")}
    text = words("annex.review", total=len(comments), **states) if comments else words("annex.no_review")
    return Clause(words("annex.review_head"), text, reason=words("annex.review_why"))


def _renewal() -> Clause:
    return Clause(words("annex.renewal_head"), words("annex.renewal"), reason=words("annex.renewal_why"))


def comment_part(codes: Codes, comments: Sequence[Comment]) -> Part | None:
    """Return the reviewers' comments as an appendix, None where there are none."""
    if not comments:
        return None
    table = comment_table(codes, comments)
    return Part(words("annex.comments"), [table], across=True)


def comment_table(codes: Codes, comments: Sequence[Comment]) -> Table:
    """Return the table of comments with what each is about, its state and its replies."""
    frame = pd.DataFrame({
        "id": [each.id for each in comments],
        "about": cells(about_text(codes, each.about) for each in comments),
        "author": [each.author for each in comments],
        "date": [each.when[:10] for each in comments],
        "text": [each.text for each in comments],
        "status": cells(words(f"review.{each.status}") for each in comments),
        "replies": cells(
            TextList(tuple(_reply(codes, reply) for reply in each.replies), "; ") for each in comments
        ),
    })  # fmt: skip
    columns = [
        Column("id", words("review.id")), Column("about", words("review.about")),
        Column("author", words("review.author")), Column("date", words("review.date")),
        Column("text", words("review.text")), Column("status", words("review.status")),
        Column("replies", words("review.replies")),
    ]  # fmt: skip
    return Table("annex_comments", words("annex.comments"), frame, columns)


def _reply(codes: Codes, reply: Reply) -> Text:
    line = f"{reply.author}, {reply.when[:10]}: {reply.text}"
    return words("annex.reply_change", reply=line, change=about_text(codes, reply.change)) if reply.change else line


def about_text(codes: Codes, about: str) -> Text:
    """Return what a comment is about or what resolves it: the code and the name of a value, else what its kind says."""
    value = codes.by_text.get(about)
    if value is not None:
        return words("annex.about_value", what=value.title, code=value.code)
    kind, _, name = about.partition(":")
    titles: Mapping[str, Callable[[str], Text]] = {
        "map": lambda each: named("var", each), "parcel": codes.view.parcel_name, "alternative": _alternative(codes),
        "factor": _factor,
    }  # fmt: skip
    if kind in KINDS:
        text = f"annex.about_{kind}"
        return words(text, name=titles.get(kind, str)(name))
    return about or words("annex.about_plan")


def _factor(row: str) -> Text:
    """Return a factor and the key of its row in words."""
    name, _, key = row.partition(BETWEEN)
    return TextList((named("factor", name), key_title(name, key)), INSIDE) if key else named("factor", name)


def _alternative(codes: Codes) -> Callable[[str], Text]:
    run = codes.view.run
    return lambda name: codes.view.name(name) if name in run.alternatives else name
