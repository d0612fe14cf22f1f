"""Measure the influence of factors whose source is to be confirmed: codes/factor_influence.csv, from the demo town.

Every such factor that the town's indicators rest on is raised by a tenth, all its rows at once, and the
alternatives are computed again on cells of 40 m. Steps that do not read the factor come from the store.
"""

import csv
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from citybraid.core import factor
from citybraid.core.evaluate import WHOLE_AREA
from citybraid.study.open.open_study import open_study
from citybraid.study.run.manifest import FactorRow
from citybraid.study.run.pipeline import run_study
from citybraid.study.run.run import Run

ROOT = Path(__file__).parents[1]
TABLE = ROOT / "src" / "citybraid" / "codes" / "factor_influence.csv"
ALTERNATIVE = "as_planned"
HEAD = ("indicator", "factor", "change")
RAISED, LOWERED = 1.1, 0.9
FEW = 8
"""Rows of a factor up to which each is changed alone where all together change nothing."""
LEAST = 0.01
"""Changes below this [%] are left out."""


def main(wanted: Sequence[str]) -> None:
    """Measure the factors named, or all that are in use; the table is written after each, so none is lost."""
    sys.path.insert(0, str(ROOT))
    from tests.coarse_town import write_coarse_town

    lines = [line for line in known() if wanted and line[1] not in wanted]
    with TemporaryDirectory() as folder:
        study = write_coarse_town(Path(folder) / "town")
        study.write_text(shortened(study.read_text(encoding="utf-8")), encoding="utf-8")
        base = run_study(open_study(study), baseline_only=True)
        own, before, rows = (study.parent / "factors.csv").read_text(encoding="utf-8"), values(base), unsure(base)
        for name in [each for each in wanted if each in rows] or sorted(rows):
            changed = influence(study, own, rows[name], before)
            lines += [(each, name, f"{change:.2f}") for each, change in changed.items()]
            with TABLE.open("w", encoding="utf-8", newline="") as stream:
                csv.writer(stream, lineterminator="\n").writerows([HEAD, *sorted(lines)])
            sys.stderr.write(f"{name}: {len(changed)} indicators\n")


def known() -> list[tuple[str, ...]]:
    """Return the rows of the table as it stands."""
    if not TABLE.exists():
        return []
    with TABLE.open(encoding="utf-8", newline="") as stream:
        return [tuple(line) for line in csv.reader(stream)][1:]


def shortened(text: str) -> str:
    """Return the study without its schemes, money and draws, which no influence is measured by."""
    for head in ("alternatives.with_measures", "alternatives.scheme_a", "alternatives.scheme_b", "budget"):
        text = re.sub(rf"\n\[{re.escape(head)}\]\n.*?(?=\n\[|\n# ---|\Z)", "\n", text, flags=re.DOTALL)
    return f"{text}\n[imputation]\ndraws = 0\n"


def unsure(run: Run) -> Mapping[str, list[FactorRow]]:
    """Return the rows in use whose source is to be confirmed, by factor; those of the study are its own matter."""
    found: dict[tuple[str, str], FactorRow] = {}
    for step in run.steps(ALTERNATIVE):
        for rows in step.factors.values():
            found |= {(row.factor, row.key): row for row in rows if row.status in factor.UNSURE}
    by_factor: dict[str, list[FactorRow]] = {}
    for row in found.values():
        if row.origin == "citybraid":
            by_factor.setdefault(row.factor, []).append(row)
    return by_factor


def influence(study: Path, own: str, rows: list[FactorRow], before: Mapping[str, float]) -> Mapping[str, float]:
    """Return the changes of indicators [%]: by all rows at once, else by the one row that changes an indicator most.

    Shares that are scaled to a sum change nothing together.
    """
    together = changes(before, raised(study, own, rows))
    if together or not 1 < len(rows) <= FEW:
        return together
    single = [changes(before, raised(study, own, [row])) for row in rows]
    return {name: max(each.get(name, 0.0) for each in single) for name in sorted(set().union(*single))}


def raised(study: Path, own: str, rows: list[FactorRow]) -> Mapping[str, float]:
    """Return the indicators with rows raised by a tenth, or lowered where a raised value is out of range."""
    for scale in (RAISED, LOWERED):
        write(study.parent / "factors.csv", own, rows, scale=scale)
        try:
            return values(run_study(open_study(study), baseline_only=True))
        except Exception as fault:  # noqa: BLE001  (whatever a factor out of range raises)
            sys.stderr.write(f"{rows[0].factor} x {scale}: {fault}\n")
    return {}


def write(path: Path, own: str, rows: list[FactorRow], *, scale: float) -> None:
    """Write the study's own rows and those that are changed."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        stream.write(own if own.endswith("\n") else own + "\n")
        writer = csv.DictWriter(stream, factor.COLUMNS, lineterminator="\n", extrasaction="ignore")
        for row in rows:
            told = dict(row) | {"value": row.value * scale, "low": "", "high": "", "distribution": "", "region": "CN"}
            writer.writerow({name: "" if told.get(name) is None else told[name] for name in factor.COLUMNS})


def values(run: Run) -> Mapping[str, float]:
    """Return the whole area's indicators."""
    table = run.table(f"units/{ALTERNATIVE}")
    return {} if table is None else {str(name): float(table[name][WHOLE_AREA]) for name in table}


def changes(before: Mapping[str, float], after: Mapping[str, float]) -> Mapping[str, float]:
    """Return the changes of indicators [%], those that are none left out."""
    found = {name: 100 * abs(after[name] / before[name] - 1) for name in after if before.get(name)}
    return {name: change for name, change in found.items() if np.isfinite(change) and change >= LEAST}


if __name__ == "__main__":
    main(sys.argv[1:])
