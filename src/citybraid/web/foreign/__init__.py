"""Documents of others: Word templates and tables of comments, looked through and read by a fenced process.

Imports: isolation, and what reads them in report and study.
Start reading at apart.py, then packages.py; worker.py is the process.
"""
