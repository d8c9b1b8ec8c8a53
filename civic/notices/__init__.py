"""Messages to people: the in-app list and e-mail through a transactional outbox.

Terms: notice, outbox, digest. Doors: ``notices.actions.notify`` and ``retract``, called by acts in
their own transaction; ``notices.jobs`` delivers. Keys and addresses only: no link to other rooms.
"""
