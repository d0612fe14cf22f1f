"""The sandboxed process that reads files and repairs shapes: jobs go in, readings come back, access is restricted.

Imports: isolation, sources.vector (previews), sources.protocol; readers only within the process.
Start reading at sandbox.py, then worker.py.
"""
