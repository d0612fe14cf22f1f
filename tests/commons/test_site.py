"""The site of a library: both languages, what strangers write is text, no requests, whole or not at all."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from citybraid.commons.library.library import Library
from citybraid.commons.packing.pack import Packed
from citybraid.commons.site import both
from citybraid.commons.site.chart import strip
from citybraid.commons.site.pages import region
from citybraid.commons.site.site import PAGE, write_site
from citybraid.core.errors import InputError
from citybraid.report.drawing.units import quantity
from tests.commons.made_case import made_place, packed
from tests.commons.test_library import GOOD, published
from tests.web.packed_place import in_climate

pytestmark = pytest.mark.slow

EVIL = "<img src=x onerror=alert(1)></script><script>alert(2)</script>"


class Elements(HTMLParser):
    """Collects elements with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.fixture(scope="module")
def library(case: Packed, tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder = tmp_path_factory.mktemp("library")
    library = published(folder / "library", case)
    lessons = f'licence = "CC0-1.0"\nauthors = ["{EVIL}"]\n[problem]\nen = "{EVIL}"\nzh = "水"\n'
    place = in_climate(made_place(folder / "evil", name="evil", lessons=lessons), "made")
    library.add(packed(place, folder / "evil.case.zip").file, by=EVIL)
    library.review("evil", GOOD, by="Li", note=EVIL)
    library.release("evil", by="Li")
    gone = made_place(folder / "gone", name="gone", lessons=lessons)
    library.add(packed(gone, folder / "gone.case.zip").file, by="Li")
    library.retract("gone", by="Li", reason=EVIL)
    return library


@pytest.fixture(scope="module")
def site(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("site") / "案例 站点"
    assert write_site(library, out).cases == 2
    return out


def pages(site: Path) -> list[Path]:
    return sorted(site.rglob("*.html"))


def test_there_is_a_page_for_each_published_case(site: Path) -> None:
    assert [path.relative_to(site).as_posix() for path in pages(site)] == [
        "cases/evil/index.html", "cases/made/index.html", "index.html", "measures.html",
    ]  # fmt: skip
    assert (site / "cases" / "made" / "made.case.zip").is_file()


def test_cases_regions_and_zones_go_by_their_names(site: Path) -> None:
    effects = (site / "measures.html").read_text(encoding="utf-8")
    links = re.findall(r'<a href="cases/made/index.html">(.*?)</a>', effects)
    assert links
    assert all('<span lang="en">' in each and '<span lang="zh-Hans">' in each for each in links), "not by its id"
    case = (site / "cases" / "made" / PAGE).read_text(encoding="utf-8")
    assert '<span lang="zh-Hans">中国</span>' in case


def test_words_among_numbers_break_into_lines(site: Path) -> None:
    """The zone "3A: hot summer, cold winter A" stood in one line, and pages of cases scrolled sideways on a phone."""
    case = (site / "cases" / "evil" / PAGE).read_text(encoding="utf-8")
    cells = re.findall(r'<td class="([^"]*)">(?:<span lang="en">)?3A: hot summer', case)
    assert cells
    assert set(cells) == {"n words"}
    assert "td.n.words { white-space: normal; }" in case, "what numbers must not do"


def test_a_region_without_a_name_goes_by_the_one_it_lies_in() -> None:
    assert region("CN-ZJ-JX") == '<span lang="en">Jiaxing, Zhejiang</span><span lang="zh-Hans">浙江嘉兴</span>'
    assert region("CN-ZJ-HZ") == '<span lang="en">Zhejiang</span><span lang="zh-Hans">浙江</span> (CN-ZJ-HZ)'
    assert region("DE") == '<span data-country="DE">DE</span>'
    assert region("<b>-X") == '<span data-country="&lt;b&gt;">&lt;b&gt;</span> (&lt;b&gt;-X)'


def test_what_strangers_write_is_text(site: Path) -> None:
    for path in pages(site):
        text = path.read_text(encoding="utf-8")
        elements = Elements(text).found
        assert not [attributes for _, attributes in elements if any(name.startswith("on") for name in attributes)]
        assert not [attributes for tag, attributes in elements if tag == "img" and attributes.get("src") == "x"]
        assert sum(tag == "script" for tag, _ in elements) == 2
        assert "onerror=alert(1)>" not in text
    assert "&lt;img src=x onerror=alert(1)&gt;" in (site / "cases/evil/index.html").read_text(encoding="utf-8")


def test_pages_link_to_nothing_outside(site: Path) -> None:
    for path in pages(site):
        for tag, attributes in Elements(path.read_text(encoding="utf-8")).found:
            for name in ("href", "src", "action"):
                target = attributes.get(name)
                if target is not None and not target.startswith("#"):
                    assert not re.match(r"^(\w+:|//|/)", target), (tag, target)
                    assert (path.parent / target).is_file(), (path, target)


def test_a_policy_admits_the_pages_own_style_and_script_alone(site: Path) -> None:
    for path in pages(site):
        elements = Elements(path.read_text(encoding="utf-8")).found
        policy = next(str(a["content"]) for tag, a in elements if a.get("http-equiv") == "Content-Security-Policy")
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "http" not in policy
        assert len(re.findall(r"sha256-[A-Za-z0-9+/=]{44}", policy)) == 2


def test_every_page_holds_both_languages(site: Path) -> None:
    for path in pages(site):
        languages = [attributes.get("lang") for _, attributes in Elements(path.read_text(encoding="utf-8")).found]
        chinese, english = languages.count("zh-Hans"), languages.count("en")
        assert chinese > 10
        assert abs(chinese - english) <= 1, "each text stands in both; the page itself is in one"


def test_what_is_missing_left_out_and_retracted_is_shown(site: Path) -> None:
    case = (site / "cases" / "made" / PAGE).read_text(encoding="utf-8")
    for said in (
        "The authors have not told.",
        "作者尚未说明。",
        "（暂无中文）",
        "confidential",
        "Ask the survey office",
        "合成数据",
    ):
        assert said in case
    index = (site / PAGE).read_text(encoding="utf-8")
    assert "已撤回" in index
    assert "gone" in index


def test_a_site_is_written_over_a_site_but_over_nothing_else(library: Library, site: Path, tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in pages(site)}
    write_site(library, site)
    assert {path: path.read_bytes() for path in pages(site)} == before
    (tmp_path / "mine.txt").write_text("x", encoding="utf-8")
    with pytest.raises(InputError, match="no site"):
        write_site(library, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_file_that_was_exchanged_in_the_library_gets_no_page(case: Packed, tmp_path: Path) -> None:
    library = published(tmp_path / "library", case)
    other = packed(made_place(tmp_path / "b", lessons=""), tmp_path / "b.case.zip")
    file = library.current("made").file
    assert file is not None
    file.write_bytes(other.file.read_bytes())
    with pytest.raises(InputError, match="not the one that its history names"):
        write_site(library, tmp_path / "site")
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "–"), (0.0, "0"), (1234.5, "1,235"), (-0.5, "−0.5"), (1.23456, "1.23"),
        (1e7, "10,000,000"),
        (2e-5, "2.0e−05"), ("3A", "3A"), (99.95, "100"),
    ],
)  # fmt: skip
def test_numbers_have_three_digits_and_whole_units(value: float | str | None, shown: str) -> None:
    assert both.number(value) == shown


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [(128_629.3, "t CO2e year-1", "128,629"), (33.914, "%", "33.9"), (2.3264, "t CO2e person-1 year-1", "2.33")],
)
def test_an_indicator_has_the_digits_of_the_report(value: float, unit: str, shown: str) -> None:
    """A case's page had 129 000 t where its report had 128,600 and a table of it 128,629."""
    assert both.number(value, unit) == shown == quantity(value, unit, language="en").replace("%", "").split()[0]


def test_a_chart_shows_a_value_beyond_its_edge_as_an_arrow() -> None:
    inside, beyond = strip([50.0], 100.0), strip([500.0], 100.0)
    assert ("circle" in inside, "polygon" in inside) == (True, False)
    assert ("circle" in beyond, "polygon" in beyond) == (False, True)
    assert "rect" in strip([1.0], 10.0, span=(0.5, 1.5))
