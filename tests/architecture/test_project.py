"""The project's own papers: both READMEs say the same, the lock is pure, the package carries its data."""

import re
from importlib.resources import files

from tests.discovered import ROOT, sources

DATA = ("texts", "factors", "codes", "report/fonts", "report/vendor", "pilots", "web/bundle")


def test_lock_is_pure() -> None:
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    assert len(lines) > 50
    assert not [line for line in lines if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.]+", line)]


def test_readmes_say_the_same() -> None:
    english, chinese = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh.md"))
    for pattern in (r"```\w*\n(.*?)```", r"!\[.*?\]\((.*?)\)"):
        assert re.findall(pattern, english, re.DOTALL) == re.findall(
            pattern, chinese.replace(".zh.png", ".png"), re.DOTALL
        )
    assert english.count("\n## ") == chinese.count("\n## ")


def test_readme_opens_with_a_picture() -> None:
    for name in ("README.md", "README.zh.md"):
        head = (ROOT / name).read_text(encoding="utf-8").partition("\n## ")[0]
        picture = re.search(r"!\[.+?\]\((docs/images/.+?)\)", head)
        assert picture, name
        assert (ROOT / picture.group(1)).is_file()


def test_data_is_in_the_package() -> None:
    for folder in DATA:
        entry = files("citybraid").joinpath(folder)
        assert entry.is_dir(), folder
        assert list(entry.iterdir()), folder


def test_code_names_no_path_of_a_machine() -> None:
    found = re.compile(r"""["'](/(home|root|work|Users|tmp)/|[A-Z]:\\\\Users)""")
    assert not [
        path.name for path in (*sources(), *sources(ROOT / "tests")) if found.search(path.read_text(encoding="utf-8"))
    ]
