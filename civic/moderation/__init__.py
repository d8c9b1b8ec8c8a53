"""Moderation: reports, decisions with complete reasons, appeals to another person, public log.

Terms: report, case, moderation decision (never a bare decision), statement of reasons (never
shortened), appeal, ruling. No restriction exists without its statement of reasons.
"""
