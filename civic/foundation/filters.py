"""What templates do with values: dates and numbers in the reader's language, stored HTML, official texts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from civic import settings
from civic.foundation import clock, languages, text
from civic.foundation.errors import Message


@dataclass(frozen=True)
class Said:
    """An official text in the language it was found in."""

    text: str
    lang: str

    def __str__(self) -> str:
        return self.text

    def __bool__(self) -> bool:
        return bool(self.text)

    def __len__(self) -> int:
        return len(self.text)

    @property
    def is_other(self) -> bool:
        """Tell whether the reader asked for another language."""
        return bool(self.text) and self.lang != languages.spoken()


def localized(texts: Mapping[str, str] | None) -> Said:
    """Give an official text in the reader's language, or else in the first language that has it."""
    given = texts or {}
    for language in (languages.spoken(), *settings.current().languages, *given):
        if given.get(language):
            return Said(given[language], language)
    return Said("", languages.spoken())


def message(value: Message | str | None) -> str:
    """Say a message of an act, a policy or a form."""
    if value is None:
        return ""
    return languages.translate(languages.spoken(), value if isinstance(value, Message) else Message(value))


def stored(html: str) -> str:
    """Show HTML that was cleaned when it was stored."""
    return text.safe(html)


def date(value: dt.date | dt.datetime) -> str:
    """Write 14 décembre 2026."""
    return languages.date(languages.spoken(), value)


def day(value: dt.date | dt.datetime) -> str:
    """Write mardi 24 novembre, with the year when it is not this one."""
    on = clock.local_day(value) if isinstance(value, dt.datetime) else value
    return languages.day(languages.spoken(), on, year=on.year != clock.local_day(clock.now()).year)


def last_day(value: dt.datetime) -> dt.date:
    """Give the last day of a period that ends at this moment: at midnight, the day before."""
    return clock.local_day(value - dt.timedelta(microseconds=1))


def short_day(value: dt.date | dt.datetime) -> str:
    """Write 14 déc."""
    return languages.short_day(languages.spoken(), value)


def time(value: dt.datetime) -> str:
    """Write 14 h 05."""
    return languages.time(languages.spoken(), value)


def moment(value: dt.datetime) -> str:
    """Write 24 novembre 2026 à 14 h 05."""
    return languages.moment(languages.spoken(), value)


def number(value: int | float) -> str:
    """Write 1 234."""
    return languages.number(languages.spoken(), value)


def left(value: dt.datetime) -> str:
    """Say how many days are left."""
    return languages.translate(languages.spoken(), languages.left(value, clock.now()))


def days_left(value: dt.datetime) -> int:
    """Count the days that are left."""
    return languages.days_left(value, clock.now())


FILTERS: dict[str, Any] = {
    "localized": localized,
    "message": message,
    "stored": stored,
    "date": date,
    "day": day,
    "last_day": last_day,
    "short_day": short_day,
    "time": time,
    "datetime": moment,
    "number": number,
    "left": left,
    "days_left": days_left,
    "de_nom": languages.de_nom,
    "plain": text.plain,
    "excerpt": text.excerpt,
}
