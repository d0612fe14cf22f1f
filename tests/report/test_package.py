"""A Word document of the same content is the same bytes, whenever it is written."""

import time
from pathlib import Path

import docx
import pytest

from citybraid.report.package import save


def test_a_document_written_twice_is_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    document = docx.Document()
    document.add_paragraph("规划 plan")
    save(document, tmp_path / "one.docx")
    monkeypatch.setattr(time, "time", lambda: 2_000_000_000.0)
    monkeypatch.setattr(time, "localtime", lambda *_: time.gmtime(2_000_000_000))
    save(document, tmp_path / "two.docx")
    assert (tmp_path / "one.docx").read_bytes() == (tmp_path / "two.docx").read_bytes()
    assert docx.Document(str(tmp_path / "two.docx")).paragraphs[0].text == "规划 plan"
