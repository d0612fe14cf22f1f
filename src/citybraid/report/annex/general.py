"""General provisions and objectives of the annex: scope, basis, terms, how numbers are marked, and the targets."""

from collections.abc import Iterator

import pandas as pd

from citybraid import __version__
from citybraid.planning.rows import indicators
from citybraid.report.annex.basis import basis
from citybraid.report.annex.content import Clause, Part
from citybraid.report.annex.lacking import needed
from citybraid.report.annex.provenance import Codes, Value
from citybraid.report.chapter import SENTENCES, Column, Table, Text, TextList, TranslatedText, cells, words
from citybraid.report.controls.master_table import master_attributes
from citybraid.report.plausible import outside
from citybraid.report.remarks.citing import with_status
from citybraid.report.remarks.crs_title import crs_title
from citybraid.report.verdict.summary import beyond_budget
from citybraid.report.view import View, named

MASTER = "master"
"""Level of indicators whose attribute is binding or anticipatory; controls of parcels are mandatory or indicative."""


def general(codes: Codes) -> Part:
    """Return the general provisions."""
    view = codes.view
    return Part(words("annex.general"), [
        Clause(words("annex.purpose_head"), words("annex.purpose", title=view.title),
               reason=words("annex.purpose_why")),
        *_question(view),
        _scope(codes),
        _term(view),
        _alternatives(codes),
        basis(codes),
        Clause(words("annex.kinds_head"), words("annex.kinds"), reason=words("annex.kinds_why")),
        Clause(words("annex.codes_head"), words("annex.codes"), reason=words("annex.codes_why")),
        *_synthetic(view),
    ])  # fmt: skip


def _question(view: View) -> Iterator[Clause]:
    """Yield the question that the study asks; its answers, with their numbers, open the memorandum."""
    question = view.run.manifest.asked.question
    if question is not None:
        text = words("annex.question", ask=TranslatedText.of(question.ask))
        yield Clause(words("annex.question_head"), text, reason=words("annex.question_why"))


def _scope(codes: Codes) -> Clause:
    sizes = [codes.counts[name] for name in ("plan_area", "units", "parcels", "buildings") if name in codes.counts]
    items = TextList(tuple(words("annex.counted", what=each.title, value=codes.say(each)) for each in sizes), ", ")
    about = codes.view.run.about
    stated = codes.view.run.manifest.asked.plan.elevation
    elevation = words("annex.elevation_unstated") if stated is None else TranslatedText.of(stated)
    text = words("annex.scope", title=codes.view.title, counts=items, crs=crs_title(about.crs), elevation=elevation)
    return Clause(words("annex.scope_head"), text, reason=words("annex.scope_why"), stated=tuple(sizes))


def _term(view: View) -> Clause:
    """Return the term of the plan, the base year and the target years."""
    period = view.run.manifest.asked.plan.period
    first, _, last = period.partition("-")
    term = words("annex.period", first=first, last=last) if period else words("annex.period_unstated")
    text = words("annex.term", period=term, base=view.run.about.year, years=_years(view))
    return Clause(words("annex.term_head"), text, reason=words("annex.term_why"))


def _years(view: View) -> Text:
    years = sorted({each.year for each in view.run.manifest.asked.objectives if each.year is not None})
    return ", ".join(str(year) for year in years) if years else words("annex.no_year")


def _alternatives(codes: Codes) -> Clause:
    view, where = codes.view, codes.plan
    names = TextList(tuple(words("annex.quoted", name=view.name(each)) for each in view.run.alternatives), ", ")
    met, of = codes.counts.get(f"met.{where}"), codes.counts.get("objectives")
    values = tuple(each for each in (met, of) if each is not None)
    text: Text
    if len(view.run.alternatives) == 1 and (of is None or not of.amount):
        text = words("annex.drafted_alone", chosen=view.name(where))
    elif met is None or of is None or not of.amount:
        text = words("annex.drafted_on", names=names, chosen=view.name(where), base=view.name(view.base))
    else:
        full = "annex.drafted_nearest" if met.amount != of.amount else _meeting_all(codes)
        text = words(full, names=names, chosen=view.name(where), base=view.name(view.base), met=codes.say(met),
                     of=codes.say(of))  # fmt: skip
        now = codes.counts.get(f"met.{view.base}")
        if now is not None and where != view.base and now.amount > met.amount:
            sentence = words("annex.drafted_base", base=view.name(view.base), met=codes.say(now), of=codes.say(of))
            text, values = TextList((text, sentence), SENTENCES), (*values, now)
    return Clause(words("annex.drafted_head"), text, reason=words("annex.drafted_why"), stated=values)


def _meeting_all(codes: Codes) -> str:
    """Return the text on an alternative that meets all objectives, within the budget or beyond it."""
    score = codes.table("scorecard")
    return "annex.drafted_beyond" if score is not None and beyond_budget(codes.view, score) else "annex.drafted_meets"


def _synthetic(view: View) -> Iterator[Clause]:
    if view.run.synthetic or view.notes:
        notes = view.notes
        text = words("annex.synthetic") if view.run.synthetic else words("annex.note")
        yield Clause(words("annex.note_head"), text, notes, words("annex.note_why"))


def objectives(codes: Codes) -> Part:
    """Return the objectives: a clause for each, and the table of all alternatives."""
    objectives = codes.view.run.manifest.asked.objectives
    if not objectives:
        none = Clause(words("annex.objectives"), words("annex.no_objectives"), reason=words("annex.no_objectives_why"))
        return Part(words("annex.objectives"), [none])
    blocks: list[Clause | Table] = [_objective(codes, each.id) for each in objectives]
    return Part(words("annex.objectives"), [*blocks, objectives_table(codes)])


def _objective(codes: Codes, name: str) -> Clause:
    view, where = codes.view, codes.plan
    objective = next(each for each in view.run.manifest.asked.objectives if each.id == name)
    target = codes.target(name)
    title = TranslatedText.of(objective.title)
    values: list[Value] = [target]
    parts: dict[str, object] = {
        "objective": title, "indicator": named("indicator", objective.indicator), "target": codes.say(target),
        "by": words("annex.by", year=objective.year) if objective.year else "", "base": view.name(view.base),
        "chosen": view.name(where), "sign": sign(objective.indicator),
    }  # fmt: skip
    why = {"strategy": TranslatedText.of(objective.strategy), "status": named("status", objective.status)}
    reason = (
        words("annex.objective_why", **why, source=with_status(objective.source, objective.status))
        if objective.source else words("annex.objective_own", **why)
    )  # fmt: skip
    if objective.indicator not in indicators():
        return Clause(title, words("annex.objective_unknown", **parts), (), reason, tuple(values))
    now, then = (codes.indicator(objective.indicator, each) for each in (view.base, where))
    if not then.known:
        needs = view.run.manifest.lacking.get(where, {}).get(objective.indicator, "")
        lacking = words("annex.lacking", needs=needed(view, needs)) if needs else ""
        return Clause(title, words("annex.objective_missing", **parts, lacking=lacking), (), reason, tuple(values))
    values += [now, then]
    met = reaches(then, target)
    text = "annex.objective_met" if met else "annex.objective_missed"
    parts |= {"now": codes.say(now), "then": codes.say(then)}
    paragraphs = [
        words(text, **parts),
        *_attribute(objective.indicator),
        *_implausible(view, objective.indicator, where),
    ]
    return Clause(
        title, TextList(tuple(paragraphs), SENTENCES) if paragraphs[1:] else paragraphs[0], (), reason, tuple(values)
    )


def _attribute(indicator: str) -> Iterator[Text]:
    """Yield the attribute of a master plan's indicator: binding or anticipatory, else that the plan must set it."""
    if indicators()[indicator].level == MASTER:
        known_attribute = master_attributes().get(indicator)
        attribute = words(f"master.{known_attribute}" if known_attribute else "annex.attribute_open")
        yield words("annex.attribute", attribute=attribute)


def _implausible(view: View, indicator: str, alternative: str) -> Iterator[Text]:
    """Yield that a value lies outside its published range, which whoever judges the objective must know."""
    rows = outside(view, indicator, alternative)
    if rows is not None:
        yield words("annex.objective_outside", range=rows.range, reason=rows.reason)


def sign(indicator: str) -> Text:
    """Return whether a target is an upper or a lower limit."""
    lower = indicator in indicators() and indicators()[indicator].direction == "lower"
    return words("annex.at_most" if lower else "annex.at_least")


def objectives_table(codes: Codes) -> Table:
    """Return the table of objectives: targets, and the value in every alternative with its code."""
    view = codes.view
    objectives = [each for each in view.run.manifest.asked.objectives if each.indicator in indicators()]
    rows = [(each, name) for each in objectives for name in view.run.alternatives]
    frame = pd.DataFrame({
        "objective": cells(
            TranslatedText.of(each.title) if name == view.base else "" for each, name in rows
        ),
        "target": cells(
            TextList((sign(each.indicator), codes.say(codes.target(each.id))), " ") if name == view.base else ""
            for each, name in rows
        ),
        "alternative": cells(view.name(name) for _, name in rows),
        "value": cells(codes.say(codes.indicator(each.indicator, name)) for each, name in rows),
        "state": cells(_reached(codes, each.id, each.indicator, name) for each, name in rows),
    })  # fmt: skip
    columns = [
        Column("objective", words("plan.objective")), Column("target", words("plan.target")),
        Column("alternative", words("verdict.alternative")), Column("value", words("annex.value")),
        Column("state", words("annex.state")),
    ]  # fmt: skip
    return Table("annex_objectives", words("annex.objectives_table"), frame, columns)


def _reached(codes: Codes, objective: str, indicator: str, alternative: str) -> Text:
    value, target = codes.indicator(indicator, alternative), codes.target(objective)
    if not value.known:
        return words("annex.not_computed")
    state = words("plan.green" if reaches(value, target) else "plan.red")
    rows = outside(codes.view, indicator, alternative)
    return state if rows is None else words("annex.state_outside", state=state)


def reaches(value: Value, target: Value) -> bool:
    """Tell whether an indicator's value, unrounded, reaches a target."""
    if indicators()[value.address.name].direction == "lower":
        return value.raw <= target.amount
    return value.raw >= target.amount


def made_by() -> Text:
    """Return what made the documents."""
    return words("annex.made_by", version=__version__)
