"""Studies of a workspace: their folders, files and runs; imports access and below."""
