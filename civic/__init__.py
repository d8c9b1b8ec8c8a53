"""Civic: every point a person makes to a public body is answered, with its reason, and can be traced."""
