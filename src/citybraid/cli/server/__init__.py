"""Commands of a team's server; imports web, which does the work."""
