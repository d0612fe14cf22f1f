"""Tables without geometry: series, records, counts by name.

Imports: sources.series, sources.tabular, sources.land_use, sources.text, sources.protocol.
Start reading at storm.py.
"""
