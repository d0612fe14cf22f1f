"""Land-use codes and building uses of other schemes brought to the 2023 guide.

Imports: sources.protocol, sources.text.
Start reading at land_use.py.
"""
