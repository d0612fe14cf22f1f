"""The workspace in the browser: the same studies, store and engine as the command line, for one planner or a team.

Imports: commons, report, study and every floor below; rooms import those below them, see pyproject.toml.
Start reading at application/factory.py, then access/permits.py and routes/studies.py.
"""
