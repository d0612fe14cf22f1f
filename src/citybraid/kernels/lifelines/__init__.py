"""Failures that spread between nodes that depend on each other, and repairs by crews.

Imports: kernels.compiled.
Start reading at cascade.py.
"""
