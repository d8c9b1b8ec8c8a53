"""Text in, values or errors out; the words a person sent are never lost on the way.

A reader takes the form and the name of a field, notes what is wrong under that name, and gives a value
to go on with (a stand-in when the field is wrong):

    form = await forms.read(request, only=("title", "body"))
    title = forms.text(form, "title", label=N_("Title"), max=200)
    body = forms.words(form, "body", label=N_("Your proposal"), max=100_000)
    form.demand()          # raises Invalid with all errors
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable
from enum import Enum
from typing import Literal, TypeVar, overload

from email_validator import EmailNotValidError, validate_email
from starlette.datastructures import UploadFile
from starlette.requests import Request

from civic import settings
from civic.foundation import clock
from civic.foundation.errors import N_, Invalid, Message, message
from civic.foundation.formdata import CSRF, FORM_KEY, WHOLE, Errors, FormData, blank, parse

__all__ = ["WHOLE", "Errors", "FormData", "blank", "parse"]

Choice = TypeVar("Choice", bound=Enum)

UNREADABLE = N_("This contains a character that cannot be shown.")
_UNKNOWN = N_("This form holds an answer that was not asked for: %(name)s.")
_NEEDED = N_("Please fill this in.")
_CHOOSE = N_("Please choose one of the answers.")
_TOO_LONG = N_("At most %(max)s characters, please: there are %(count)s.")
_TOO_SHORT = N_("At least %(min)s characters, please.")
_LABELLED = N_("%(label)s: %(wrong)s")

_INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b\u200e\u200f\u2060-\u2064\ufeff\U000e0000-\U000e007f]")
_JOINER = re.compile("(?:^|(?<=[\x00-\u052f]))[\u200c\u200d]+")
_FORBIDDEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")
_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_WHOLE_NUMBER = re.compile(r"[+-]?[0-9]{1,15}\Z")


async def read(request: Request, *, only: Iterable[str] | None = None) -> FormData:
    """Give the form of this request; with `only`, a field that was not asked for is an error (422).

    A name that ends with `*` allows every field that starts so.
    """
    form = getattr(request.state, "form", None)
    if not isinstance(form, FormData):
        raise RuntimeError("forms.read is for routes that change something: the guard reads their form first")
    if only is not None:
        _refuse_unknown(form, {*only, CSRF, FORM_KEY})
    return form


def query(request: Request) -> FormData:
    """Give the question part of the address as a form; junk in it is dropped, of several the last counts."""
    form = parse(bytes(request.scope.get("query_string", b"")), strict=False)
    form.errors.clear()
    return form


def _refuse_unknown(form: FormData, allowed: set[str]) -> None:
    starts = tuple(name[:-1] for name in allowed if name.endswith("*"))
    for name in (*form.values, *form.files):
        if name not in allowed and not (starts and name.startswith(starts)):
            raise Invalid({WHOLE: message(_UNKNOWN, name=name)})


def text(
    form: FormData,
    name: str,
    *,
    max: int,
    min: int = 0,
    label: str | None = None,
    required: bool = True,
) -> str:
    """Read one line: a name, a title. What cannot be seen is dropped; what turns the line is refused."""
    raw = unicodedata.normalize("NFC", form.value(name)).strip()
    if _FORBIDDEN.search(raw) or _DIRECTION.search(raw) or _LINE_ENDS.search(raw) or "\n" in raw:
        _note(form, name, Message(UNREADABLE), label)
    seen = " ".join(_JOINER.sub("", _INVISIBLE.sub("", raw)).split())
    return _measured(form, name, seen, max=max, min=min, label=label, required=required)


def words(
    form: FormData,
    name: str,
    *,
    max: int,
    min: int = 0,
    label: str | None = None,
    required: bool = True,
) -> str:
    """Read a text of many lines, kept as written but for line ends and the blank around it."""
    raw = _LINE_ENDS.sub("\n", unicodedata.normalize("NFC", form.value(name))).strip()
    if _FORBIDDEN.search(raw):
        _note(form, name, Message(UNREADABLE), label)
    return _measured(form, name, raw, max=max, min=min, label=label, required=required)


def _measured(
    form: FormData, name: str, value: str, *, max: int, min: int, label: str | None, required: bool
) -> str:
    if not value:
        if required:
            _note(form, name, Message(_NEEDED), label)
    elif len(value) > max:
        _note(form, name, message(_TOO_LONG, max=max, count=len(value)), label)
    elif len(value) < min:
        _note(form, name, message(_TOO_SHORT, min=min), label)
    return value


def localized(
    form: FormData,
    name: str,
    *,
    max: int,
    label: str | None = None,
    required: bool = True,
    lines: bool = False,
) -> dict[str, str]:
    """Read an official text, one field per language (`title_fr`, `title_en`); one of them at least."""
    reader = words if lines else text
    languages = settings.current().languages
    given = {
        language: reader(form, f"{name}_{language}", max=max, label=label, required=False)
        for language in languages
    }
    if required and not any(given.values()):
        _note(form, f"{name}_{languages[0]}", Message(_NEEDED), label)
    return {language: said for language, said in given.items() if said}


def choice(
    form: FormData, name: str, options: Iterable[str], *, label: str | None = None, required: bool = True
) -> str:
    """Read one answer of a list; "" when there is none."""
    value = form.value(name)
    if (value or required) and value not in set(options):
        _note(form, name, Message(_CHOOSE), label)
        return ""
    return value


def choices(
    form: FormData, name: str, options: Iterable[str], *, label: str | None = None, required: bool = False
) -> tuple[str, ...]:
    """Read the ticked answers of a list, each once, in the order sent."""
    given = tuple(dict.fromkeys(value for value in form.all(name) if value))
    if not set(given) <= set(options) or (required and not given):
        _note(form, name, Message(_CHOOSE), label)
        return ()
    return given


@overload
def option(
    form: FormData,
    name: str,
    among: type[Choice],
    *,
    label: str | None = None,
    required: Literal[True] = True,
) -> Choice: ...
@overload
def option(
    form: FormData, name: str, among: type[Choice], *, label: str | None = None, required: bool
) -> Choice | None: ...
def option(
    form: FormData, name: str, among: type[Choice], *, label: str | None = None, required: bool = True
) -> Choice | None:
    """Read one member of an enumeration by its value; the stand-in of a required one is its first member."""
    members = {str(member.value): member for member in among}
    value = form.value(name)
    if value in members:
        return members[value]
    if value or required:
        _note(form, name, Message(_CHOOSE), label)
    return next(iter(among)) if required else None


@overload
def whole(
    form: FormData,
    name: str,
    *,
    min: int,
    max: int,
    label: str | None = None,
    required: Literal[True] = True,
) -> int: ...
@overload
def whole(
    form: FormData, name: str, *, min: int, max: int, label: str | None = None, required: bool
) -> int | None: ...
def whole(
    form: FormData, name: str, *, min: int, max: int, label: str | None = None, required: bool = True
) -> int | None:
    """Read a whole number between two others; the stand-in of a required one is `min`."""
    value = re.sub(r"[\s\u00a0\u202f]", "", form.value(name))
    if not value and not required:
        return None
    number = int(value) if _WHOLE_NUMBER.match(value) else None
    if number is None or not min <= number <= max:
        wrong = message(N_("Please write a whole number from %(min)s to %(max)s."), min=min, max=max)
        _note(form, name, wrong, label)
        return min if required else None
    return number


@overload
def day(
    form: FormData, name: str, *, label: str | None = None, required: Literal[True] = True
) -> dt.date: ...
@overload
def day(form: FormData, name: str, *, label: str | None = None, required: bool) -> dt.date | None: ...
def day(form: FormData, name: str, *, label: str | None = None, required: bool = True) -> dt.date | None:
    """Read a day (`<input type=date>`); the stand-in of a required one is today."""
    value = form.value(name).strip()
    if not value and not required:
        return None
    try:
        return _plausible(dt.datetime.strptime(value, "%Y-%m-%d").replace(tzinfo=dt.UTC)).date()
    except ValueError:
        _note(form, name, Message(N_("Please write a date, for example 2027-03-09.")), label)
    return clock.local_day(clock.now()) if required else None


@overload
def moment(
    form: FormData, name: str, *, label: str | None = None, required: Literal[True] = True
) -> dt.datetime: ...
@overload
def moment(form: FormData, name: str, *, label: str | None = None, required: bool) -> dt.datetime | None: ...
def moment(
    form: FormData, name: str, *, label: str | None = None, required: bool = True
) -> dt.datetime | None:
    """Read a moment on the clock of the town (`<input type=datetime-local>`), in UTC; the stand-in is now."""
    value = form.value(name).strip()[:16].replace(" ", "T")
    if not value and not required:
        return None
    try:
        local = dt.datetime.strptime(value, "%Y-%m-%dT%H:%M").replace(tzinfo=clock.zone())
        return _plausible(local).astimezone(dt.UTC)
    except ValueError:
        _note(
            form, name, Message(N_("Please write a date and an hour, for example 2027-03-09 18:00.")), label
        )
    return clock.now() if required else None


def _plausible(moment: dt.datetime) -> dt.datetime:
    if not 1900 <= moment.year <= 2200:
        raise ValueError("a year nobody means")
    return moment


def ticked(form: FormData, name: str) -> bool:
    """Tell whether a box is ticked."""
    return form.value(name) not in ("", "0", "false", "off")


def email(form: FormData, name: str, *, label: str | None = None, required: bool = True) -> str:
    """Read an e-mail address; it is not looked up."""
    value = text(form, name, max=254, label=label, required=required)
    if not value or name in form.errors:
        return value
    try:
        return validate_email(value, check_deliverability=False).normalized
    except EmailNotValidError:
        wrong = Message(N_("Please write an e-mail address such as name@example.org."))
        _note(form, name, wrong, label)
        return value


def files(form: FormData, name: str, *, max: int = 5, each: int = 10_000_000) -> tuple[UploadFile, ...]:
    """Give the files sent under a name: at most `max` of them, of `each` bytes."""
    given = tuple(one for one in form.files.get(name, ()) if one.filename)
    if len(given) > max:
        _note(form, name, message(N_("At most %(max)s files, please."), max=max), None)
    if any((one.size or 0) > each for one in given):
        wrong = message(N_("A file may hold at most %(size)s megabytes."), size=each // 1_000_000)
        _note(form, name, wrong, None)
    return given


def _note(form: FormData, name: str, wrong: Message, label: str | None) -> None:
    form.errors.note(name, message(_LABELLED, label=Message(label), wrong=wrong) if label else wrong)
