"""What can be followed, and what happened to it: for pages, feeds and calendars."""

from civic.following.queries.calendars import Event, events_of_decision, events_of_process
from civic.following.queries.feeds import (
    Entry,
    Feed,
    feed_of_corrections,
    feed_of_decision,
    feed_of_process,
    feed_of_proposal,
    feed_of_theme,
)
from civic.following.queries.subjects import KINDS, Subject, subject, subjects_of, visible_subject

__all__ = [
    "KINDS",
    "Entry",
    "Event",
    "Feed",
    "Subject",
    "events_of_decision",
    "events_of_process",
    "feed_of_corrections",
    "feed_of_decision",
    "feed_of_process",
    "feed_of_proposal",
    "feed_of_theme",
    "subject",
    "subjects_of",
    "visible_subject",
]
