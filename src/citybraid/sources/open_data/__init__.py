"""Open data brought for a plan area: sources, downloads, cut-outs, records of what was fetched.

Imports: sources.readers, sources.intake and below.
Start reading at gather.py.
"""
