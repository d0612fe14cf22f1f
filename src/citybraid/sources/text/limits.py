"""The two ends of a limit as plans write them: 1.5-2.5, ≥1.2且≤2.0, 1.5<FAR≤2.5, 1.2以上2.0以下, [1.5, 2.5]."""

import re
from typing import NamedTuple

from citybraid.core.rows.plan import ControlRow
from citybraid.core.tables import cached_with_tables, read_table

AMOUNT = r"\d[\d,]*(?:\.\d+)?"
UNIT = r"[^\d\s.,;<>=≤≥≦≧~～\-—–至到且并和及与、]{0,6}?"
LOWER = r"(?:>=|=>|≥|≧|⩾|>|不(?:小|低|少)于|(?:大|高)于等于|大于|高于|超过|至少)"
UPPER = r"(?:<=|=<|≤|≦|⩽|<|不(?:大|高|多)于|不超过|(?:小|低)于等于|小于|低于|至多)"
DASH = r"(?:[-−‐]{1,2}|[~～∼〜]|[—–―]{1,2}|至|到)"
AND = r"\s*(?:[且并和及与、,;，；&]|and)?\s*"
LABEL = re.compile(rf"^(?:[A-Za-z]{{1,3}}|容积率|限高|高度)\s*:?\s*(?={LOWER}|{UPPER})")
"""What is limited, before the limit: H≤60, FAR<2.5."""
INCLUSIVE = re.compile(r"[(（]不?含[)）]")
BOUND = re.compile(rf"^(?:(?P<least>{LOWER})|(?P<most>{UPPER}))\s*(?P<amount>{AMOUNT})\s*(?P<unit>{UNIT})$")
TWO_BOUNDS = re.compile(
    rf"^(?P<first>(?:{LOWER}|{UPPER})\s*{AMOUNT}\s*{UNIT}){AND}(?P<second>(?:{LOWER}|{UPPER})\s*{AMOUNT}\s*{UNIT})$",
    re.IGNORECASE,
)
AROUND = re.compile(
    rf"^(?P<first>{AMOUNT})\s*(?P<unit>{UNIT})\s*(?:(?P<up>{UPPER})|(?P<down>{LOWER}))\s*(?P<label>[^\d<>=≤≥≦≧]*?)\s*"
    rf"(?(up){UPPER}|{LOWER})\s*(?P<second>{AMOUNT})\s*(?P<tail>{UNIT})$",
    re.IGNORECASE,
)
"""A label, or nothing, between two bounds of one direction: 1.5<FAR≤2.5, 2.5≥容积率≥1.5."""
SPAN = re.compile(rf"^(?P<first>{AMOUNT})\s*(?P<unit>{UNIT})\s*{DASH}\s*(?P<second>{AMOUNT})\s*(?P<tail>{UNIT})$")
INTERVAL = re.compile(
    rf"^[\[(](?P<first>{AMOUNT})(?P<unit>{UNIT})\s*[,;，；]\s*(?P<second>{AMOUNT})(?P<tail>{UNIT})[\])]$"
)
ABOVE_BELOW = re.compile(rf"^(?P<first>{AMOUNT})(?P<unit>{UNIT})以上{AND}(?P<second>{AMOUNT})(?P<tail>{UNIT})以[下内]$")
ABOVE = re.compile(rf"^(?P<amount>{AMOUNT})(?P<unit>{UNIT})以上$")
BELOW = re.compile(rf"^(?P<amount>{AMOUNT})(?P<unit>{UNIT})以[下内]$")


class LimitEnds(NamedTuple):
    """The lower and the upper limit that a text states, as numbers with their units; '' where it states none."""

    low: str
    high: str

    @property
    def both(self) -> bool:
        """Whether both ends are stated."""
        return bool(self.low and self.high)


def limit_ends(text: str) -> LimitEnds | None:
    """Return the limits in a normalized text, None where it has neither a sign nor a span.

    The unit of the second end holds for the first where that has none (20-30m).
    """
    bare = LABEL.sub("", INCLUSIVE.sub("", text.strip()))
    if match := BOUND.match(bare):
        amount = f"{match['amount']}{match['unit']}"
        return LimitEnds(amount, "") if match["least"] else LimitEnds("", amount)
    if match := TWO_BOUNDS.match(bare):
        return _joined(match["first"], match["second"])
    if match := AROUND.match(bare):
        first, second = _with_unit(match)
        return LimitEnds(first, second) if match["up"] else LimitEnds(second, first)
    for form in (SPAN, INTERVAL, ABOVE_BELOW):
        if match := form.match(bare):
            return LimitEnds(*_with_unit(match))
    if match := ABOVE.match(bare):
        return LimitEnds(f"{match['amount']}{match['unit']}", "")
    if match := BELOW.match(bare):
        return LimitEnds("", f"{match['amount']}{match['unit']}")
    return None


def _joined(first: str, second: str) -> LimitEnds | None:
    """Return a lower and an upper bound as ends; None where both bound the same side."""
    ends = [limit_ends(part) for part in (first, second)]
    low = [each.low for each in ends if each is not None and each.low]
    high = [each.high for each in ends if each is not None and each.high]
    if len(low) != 1 or len(high) != 1:
        return None
    unit = high[0].lstrip("0123456789.,")
    return LimitEnds(low[0] if low[0].lstrip("0123456789.,") else f"{low[0]}{unit}", high[0])


def _with_unit(match: re.Match[str]) -> tuple[str, str]:
    return f"{match['first']}{match['unit'] or match['tail']}", f"{match['second']}{match['tail']}"


def label_between(text: str) -> str:
    """Return the label between two bounds ('1.5<FAR≤2.5': FAR), '' where there is none."""
    match = AROUND.match(text.strip())
    return "" if match is None else match["label"]


@cached_with_tables
def limit_end(quantity: str) -> str:
    """Return the end of a span that limits a quantity: high where a plan states a most, low a least; '' for others."""
    ends = {"at_most": "high", "at_least": "low"}
    rules = (row.rule for row in read_table(ControlRow) if row.stated == quantity)
    return next((ends[rule] for rule in rules if rule in ends), "")


@cached_with_tables
def opposite_of(quantity: str) -> str:
    """Return the quantity that holds the other end of a control's span, '' where there is none."""
    return next((row.opposite for row in read_table(ControlRow) if row.stated == quantity), "")


@cached_with_tables
def opposites() -> frozenset[str]:
    """Return the quantities that hold other ends."""
    return frozenset(row.opposite for row in read_table(ControlRow) if row.opposite)


@cached_with_tables
def stated_controls() -> frozenset[str]:
    """Return the quantities that a plan states as controls of its parcels, both ends of them, the land use apart."""
    names = {each for row in read_table(ControlRow) for each in (row.stated, row.opposite)}
    return frozenset(names - {"", "land_use"})
