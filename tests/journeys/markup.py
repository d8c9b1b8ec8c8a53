"""Read a page as a browser does: its forms with their fields, its links, its words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

Values = dict[str, list[str]]
_SKIPPED = {"submit", "button", "reset", "image", "file"}
_TICKED = {"checkbox", "radio"}


@dataclass
class Field:
    """One control of a form that carries a value."""

    name: str
    kind: str
    value: str = ""
    is_on: bool = True
    options: list[tuple[str, bool]] = field(default_factory=list)

    @property
    def is_text(self) -> bool:
        return self.kind in ("text", "textarea", "search")


@dataclass
class Form:
    """A form as the page shows it."""

    action: str
    method: str
    fields: list[Field] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def values(self) -> Values:
        """Give what a browser sends when nobody changes anything."""
        sent: Values = {}
        for one in self.fields:
            if one.kind == "select":
                chosen = [value for value, is_on in one.options if is_on] or [v for v, _ in one.options[:1]]
                sent.setdefault(one.name, []).extend(chosen[-1:])
            elif one.is_on:
                sent.setdefault(one.name, []).append(one.value)
        return sent

    def names(self) -> set[str]:
        """Name what can be sent."""
        return {one.name for one in self.fields} | {name for name, _ in self.buttons}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.form: Form | None = None
        self.select: Field | None = None
        self.area: Field | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif tag == "form":
            self.form = Form(given.get("action", ""), given.get("method", "get").lower())
            self.forms.append(self.form)
        elif self.form is not None:
            self._control(tag, given)

    def _control(self, tag: str, given: dict[str, str]) -> None:
        assert self.form is not None
        name = given.get("name", "")
        if tag == "button" or (tag == "input" and given.get("type") == "submit"):
            if name:
                self.form.buttons.append((name, given.get("value", "")))
        elif tag == "input" and name and given.get("type", "text") not in _SKIPPED:
            kind = given.get("type", "text")
            value = given.get("value", "on" if kind in _TICKED else "")
            self.form.fields.append(Field(name, kind, value, kind not in _TICKED or "checked" in given))
        elif tag == "textarea" and name:
            self.area = Field(name, "textarea")
            self.form.fields.append(self.area)
        elif tag == "select" and name:
            self.select = Field(name, "select")
            self.form.fields.append(self.select)
        elif tag == "option" and self.select is not None:
            self.select.options.append((given.get("value", ""), "selected" in given))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        elif tag == "textarea" and self.area is not None:
            self.area.value = self.area.value.removeprefix("\n")
            self.area = None
        elif tag == "select":
            self.select = None

    def handle_data(self, data: str) -> None:
        if self.area is not None:
            self.area.value += data


def _read(html: str) -> _Reader:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader


def forms_of(html: str) -> list[Form]:
    """Find the forms of a page."""
    return _read(html).forms


def form_to(html: str, action: str) -> Form | None:
    """Find the form that goes to an address; of several, the one with most fields."""
    found = [form for form in forms_of(html) if form.action.partition("#")[0] == action]
    return max(found, key=lambda form: len(form.fields), default=None)


def links_of(html: str) -> Iterator[str]:
    """Give where a page leads, inside this site."""
    for link in _read(html).links:
        path = link.partition("#")[0]
        if path.startswith("/") and not path.startswith("//"):
            yield path
