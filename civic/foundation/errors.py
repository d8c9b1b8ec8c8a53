"""Say what went wrong, once, in a sentence a person can read in their own language.

CivicError
├── NotFound   404  absent, or not for this viewer
├── Refused    403  understood, not allowed, and why
├── Invalid    422  the form comes back with the words kept
├── Conflict   409  somebody was quicker, or the same form was sent twice with other words
├── TooLarge   413  more than we can take
├── TooMany    429  come back in `retry_after` seconds
└── Busy       503  not now, come back in `retry_after` seconds
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import ClassVar

_NOTHING: Mapping[str, object] = MappingProxyType({})


def N_(msgid: str) -> str:
    """Mark a sentence for the catalogues; it is translated when it is shown."""
    return msgid


_NOT_THERE = N_("This page does not exist, or is not public.")
_TOO_LARGE = N_("What you sent is too large.")
_TOO_MANY = N_("Too many requests in a short time. Please try again a little later.")
_BUSY = N_("The service is busy. Nothing was lost: please try again in a moment.")


@dataclass(frozen=True)
class Message:
    """A sentence of the catalogues with its parameters (numbers and dates are put in the language)."""

    msgid: str
    params: Mapping[str, object] = field(default_factory=lambda: _NOTHING)
    plural: str | None = None
    count: int | None = None
    context: str | None = None

    def __str__(self) -> str:
        return self.msgid % self.params if self.params else self.msgid


def message(msgid: str, **params: object) -> Message:
    """Make a message: `message(N_("At most %(max)s characters."), max=200)`."""
    return Message(msgid, params)


def counted(singular: str, plural: str, count: int, **params: object) -> Message:
    """Make a message that depends on a number, given to it as `%(count)s`."""
    return Message(singular, {"count": count, **params}, plural=plural, count=count)


class CivicError(Exception):
    """Something a person must be told. Raising rolls the transaction back."""

    status: ClassVar[int] = 400

    def __init__(self, reason: str | Message, **params: object) -> None:
        self.message = reason if isinstance(reason, Message) else Message(reason, params)
        super().__init__(str(self.message))


class NotFound(CivicError):
    """Absent, or not for this viewer: the two read the same."""

    status = 404

    def __init__(self, reason: str | Message = _NOT_THERE, **params: object):
        super().__init__(reason, **params)


class Refused(CivicError):
    """Understood and not allowed; the message is the reason."""

    status = 403


class Conflict(CivicError):
    """What was asked no longer fits what is there."""

    status = 409


class TooLarge(CivicError):
    """More than we can take."""

    status = 413

    def __init__(self, reason: str | Message = _TOO_LARGE, **params: object):
        super().__init__(reason, **params)


class Invalid(CivicError):
    """Fields to correct: the form comes back with the person's words."""

    status = 422

    def __init__(self, errors: Mapping[str, str | Message]) -> None:
        self.errors = {
            name: text if isinstance(text, Message) else Message(text) for name, text in errors.items()
        }
        super().__init__(N_("Some answers need a correction."))


class TooMany(CivicError):
    """Asked too often; `retry_after` is in seconds."""

    status = 429

    def __init__(
        self,
        retry_after: float,
        reason: str | Message = _TOO_MANY,
        **params: object,
    ) -> None:
        self.retry_after = max(1, int(retry_after + 0.999))
        super().__init__(reason, **params)


class Busy(CivicError):
    """Not now; `retry_after` is in seconds."""

    status = 503

    def __init__(
        self,
        retry_after: float = 5,
        reason: str | Message = _BUSY,
        **params: object,
    ) -> None:
        self.retry_after = max(1, int(retry_after + 0.999))
        super().__init__(reason, **params)


@dataclass(frozen=True)
class Verdict:
    """The answer of a policy: allowed, or not and why. True in a condition when allowed."""

    allowed: bool
    reason: Message | None = None

    def __bool__(self) -> bool:
        return self.allowed

    def demand(self) -> None:
        """Go on when allowed; otherwise refuse with the reason."""
        if not self.allowed:
            raise Refused(self.reason or N_("This is not open to you."))


ALLOWED = Verdict(True)


def refused(reason: str | Message, **params: object) -> Verdict:
    """Answer no, with the sentence the person will read."""
    return Verdict(False, reason if isinstance(reason, Message) else Message(reason, params))
