"""Speak the reader's language: catalogues, dates and numbers.

The text in the code is English and is its own key. Every room keeps its French in `civic/<room>/fr.po`;
the files are merged when the first sentence is asked for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

from babel.dates import format_date, format_datetime
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from civic.foundation import clock
from civic.foundation.errors import N_, Message, counted

NAMES = {"fr": "Français", "en": "English"}
SOURCE = "en"
NBSP = "\u00a0"
_FORMATTING = {"en": "en_GB"}
_VOWELS = "aeiouyàâäéèêëîïôöùûüœæh"

_spoken: ContextVar[str] = ContextVar("civic_language", default=SOURCE)

Key = tuple[str | None, str]


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak one language for the length of a rendering."""
    token = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(token)


def spoken() -> str:
    """Tell the language of the rendering under way."""
    return _spoken.get()


@lru_cache(maxsize=8)
def catalogue(language: str) -> Mapping[Key, tuple[str, ...]]:
    """Merge the catalogues of all rooms for one language: (context, msgid) -> its forms."""
    merged: dict[Key, tuple[str, ...]] = {}
    for path in sorted(Path(__file__).parent.parent.glob(f"*/{language}.po")):
        with path.open("rb") as source:
            for entry in read_po(source, locale=language):
                msgid = _forms(entry.id)[0]
                said = _forms(entry.string)
                if msgid and all(said) and not entry.fuzzy:
                    merged[entry.context, msgid] = said
    return merged


def _forms(text: object) -> tuple[str, ...]:
    return tuple(map(str, text)) if isinstance(text, (list, tuple)) else (str(text or ""),)


def gettext(language: str, msgid: str) -> str:
    """Say a sentence in the language, or in English where the catalogue has none."""
    return catalogue(language).get((None, msgid), (msgid,))[0]


def pgettext(language: str, context: str, msgid: str) -> str:
    """Say a sentence whose translation depends on a context."""
    return catalogue(language).get((context, msgid), (msgid,))[0]


def ngettext(language: str, singular: str, plural: str, count: int, *, context: str | None = None) -> str:
    """Say a sentence that depends on a number."""
    forms = catalogue(language).get((context, singular))
    if forms is None:
        return singular if count == 1 else plural
    # Both languages of the interface have two forms; French counts 0 and 1 as one.
    single = abs(count) < 2 if language == "fr" else count == 1
    return forms[0] if single or len(forms) == 1 else forms[1]


def translate(language: str, message: Message) -> str:
    """Say a message: its numbers, dates and inner messages are put in the language too."""
    if message.plural is not None and message.count is not None:
        text = ngettext(language, message.msgid, message.plural, message.count, context=message.context)
    elif message.context is not None:
        text = pgettext(language, message.context, message.msgid)
    else:
        text = gettext(language, message.msgid)
    if not message.params:
        return text
    return text % {name: _shown(language, value) for name, value in message.params.items()}


def _shown(language: str, value: object) -> object:
    if isinstance(value, Message):
        return translate(language, value)
    if isinstance(value, dt.datetime):
        return moment(language, value)
    if isinstance(value, dt.date):
        return date(language, value)
    if isinstance(value, int) and not isinstance(value, bool):
        return number(language, value)
    return value


def local(value: dt.datetime) -> dt.datetime:
    """Put a moment on the clock of the town."""
    return value.astimezone(clock.zone())


def _locale(language: str) -> str:
    return _FORMATTING.get(language, language)


def _day_of(value: dt.date | dt.datetime) -> dt.date:
    return local(value).date() if isinstance(value, dt.datetime) else value


@lru_cache(maxsize=4096)
def _written(language: str, value: dt.date, pattern: str) -> str:
    text = format_date(value, pattern, locale=_locale(language))
    if language == "fr" and value.day == 1:
        text = text.replace(f"1{NBSP}", f"1er{NBSP}", 1)
    return text


def date(language: str, value: dt.date | dt.datetime) -> str:
    """Write a date: 14 décembre 2026."""
    return _written(language, _day_of(value), f"d{NBSP}MMMM{NBSP}y")


def day(language: str, value: dt.date | dt.datetime, *, year: bool = False) -> str:
    """Write a day: mardi 24 novembre."""
    return _written(language, _day_of(value), f"EEEE d{NBSP}MMMM" + (f"{NBSP}y" if year else ""))


def short_day(language: str, value: dt.date | dt.datetime) -> str:
    """Write a day shortly: 14 déc."""
    return _written(language, _day_of(value), f"d{NBSP}MMM")


def time(language: str, value: dt.datetime) -> str:
    """Write an hour: 14 h 05."""
    pattern = f"H'{NBSP}h{NBSP}'mm" if language == "fr" else "HH:mm"
    return format_datetime(local(value), pattern, tzinfo=clock.zone(), locale=_locale(language))


def moment(language: str, value: dt.datetime) -> str:
    """Write a date with its hour."""
    joint = f" à{NBSP}" if language == "fr" else " at "
    return date(language, value) + joint + time(language, value)


@lru_cache(maxsize=4096)
def number(language: str, value: int | float) -> str:
    """Write a number; its groups are parted by U+00A0 where the language parts them by a space."""
    return format_decimal(value, locale=_locale(language)).replace("\u202f", NBSP)


def days_left(until: dt.datetime, now: dt.datetime) -> int:
    """Count the days after today on which something can be done; 0 on the last, negative when over.

    A time that ends at midnight ends the day before.
    """
    return (_day_of(until - dt.timedelta(microseconds=1)) - _day_of(now)).days


def left(until: dt.datetime, now: dt.datetime) -> Message:
    """Say how many days are left."""
    days = days_left(until, now)
    if until <= now:
        return Message(N_("time is over"))
    if days == 0:
        return Message(N_("last day"))
    return counted("%(count)s day left", "%(count)s days left", days)


def de_nom(name: str) -> str:
    """Put French « de » before a name: de Bo, d’Awa."""
    return f"d’{name}" if name and name[0].lower() in _VOWELS else f"de {name}"
