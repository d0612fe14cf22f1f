"""Where a factor comes from: its source names a document; addresses of copies stand in the note."""

import csv
import re
from pathlib import Path

import pytest

from tests.discovered import PACKAGE

TABLES = sorted([*(PACKAGE / "factors").glob("*.csv"), *(PACKAGE / "pilots").glob("*/factors.csv")])
COPIES = (
    "apiardata", "bzmfxz", "civilcn", "daydaynews", "doczj", "dkong", "drbdp", "flowsizer", "fsled", "handmsg",
    "jianbiaoku", "jingyanla", "khalejna", "lagas.org", "mffbw", "pdfslide", "sczgj", "shanxier", "ssessments",
    "szftgk", "what-when-how", "x2628", "xny365",
)  # fmt: skip
"""Sites that print what others have written."""
ADDRESS_FIRST = re.compile(r"(?:www\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|cc|vip|top)/")


@pytest.mark.parametrize("table", TABLES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_sources_name_documents_not_copies(table: Path) -> None:
    with table.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            source = row.get("source") or ""
            assert not any(copy in source for copy in COPIES), source
            assert not ADDRESS_FIRST.match(source), f"an address is no document: {source}"
