"""The chapters of the report, one module each, in the order of their names."""
