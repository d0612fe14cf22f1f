"""The fenced process that reads a planner's files: jobs out, readings back, what a reader may lean on.

Imports: isolation, sources.vector (previews), sources.protocol; readers only within the process.
Start reading at sandbox.py, then worker.py.
"""
