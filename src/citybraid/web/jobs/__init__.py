"""Queue of runs and other long work, and the workers that do it.

Imports: studies and the rooms below it.
Start reading at queue.py, then worker.py.
"""
