"""Providers of open data: one module each, found by its place here."""
