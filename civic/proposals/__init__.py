"""Proposals: what people ask for, and who stands behind it.

Terms: proposal, endorsement. A proposal is a contribution with a thread of its own; it is endorsed,
never voted on, and the number of endorsements orders nothing by default.
"""
