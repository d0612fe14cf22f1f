"""Pages that planners read stand in both languages, with the same headings, commands and rows of tables."""

import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest
from pydantic import ValidationError

from citybraid.study.open.schema import StudyFile

DOCS = Path(__file__).parents[2] / "docs"
CHINESE = sorted(DOCS.rglob("*.zh.md"))
FOR_DEVELOPERS = {
    "explanation/history.md",
    "how-to/add-a-language.md",
    "how-to/add-a-model.md",
    "how-to/release.md",
}
"""Pages for those who develop or host the program, in English only."""
HEADING = re.compile(r"^(#+) ", re.MULTILINE)
FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
NUMBER = re.compile(r"\d+(?:[.,\u2009\u202f\u00a0]\d+)*")
MONTHS = [
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
]  # fmt: skip
MONTH = re.compile(rf"\b({'|'.join(MONTHS)}) (?=\d)|(?<=\d )({'|'.join(MONTHS)})\b")
"""A month beside a day or a year, which Chinese writes as a number."""
SPAN = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)\s]+)\)")
IN_BOTH = re.compile(r"\b(?:citybraid|make|dask|pip) [a-z]+")
"""Commands as they are typed; what follows may be a folder's or a file's name in the page's language."""


def english(page: Path) -> Path:
    return page.with_name(page.name.replace(".zh.md", ".md"))


def shape(page: Path) -> tuple[list[int], list[str], list[int]]:
    """Return the levels of headings, the languages of code blocks and the rows of each table."""
    written = page.read_text(encoding="utf-8")
    prose = FENCE.sub("", written)
    tables = [block.count("\n|") for block in re.split(r"\n\s*\n", prose) if "\n|" in block or block.startswith("|")]
    return [len(each) for each in HEADING.findall(prose)], [kind for _, kind, _ in FENCE.findall(written)], tables


def commands(page: Path) -> list[str]:
    blocks = [block for _, kind, block in FENCE.findall(page.read_text(encoding="utf-8")) if kind in {"sh", "python"}]
    return [name for block in blocks for name in IN_BOTH.findall(re.sub(r"#.*", "", block))]


@pytest.mark.parametrize("page", CHINESE, ids=lambda page: page.name)
def test_both_languages_say_as_much(page: Path) -> None:
    assert shape(page) == shape(english(page))
    assert commands(page) == commands(english(page))


def stated(page: Path) -> dict[str, Counter[str]]:
    """Return the numbers, names in code and links of a page, but for the links between its two languages."""
    prose = FENCE.sub("", page.read_text(encoding="utf-8"))
    prose = re.sub(r"^\[(English|中文)\].*$", "", prose, flags=re.MULTILINE)
    prose = MONTH.sub(lambda month: f"{MONTHS.index(month[1] or month[2]) + 1} ", prose)
    links = Counter(target.replace(".zh.md", ".md").split("#")[0] for target in LINK.findall(prose))
    bare = SPAN.sub("", LINK.sub("]", prose))
    return {"numbers": Counter(NUMBER.findall(bare)), "names": Counter(SPAN.findall(prose)), "links": links}


@pytest.mark.parametrize("page", sorted((DOCS / "explanation/method").glob("*.zh.md")), ids=lambda page: page.name)
def test_method_pages_state_the_same_numbers_in_both_languages(page: Path) -> None:
    assert stated(page) == stated(english(page))


@pytest.mark.parametrize("page", CHINESE, ids=lambda page: page.name)
def test_each_leads_to_the_other(page: Path) -> None:
    assert f"[English]({english(page).name})" in page.read_text(encoding="utf-8")
    assert f"[中文]({page.name})" in english(page).read_text(encoding="utf-8")


@pytest.mark.parametrize("folder", [".", "tutorials", "how-to", "explanation"])
def test_pages_for_planners_are_in_chinese_too(folder: str) -> None:
    pages = [page for page in (DOCS / folder).glob("*.md") if not page.name.endswith(".zh.md")]
    lacking = {page.relative_to(DOCS).as_posix() for page in pages if not page.with_suffix(".zh.md").is_file()}
    assert pages
    assert lacking <= FOR_DEVELOPERS


TITLE = {"zh": "一", "en": "one"}
INFO = {"name": "x", "title": TITLE, "crs": "EPSG:4549", "region": "CN", "year": 2025, "resolution": 10.0}
OTHER_FILES = {"authors", "special"}
"""What only lessons and special plans hold, which pages show too."""


def refused(block: str) -> list[str]:
    """Return what a study refuses of a part of it, apart from what stands elsewhere in a whole one."""
    part = tomllib.loads(block)
    if OTHER_FILES & set(part):
        return []
    whole = {"alternatives": {"as_is": {"title": TITLE}}, **part, "study": {**INFO, **part.get("study", {})}}
    try:
        StudyFile.model_validate(whole)
    except ValidationError as error:
        told = [(".".join(map(str, each["loc"])), each["msg"]) for each in error.errors()]
        return [f"{place}: {what}" for place, what in told if what != "Field required"]
    return []


def test_parts_of_studies_on_pages_are_taken_by_a_study() -> None:
    found = [
        f"{page.relative_to(DOCS)}: {wrong}"
        for page in sorted(DOCS.rglob("*.md"))
        for _, kind, block in FENCE.findall(page.read_text(encoding="utf-8"))
        if kind == "toml"
        for wrong in refused(block)
    ]
    assert found == []


def test_a_part_that_a_study_refuses_is_seen() -> None:
    assert refused('[study]\nclimate = "2050"\n')
    assert refused('[alternatives.as_is]\ntitle = "As it is"\n')
    assert not refused('[study]\nclimate = { scenario = "ssp245", horizon = 2050 }\n')
