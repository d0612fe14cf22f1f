"""Blocks of the chapter on one disaster in four phases; a module with PHASE, `blocks` and `spans` is found by itself.

Imports: view, chapter and drawing of the report; no chapter.
Start reading at phase.py.
"""
