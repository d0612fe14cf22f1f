"""Integration: measures, bridges between strands, couplings, learnt effects and chosen portfolios."""
