"""Amounts of money in files: the currency and the multiple that a header, a title or a cell states."""

import re
import unicodedata
from collections.abc import Collection, Sequence
from typing import NamedTuple

from citybraid.core.currency import PLACEHOLDER, currencies
from citybraid.core.rows.intake import CurrencyName
from citybraid.core.tables import cached_with_tables, read_table
from citybraid.sources.text.cell_values import BOUND, NUMBER
from citybraid.sources.text.columns import BRACKETS, remarks
from citybraid.sources.text.units import DIVIDERS, conversion_factor

POWERS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
SUPERSCRIPTS = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
TENS = re.compile(r"10\^(?P<power>\d{1,2})(?!\d)|(?P<number>1(?:[,.]?000)+|10+)(?!\d)|'?(?P<zeros>000)(?!\d)")
"""Multiples in digits: 10^4, 1,000, 10000, '000."""
JOINTS = " \t.·*×'’:：-_()"
LONGEST = 30
"""Longest unit of an amount [character]."""


class Amounts(NamedTuple):
    """What amounts are in: the currencies that it may be, none where it is not said, and the multiple of one unit."""

    currencies: tuple[str, ...]
    factor: float
    text: str = ""


@cached_with_tables
def _words() -> dict[str, CurrencyName]:
    codes = {code.casefold(): CurrencyName(text=code, currencies=code, factor=1.0) for code in currencies()}
    return codes | {_plain(row.text): row for row in read_table(CurrencyName)}


def amounts(text: str) -> Amounts | None:
    """Return what a text says of amounts: 万美元, Rp juta, EUR (1,000); None where a part of it says something else.

    Two words for one currency are one (RMB万元); of two different currencies neither is meant.
    """
    plain = _plain(text)
    if not plain or len(plain) > LONGEST:
        return None
    factor, meant = 1.0, list[frozenset[str]]()
    at = 0
    while at < len(plain):
        if plain[at] in JOINTS:
            at += 1
            continue
        if (digits := TENS.match(plain, at)) is not None:
            factor *= _tens(digits)
            at = digits.end()
            continue
        word = next((each for size in range(LONGEST, 0, -1) if _stands(plain, at, each := plain[at : at + size])), "")
        if not word:
            return None
        row = _words()[word]
        factor *= row.factor
        meant += [frozenset(row.currencies.split("|"))] if row.currencies else []
        at += len(word)
    common = frozenset.intersection(*meant) if meant else frozenset()
    if meant and not common:
        return Amounts(("/".join(sorted(min(each) for each in meant)),), factor, text)
    return Amounts(tuple(sorted(common)), factor, text)


def money_of_header(header: str, unit: str, titles: Sequence[str] = ()) -> Amounts | None:
    """Return what a header says of its amounts, in brackets, at its end or in a word, else a title; None where none.

    `unit` is the quantity's, whose divisors a header may repeat: 万元/年.
    """
    bracketed = [money for each in remarks(header) if (money := _composed(each, unit)) is not None]
    if bracketed:
        return next((each for each in bracketed if each.currencies), bracketed[0])
    bare = BRACKETS.sub("", unicodedata.normalize("NFKC", SUPERSCRIPTS.sub(_power, header))).strip()
    ends = (_composed(bare[at:], unit) for at in range(1, len(bare)) if not _within_word(bare, at))
    words = (_composed(each, unit) for each in re.split(r"[_\s/,]+", bare))
    named = next((each for each in (*ends, *words) if each is not None and each.currencies), None)
    if named is not None:
        return named
    return next((money for each in titles if (money := _composed(each, unit)) is not None and money.currencies), None)


def currencies_of_cells(cells: Collection[str]) -> tuple[str, ...]:
    """Return the currencies that cells state beside their number, one text for each way of stating: 5元, 12 USD."""
    currencies = set[str]()
    for cell in cells:
        bare = BOUND.sub("", cell)
        match = NUMBER.search(bare)
        amount = amounts(bare[: match.start()] + " " + bare[match.end() :]) if match else None
        if amount is not None and amount.currencies:
            currencies.add("|".join(amount.currencies))
    return tuple(sorted(currencies))


def _composed(text: str, unit: str) -> Amounts | None:
    """Return amounts over what the quantity is over; None where the divisors are not the quantity's."""
    first, *below = DIVIDERS.split(re.sub(r"\s+(?:per|a)\s+", "/", text), maxsplit=1)
    parts = amounts(first)
    if parts is None or not below:
        return parts
    times = conversion_factor(f"元/{below[0]}", unit.replace(PLACEHOLDER, "元") if unit != PLACEHOLDER else unit)
    return None if times is None else parts._replace(factor=parts.factor * times, text=text)


def _stands(text: str, at: int, word: str) -> bool:
    """Tell whether a known word stands here, not as a part of a longer one in Latin letters."""
    if word not in _words():
        return False
    end = at + len(word)
    return not (_within_word(text, at) or (end < len(text) and _within_word(text, end)))


def _within_word(text: str, at: int) -> bool:
    """Tell whether a place lies between two letters of a word that is written in letters, not in signs of words."""
    before, after = text[at - 1 : at], text[at : at + 1]
    return _is_letter(before) and _is_letter(after)


def _is_letter(sign: str) -> bool:
    return sign.isalpha() and not "\u2e80" <= sign <= "\uffef"


def _tens(match: re.Match[str]) -> float:
    if match["power"]:
        return 10.0 ** int(match["power"])
    return 1e3 if match["zeros"] else float(re.sub("[,.]", "", match["number"]))


def _power(match: re.Match[str]) -> str:
    return "^" + match[0].translate(POWERS)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", SUPERSCRIPTS.sub(_power, text)).strip().casefold()
