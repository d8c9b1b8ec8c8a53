"""Until when people may reply and contest, and officials must answer (R9, R10). Pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from civic.foundation import clock

REPLY_DAYS = 21
APPEAL_MONTHS = 2
RULING_DAYS = 30
NEW_ANSWER_DAYS = 20
LOOK_AGAIN_MONTHS = 6
ASK_AGAIN_DAYS = 30
EMBARGO_DAYS = 180
"""How long the name and address of who read a decision early are kept after it was published, or stopped."""
WINDOW_DAYS = 14
LONGEST_WINDOW_DAYS = 120
"""How long a draft is open for reactions: at least, which is the usual, and at most."""


def reply_until(published_at: datetime) -> datetime:
    """R9: the end of the twenty-first day after publication."""
    return clock.end_of_day(clock.local_day(published_at) + timedelta(days=REPLY_DAYS))


def appeal_until(published_at: datetime) -> datetime:
    """The end of the same day two months after publication (SPEC 0.7)."""
    return clock.end_of_day(_months_later(clock.local_day(published_at), APPEAL_MONTHS))


def ruling_due(filed_at: datetime) -> datetime:
    """The end of the day by which an appeal is ruled on."""
    return clock.end_of_day(clock.local_day(filed_at) + timedelta(days=RULING_DAYS))


def new_answer_due(ruled_at: datetime) -> datetime:
    """The end of the day by which an upheld appeal is followed by a new answer."""
    return clock.end_of_day(clock.local_day(ruled_at) + timedelta(days=NEW_ANSWER_DAYS))


def first_closing(opened_at: datetime) -> date:
    """Name the first day on which a window opened now may close: the fourteenth after it opens."""
    return clock.local_day(opened_at) + timedelta(days=WINDOW_DAYS)


def last_closing(opened_at: datetime) -> date:
    """Name the last day on which a window opened now may close."""
    return clock.local_day(opened_at) + timedelta(days=LONGEST_WINDOW_DAYS)


def last_day(until: datetime) -> date:
    """Name the last day on which something can still be done that ends at this midnight."""
    return clock.local_day(until - timedelta(microseconds=1))


def proposed_days(today: date) -> dict[str, date]:
    """Propose the days an answer names: when a point put off is looked at again, when one was passed on."""
    return {
        "reopens_on": _months_later(today, LOOK_AGAIN_MONTHS),
        "sent_on": today,
        "follow_up_on": today + timedelta(days=ASK_AGAIN_DAYS),
    }


def _months_later(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first_after = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=day.day - 1), first_after - timedelta(days=1))
