"""Land-use codes of other schemes, names and tags, brought to the 2023 guide."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import pandas as pd

from citybraid.core.finding import Finding
from citybraid.sources.codes import Row, rows
from citybraid.sources.values import texts

GUIDE = "guide_2023"
CODE = re.compile(r"^(\d{2,6}|[A-Z]\d{0,2}[a-z]?)(?![\d])")
PAIR = 2


@dataclass(frozen=True)
class Mapped:
    """A code of the 2023 guide, and how sure the mapping is: high, low (must be subdivided), prefix, name."""

    code: str
    confidence: str


@cache
def guide() -> Mapping[str, Row]:
    """Return the 2023 guide's rows by code."""
    return {row["code"]: row for row in rows("land_use")}


@cache
def crosswalk(scheme: str) -> Mapping[str, Mapped]:
    """Return a scheme's codes as codes of the 2023 guide."""
    if scheme == GUIDE:
        return {code: Mapped(code, "high") for code in guide()}
    return {
        row["code"]: Mapped(row["land_use"], row["confidence"])
        for row in rows("land_use_crosswalk")
        if row["scheme"] == scheme
    }


@cache
def names() -> Mapping[str, Mapped]:
    """Return land-use names as codes: those of the guide, then those of the other schemes."""
    others = {row["name_zh"]: Mapped(row["land_use"], "name") for row in rows("land_use_crosswalk") if row["name_zh"]}
    english = {row["name_en"].casefold(): Mapped(code, "name") for code, row in guide().items()}
    return {**others, **english, **{row["name_zh"]: Mapped(code, "name") for code, row in guide().items()}}


SCHEMES = (GUIDE, "guide_2020", "survey_3", "urban_2011", "osm")


def scheme_of(said: Sequence[str], names_beside: Sequence[str] = ()) -> tuple[str, float]:
    """Return the scheme that most codes belong to, and the share that it knows.

    Names beside the codes decide where the digits fit several schemes: 0303 is shrubland
    in the guide and mangrove in the third survey.
    """
    counted = Counter(cell for cell in said if cell)
    total = sum(counted.values())
    if not total:
        return GUIDE, 0.0
    share = {
        scheme: sum(n for cell, n in counted.items() if (CODE.match(cell) or [cell])[0] in crosswalk(scheme)) / total
        for scheme in SCHEMES
    }
    if names_beside:
        stated = {row["code"]: row["name_zh"] for row in rows("land_use_crosswalk") if row["scheme"] == "survey_3"}
        pairs = [(code, name) for code, name in zip(said, names_beside, strict=True) if code and name]
        for_survey = sum(stated.get(code) == name for code, name in pairs)
        for_guide = sum(guide().get(code, {}).get("name_zh") == name for code, name in pairs)
        if for_survey > for_guide:
            return "survey_3", share["survey_3"]
    best = max(SCHEMES, key=lambda scheme: (share[scheme], -SCHEMES.index(scheme)))
    return best, share[best]


def mapped(cell: str, scheme: str) -> Mapped | None:
    """Return the 2023 code of a cell: by its code, by its name, by the longest known prefix; None where it has none.

    Letters are GB 50137's alone and it has no digits, so drawings that mix both are read whole.
    """
    letters = cell[:1].isalpha() and CODE.match(cell) is not None
    known = crosswalk("urban_2011" if letters else GUIDE if scheme == "urban_2011" else scheme)
    if (whole := known.get(cell) or names().get(cell) or names().get(cell.casefold())) is not None:
        return whole
    code = CODE.match(cell)
    if code is not None and code[0] in known:
        return known[code[0]]
    rest = cell[code.end() :].strip(" -_()（）") if code is not None else cell
    if (named := names().get(rest) or names().get(rest.casefold())) is not None:
        return named
    head = code[0] if code is not None else ""
    shorter = [head[:length] for length in range(len(head) - 1, 0, -1)]
    found = next(
        (known[prefix] for prefix in shorter if prefix in known and (scheme != GUIDE or len(prefix) >= PAIR)), None
    )
    return None if found is None else Mapped(found.code, "prefix")


@dataclass(frozen=True)
class Column2023:
    """A column of land uses in codes of the 2023 guide ('' where there is none), and what was noticed."""

    codes: pd.Series
    findings: tuple[Finding, ...]


def to_guide(column: pd.Series, *, layer: str, scheme: str = "", names_beside: pd.Series | None = None) -> Column2023:
    """Bring a column of codes, names or tags to the 2023 guide; every scheme guessed and every weak mapping is told."""
    said = texts(column)
    beside = list(texts(names_beside)) if names_beside is not None else []
    found: list[Finding] = []
    if not scheme:
        scheme, share = scheme_of(list(said), beside)
        if scheme != GUIDE:
            found.append(
                Finding(
                    "guessed",
                    "intake.scheme_guessed",
                    layer,
                    int((said != "").sum()),
                    {"scheme": scheme, "share": share * 100},
                )
            )
    answers = {cell: mapped(cell, scheme) for cell in set(said) if cell}
    codes = said.map(lambda cell: answer.code if (answer := answers.get(cell)) is not None else "")
    for confidence, text, kind in (
        ("low", "intake.code_coarse", "guessed"),
        ("prefix", "intake.code_prefix", "guessed"),
    ):
        weak = {
            cell: answer.code
            for cell, answer in answers.items()
            if answer is not None and answer.confidence == confidence
        }
        if weak:
            examples = [f"{cell}→{code}" for cell, code in sorted(weak.items())][:4]
            found.append(
                Finding(
                    "guessed" if kind == "guessed" else "found",
                    text,
                    layer,
                    int(said.isin(list(weak)).sum()),
                    {"examples": examples},
                )
            )
    lost = sorted(cell for cell, answer in answers.items() if answer is None)
    if lost:
        found.append(
            Finding("rejected", "intake.code_unknown", layer, int(said.isin(lost).sum()), {"examples": lost[:4]})
        )
    return Column2023(codes, tuple(found))


def building_use(code: str) -> str:
    """Return the building use that a land-use code carries, '' where it carries none."""
    return guide().get(code, {}).get("building_use", "")


def cover(code: str) -> int:
    """Return the land-cover code that a land use most often has, 0 where it is not known."""
    return int(guide().get(code, {}).get("land_cover", "") or 0)
