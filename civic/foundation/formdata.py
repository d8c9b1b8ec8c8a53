"""What came with a form: values as sent, files, and what is wrong, field by field."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

from starlette.datastructures import UploadFile

from civic.foundation.errors import N_, Invalid, Message, TooLarge

MAX_FIELDS = 5_000
CSRF = "csrf"
FORM_KEY = "form_key"
WHOLE = "form"
"""The name under which what is wrong with the form as a whole is noted."""

_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}\Z")
_UNREADABLE = N_("This contains a character that cannot be read.")
_OLD = N_("This form is too old to be sent. Please copy your words and open the page again.")


class Errors(dict[str, Message]):
    """What is wrong, field by field."""

    def note(self, name: str, wrong: Message) -> None:
        """Keep the first thing wrong with a field."""
        self.setdefault(name, wrong)


@dataclass
class FormData:
    """What a person sent, and what is wrong with it."""

    values: dict[str, tuple[str, ...]] = field(default_factory=dict)
    files: dict[str, tuple[UploadFile, ...]] = field(default_factory=dict)
    errors: Errors = field(default_factory=Errors)

    def value(self, name: str, default: str = "") -> str:
        """Give the words sent under a name; of several, the last."""
        found = self.values.get(name)
        return found[-1] if found else default

    def all(self, name: str) -> tuple[str, ...]:
        """Give every value sent under a name (checkboxes)."""
        return self.values.get(name, ())

    def error(self, name: str) -> Message | None:
        """Give what is wrong with a field."""
        return self.errors.get(name)

    @property
    def key(self) -> str:
        """The once key of this form. Raises Invalid when the page did not give one."""
        key = self.value(FORM_KEY)
        if not _KEY.match(key):
            raise Invalid({WHOLE: _OLD})
        return key

    @property
    def digest(self) -> str:
        """What this form says, in 64 characters: another digest under one key is another text."""
        said = {name: given for name, given in self.values.items() if name not in (CSRF, FORM_KEY)}
        sent = {name: [(one.filename, one.size) for one in given] for name, given in self.files.items()}
        return hashlib.sha256(json.dumps([said, sent], sort_keys=True).encode()).hexdigest()

    def demand(self) -> None:
        """Go on when nothing is wrong; otherwise raise Invalid."""
        if self.errors:
            raise Invalid(self.errors)

    def with_errors(self, wrong: Invalid) -> FormData:
        """Note what an act found wrong, to show the form again."""
        for name, text in wrong.errors.items():
            self.errors.note(name, text)
        return self


def blank(**values: object) -> FormData:
    """Make a form nobody has sent yet, with first values (a tuple for several)."""
    given = {name: value for name, value in values.items() if value is not None}
    return FormData(
        {
            name: tuple(map(str, value))
            if isinstance(value, (tuple, list, set, frozenset))
            else (str(value),)
            for name, value in given.items()
        }
    )


def parse(body: bytes, *, strict: bool = True) -> FormData:
    """Parse an urlencoded body; what is no UTF-8 is kept as well as can be, and noted."""
    pairs = body.split(b"&", MAX_FIELDS) if body else []
    if strict and len(pairs) > MAX_FIELDS:
        raise TooLarge
    form = FormData()
    for pair in pairs[:MAX_FIELDS]:
        name, _, value = pair.replace(b"+", b" ").partition(b"=")
        keep(form, unquote_to_bytes(name), unquote_to_bytes(value))
    return form


def keep(form: FormData, name: bytes, value: bytes) -> None:
    """Keep one field as it came from the wire; unreadable bytes and NUL become U+FFFD and are noted."""
    key = name.decode("utf-8", "replace")[:100]
    text = value.decode("utf-8", "replace").replace("\x00", "\ufffd")
    if b"\x00" in value or ("\ufffd" in text and not _is_utf8(value)):
        form.errors.note(key, Message(_UNREADABLE))
    form.values[key] = (*form.values.get(key, ()), text)


def _is_utf8(value: bytes) -> bool:
    try:
        value.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
