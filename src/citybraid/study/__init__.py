"""Study file to Steps to Run: the only floor that knows an engine and a store."""
