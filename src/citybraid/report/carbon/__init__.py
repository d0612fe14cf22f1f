"""Tables and charts of the chapter on low carbon: the inventory and where its emissions come from.

Imports: view, chapter and drawing of the report; no chapter.
Start reading at inventory.py.
"""
