"""Comments of reviewers: added, answered, kept whole, exchanged as tables, and merged by id."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

from citybraid.core.errors import InputError, InputErrors
from citybraid.core.text import LANGUAGES
from citybraid.study.review.comment import STATUSES, Entry, comments_of
from citybraid.study.review.exchange import COLUMNS, Merged, import_rows, merge, read_rows, rows_of, write_comments
from citybraid.study.review.journal import FOLDER, add, answer, append, comments, entries
from citybraid.study.run.run import Run
from tests.examples import at_most
from tests.report.made_run import made_run

ADDRESS = "indicator:flooded_area@as_is/"


def import_comments(run: Run, path: Path, *, places: Mapping[str, str] | None = None) -> Merged:
    """Merge a table of our own making, read in this process."""
    return import_rows(run, read_rows(path), file=path.name, places=places)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return made_run(tmp_path / "a")


def test_a_comment_is_kept_beside_the_manifest_and_changes_nothing_of_the_run(run: Run) -> None:
    before = (run.folder / "manifest.json").read_bytes()
    comment = add(run, "积水面积偏小？", author="张工", about=ADDRESS)
    assert re.fullmatch(r"C-[0-9a-f]{8}", comment.id)
    assert (run.folder / "manifest.json").read_bytes() == before
    (file,) = (run.folder / FOLDER).iterdir()
    kept = file.read_bytes()
    answered = answer(run, comment.id, "按50年一遇复核。", author="李工")
    assert file.read_bytes() == kept, "no file is changed"
    assert len(list((run.folder / FOLDER).iterdir())) == 2
    assert (answered.status, answered.about) == ("answered", ADDRESS)
    assert [(each.author, each.text) for each in answered.replies] == [("李工", "按50年一遇复核。")]
    assert answer(run, comment.id, author="张工", status="closed").status == "closed"
    assert comments(Run.open(run.folder)) == comments(run)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda run: add(run, " ", author="a"), "needs a text"),
        (lambda run: add(run, "x", author=" "), "'author'"),
        (lambda run: add(run, "x" * 4001, author="a"), "'text'"),
        (lambda run: answer(run, "C-00000000", "x", author="a"), "no comment C-00000000"),
    ],
)
def test_what_is_no_comment_is_refused_in_both_languages(run: Run, wrong: object, said: str) -> None:
    with pytest.raises(InputError) as caught:
        wrong(run)  # type: ignore[operator]  # one of the calls above
    assert said in caught.value.say("en")
    assert all(caught.value.say(language) for language in LANGUAGES)
    assert comments(run) == ()


def test_a_damaged_journal_is_told_and_not_passed_over(run: Run) -> None:
    add(run, "x", author="a")
    (file,) = (run.folder / FOLDER).iterdir()
    file.write_text("[{", encoding="utf-8")
    with pytest.raises(InputError, match=r"is damaged"):
        comments(run)


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_comments_go_out_and_come_back_the_same(run: Run, tmp_path: Path, suffix: str) -> None:
    first = add(run, "=1+1 是公式吗？\n第二行", author="张工", about=ADDRESS)
    answer(run, first.id, '\'quoted, "text"', author="Li & Co")
    add(run, "-5 % is too low", author="Li")
    table = tmp_path / f"意见{suffix}"
    assert write_comments(run, table) == 2
    other = made_run(tmp_path / "b")
    merged = import_comments(other, table)
    assert (merged.added, merged.replied, merged.conflicts) == (2, 1, ())
    assert comments(other) == comments(run)
    assert import_comments(other, table) == Merged((), ()), "a second time adds nothing"
    assert import_comments(run, table) == Merged((), ())


def test_formulas_stay_texts_in_the_table(run: Run, tmp_path: Path) -> None:
    add(run, "=cmd|x", author="a")
    write_comments(run, tmp_path / "a.csv")
    assert ",'=cmd|x," in (tmp_path / "a.csv").read_text(encoding="utf-8-sig")
    write_comments(run, tmp_path / "a.xlsx")
    rows = CalamineWorkbook.from_path(tmp_path / "a.xlsx").get_sheet_by_index(0).to_python()
    assert rows[1][list(COLUMNS).index("text")] == "=cmd|x"


def filled(run: Run, path: Path, **changes: str) -> Path:
    """Export, change the first comment's row, add one of its own, and write the table again."""
    rows = [dict(row) for row in rows_of(entries(run))]
    rows[0].update(changes)
    rows.append({**dict.fromkeys(COLUMNS, ""), "about": "R1-01-00", "author": "王工", "text": "新意见"})
    with Workbook(str(path), {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate([dict(zip(COLUMNS, COLUMNS, strict=True)), *rows]):
            for column, name in enumerate(COLUMNS):
                sheet.write_string(at, column, row[name])
    return path


PLACES = {"R1-01-00": ADDRESS, ADDRESS: ADDRESS}


def test_what_reviewers_fill_in_is_added_once(run: Run, tmp_path: Path) -> None:
    comment = add(run, "x", author="张工", about=ADDRESS)
    table = filled(run, tmp_path / "t.xlsx", reply="done", reply_author="李工", status="closed")
    merged = import_comments(run, table, places=PLACES)
    assert (merged.added, merged.replied, merged.conflicts) == (1, 1, ())
    found = {each.id: each for each in comments(run)}
    assert found[comment.id].status == "closed"
    assert found[comment.id].replies[0].text == "done"
    (new,) = (each for each in found.values() if each.id != comment.id)
    assert (new.about, new.author, new.status) == (ADDRESS, "王工", "open"), "a code becomes its address"
    assert import_comments(run, table, places=PLACES) == Merged((), ())


def test_a_status_that_both_sides_changed_is_told_and_left(run: Run, tmp_path: Path) -> None:
    comment = add(run, "x", author="张工")
    table = filled(run, tmp_path / "t.xlsx", status="closed")
    answer(run, comment.id, "not yet", author="李工")
    merged = import_comments(run, table, places=PLACES)
    assert [(each.id, each.part, each.here, each.there) for each in merged.conflicts] == [
        (comment.id, "status", "answered", "closed")
    ]
    assert next(each for each in comments(run) if each.id == comment.id).status == "answered"
    assert merged.added == 1, "what does not conflict is merged"


def test_a_comment_whose_text_was_altered_is_told_and_left(run: Run, tmp_path: Path) -> None:
    comment = add(run, "x", author="张工")
    merged = import_comments(run, filled(run, tmp_path / "t.xlsx", text="y"), places=PLACES)
    assert [(each.id, each.part, each.there) for each in merged.conflicts] == [(comment.id, "text", "y")]
    elsewhere = made_run(tmp_path / "b")
    forged = import_comments(elsewhere, filled(run, tmp_path / "u.xlsx", text="y"), places=PLACES)
    assert [each.part for each in forged.conflicts] == ["id"], "its id no longer fits what it says"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"status": "done"}, "'done' is no status"),
        ({"reply": "x"}, "has no author"),
        ({"id": "", "text": ""}, "needs a text"),
        ({"id": "", "about": "R9-99-99"}, "'R9-99-99' is no code"),
        ({"id": "", "date": "yesterday"}, "'at'"),
    ],
)
def test_wrong_rows_are_told_with_their_numbers_and_nothing_is_added(
    run: Run, tmp_path: Path, changes: dict[str, str], said: str
) -> None:
    add(run, "x", author="张工")
    before = entries(run)
    with pytest.raises(InputErrors) as caught:
        import_comments(run, filled(run, tmp_path / "t.xlsx", **changes), places=PLACES)
    assert f"row 2: {said}"[:6] in caught.value.say("en")
    assert said in caught.value.say("en")
    assert "第 2 行" in caught.value.say("zh")
    assert entries(run) == before


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", "x,y\n1,2\n", "lacks the columns"),
        ("a.csv", b"\xff\xfe\x00", "cannot be read"),
        ("a.xlsx", "no package", "a.xlsx"),
        ("a.ods", "", "exchanged as .xlsx or .csv"),
        ("missing.csv", None, "cannot be read"),
    ],
)
def test_what_is_no_table_of_comments_is_refused(
    run: Run, tmp_path: Path, name: str, content: str | bytes | None, said: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InputError, match=re.escape(said)):
        import_comments(run, tmp_path / name)


def moments(number: int) -> str:
    return f"2026-05-01T00:00:{number:02d}Z"


TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=12).filter(str.strip)
FIRST = st.builds(
    Entry, at=st.integers(0, 9).map(moments), author=TEXTS, text=TEXTS, about=st.sampled_from(["", ADDRESS])
)


@st.composite
def journals(draw: st.DrawFn) -> list[Entry]:
    firsts = draw(st.lists(FIRST, max_size=4))
    replies = [
        Entry(at=moments(draw(st.integers(10, 59))), author=draw(TEXTS), text=draw(st.one_of(st.just(""), TEXTS)),
              status=draw(st.sampled_from(STATUSES)), answers=draw(st.sampled_from(firsts)).id)
        for _ in range(draw(st.integers(0, 4)) if firsts else 0)
    ]  # fmt: skip
    return [*firsts, *replies]


def numbered(acts: list[Entry]) -> list[tuple[int, dict[str, str]]]:
    return [(at, dict(row)) for at, row in enumerate(rows_of(acts), 2)]


@at_most(60)
@given(journals(), journals())
def test_merging_loses_nothing_and_its_order_does_not_matter(one: list[Entry], other: list[Entry]) -> None:
    both = comments_of([*one, *other])
    forth = merge(numbered(other), one, stamp=moments(59))
    back = merge(numbered(one), other, stamp=moments(59))
    assert (forth.conflicts, back.conflicts) == ((), ())
    assert comments_of([*one, *forth.entries]) == both == comments_of([*other, *back.entries])
    assert merge(numbered(other), [*one, *forth.entries], stamp=moments(59)) == Merged((), ())


@at_most(40)
@given(journals())
def test_a_journal_is_the_same_in_any_order_and_written_twice(acts: list[Entry]) -> None:
    assert comments_of(acts) == comments_of(list(reversed(acts))) == comments_of([*acts, *acts])
    kept = [Entry.model_validate(each) for each in json.loads(json.dumps([each.model_dump() for each in acts]))]
    assert [each.digest for each in kept] == [each.digest for each in acts]


def test_two_that_write_at_once_lose_nothing(run: Run) -> None:
    acts = [Entry(at=moments(1), author="a", text=f"{number}") for number in range(20)]
    for each in acts:
        append(run, [each])
    assert {each.digest for each in entries(run)} == {each.digest for each in acts}


def test_a_reply_may_name_the_change_that_resolves_a_comment(run: Run, tmp_path: Path) -> None:
    comment = add(run, "Too little paving.", author="a")
    told = answer(run, comment.id, author="b", status="closed", change="alternative:chosen")
    assert [(each.author, each.text, each.change) for each in told.replies] == [("b", "", "alternative:chosen")]
    assert answer(run, comment.id, author="b", change="factor:drain_share/road").replies[-1].change
    for suffix in ("csv", "xlsx"):
        write_comments(run, tmp_path / f"c.{suffix}")
        other = made_run(tmp_path / suffix)
        import_comments(other, tmp_path / f"c.{suffix}")
        assert comments(other) == comments(run), "a change goes out and comes back with its reply"


@pytest.mark.parametrize("change", ["run:../a", "run:999", "alternative:none", "factor:drain_share", "chosen"])
def test_a_change_that_there_is_not_is_refused(run: Run, change: str) -> None:
    comment = add(run, "x", author="a")
    with pytest.raises(InputError, match=r"no change of this study"):
        answer(run, comment.id, "y", author="b", change=change)
    assert len(entries(run)) == 1
