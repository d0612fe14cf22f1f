"""Blocks of the chapter on one disaster in four phases: prevention, preparedness, response, recovery.

Imports: view, chapter and drawing of the report; no chapter. A module with PHASE, `blocks` and `spans` is found by
itself. Start reading at phase.py.
"""
