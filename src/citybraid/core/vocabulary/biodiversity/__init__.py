"""Quantities of habitats, of movement between them, and of greenery near people.

Imports: core.var.
Start reading at ecology.py, what habitats are and how good they are.
"""
