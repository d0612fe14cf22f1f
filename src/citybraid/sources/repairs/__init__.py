"""Repairs of the data read, one module each, discovered by walking the packages below: by stage, then by name.

Imports: rooms of sources; `reconciling` may import `filling`, no other room of repairs another.
Start reading at shapes/geometry.py.
"""
