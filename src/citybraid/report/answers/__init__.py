"""Answers to questions that a study asks: a module each, found by name, with a function `answer(view)`.

Imports: report's view, chapter blocks and drawing, planning's rows; no answer imports another.
Start reading at citybraid.report.verdict.question, which puts them on page one.
"""
