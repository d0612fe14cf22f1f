"""Portfolios chosen under budgets and targets."""
