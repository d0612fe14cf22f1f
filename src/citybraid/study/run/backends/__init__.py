"""Where Steps are executed: threads of this process, or the workers of a Dask cluster that share the store's folder.

Imports: core, store; of study only the events of open. The cluster needs the extra citybraid[cluster].
Start reading at backend.py, then workplace.py.
"""
