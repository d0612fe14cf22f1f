"""Libraries of cases on the command line: publish, review, find, compare, and the site."""

import json as json_format
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import typer

from citybraid.cli import paper
from citybraid.cli.progress import progress_display
from citybraid.commons.form.card import Card, FeatureValue
from citybraid.commons.library import comparison, effects, likeness
from citybraid.commons.library.facets import cost_band, facet_values, facets
from citybraid.commons.library.index import find as find_in
from citybraid.commons.library.library import Library, Version
from citybraid.commons.library.remote import ServerLibrary
from citybraid.commons.library.shipped import shown, shown_one
from citybraid.commons.library.words import feature_value, limit_words, measure_name, named
from citybraid.commons.opening.opened import check
from citybraid.commons.packing.features import features
from citybraid.commons.site.site import write_site
from citybraid.core.errors import InputError
from citybraid.core.rows.cases import CaseWord
from citybraid.core.tables import read_table
from citybraid.core.text import Phrase, say
from citybraid.report.drawing.units import label_as_is, number
from citybraid.study.open.events import Emit, FileRead, FilesPlanned, FileStarted
from citybraid.study.run.run import Run

ALL = "all"
NEAREST = 10
NONE = "-"
"""What stands for no library, so that the cases that come with the program are left."""
ADDRESS = "://"
"""What the address of a server has and the path of a folder does not."""
TOLD = 10
"""Lines at most that tell how much of a case a server has."""
KEY = "CITYBRAID_KEY"
"""Variable with the key of a server's library."""


class Answers(NamedTuple):
    """A review: who, the questions answered yes and no, and a note."""

    by: str
    yes: tuple[str, ...]
    no: tuple[str, ...]
    note: str


def publish(file: Path, place: str, *, by: str, quiet: bool, lang: str) -> None:
    """Add a case to a library as a draft: of a folder, or of a server."""
    if ADDRESS in place:
        _send(file, place, quiet=quiet, lang=lang)
        return
    if not by:
        raise InputError("case.by_needed")
    _tell_version(Library.open(Path(place), create=True).add(file, by=by), lang)


def _send(file: Path, address: str, *, quiet: bool, lang: str) -> None:
    """Send a case to a server; its key comes from the environment, else from the terminal or standard input."""
    server = ServerLibrary.of(address, os.environ.get(KEY) or _typed_key(lang))
    with progress_display(silent=quiet, as_json=False, lang=lang) as emit:
        sending = _Sending(emit, file.name)
        sent = server.hand_in(file, tell=sending.tell)
    state = Phrase(f"case.state_{sent.state}", {})
    values = {"name": sent.name, "version": sent.number, "state": state, "host": server.host, "by": sent.by}
    paper.tell("case.sent_before" if sent.known else "case.sent", lang, **values)


class _Sending:
    """Shows what a server has of a case as a file that is read, a tenth at a time."""

    def __init__(self, emit: Emit, name: str) -> None:
        self._emit, self._name, self._told = emit, name, -1

    def tell(self, has: int, of: int) -> None:
        """Show that a server has so many bytes."""
        if self._told < 0:
            self._emit(FilesPlanned(1, of))
            self._emit(FileStarted(self._name))
            self._told = 0
        if has - self._told >= of / TOLD or has == of > self._told:
            self._emit(FileRead(self._name, has - self._told, 0.0, known=False))
            self._told = has


def _typed_key(lang: str) -> str:
    if sys.stdin.isatty():
        typed: str = typer.prompt(paper.title("case.key_asked", lang), hide_input=True)
        return typed.strip()
    return sys.stdin.readline().strip()


def review(name: str, folder: Path, answers: Answers, *, lang: str) -> None:
    """Answer the checklist of a draft, or print its questions."""
    library = Library.open(folder)
    questions = [row.id for row in read_table(CaseWord) if row.kind == "check"]
    if not answers.yes and not answers.no:
        for each in questions:
            paper.line(f"{each}: {paper.title(f'case_check.{each}', lang)}")
        return
    yes = [each for each in questions if each not in answers.no] if ALL in answers.yes else answers.yes
    answers_by_item = dict.fromkeys(yes, True) | dict.fromkeys(answers.no, False)
    _tell_version(library.review(name, answers_by_item, by=answers.by, note=answers.note), lang)


def release(name: str, folder: Path, *, by: str, lang: str) -> None:
    """Publish a reviewed case."""
    _tell_version(Library.open(folder).release(name, by=by), lang)


def retract(name: str, folder: Path, *, by: str, reason: str, version: int | None, lang: str) -> None:
    """Withdraw a case."""
    _tell_version(Library.open(folder).retract(name, by=by, reason=reason, version=version), lang)


def history(name: str, folder: Path, *, json: bool, lang: str) -> None:
    """Print the history of a case."""
    entries = Library.open(folder).history(name)
    if json:
        paper.line(json_format.dumps([each.model_dump(mode="json") for each in entries], ensure_ascii=False))
        return
    heads = _heads(lang, "when", "by", "act", "version", "note")
    lines = [
        (
            each.at[:19],
            each.by,
            paper.title(f"case.act_{each.act}", lang),
            each.version,
            _noted(each.note, each.checklist),
        )
        for each in entries
    ]
    paper.table(paper.title("case.history", lang, name=name), heads, lines)


def _noted(note: str, checklist: Mapping[str, bool]) -> str:
    failed = [f"{name}: -" for name, answer in checklist.items() if not answer]
    return "; ".join([*failed, *([note] if note else [])])


def find(folder: Path | None, query: str, only: Sequence[str], *, json: bool, lang: str) -> None:
    """Print the cases that were found, and what facets they have."""
    wanted: dict[str, list[str]] = {}
    for each in only:
        facet, _, value = each.partition("=")
        wanted.setdefault(facet, []).append(value)
    cases = find_in(_read(folder), query, wanted)
    cards = [each.version.card for each in cases if each.version.card is not None]
    if json:
        rows = [{"name": each.version.name, "excerpt": each.excerpt, **_facets(each.version.card)} for each in cases]
        paper.line(json_format.dumps({"cases": rows, "facets": facets(cards)}, ensure_ascii=False))
        return
    lines = [(each.version.name, *_titles(each.version, lang), each.excerpt) for each in cases]
    heads = [*_heads(lang, "name"), *(say("case.title", each) for each in paper.spoken(lang)), *_heads(lang, "excerpt")]
    paper.table(paper.title("case.found", lang, count=len(cases)), heads, lines)
    for facet, values in facets(cards).items():
        if values:
            counts = ", ".join(
                f"{_facet_value(facet, value, lang)} [{value}] {count}" for value, count in values.items()
            )
            paper.line(f"{paper.title(f'case.facet_{facet}', lang)}: {counts}")


def like(place: str, folder: Path | None, *, json: bool, lang: str) -> None:
    """Print the places most like one, with the terms of their distance."""
    library = _read(folder)
    here = place_features(place, library)
    nearest = likeness.alike(here, [each for each in shown(library) if each.name != place])[:NEAREST]
    if json:
        rows = [
            {"name": each.version.name, "distance": each.distance, "terms": [term._asdict() for term in each.terms],
             "lacking": each.lacking}
            for each in nearest
        ]  # fmt: skip
        paper.line(json_format.dumps(rows, ensure_ascii=False))
        return
    if not nearest:
        paper.tell("case.none_alike", lang, name=Path(place).name)
        return
    paper.tell("case.alike", lang, name=Path(place).name)
    heads = _heads(lang, "term", "here", "there", "unit", "distance")
    for each in nearest:
        lines = [
            (
                paper.title(f"case_feature.{term.feature}", lang),
                _feature(term.feature, term.here, lang),
                _feature(term.feature, term.there, lang),
                _unit(term.unit, lang),
                term.distance,
            )
            for term in each.terms
        ]
        title = f"{each.version.name}: {each.distance:.2f}  {' / '.join(_titles(each.version, lang))}"
        paper.table(title, heads, lines)
        if each.lacking:
            names = [paper.title(f"case_feature.{name}", lang) for name in each.lacking]
            paper.tell("case.lacking", lang, names=names)


def compare(one: str, other: str, folder: Path | None, *, json: bool, lang: str) -> None:
    """Print two cases side by side."""
    library = _read(folder)
    cards = [_card(each, library) for each in (one, other)]
    comparison_rows = comparison.compare(*cards)
    if json:
        rows = {
            name: [each._asdict() for each in getattr(comparison_rows, name)]
            for name in ("features", "indicators", "effects")
        }
        paper.line(json_format.dumps({**rows, "not_both": comparison_rows.not_both}, ensure_ascii=False))
        return
    names = [card.name for card in cards]
    title = paper.title("case.compared", lang, one=names[0], other=names[1])
    heads = [*_heads(lang, "term", "unit"), *names]
    paper.table(title, heads, [
        (
            paper.title(f"case_feature.{row.name}", lang),
            _unit(row.unit, lang),
            *("-" if each is None else _feature(row.name, each, lang) for each in (row.one, row.other)),
        )
        for row in comparison_rows.features
    ])  # fmt: skip
    heads = [*_heads(lang, "indicator", "unit"), *names]
    lines: list[tuple[object, ...]] = [
        (_indicator(row.name, lang), _unit(row.unit, lang), *row[2:]) for row in comparison_rows.indicators
    ]
    lines += [
        (
            f"{_measure(row.measure, lang)} → {_indicator(row.indicator, lang)}",
            _unit(row.unit, lang),
            row.one,
            row.other,
        )
        for row in comparison_rows.effects
    ]
    paper.table("", heads, lines)
    if comparison_rows.not_both:
        paper.tell("case.not_both", lang, count=len(comparison_rows.not_both))


def effect(measure: str, folder: Path | None, *, place: str, json: bool, lang: str) -> None:
    """Print the effects of a measure across cases, and the limits of carrying them over."""
    library = _read(folder)
    here = place_features(place, library) if place else None
    case_effects = effects.effects_of(measure, shown(library), here)
    if json:
        rows = [_distribution(each) for each in case_effects.distributions]
        limits = [{"text": each.text, **each.values} for each in case_effects.limits]
        paper.line(json_format.dumps({"measure": measure, "effects": rows, "limits": limits}, ensure_ascii=False))
        return
    if not case_effects.distributions:
        paper.tell("case.no_effects", lang, measure=measure)
    else:
        heads = _heads(lang, "indicator", "n", "unit", "least", "lower", "median", "upper", "most", "cases")
        lines = [
            (_indicator(each.indicator, lang), each.n, _unit(each.unit, lang), *_spread(each))
            for each in case_effects.distributions
        ]
        paper.table(paper.title("case.effects_of", lang, measure=_measure(measure, lang)), heads, lines)
    for limit in case_effects.limits:
        _tell_limit(limit, lang)


def _tell_limit(limit: effects.Limit, lang: str) -> None:
    """Print what limits a transfer, its unit and the feature that it is about named in each language."""
    for language in paper.spoken(lang):
        paper.line(limit_words(limit, language))


def site(folder: Path, out: Path, *, lang: str) -> None:
    """Write the site of a library."""
    written = write_site(None if str(folder) == NONE else Library.open(folder), out)
    paper.tell("case.site_written", lang, count=written.cases, file=str(written.page))


def _read(folder: Path | None) -> Library | None:
    """Return the library of a folder; None where none is named, which leaves the cases that come with the program."""
    return None if folder is None else Library.open(folder)


def place_features(place: str, library: Library | None) -> Mapping[str, FeatureValue]:
    """Return the features of a place: of a case by name or file, of a run, or of the last run of a study."""
    path = Path(place)
    if (run := _run_of(path)) is not None:
        return features(run)
    return _card(place, library).features


def _run_of(path: Path) -> Run | None:
    """Return the run that a path names: its folder, or the last one beside a study file."""
    if path.is_dir():
        return Run.open(path)
    if path.suffix == ".toml" and path.is_file():
        runs = sorted((path.parent / "runs").glob("[0-9]*"))
        return Run.open(runs[-1]) if runs else None
    return None


def _card(place: str, library: Library | None) -> Card:
    known = shown_one(library, place)
    if known is not None:
        card = known.card
    elif library is not None and place in library.names:
        card = library.current(place).card
    else:
        card = check(Path(place)).card if Path(place).is_file() and Path(place).suffix == ".zip" else None
    if card is None:
        raise InputError("case.no_place", got=place)
    return card


def _tell_version(version: Version, lang: str) -> None:
    state = Phrase(f"case.state_{version.state}", {})
    paper.tell("case.added", lang, name=version.name, version=version.number, state=state)


def _distribution(one: effects.Distribution) -> dict[str, Any]:
    cases = [
        {"case": each.case, "relative": each.relative, "low": each.low, "high": each.high, "guessed": each.guessed}
        for each in one.cases
    ]
    return {**one._asdict(), "few": one.few, "cases": cases}


def _spread(one: effects.Distribution) -> tuple[object, ...]:
    """Return least, quartiles and most, without quartiles where there are few cases; and each case with its band."""
    cases = ", ".join(f"{each.case} {_value(each)}" for each in one.cases)
    middle = ("-", "-", "-") if one.few else (one.lower, one.median, one.upper)
    return one.least, *middle, one.most, cases


def _value(each: effects.CaseEffect) -> str:
    if each.guessed:
        return f"{each.relative:.3g} [?]"
    band = "" if each.low is None or each.high is None else f" [{each.low:.3g}, {each.high:.3g}]"
    return f"{each.relative:.3g}{band}"


def _facets(card: Card | None) -> dict[str, Any]:
    if card is None:
        return {}
    return {facet: list(facet_values(card, facet)) for facet in facets(())}


def _facet_value(facet: str, value: str, lang: str) -> str:
    if facet == "cost":
        currency, low, high = cost_band(value)
        return " ".join(
            say(
                "case.cost_band", language, currency=label_as_is(currency, language), low=number(low), high=number(high)
            )
            for language in paper.spoken(lang)
        )
    if facet == "measure":
        return _measure(value, lang)
    return " ".join(named(f"case_{facet}.{value}", language) for language in paper.spoken(lang))


def _feature(feature: str, value: float | str, lang: str) -> float | str:
    """Return a number as it is, and a zone by its name."""
    if not isinstance(value, str):
        return value
    return " ".join(dict.fromkeys(str(feature_value(feature, value, language)) for language in paper.spoken(lang)))


def _measure(measure: str, lang: str) -> str:
    return " ".join(measure_name(measure, language) for language in paper.spoken(lang))


def _unit(unit: str, lang: str) -> str:
    """Return a unit as people write it."""
    return " ".join(dict.fromkeys(label_as_is(unit, language) for language in paper.spoken(lang)))


def _indicator(indicator: str, lang: str) -> str:
    return " ".join(named(f"indicator.{indicator}", language) for language in paper.spoken(lang))


def _titles(version: Version, lang: str) -> list[str]:
    return [version.title.get(language, version.title["en"]) for language in paper.spoken(lang)]


def _heads(lang: str, *names: str) -> list[str]:
    return [paper.title(f"case.{name}", lang) for name in names]
