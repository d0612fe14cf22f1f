"""Planning controls in the texts of a parcel: plot number, land-use code, FAR, density, height, green ratio."""

import math
import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from citybraid.core.rows.intake import PlanLabel
from citybraid.core.tables import cached_with_tables, read_table
from citybraid.sources.land_use.land_use import CODE, GUIDE, map_code, names
from citybraid.sources.text.cell_values import parse_number
from citybraid.sources.text.columns import key
from citybraid.sources.text.limits import label_between, limit_end, limit_ends, opposite_of

SIGN = re.compile(
    r"^\s*(?P<label>[^\d:=≤≥<>]+?)\s*(?P<sign>(?:[:=≤≥<>≦≧]|[不未](?:大|小|超|低|高|少|多)[于过]|(?:大|小)于等于|为)+)"
    r"\s*(?P<value>.+)$"
)
LABELLED = re.compile(r"^\s*(?P<label>[^\d:=≤≥<>]{1,12}?)\s*(?P<value>[≤≥<>]?\s*\d.*)$")
PLOT = re.compile(r"^[A-Za-z一-鿿]{0,6}[-_]?[A-Za-z]?\d{1,4}(?:[-_][A-Za-z0-9]{1,6}){1,4}$")
SHORT_PLOT = re.compile(r"^[A-Za-z]{1,3}[-_]\d{1,4}[A-Za-z]?$")
"""Plot numbers of a letter and a number: A-01, RC-12a. Land-use codes have no dash."""
PREFIXED_PLOT = re.compile(
    r"^(?:DK|PLOT|PARCEL)[-_ ]?[A-Za-z]{0,2}[-_]?\d{1,4}[A-Za-z]?(?:[-_][A-Za-z0-9]{1,6}){0,3}$", re.IGNORECASE
)
"""Plot numbers that begin with the word: DK-A01, plot_12."""
STOREYS = re.compile(r"^(?:砼|混|砖|钢|框|简|木)?\s*(?P<count>\d{1,3})\s*(?:F|f|层)?$")
"""Floors as topographic maps write them: 砼6, 混3, 18F."""
NAMED_PLOT = re.compile(r"^(?:地块|宗地)\s*(?P<plot>[A-Za-z0-9][A-Za-z0-9_\-]{0,15})$")
DATE = re.compile(r"^(?:19|20)\d\d[-_.]\d{1,2}[-_.]\d{1,2}$")
AREA = re.compile(
    r"^[≈约≤≥<>\s]*(?P<amount>[\d,]+(?:\.\d+)?)\s*(?P<unit>公顷|ha|hm2|hm²|亩|平方米|平米|㎡|m2|m²)?", re.IGNORECASE
)
SQUARE_METRES: Mapping[str, float] = {
    "公顷": 1e4, "ha": 1e4, "hm2": 1e4, "hm²": 1e4, "亩": 1e4 / 15, "平方米": 1.0, "平米": 1.0, "㎡": 1.0, "m2": 1.0,
    "m²": 1.0,
}  # fmt: skip
"""Units of area on plans [m2]; fifteen mu make a hectare."""
BOUNDING = "≤≥<>=≦≧不未大小超低高少多于过等为 "
"""Letters of signs before a value."""
PLOT_AREA = "plot_area"
"""Quantity of a stated parcel area: compared with the drawing, never kept."""
FAR = "floor_area_ratio"
SLASHED = 4
"""Most numbers in a label with slashes."""
MOST_FAR = 20.0
"""Largest floor-area ratio in such a label [-]."""
DECIMAL_COMMA = re.compile(r"[^\d:：=]{1,12}[:：=]?\s*\d{1,2}[,，]\d{1,2}\s*")
"""A line of one number with a comma for its point (容积率：1,75): it is not cut there."""
PARTS = re.compile(r"[;；，,]\s*(?![≤≥<>≦≧\s])")
"""Separators of statements; a bound after one belongs to the statement before it: FAR≥1.2，≤2.0."""


@cached_with_tables
def labels() -> Mapping[str, tuple[str, ...]]:
    """Return the quantities of each normalised label, the likeliest first."""
    quantities: dict[str, tuple[str, ...]] = {}
    for row in read_table(PlanLabel):
        quantities[key(row.label)] = (*quantities.get(key(row.label), ()), row.var)
    return quantities


def _quantity(label: str, allowed: Iterable[str]) -> str | None:
    """Return the quantity that a label names among the allowed ones."""
    quantities = set(allowed)
    return next((var for var in labels().get(key(label), ()) if var in quantities), None)


def stated_value(line: str, allowed: Iterable[str], *, layer: str = "") -> tuple[str, str] | None:
    """Return the quantity and the value that a text states, None where it states none.

    A label decides ('容积率 2.5', 'FAR=2.5', '限高≤60m'); a bare value takes its meaning
    from a layer named after a quantity; a bare code is a land use, a bare A-01-02 a plot number, a
    bare 砼6 in a footprint its floors.
    """
    quantities = set(allowed)
    if (label := label_between(line)) and (var := _quantity(label, quantities)) is not None:
        return _limit(var, line.replace(label, "", 1), quantities)
    for form in (SIGN, LABELLED):
        match = form.match(line)
        if match and (var := _quantity(match["label"], quantities)) is not None:
            sign = match["sign"].lstrip(":=为") if form is SIGN else ""
            return _limit(var, f"{sign}{match['value'].strip()}", quantities)
    if (var := _quantity(layer, quantities)) is not None:
        return _limit(var, line.strip(), quantities)
    bare = line.strip()
    if "land_use" in quantities and (_is_code(bare) or bare in names()):
        return "land_use", bare
    if "floors" in quantities and (storeys := STOREYS.match(bare)):
        return "floors", storeys["count"]
    if "plot_number" in quantities and (named := NAMED_PLOT.match(bare)):
        return "plot_number", named["plot"]
    if "plot_number" in quantities and _is_plot_number(bare):
        return "plot_number", bare
    return None


def _limit(var: str, value: str, quantities: Collection[str]) -> tuple[str, str]:
    """Return the quantity and the value of a statement without the sign that goes without saying (限高≤60: 60).

    Only the other end (容积率≥1.2) is a quantity of its own; both ends stay together.
    """
    end, ends = limit_end(var), limit_ends(value)
    if ends is None or ends.both:
        return var, value
    own, other = (ends.high, ends.low) if end == "high" else (ends.low, ends.high)
    opposite = opposite_of(var)
    if other and opposite in quantities:
        return opposite, other
    return var, value.lstrip(BOUNDING).strip() if own or not end else value


def plot_of_layer(layer: str) -> str:
    """Return the plot number that a layer is named after (A-01, DK-A01, 地块A03, 用地-B-02), '' where it has none.

    A single letter is a district, as in A-01; a longer code (YD-R2) is a land use.
    """
    bare = layer.strip()
    if len(layer_use(bare)) > 1:
        return ""
    if (named := NAMED_PLOT.match(re.sub(r"^(地块|宗地)[-_]", r"\1", bare))) is not None:
        return named["plot"]
    bare = re.sub(r"^用地[-_]", "", bare)
    return bare if _is_plot_number(bare) else ""


def _is_plot_number(text: str) -> bool:
    if SHORT_PLOT.match(text) or PREFIXED_PLOT.match(text):
        return True
    return bool(PLOT.match(text)) and not DATE.match(text) and math.isnan(parse_number(text))


def is_label(line: str) -> bool:
    """Return whether a line is only the label of a control ('容积率', '限高(m)：') without its value."""
    return key(line.rstrip(":=≤≥<> ")) in labels()


def is_statement(line: str) -> bool:
    """Return whether a line names what it states ('容积率 2.5')."""
    return any((match := form.match(line)) is not None and key(match["label"]) in labels() for form in (SIGN, LABELLED))


def is_value(line: str) -> bool:
    """Return whether a line is only a value: a number with its sign and unit, or a code."""
    bare = line.strip()
    number = not math.isnan(parse_number(line)) or limit_ends(bare) is not None
    return number or _is_code(bare) or AREA.fullmatch(bare) is not None


def square_metres(text: str, computed: float) -> float:
    """Return the area that a text states [m2]; without a unit, hectares where those are nearer to `computed` [m2]."""
    match = AREA.match(text)
    if match is None:
        return math.nan
    amount = float(match["amount"].replace(",", "") or "nan")
    unit = (match["unit"] or "").casefold()
    if unit:
        return amount * SQUARE_METRES[unit]
    return min((amount, amount * SQUARE_METRES["ha"]), key=lambda area: abs(math.log((area + 1) / (computed + 1))))


def is_same_value(var: str, one: str, other: str) -> bool:
    """Return whether two values of a control are equal: as land uses, as numbers, else as normalised text.

    A code and a name that no scheme knows do not contradict each other.
    """
    if var == "land_use":
        codes = {entry.code for text in (one, other) if (entry := map_code(text, GUIDE)) is not None}
        return len(codes) < 2  # noqa: PLR2004  (both known, and apart)
    ends = [limit_ends(each) for each in (one, other)]
    if ends[0] is not None and ends[1] is not None and ends[0].both and ends[1].both:
        return all(is_same_value(var, *pair) for pair in zip(*ends, strict=True))
    first, second = parse_number(one), parse_number(other)
    if math.isnan(first) or math.isnan(second):
        return key(one) == key(other)
    shares = (first / 100 if "%" in one else first, second / 100 if "%" in other else second)
    return math.isclose(*shares, rel_tol=1e-6) or math.isclose(first, second, rel_tol=1e-6)


def stated_values(lines: Iterable[str], allowed: Iterable[str], *, layer: str = "") -> tuple[dict[str, str], list[str]]:
    """Return the values of a text's lines by quantity, and the lines without a known statement."""
    quantities = tuple(allowed)
    stated: dict[str, str] = {}
    unparsed: list[str] = []
    for line in (part for text in lines for part in _parts(text) if part):
        statements = _statements(line, quantities, layer=layer)
        if not statements:
            unparsed.append(line)
        for statement in statements:
            stated.setdefault(*statement)
    return stated, unparsed


def _parts(line: str) -> list[str]:
    """Return the statements of a line."""
    return [line] if DECIMAL_COMMA.fullmatch(line.strip()) else PARTS.split(line)


def _statements(line: str, quantities: Sequence[str], *, layer: str) -> list[tuple[str, str]]:
    """Return all that a line states: one control, 'B1/3.2/80', or several in a row as in 'R2 FAR2.5 H≤60'."""
    words = line.split()
    if len(words) > 1:
        parts = [_slashed(word, quantities) or _one(word, quantities, layer="") for word in words]
        if all(parts):
            return [statement for part in parts for statement in part]
    return _slashed(line, quantities) or _one(line, quantities, layer=layer)


def _one(line: str, quantities: Sequence[str], *, layer: str) -> list[tuple[str, str]]:
    statement = stated_value(line, quantities, layer=layer)
    return [] if statement is None else [statement]


def _slashed(line: str, quantities: Sequence[str]) -> list[tuple[str, str]]:
    """Return what a label in slashes states: use, floor-area ratio, then height limit or percentages; none for others.

    A percentage is a density, a second one a green ratio; another number is a height.
    """
    use, *numbers = (part.strip() for part in line.split("/"))
    if not numbers or len(numbers) > SLASHED or not _is_code(use) or not {"land_use", FAR} <= set(quantities):
        return []
    if any(math.isnan(_amount(part)) for part in numbers) or not 0 < _amount(numbers[0]) <= MOST_FAR:
        return []
    stated, shares = [("land_use", use), (FAR, numbers[0])], iter(("building_density", "green_ratio"))
    for part in numbers[1:]:
        var = next(shares, "") if "%" in part else "height_limit"
        if var not in quantities or var in dict(stated):
            return []
        stated.append((var, part))
    return stated


def _amount(text: str) -> float:
    """Return a number, of a span its upper end; NaN for others."""
    ends = limit_ends(text)
    return parse_number(text if ends is None or not ends.high else ends.high)


def layer_use(layer: str) -> str:
    """Return the land use in a drawing layer's name ('用地-070102-二类城镇住宅用地'), '' where it carries none."""
    parts = [part for part in re.split(r"[-_—\s]+", layer) if part]
    return next((part for part in parts if _is_code(part)), next((part for part in parts if part in names()), ""))


def _is_code(text: str) -> bool:
    """Return whether a text is a known land-use code, alone or before its name ('070102 二类城镇住宅用地')."""
    match = CODE.match(text)
    if match is None:
        return False
    code, rest = match[0], text[match.end() :].strip()
    letters = code[0].isalpha()
    known = map_code(code, "urban_2011" if letters else GUIDE)
    alone = not rest or not re.search(r"[\d.\-_]", rest)
    return known is not None and known.confidence != "prefix" and alone and (letters or len(code) in (4, 6))
