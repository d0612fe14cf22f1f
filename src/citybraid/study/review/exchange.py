"""Comments as a table that reviewers fill in: written as XLSX or CSV, read back, and merged by id.

A comment is a row, and so is each reply below it, which names the comment in `answers`. Reviewers add rows without
id, fill in `reply` and `reply_author` beside a comment, or change its `status`.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from python_calamine import CalamineError, CalamineWorkbook
from xlsxwriter import Workbook

from citybraid.core.errors import InputError, InputErrors, PlanError
from citybraid.core.text import Phrase, csv_safe
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.tabular.workbook_package import check_package
from citybraid.study.review.comment import STATUSES, Entry, comments_of, now
from citybraid.study.review.journal import append, entered, entries
from citybraid.study.run.run import Run

COLUMNS: Mapping[str, int] = {
    "id": 12, "answers": 12, "about": 34, "author": 16, "date": 28, "text": 60, "status": 12, "reply_author": 16,
    "reply": 60, "revision": 14,
}  # fmt: skip
"""Columns of the table and their widths."""
NEEDED = ("id", "about", "author", "text", "status")
SAFE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
MOST_ROWS, MOST_BYTES = 20_000, 20 * 2**20
SPARE = 500
"""Rows below the comments in which a status is chosen from a list."""
Row = Mapping[str, str]


class Conflict(NamedTuple):
    """A row that was not merged: its comment, the column, and what it holds here and in the table."""

    id: str
    part: str
    here: str
    there: str


class Merged(NamedTuple):
    """What a table adds to a journal: entries, and conflicts that are left as they are here."""

    entries: tuple[Entry, ...]
    conflicts: tuple[Conflict, ...]

    @property
    def added(self) -> int:
        """Number of comments that are new."""
        return sum(not each.answers for each in self.entries)

    @property
    def replied(self) -> int:
        """Number of replies and changes of status that are new."""
        return len(self.entries) - self.added


def write_comments(run: Run, path: Path) -> int:
    """Write a run's comments as a table, XLSX or CSV by the suffix of the path; return how many there are.

    Raises InputError for any other suffix.
    """
    acts = entries(run)
    rows = [[row[name] for name in COLUMNS] for row in rows_of(acts)]
    if path.suffix.lower() == ".csv":
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows([csv_safe(cell) for cell in row] for row in rows)
        path.write_text(text.getvalue(), encoding="utf-8-sig", newline="")
    elif path.suffix.lower() == ".xlsx":
        _write_sheet(rows, path)
    else:
        raise InputError("review.suffix", file=path.name)
    return len(comments_of(acts))


def _write_sheet(rows: Sequence[Sequence[str]], path: Path) -> None:
    with Workbook(str(path), SAFE) as book:
        sheet, wrap = book.add_worksheet("review"), book.add_format({"text_wrap": True, "valign": "top"})
        head = book.add_format({"bold": True, "bg_color": "#E4EDEA", "bottom": 1})
        for at, (name, width) in enumerate(COLUMNS.items()):
            sheet.set_column(at, at, width)
            sheet.write_string(0, at, name, head)
        for at, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                sheet.write_string(at, column, cell, wrap)
        column = list(COLUMNS).index("status")
        sheet.data_validation(1, column, len(rows) + SPARE, column, {"validate": "list", "source": list(STATUSES)})
        sheet.freeze_panes(1, 1)


def rows_of(acts: Iterable[Entry]) -> Iterator[Row]:
    """Yield a row for each comment, followed by one for each entry that answers it."""
    known = list({each.digest: each for each in acts}.values())
    for comment in comments_of(known):
        yield _row(id=comment.id, about=comment.about, author=comment.author, date=comment.when, text=comment.text,
                   status=comment.status, revision=comment.revision)  # fmt: skip
        later = sorted((each for each in known if each.answers == comment.id), key=lambda each: (each.at, each.digest))
        for each in later:
            yield _row(answers=each.answers, about=each.about, author=each.author, date=each.at, text=each.text,
                       status=each.status)  # fmt: skip


def _row(**cells: str) -> Row:
    return {**dict.fromkeys(COLUMNS, ""), **cells}


def import_rows(
    run: Run, rows: Iterable[tuple[int, Row]], *, file: str, places: Mapping[str, str] | None = None
) -> Merged:
    """Merge the numbered rows of a table of comments into a run's journal; return what was added and what was left.

    `file` is the table's name; `places` gives the address of each code or address that `about` may name, None checks
    nothing. A table of unknown origin is read by a process apart (`web.foreign.apart.comment_rows`).

    Raises InputErrors with all rows that are wrong, before anything is added.
    """
    merged = merge(rows, entries(run), stamp=now(), places=places, file=file)
    append(run, merged.entries)
    return merged


def merge(
    rows: Iterable[tuple[int, Row]], here: Sequence[Entry], *, stamp: str, places: Mapping[str, str] | None = None,
    file: str = "-",
) -> Merged:  # fmt: skip
    """Return what numbered rows add to the entries of a journal.

    Entries that the table holds are added once, whatever they meet. A status that was changed in the table is added
    unless the comment has changed here since; it is then a conflict, as is a comment whose own text was altered.

    Raises InputErrors with every row that is wrong.
    """
    numbered, problems = list(rows), list[PlanError]()
    held = _held(numbered, here, stamp, places, (file, problems))
    present = [*here, *held.fresh.values()]
    conflicts, added = list(held.conflicts), dict(held.fresh)
    for line, row in numbered:
        if row["id"] and row["id"] not in {each.id for each in held.conflicts}:
            try:
                act = _act(row, held.told, present, here, stamp)
            except InputError as fault:
                problems.append(_row_fault(fault, file, line))
                continue
            if isinstance(act, Conflict):
                conflicts.append(act)
            elif act is not None:
                added[act.digest] = act
    if problems:
        raise InputErrors(problems)
    return Merged(tuple(added.values()), tuple(conflicts))


class _KeptEntries(NamedTuple):
    """The entries that a table holds, those of them that are new here, and comments that are not the same."""

    told: Sequence[Entry]
    fresh: Mapping[str, Entry]
    conflicts: Sequence[Conflict]


def _held(
    rows: Sequence[tuple[int, Row]], here: Sequence[Entry], stamp: str, places: Mapping[str, str] | None,
    problems: tuple[str, list[PlanError]],
) -> _KeptEntries:  # fmt: skip
    """Return the entries that rows hold; the faults of rows are added to the problems of a file."""
    known = {each.digest for each in here}
    firsts = {each.id: each for each in here if not each.answers}
    kept, fresh, conflicts = list[Entry](), dict[str, Entry](), list[Conflict]()
    for line, row in rows:
        try:
            entry = _entry_of(row, firsts, places, stamp)
        except InputError as fault:
            problems[1].append(_row_fault(fault, problems[0], line))
            continue
        if isinstance(entry, Conflict):
            conflicts.append(entry)
            continue
        kept.append(entry)
        if entry.digest not in known and (row.get("date") or not _said_before(entry, here)):
            fresh[entry.digest] = entry
    return _KeptEntries(kept, fresh, conflicts)


def _row_fault(fault: InputError, file: str, line: int) -> InputError:
    return InputError("review.row", file=file, row=line, why=Phrase(fault.text, fault.values))


def _entry_of(row: Row, firsts: Mapping[str, Entry], places: Mapping[str, str] | None, stamp: str) -> Entry | Conflict:
    """Return the entry that a row holds: a comment as it was first entered, or a reply; or why it is not the same."""
    if row["status"] not in {"", *STATUSES}:
        raise InputError("review.status_unknown", got=row["status"], known=STATUSES)
    if row.get("answers"):
        values = {"status": row["status"] or "answered", "answers": row["answers"]}
        return entered(
            at=row.get("date") or stamp, author=row["author"], text=row["text"], about=row["about"], **values
        )  # fmt: skip
    if not row["text"]:
        raise InputError("review.no_text")
    first = firsts.get(row["id"])
    if first is not None and _cell_text(first.text) != row["text"]:
        return Conflict(row["id"], "text", first.text, row["text"])
    if first is not None:
        return first
    about = row["about"].strip("[]")
    if places is not None and about and about not in places:
        raise InputError("review.about_unknown", got=about)
    place = about if places is None else places.get(about, about)
    entry = entered(at=row.get("date") or stamp, author=row["author"], text=row["text"], about=place)
    if row["id"] and entry.id != row["id"]:
        return Conflict(row["id"], "id", "", entry.id)
    return entry


def _said_before(entry: Entry, here: Iterable[Entry]) -> bool:
    """Tell whether a reply or comment that the table gives no time was added by an earlier import of the same table."""
    same = ("author", "text", "answers", "status", "about")
    return any(all(getattr(entry, part) == getattr(each, part) for part in same) for each in here if each.text)


def _act(
    row: Row, entries: Sequence[Entry], all_entries: Sequence[Entry], here: Sequence[Entry], stamp: str
) -> Entry | Conflict | None:
    """Return what was filled in beside a comment: a reply, or another status; None where nothing was."""
    name, reply = row["id"], row.get("reply", "")
    before = next((each for each in comments_of(entries) if each.id == name), None)
    now_all = next((each for each in comments_of(all_entries) if each.id == name), None)
    if before is None or now_all is None:
        return None
    status = row["status"] or before.status
    changed = status not in {before.status, now_all.status}
    author = row.get("reply_author", "") or row["author"]
    if reply and (author, reply) in {(each.author, _cell_text(each.text)) for each in now_all.replies}:
        reply = ""
    if not reply and not changed:
        return None
    if reply and not row.get("reply_author"):
        raise InputError("review.no_reply_author", id=name)
    ours = next((each for each in comments_of(here) if each.id == name), None)
    if changed and ours is not None and row.get("revision") not in {"", None, ours.revision}:
        return Conflict(name, "status", now_all.status, status)
    settled = status if changed else "answered" if now_all.status == "open" else now_all.status
    return entered(at=stamp, author=author, text=reply, status=settled, answers=name)


def _cell_text(text: str) -> str:
    """Return a text as a table holds it."""
    return text.replace("\r\n", "\n").strip()


def read_rows(path: Path) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Yield the rows of a table with their numbers; raises InputError for what is no table of comments."""
    lines = _csv(path) if path.suffix.lower() == ".csv" else _sheet(path)
    heads = [cell.strip() for cell in lines[0]] if lines else []
    if lacking := [name for name in NEEDED if name not in heads]:
        raise InputError("review.columns", file=path.name, lacking=lacking)
    if len(lines) > MOST_ROWS:
        raise InputError("review.long", file=path.name, most=MOST_ROWS)
    for number, line in enumerate(lines[1:], 2):
        cells = {name: _cell_text(cell) for name, cell in zip(heads, line, strict=False) if name in COLUMNS}
        if any(cells.values()):
            yield number, {**dict.fromkeys(COLUMNS, ""), **cells}


def _csv(path: Path) -> list[list[str]]:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise InputError("review.long", file=path.name, most=MOST_ROWS)
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        raise InputError("review.unreadable", file=path.name) from fault
    return [[_unquoted(cell) for cell in row] for row in csv.reader(io.StringIO(text))]


def _unquoted(cell: str) -> str:
    """Return a cell without the apostrophe that keeps spreadsheets from evaluating it."""
    return cell[1:] if cell.startswith("'") and csv_safe(cell[1:]) == cell else cell


def _sheet(path: Path) -> list[list[str]]:
    if path.suffix.lower() != ".xlsx":
        raise InputError("review.suffix", file=path.name)
    try:
        if path.stat().st_size > MOST_BYTES:
            raise InputError("review.long", file=path.name, most=MOST_ROWS)
        check_package(path, Limits())
        with path.open("rb") as file:
            rows = CalamineWorkbook.from_filelike(file).get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (OSError, CalamineError) as fault:
        raise InputError("review.unreadable", file=path.name) from fault
    return [["" if cell is None else str(cell) for cell in row] for row in rows]
