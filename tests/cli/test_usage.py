"""Words that do not fit a command: told in both languages with what to type, exit code 2, and nothing is written."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from citybraid.cli.app import app
from tests.commands import Done, citybraid

SERVERS = frozenset({"serve", "work", "open-case"})
"""Commands that go on until they are stopped."""
NONSENSE = ("folder", "half", "torn", "list", "empty.toml", "x" * 5000, "规划/😀", "a\0b", "\udcff")


def commands(command: Any = None, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield every command with the words that call it."""
    command = command or typer.main.get_command(app)
    inner = getattr(command, "commands", None)
    if inner is None:
        yield path, command
        return
    for name, each in inner.items():
        if name not in SERVERS:
            yield from commands(each, (*path, name))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what is no run: empty, half-written, of another form."""
    desk = tmp_path_factory.mktemp("桌面")
    for name, content in {"folder": None, "half": "", "torn": '{"asked": {', "list": "[]"}.items():
        (desk / name).mkdir()
        if content is not None:
            (desk / name / "manifest.json").write_text(content, encoding="utf-8")
    (desk / "empty.toml").write_text("", encoding="utf-8")
    return desk


def refused(done: Done, said: str = "") -> bool:
    """Tell whether a command was refused as it should be."""
    both = any("\u4e00" <= letter <= "\u9fff" for letter in done.stderr) and "Traceback" not in done.stderr
    return done.returncode == 2 and both and said in done.stderr


def test_an_unknown_option_is_told_by_every_command(desk: Path) -> None:
    """typer said it in English alone, without what to do."""
    wrong = [
        path for path, _ in commands()
        if path != ("model",) and not refused(citybraid(*path, "--no-such-thing", folder=desk), "没有选项")
    ]  # fmt: skip
    assert wrong == []


def test_no_run_is_made_of_nonsense(desk: Path) -> None:
    """Each command that reads a run, given what is none, says so and writes nothing."""
    before = sorted(desk.rglob("*"))
    wrong = []
    for path, command in commands():
        names = [each.name for each in command.params if each.param_type_name == "argument"]
        if names[:1] not in (["run"], ["one"], ["earlier"]):
            continue
        more = ["--factor", "manning_n/grass=0.03"] if path == ("rebase",) else []
        for word in NONSENSE:
            done = citybraid(*path, *more, "--", word, *(["x"] * (len(names) - 1)), folder=desk)
            if not refused(done):
                wrong.append((path, word[:9], done.returncode, done.stderr[-200:]))
    assert wrong == []
    assert sorted(desk.rglob("*")) == before


@pytest.mark.parametrize(
    ("words", "en", "zh"),
    [
        (("rebas",), "there is no command 'rebas'. Did you mean rebase?", "是否指 rebase？"),
        (("case", "zzz"), "`citybraid case`: there is no command 'zzz'", "没有命令“zzz”"),
        (("run",), "STUDY is missing", "缺少 STUDY"),
        (("run", "a", "b", "c"), "no further words: b c", "多余的参数：b c"),
        (("run", "s", "--thread", "2"), "Did you mean --threads?", "是否指 --threads？"),
        (("run", "s", "--threads", "x"), "--threads 'x' cannot be used: allowed is ≥ 1, ≤ 256", "--threads“x”不可用"),
        (("run", "s", "--threads"), "`citybraid run`: option --threads needs a value", "--threads 后面须有值"),
        (("run", "s", "--quiet=1"), "option --quiet takes no value", "--quiet 不带值"),
        (("whatif", "s", "--learn", "3"), "--learn '3' cannot be used: allowed is ≥ 20", "≥ 20"),
        (("fetch", "s", "--most-mib", "nan"), "--most-mib 'nan' cannot be used", "--most-mib“nan”不可用"),
        (("check", ""), "one of its words is empty ('')", "有一个参数为空"),
        (("report", "runs/001", "--out= "), "`citybraid report`: one of its words is empty (--out=)", "有一个参数为空"),
        (("fetch", "s", "--source", ","), "name the study file and the sources", "开放数据"),
    ],
)
def test_what_is_wrong_and_what_to_type(words: tuple[str, ...], en: str, zh: str, tmp_path: Path) -> None:
    done = citybraid(*words, folder=tmp_path)
    assert refused(done, zh)
    assert en in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_they_are_said_in_the_language_asked_for(tmp_path: Path) -> None:
    done = citybraid("run", "s", "--nope", "--lang", "en", folder=tmp_path)
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "`citybraid run`: there is no option --nope. `citybraid run --help` lists its options."
    ]


def test_a_group_of_commands_alone_prints_its_help() -> None:
    done = citybraid("case")
    assert (done.returncode, "Commands:" in done.stderr) == (2, True)
