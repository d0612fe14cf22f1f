"""What readers, repairs and intake hand one another: targets, readings, findings, layers, rules, keys of files.

Imports: core alone.
Start reading at reading.py, then filespec.py and rules.py.
"""
