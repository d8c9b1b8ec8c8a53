"""Following: what somebody wants news of, with an account or by mail only; feeds and calendars.

Terms: follow, followed thing, pace, news. The follows themselves are kept in ``notices`` under stable keys;
this room knows what the keys name, asks who may see it, and shows it. Doors: ``following.queries.subject``.
"""
