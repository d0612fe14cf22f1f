"""Who pays and who gains, as a clause of the annex: yearly money by party, and how much of it rests on assumptions."""

from collections.abc import Iterator

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.report.annex.content import Clause
from citybraid.report.annex.provenance import FLOWS, Codes, Value
from citybraid.report.chapter import Text, words

ASSUMED = ("cost_assumed", "benefit_assumed")


def parties(codes: Codes) -> Iterator[Clause]:
    """Yield who pays and who gains in the alternative of the annex; nothing where it takes no priced measure."""
    where = codes.plan
    balance = codes.parties(where)
    if not balance:
        return
    values: list[Value] = []
    items: list[Text] = []
    for party in balance:
        pays, gains = (codes.paid(party, where, flow) for flow in FLOWS)
        values += [pays, gains]
        amounts = {"party": words(f"party.{party}"), "pays": codes.say(pays), "gains": codes.say(gains)}
        items.append(words("parties.one", **amounts))
    for flow in ASSUMED:
        open_ = codes.paid(WHOLE_AREA, where, flow)
        if open_.known and open_.amount:
            values.append(open_)
            items.append(words(f"annex.{flow}", part=codes.say(open_)))
    view = codes.view
    text = words("annex.parties", chosen=view.name(where), against=view.name(codes.compared_with(where)))
    yield Clause(words("parties.title"), text, tuple(items), words("annex.parties_why"), tuple(values))
