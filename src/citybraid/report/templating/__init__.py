"""Word templates filled with values: the package's own in this process, others in one that is fenced and limited.

Imports: core and isolation.
Start reading at filling.py, then packages.py and apart.py; worker.py is the process.
"""
