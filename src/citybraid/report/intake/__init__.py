"""The intake report: what was found in the files, how far it can be trusted, and what to add next."""
