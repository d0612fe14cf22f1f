"""What a server is started with, and the folders of a workspace.

Imports: core.
Start reading at settings.py.
"""
