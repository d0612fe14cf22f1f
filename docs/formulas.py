"""Formulas of the pages, from LaTeX to MathML when the docs are built: browsers draw it without a script."""

import html
import re

from latex2mathml.converter import convert

MARKED = re.compile(r'<(span|div) class="arithmatex">(.*?)</\1>', re.DOTALL)
"""A formula as the Markdown extension leaves it: LaTeX between its brackets."""
BRACKETS = re.compile(r"\\[(\[](.*)\\[)\]]", re.DOTALL)
WORD = re.compile(r"\\(?:text|mathrm|operatorname){[^}]*}|\\[A-Za-z]+|([A-Za-z]{3,})")
"""A command, or a word of three letters or more: one quantity's name, and no product of letters."""
CODE = re.compile(r"<(code|pre|script)\b.*?</\1>", re.DOTALL)
LATEX = re.compile(r"\\(?:frac|sum|cdot|max|min|qquad|mathrm|text|theta|[(\[])")
"""LaTeX that a reader would see as it was typed."""


def typeset(page: str) -> str:
    """Return a page's HTML with its formulas as MathML. Raises ValueError where LaTeX is left, such as by a stray $."""
    drawn = MARKED.sub(_formula, page)
    if left := LATEX.search(CODE.sub("", drawn)):
        raise ValueError(f"a formula is not between $ … $, $$ … $$ or \\( … \\): {left[0]}")
    return drawn


def _formula(found: re.Match[str]) -> str:
    inner = BRACKETS.search(html.unescape(found[2]))
    if inner is None:
        return found[0]
    latex = WORD.sub(lambda word: f"\\mathrm{{{word[1]}}}" if word[1] else word[0], inner[1])
    return convert(latex, display="block" if found[1] == "div" else "inline")
