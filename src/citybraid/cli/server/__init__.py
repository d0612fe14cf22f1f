"""Commands of a team's server: start, people, backup, restore.

Imports: web, and what every command does.
Start reading at commands.py, then team.py.
"""
