"""The chosen portfolio explained: what money and targets are worth, what comes next, what is in conflict.

Imports: report, planning, study.
Start reading at why.py.
"""
