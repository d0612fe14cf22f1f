"""The static site of a library: pages that open from a folder or a stick, without a server and without a network.

Imports: commons.library and below.
Start reading at site.py.
"""
