"""The search page, over rows written by the acts of every room. Term: search."""
