"""The command group `case`: cases packed, verified and opened, and libraries of them.

Imports: commons and every floor below it, options and paper of the command line.
Start reading at commands.py.
"""
