"""The timeline of a disaster: what lasts from when to when, in a lane for each phase."""

from collections.abc import Iterator, Mapping, Sequence

from matplotlib.figure import Figure as Drawing

from citybraid.report.chapter import Block, Figure, in_words, words
from citybraid.report.disaster.phase import PHASES, Span, bars
from citybraid.report.drawing.charts import Labels
from citybraid.report.drawing.timeline_chart import Bar, lanes
from citybraid.report.view import View


def timeline(view: View) -> Iterator[Block]:
    """Yield the picture of the phases on one axis of time, where a phase has a bar."""
    by_phase = {phase: spans for phase, spans in bars(view, view.base).items() if spans}
    if not by_phase:
        return
    phase_spans: Mapping[str, Sequence[Span]] = {phase: by_phase[phase] for phase in PHASES if phase in by_phase}

    def draw(language: str) -> Drawing:
        drawn = {
            words(f"disaster.{phase}").say(language): [
                Bar(in_words(span.what, language), span.start, span.end, goes_on=span.open) for span in spans
            ]
            for phase, spans in phase_spans.items()
        }
        labels = Labels(words("disaster.timeline").say(language), x=words("disaster.hours").say(language))
        return lanes(drawn, labels, units=(words("disaster.h").say(language), words("disaster.d").say(language)))

    yield Figure("disaster_timeline", words("disaster.timeline_caption"), draw)
