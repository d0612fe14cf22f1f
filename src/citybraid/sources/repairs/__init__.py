"""Repairs of what files say, one module each, found by walking the rooms below: by stage, then by name.

Imports: rooms of sources; `reconciling` may import `filling`, no other room of repairs another.
Start reading at shapes/geometry.py.
"""
