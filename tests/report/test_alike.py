"""Sentences about alternatives that say the same stand once."""

from citybraid.report.chapter import Block, Paragraph, Quantity, Text, in_words, words
from citybraid.report.remarks.alike import merged

BASE, PLAN = "Existing conditions", "Zero-carbon scheme"


def _shelters(alternative: Text, near: str, *, appendix: bool = False) -> Paragraph:
    return Paragraph(
        words(
            "preparedness.shelters", alternative=alternative, event="50-year storm", sites=1,
            places=Quantity(1800.0, "person", 0), area=Quantity(6.0, "m2 person-1", 2),
            need=Quantity(90.0, "person", 0), left=Quantity(2.0, "person", 0), near=near, share="15",
        ),
        appendix=appendix,
    )  # fmt: skip


def _said(blocks: list[Block]) -> list[str]:
    return [in_words(block.text, "en") for block in blocks if isinstance(block, Paragraph)]


def test_a_sentence_that_holds_for_two_alternatives_stands_once_with_both_names() -> None:
    between = Paragraph(words("carbon_balance.no_less", base=BASE, before="1"))
    said = _said(merged([_shelters(BASE, "98"), between, _shelters(PLAN, "98"), _shelters("Third", "98")]))
    assert len(said) == 2
    assert said[0].startswith(f"{BASE}; {PLAN}; Third, 50-year storm: 1 site has room for 1,800 people")


def test_other_numbers_other_places_and_other_headings_keep_their_sentences() -> None:
    heading = Paragraph(words("carbon_balance.net"), "heading")
    first = _shelters(BASE, "98")
    for second in (_shelters(PLAN, "97"), _shelters(PLAN, "98", appendix=True)):
        assert merged([first, second]) == [first, second]
    assert merged([first, heading, _shelters(PLAN, "98")]) == [first, heading, _shelters(PLAN, "98")]


def test_a_sentence_that_names_its_alternative_within_is_left_alone() -> None:
    inside = [Paragraph(words("water_and_habitat.works", alternative=name, lifted="1", passed="2"))
              for name in (BASE, PLAN)]  # fmt: skip
    assert merged(inside) == inside


def test_the_same_sentence_of_one_alternative_is_told_once() -> None:
    assert merged([_shelters(BASE, "98"), _shelters(BASE, "98")]) == [_shelters(BASE, "98")]
