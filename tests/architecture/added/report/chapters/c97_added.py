"""A paragraph, as an example of a chapter."""

from citybraid.report.chapter import Chapter, Paragraph, words
from citybraid.report.view import View


def chapter(view: View) -> Chapter:
    """Return a chapter that counts alternatives."""
    return Chapter("added", words("added.title"), [Paragraph(words("added.text", count=len(view.run.alternatives)))])
