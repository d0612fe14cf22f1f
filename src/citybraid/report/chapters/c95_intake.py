"""Intake: what is wrong and where, what contradicts what, how far each layer can be trusted, and the versions used."""

from collections.abc import Iterator

import pandas as pd

from citybraid.report.chapter import Block, Chapter, Column, Table, words
from citybraid.report.intake.chapters import appendix
from citybraid.report.intake.told import of_run
from citybraid.report.view import View


def chapter(view: View) -> Chapter:
    """Return the appendix of intake."""
    return Chapter("intake", words("intake_chapter.title"), [*appendix(of_run(view)), *_versions(view)])


def _versions(view: View) -> Iterator[Block]:
    rows = [{"name": name, "version": str(said)} for name, said in view.run.manifest.versions.items()]
    columns = [Column("name", words("intake_chapter.library")), Column("version", words("method.version"))]
    yield Table("versions", words("intake_chapter.versions"), pd.DataFrame(rows), columns, printed=0)
