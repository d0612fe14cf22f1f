"""Intake: problems and their places, contradictions, trust in each layer, and the library versions used."""

from collections.abc import Iterator

import pandas as pd

from citybraid.report.chapter import Block, Chapter, Column, Table, words
from citybraid.report.intake.chapters import appendix
from citybraid.report.intake.contents import of_run
from citybraid.report.view import View


def chapter(view: View) -> Chapter:
    """Return the appendix of intake."""
    return Chapter("intake", words("intake_chapter.title"), [*appendix(of_run(view)), *_versions(view)], appendix=True)


def _versions(view: View) -> Iterator[Block]:
    rows = [{"name": name, "version": str(version)} for name, version in view.run.manifest.versions.items()]
    columns = [Column("name", words("intake_chapter.library")), Column("version", words("method.version"))]
    yield Table("versions", words("intake_chapter.versions"), pd.DataFrame(rows), columns, printed=0)
