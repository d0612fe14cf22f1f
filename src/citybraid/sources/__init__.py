"""Files in, Layers out: formats, text, placement, repairs, imputation, intake.

Imports: core, isolation, kernels (records of months); rooms below in the order of pyproject.toml; no strand, no store.
Start reading at intake/intake.py, then protocol/reading.py.
"""
