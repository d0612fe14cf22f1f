"""The command line: parse, call, present; nothing is computed here.

Imports: every floor below; heavy libraries only within functions.
Start reading at app.py.
"""
