"""The page on security names tests that there are."""

import re

from tests.discovered import ROOT

NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def test_every_test_named_on_the_page_exists() -> None:
    named = NAMED.findall((ROOT / "docs/reference/security.md").read_text(encoding="utf-8"))
    assert len(named) > 15
    missing = [f"{file}::{name}" for file, name in named if f"def {name}(" not in (ROOT / file).read_text("utf-8")]
    assert missing == []
