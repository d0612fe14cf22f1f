"""Plan language: indicators, control tables, scorecards. Rules are rows."""
