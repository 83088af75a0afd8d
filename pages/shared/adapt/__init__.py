"""The Adapt page: recipe, plan, run, outcome."""
