"""Open data for a study area: sources, downloads, clipping, provenance records.

Imports: sources.readers, sources.intake and below.
Start reading at gather.py.
"""
