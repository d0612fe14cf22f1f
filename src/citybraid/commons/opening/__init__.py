"""Opening and verifying cases of others: unpacked and checked by a fenced process, re-run from their own inputs.

Imports: commons.form, study, isolation; the process itself imports commons.form only.
Start reading at opened.py, then unpacking.py.
"""
