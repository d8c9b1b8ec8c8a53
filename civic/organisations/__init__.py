"""Organisations that take a position: who they are, who speaks for them, what they say, what became of it.

Terms: organisation, delegate, declaration of interests, position statement. A statement is a proposal of the
register with the same checks, clocks and receipt as anybody's; an organisation is one voice in every count.
"""
