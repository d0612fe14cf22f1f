"""The workspace in the browser: the same studies, store and engine as the command line, for one planner or a team.

Rooms, each of which may import those below it:

- application: the FastAPI app, its headers and errors, the server that `citybraid serve` starts.
- routes: one module per subject with a `router`; found by name, never listed.
- jobs, maps, plans, results, reviews: what a page needs, without HTTP; they never import each other.
- studies: the studies of a workspace, their files and runs.
- access: who asks, and what they may do.
- database: tables, migrations, sessions.
- base: settings and the folders of a workspace.
"""
