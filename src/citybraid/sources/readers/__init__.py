"""One module per format: SUFFIXES, VERSION, Options and read(path, role, options, target) -> Reading."""
