"""Who a person is here: account, session, role, absence.

Terms: participant, session, role grant, substitute. A participant is never
called a user. Rights are held per process; every grant and every revocation is a record.
"""
