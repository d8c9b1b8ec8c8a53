"""Keep the values of a notice as JSON, and put them in the reader's language when they are shown."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass

from civic import settings
from civic.foundation import languages
from civic.foundation.errors import Message
from civic.notices.kinds import KINDS

_NAMES = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True)
class Item:
    """One line of a notice: what it is about, a short word before it, and the page it leads to."""

    text: str
    label: str
    path: str = ""


@dataclass(frozen=True)
class Letter:
    """A notice in one language, ready to be shown or sent."""

    subject: str
    lines: tuple[str, ...]
    items: tuple[Item, ...]
    action: str
    path: str
    why: str
    group: str
    icon: str
    stop: str


def packed(value: object) -> object:
    """Make JSON of a value, keeping what is needed to say it in any language."""
    if isinstance(value, Message):
        return {
            "msgid": value.msgid,
            "params": {name: packed(inner) for name, inner in value.params.items()},
            "plural": value.plural,
            "count": value.count,
            "context": value.context,
        }
    if isinstance(value, dt.datetime):
        return {"moment": value.isoformat()}
    if isinstance(value, dt.date):
        return {"date": value.isoformat()}
    if isinstance(value, Mapping):
        return {str(name): packed(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [packed(inner) for inner in value]
    if value is None or isinstance(value, (str, int, bool)):
        return value
    raise TypeError(f"a notice cannot hold {type(value).__name__}")


def letter(kind: str, data: Mapping[str, object], language: str) -> Letter:
    """Write a notice in the reader's language."""
    sentences = KINDS[kind]
    values = {name: _unpacked(value, language) for name, value in data.items() if name != "items"}
    return Letter(
        subject=_one_line(_say(sentences.subject, values, language)),
        lines=_lines(sentences.lines, values, language),
        items=tuple(_items(data.get("items"), language)),
        action=_say(sentences.action, values, language),
        path=str(values.get("path") or "/"),
        why=_say(sentences.why, values, language),
        group=sentences.group,
        icon=sentences.icon,
        stop=_say(sentences.stop, values, language),
    )


def lacking(kind: str, data: Mapping[str, object]) -> frozenset[str]:
    """Name the values that the sentences of a kind ask for and that are not there."""
    said = KINDS[kind]
    asked = _NAMES.findall(" ".join((said.subject, *said.lines, said.action, said.why)))
    return frozenset(asked) - {"path", *data}


def _lines(msgids: tuple[str, ...], values: Mapping[str, object], language: str) -> tuple[str, ...]:
    """Say what there is to say: a notice kept before its kind said more is read without the rest."""
    known = {"path", *values}
    sayable = (msgid for msgid in msgids if known.issuperset(_NAMES.findall(msgid)))
    return tuple(said for msgid in sayable if (said := _say(msgid, values, language).strip()))


def say(value: object, language: str) -> str:
    """Say a value a notice can hold, in a language: a message, a text per language, a date."""
    return str(_unpacked(packed(value), language) if value is not None else "")


def _say(msgid: str, values: Mapping[str, object], language: str) -> str:
    if "%(" not in msgid:
        return languages.gettext(language, msgid)
    # Never without parameters, so that a sentence whose value is missing fails instead of showing its mark.
    return languages.translate(language, Message(msgid, {"path": "", **values}))


def _items(given: object, language: str) -> list[Item]:
    if not isinstance(given, list):
        return []
    return [
        Item(
            str(_unpacked(one.get("text", ""), language)),
            str(_unpacked(one.get("label", ""), language)),
            str(one.get("path") or ""),
        )
        for one in given
        if isinstance(one, dict)
    ]


def _unpacked(value: object, language: str) -> object:
    if isinstance(value, list):
        return ", ".join(str(_unpacked(one, language)) for one in value)
    if not isinstance(value, dict):
        return value
    if "msgid" in value:
        return languages.translate(language, _message(value, language))
    if "moment" in value:
        return languages.moment(language, dt.datetime.fromisoformat(value["moment"]))
    if "date" in value:
        return languages.date(language, dt.date.fromisoformat(value["date"]))
    return _localized(value, language)


def _message(value: Mapping[str, object], language: str) -> Message:
    params = value.get("params")
    plural, count, context = value.get("plural"), value.get("count"), value.get("context")
    return Message(
        str(value["msgid"]),
        {name: _unpacked(inner, language) for name, inner in params.items()}
        if isinstance(params, dict)
        else {},
        plural=plural if isinstance(plural, str) else None,
        count=count if isinstance(count, int) else None,
        context=context if isinstance(context, str) else None,
    )


def _localized(texts: Mapping[str, object], language: str) -> str:
    order = (language, *settings.current().languages)
    return next((str(texts[code]) for code in order if texts.get(code)), "")


def _one_line(subject: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in subject).split())
