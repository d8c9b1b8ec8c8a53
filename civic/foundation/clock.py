"""The one source of time: aware, in UTC, and movable by tests and by the example town."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from civic import settings

_moved_to: ContextVar[datetime | None] = ContextVar("civic_clock", default=None)


def now() -> datetime:
    """Tell the time, in UTC, to the microsecond."""
    return _moved_to.get() or datetime.now(UTC)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Hold the clock at one moment inside the block (and the tasks started in it)."""
    if moment.tzinfo is None:
        raise ValueError("The clock only takes times that say their zone.")
    token = _moved_to.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _moved_to.reset(token)


def zone() -> ZoneInfo:
    """The time zone people here live in."""
    return ZoneInfo(settings.current().timezone)


def local_day(moment: datetime) -> date:
    """Name the calendar day of a moment where people live."""
    return moment.astimezone(zone()).date()


def end_of_day(day: date) -> datetime:
    """Give the local midnight that ends a day, in UTC: the moment when a period ending that day is over."""
    return datetime.combine(day + timedelta(days=1), time.min, zone()).astimezone(UTC)


def hold() -> timedelta:
    """Tell how long the author of an act that tells many people can still undo it."""
    return timedelta(seconds=settings.current().hold_seconds)
