"""Two people wrote at the same time: theirs and mine side by side, each field chosen, nothing lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from civic import settings
from civic.foundation.errors import Message
from civic.foundation.formdata import CSRF, FORM_KEY, FormData

Values = Mapping[str, tuple[str, ...]]
Spoken = Callable[[str, str], "str | Message"]

PICK = "pick-"


@dataclass(frozen=True)
class Unit:
    """One thing both wrote: a field, or fields that belong together."""

    name: str
    label: str | Message
    language: str
    theirs: tuple[str | Message, ...]
    mine: tuple[str | Message, ...]
    chosen: str
    both_changed: bool
    can_join: bool


def as_written(_name: str, value: str) -> str:
    """Say a value as it was written: for forms without codes."""
    return value


def by_itself(name: str) -> str:
    """Let every field be chosen by itself."""
    return name


@dataclass(frozen=True)
class Merging:
    """How a form is merged: its fields in words, which are texts that can be joined, which go together."""

    labels: Mapping[str, str | Message]
    joined: frozenset[str]
    """Texts of several lines: both can be kept, one after the other."""
    alone: frozenset[str] = frozenset()
    """What belongs to the form itself, not to what is written with it."""
    unit: Callable[[str], str] = by_itself

    def units(self, base: Values, theirs: Values, mine: Values, spoken: Spoken = as_written) -> list[Unit]:
        """List what differs; what only one of the two changed is chosen already."""
        before, them, me = self._grouped(base), self._grouped(theirs), self._grouped(mine)
        found = []
        for name in dict.fromkeys([*me, *them]):
            was, his, my = (one.get(name, {}) for one in (before, them, me))
            if his == my:
                continue
            stem, language = _stem(name)
            found.append(
                Unit(
                    name=name,
                    label=self.labels.get(stem, stem),
                    language=language,
                    theirs=_said(his, spoken),
                    mine=_said(my, spoken),
                    chosen="theirs" if my == was else "mine",
                    both_changed=was not in (his, my),
                    can_join=stem in self.joined and bool(his) and bool(my),
                )
            )
        return found

    def settled(self, form: FormData, theirs: Values) -> FormData:
        """Apply what was chosen on the page to the form: mine where nothing was chosen."""
        picks = {name.removeprefix(PICK): form.value(name) for name in form.values if name.startswith(PICK)}
        values = {name: given for name, given in form.values.items() if not name.startswith(PICK)}
        them = self._grouped(theirs)
        for unit, pick in picks.items():
            own = [name for name in values if self.unit(name) == unit]
            if pick == "both" and own:
                said = them.get(unit, {}).get(unit, ())
                values[unit] = ("\n\n".join([*said, *values[unit]]),)
            elif pick == "theirs":
                kept = {name: given for name, given in values.items() if name not in own}
                values = kept | them.get(unit, {})
        return FormData(values, form.files, form.errors)

    def _grouped(self, values: Values) -> dict[str, dict[str, tuple[str, ...]]]:
        left_out = {CSRF, FORM_KEY, "expected_version", *self.alone}
        found: dict[str, dict[str, tuple[str, ...]]] = {}
        for name, given in values.items():
            said = tuple(one.replace("\r\n", "\n").strip() for one in given if one.strip())
            if said and name not in left_out and not name.startswith(PICK):
                found.setdefault(self.unit(name), {})[name] = said
        return found


def carried(form: FormData) -> list[tuple[str, str]]:
    """Give what I wrote, to travel with the page."""
    return [
        (name, one)
        for name, given in form.values.items()
        if name not in (CSRF, FORM_KEY, "expected_version") and not name.startswith(PICK)
        for one in given
    ]


def values_of(given: Mapping[str, object]) -> dict[str, tuple[str, ...]]:
    """Write the values of a form as it would send them."""
    return {
        name: tuple(map(str, one)) if isinstance(one, (tuple, list)) else (str(one),)
        for name, one in given.items()
        if one not in (None, "", ())
    }


def _stem(name: str) -> tuple[str, str]:
    for code in settings.current().languages:
        if name.endswith(f"_{code}"):
            return name.removesuffix(f"_{code}"), code
    return name, ""


def _said(fields: Mapping[str, tuple[str, ...]], spoken: Spoken) -> tuple[str | Message, ...]:
    return tuple(spoken(name, one) for name, given in sorted(fields.items()) for one in given)
