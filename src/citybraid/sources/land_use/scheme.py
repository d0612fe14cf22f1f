"""Detection of a column's land-use scheme, and disambiguation where its codes fit several schemes."""

from collections import Counter
from collections.abc import Container, Iterable, Sequence
from typing import NamedTuple

from citybraid.core.rows.land import LandUseCrosswalk, LandUseHeader
from citybraid.core.tables import read_table
from citybraid.sources.land_use.cells import spelled
from citybraid.sources.land_use.land_use import CODE, GUIDE, SCHEMES, crosswalk, guide
from citybraid.sources.text.columns import key


class Scheme(NamedTuple):
    """A scheme, the share of rows with known codes, the deciding evidence, and the competing scheme.

    `by` is codes, names or header; `disputed` are the codes with another meaning in `rival`.
    """

    name: str
    share: float
    by: str = "codes"
    rival: str = ""
    disputed: tuple[str, ...] = ()


def scheme_of(cells: Sequence[str], names_beside: Sequence[str] = (), *, header: str = "") -> Scheme:
    """Return the scheme with the largest share of known codes.

    Ties are decided by names beside the codes, then by the column's header, then by the
    order of `SCHEMES`: 0303 is shrubland in the guide and mangrove in the third survey.
    """
    counts = Counter(cell for cell in cells if cell)
    total = sum(counts.values())
    if not total:
        return Scheme(GUIDE, 0.0)
    readings = {cell: _spellings(cell) for cell in counts}
    share = {
        scheme: sum(n for cell, n in counts.items() if _knows(readings[cell], crosswalk(scheme))) / total
        for scheme in SCHEMES
    }
    if named := _by_names(cells, names_beside):
        return Scheme(named, share[named], "names")
    best_share = max(share.values())
    equal = [scheme for scheme in SCHEMES if share[scheme] == best_share]
    best, by = equal[0], "codes"
    if (headed := _by_header(header)) in equal:
        best, by = headed, "header"
    for rival in equal:
        disputed = tuple(cell for cell in counts if rival != best and _disagree(cell, best, rival))
        if disputed:
            return Scheme(best, best_share, by, rival, tuple(sorted(disputed)))
    return Scheme(best, best_share, by)


def _spellings(cell: str) -> frozenset[str]:
    """Return possible codes of a cell: unchanged, its leading code, other spellings."""
    code = CODE.match(cell)
    return frozenset({cell, *([code[0]] if code is not None else []), *spelled(cell)})


def _knows(readings: Iterable[str], known: Container[str]) -> bool:
    return any(reading in known for reading in readings)


def _disagree(cell: str, one: str, other: str) -> bool:
    """Tell whether two schemes give a code different meanings."""
    first, second = crosswalk(one).get(cell), crosswalk(other).get(cell)
    return first is not None and second is not None and first.code != second.code


def _by_names(cells: Sequence[str], names_beside: Sequence[str]) -> str:
    """Return the scheme whose names match those beside the codes, '' where names are inconclusive."""
    if not names_beside:
        return ""
    survey = {row.code: row.name_zh for row in read_table(LandUseCrosswalk) if row.scheme == "survey_3"}
    pairs = [(code, name) for code, name in zip(cells, names_beside, strict=True) if code and name]
    for_survey = sum(survey.get(code) == name for code, name in pairs)
    for_guide = sum(code in guide() and guide()[code].name_zh == name for code, name in pairs)
    if for_survey == for_guide:
        return ""
    return "survey_3" if for_survey > for_guide else GUIDE


def _by_header(header: str) -> str:
    return next((row.scheme for row in read_table(LandUseHeader) if key(row.header) == key(header)), "")
