"""Freight: work of carriage and emissions of sites that send and receive goods.

Imports: core and kernels; no other strand, no other room of this one.
Start reading at freight.py.
"""
