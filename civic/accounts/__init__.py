"""Who a person is here: account, session, role, organisation, absence.

Terms: participant, session, role grant, substitute, organisation, delegate. A participant is never
called a user. Rights are held per process; every grant and every revocation is a record.
"""
