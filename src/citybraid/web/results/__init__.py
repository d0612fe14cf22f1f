"""Runs, values, comparisons, portfolios, explanations, reports; imports studies and below."""
