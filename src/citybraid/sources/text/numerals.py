"""Chinese numerals, and storeys of which some lie below ground, as planners' tables write them."""

import re

DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
PLACES = {"十": 10, "百": 100, "千": 1000}
SIGNS = "[〇零一二两三四五六七八九十百千]+"
NUMERAL = re.compile(rf"^(?:[≤≥<>=≦≧约\s]*|不[低少]于|至少)(?P<numeral>{SIGNS})")
STOREYS = re.compile(rf"(?P<numeral>{SIGNS})(?=\s*层)")
"""Numerals of storeys, wherever they stand: 地上六层地下一层."""
BASEMENT = r"(?:-?\s*\d+\s*D|B\s*\d+)"
"""Storeys below ground by their letter: 1D (地下一层), B2."""
ABOVE = (
    re.compile(r"^地上:?\s*(?P<above>\d+)\s*层?\s*[,;、/+(]?\s*(?:地下|负|-):?\s*\d+\s*层?\)?$"),
    re.compile(r"^地下:?\s*\d+\s*层?\s*[,;、/+(]?\s*地上:?\s*(?P<above>\d+)\s*层?\)?$"),
    re.compile(r"^(?:地上:?|F)\s*(?P<above>\d+)\s*层?$", re.IGNORECASE),
    re.compile(r"^(?P<above>\d+)\s*[层F]?\s*[,;、/+(]?\s*(?:地下|负)\s*\d+\s*[层F]?\)?$", re.IGNORECASE),
    re.compile(r"^(?P<above>\d+)\s*[层F]?\s*[,;、/+(]\s*\d+\s*[层F]?\s*\(?地下\)?\s*\)?$", re.IGNORECASE),
    re.compile(r"^(?P<above>\d+)\s*[层F]?\s*[,;、/+(]?\s*[带含有]?半?地下室\)?$", re.IGNORECASE),
    re.compile(r"^(?P<above>\d+)\s*层?F?\s*/\s*-\s*\d+\s*层?F?$", re.IGNORECASE),
    re.compile(r"^-\s*\d+\s*层?F?\s*/\s*(?P<above>\d+)\s*层?F?$", re.IGNORECASE),
    re.compile(rf"^(?P<above>\d+)\s*[层F]\s*{BASEMENT}$", re.IGNORECASE),
    re.compile(rf"^(?P<above>\d+)\s*[层F]?\s*[/+,;、]\s*{BASEMENT}$", re.IGNORECASE),
    re.compile(rf"^{BASEMENT}\s*[/+,;、]\s*(?P<above>\d+)\s*[层F]?$", re.IGNORECASE),
)
"""Ways to write storeys above and below ground; 6+1 is none of them, as the 1 may be an attic or a basement."""
YEAR = re.compile(r"^[〇零一二三四五六七八九]{4}(?=年|$)")
_STOREYS, _METRES = r"(?P<storeys>\d+)\s*(?:[层F]|storeys?|floors?)", r"(?P<metres>\d+(?:\.\d+)?)\s*(?:m|米)"
BOTH = tuple(
    re.compile(rf"^{first}\s*[,;、/(]?\s*{second}\s*\)?$", re.IGNORECASE)
    for first, second in ((_STOREYS, _METRES), (_METRES, _STOREYS))
)
"""Storeys and height in one cell; each quantity takes its own."""


def year_in_digits(text: str) -> str:
    """Return a text whose year of four numerals at its start is in digits: 二〇〇五年 as 2005年."""
    return YEAR.sub(lambda found: "".join(str(DIGITS[sign]) for sign in found.group()), text)


def storeys_and_metres(text: str) -> tuple[str, str] | None:
    """Return the storeys and the metres of a text that states both, in either order: 6F/18m, 18米(6层)."""
    match = next((matched for form in BOTH if (matched := form.match(text))), None)
    return None if match is None else (match["storeys"], match["metres"])


def in_digits(text: str) -> str:
    """Return a text whose number is in digits: 六层 as 6层, 二十三 as 23; the text itself where there is none."""
    match = NUMERAL.match(text)
    number = None if match is None else _number(match["numeral"])
    if match is None or number is None:
        return text
    return f"{text[: match.start('numeral')]}{number}{text[match.end('numeral') :]}"


def above_ground(text: str) -> str:
    """Return the storeys above ground of a text that tells those below too; '' where it tells none of both."""
    bare = STOREYS.sub(lambda found: in_digits(found["numeral"]), text)
    bare = bare.replace("，", ",").replace("；", ";").replace("（", "(").replace("）", ")").replace("：", ":")
    return next((match["above"] for form in ABOVE if (match := form.match(bare))), "")


def _number(numeral: str) -> int | None:
    """Return the number that signs mean by their places, or digit by digit (一九八五); None where they mean none."""
    if not any(sign in PLACES for sign in numeral):
        alone = len(numeral) == 1 or "〇" in numeral or "零" in numeral or len(numeral) == len("一九八五")
        return int("".join(str(DIGITS[sign]) for sign in numeral)) if alone else None
    total, digit, last = 0, None, 10_000
    for sign in numeral:
        if sign in DIGITS:
            if digit:
                return None
            digit = DIGITS[sign]
            continue
        place = PLACES[sign]
        if place >= last or (digit is None and total):
            return None
        total, digit, last = total + place * (1 if digit is None else digit), None, place
    return total + (digit or 0)
