"""Queue of runs and other long work, and the worker that does it; imports studies and below."""
