"""Tables of comments of others, looked through and read by a fenced process.

Imports: isolation, and what reads them in report and study.
Start reading at apart.py; worker.py is the process.
"""
