"""Threaded debates: comments at any depth, and what each reply does to its parent.

Terms: thread, comment, relation, insightful. A window of a thread is read by path and ordinal, so
that a page costs what it shows, whatever the length of the debate.
"""
