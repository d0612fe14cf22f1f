"""Files in, Layers out: formats, text, placement, repairs, imputation, intake.

Imports: core (kernels for records of months); rooms below in the order of pyproject.toml; no strand, no store.
Start reading at intake/intake.py, then protocol/reading.py.
"""

from citybraid.sources.protocol.file_key import leaf_key

__all__ = ["leaf_key"]
