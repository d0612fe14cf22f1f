"""Kinds of long work, one module each, found by name; they import nothing of the queue.

A kind has `command(folder, options)`: the arguments of `python -m citybraid …` for a study's folder. It refuses, with
pydantic's ValidationError or InputError, every option that it does not know: nothing else of a request reaches a
command. `WRITES = False` tells that it changes nothing in the study's folder, so that it runs beside others.
The command prints progress as JSON lines, the last of them `{"event": "Done", …}`, which is the job's result.
"""
