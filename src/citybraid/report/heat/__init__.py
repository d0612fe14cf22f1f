"""Sentences, tables and charts of heat in the chapter on resilience: people outdoors, deaths, outdoor work.

Imports: view, chapter and drawing of the report; no chapter.
Start reading at people_in_heat.py.
"""
