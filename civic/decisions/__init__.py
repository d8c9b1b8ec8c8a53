"""Decisions: an outcome with a reason for every point, the articles, and what follows.

Terms: decision, provision (shown as "article"), disposition (shown as "outcome"), rationale (shown
as "reason"), gate, reply, procedural appeal, milestone. Nothing official is overwritten: every save
is a new version, every publication and correction a record.
"""
