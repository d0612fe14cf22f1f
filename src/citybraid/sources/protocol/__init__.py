"""Types shared by readers, repairs and intake: targets, readings, findings, layers, rules, file keys.

Imports: core alone.
Start reading at reading.py, then filespec.py and rules.py.
"""
