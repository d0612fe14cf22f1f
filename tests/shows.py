"""Three things a planner is shown, each by the commands that he types: `make shows`.

A contradiction planted in a plan and found by its clinic; a control table edited in the workbook, told and taken back;
a special plan of three jurisdictions whose sums close. The towns are made, small, and no real plan.

    python -m tests.shows FOLDER
"""

import csv
import html
import re
import subprocess
import sys
from pathlib import Path

import openpyxl
import pandas as pd

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.study.run.run import Run
from tests.study import delta
from tests.study.made_study import Made
from tests.study.what_if_town import write_what_if_town

ROLES = ("parcels", "buildings", "land_cover")
PLANTED = ("P00", "floor_area_ratio", "9")
"""A floor area ratio that no building on this parcel reaches under its stated density and height."""


def typed(*words: str) -> str:
    """Run a command as a planner types it, show it with what it prints, and return that."""
    sys.stdout.write(f"\n$ citybraid {' '.join(words)}\n")
    command = [sys.executable, "-m", "citybraid", *words]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    sys.stdout.write(f"{done.stdout}{done.stderr}[{done.returncode}]\n")
    sys.stdout.flush()
    return done.stdout


def last_run(study: Path) -> Run:
    """Return the last run of a study."""
    return Run.open(max((study.parent / "runs").glob("[0-9]*")))


def clinic(folder: Path) -> str:
    """Plant a contradiction and return what the plan clinic says of it on the page."""
    folder.mkdir(parents=True, exist_ok=True)
    study = write_what_if_town(folder)
    parcel, quantity, value = PLANTED
    with (folder / "study.edits.csv").open("w", encoding="utf-8", newline="") as file:
        rows = [["parcel", "number", "quantity", "value", "before", "author", "when", "file"],
                [parcel, parcel, quantity, value, "", "planted", "2026-11-29", "shows"]]  # fmt: skip
        csv.writer(file).writerows(rows)
    study.write_text(f'edits = "study.edits.csv"\n{study.read_text("utf-8")}', encoding="utf-8")
    typed("check", str(study), "--lang", "en")
    typed("run", str(study), "--quiet", "--lang", "en")
    page = (last_run(study).folder / "report" / "report.html").read_text("utf-8")
    text = html.unescape(re.sub(r"<[^>]+>", " ", page))
    told = re.search(r"Plan clinic,[^.]*contradiction[^.]*\.", text)
    return "" if told is None else " ".join(told[0].split())


def round_trip(folder: Path) -> pd.DataFrame:
    """Edit a control in the workbook, take it back, run again, and return the stated ratios after it."""
    folder.mkdir(parents=True, exist_ok=True)
    study = Made(folder, ROLES).written()
    typed("run", str(study), "--quiet", "--lang", "zh")
    run = last_run(study)
    book = openpyxl.load_workbook(run.folder / "report" / "report.zh.xlsx")
    sheet = next(each for each in book if "编号" in {cell.value for cell in each[2]})
    sheet.cell(4, [cell.value for cell in sheet[2]].index("容积率") + 1).value = 1.75
    book.properties.lastModifiedBy = "李工"
    edited = folder / "改.xlsx"
    book.save(edited)
    typed("controls", str(run.folder), str(edited), "--lang", "zh")
    typed("controls", str(run.folder), str(edited), "--write", str(study), "--lang", "zh")
    typed("run", str(study), "--quiet", "--lang", "zh")
    table = last_run(study).table("controls/as_is")
    assert table is not None
    return table[table["control"] == "far"][["parcel", "stated"]]


def special(folder: Path) -> float:
    """Run three towns under one plan, and return by how much the sum of their net emissions misses the whole."""
    regions = {name: town.region for name, town in delta.TOWNS.items()}
    targets = '[[targets]]\nindicator = "net_emissions"\ntarget = 600\nrule = "residents"\n'
    plan = delta.write_special(folder, regions, targets)
    typed("special", str(plan), "--quiet", "--lang", "en")
    table = pd.read_csv(next(folder.rglob("indicators.csv")), encoding="utf-8-sig")
    table = table.fillna({"jurisdiction": WHOLE_AREA})
    rows = table[table["alternative"] == "as_is"].set_index("jurisdiction")["net_emissions"]
    sys.stdout.write(f"{rows.to_string()}\n")
    return float(rows.drop(WHOLE_AREA).sum() - rows[WHOLE_AREA])


def main() -> None:
    """Show all three; ends with 1 where one of them is not as it should be."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    told = clinic(folder / "clinic")
    ratios = round_trip(folder / "round_trip")
    missed = special(folder / "special")
    found = {
        "clinic": told or "no contradiction found",
        "round trip": f"stated ratio of the first parcel after it: {ratios['stated'].iloc[0]:g} (edited to 1.75)",
        "special plan": f"sum of the three less the whole: {missed:.6g}",
    }
    sys.stdout.write("".join(f"\n{name}: {text}" for name, text in found.items()) + "\n")
    raise SystemExit(0 if told and ratios["stated"].iloc[0] == 1.75 and abs(missed) < 1e-6 else 1)


if __name__ == "__main__":
    main()
