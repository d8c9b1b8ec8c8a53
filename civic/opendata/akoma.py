"""Write one version of a decision as Akoma Ntoso 3.0 (OASIS LegalDocML). Pure.

Written with the standard library: nothing is read, so no parser is needed. Identifiers are the addresses of
this installation; a number of the state (ELI) is never made up, and its country is said to be unknown.
"""

from __future__ import annotations

import datetime as dt
import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

NAMESPACE = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
UNKNOWN_COUNTRY = "zz"
_LANGUAGES = {"fr": "fra", "en": "eng", "de": "deu", "nl": "nld", "es": "spa", "it": "ita", "pt": "por"}
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_BARRED = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

ET.register_namespace("", NAMESPACE)


@dataclass(frozen=True)
class Words:
    """A text and the language it was found in."""

    text: str
    language: str


@dataclass(frozen=True)
class Article:
    """An article as a version states it; ``eid`` never changes."""

    eid: str
    number: Words
    heading: Words
    text: Words
    is_repealed: bool


@dataclass(frozen=True)
class Edition:
    """A version of the decision: its address, its day, and what it changed in the one before, by article."""

    number: int
    address: str
    on: dt.date
    label: Words
    changes: Mapping[str, str]
    """``insertion``, ``substitution`` or ``repeal`` by the identifier of the article."""


@dataclass(frozen=True)
class Act:
    """A decision in one version and one language."""

    work: str
    expression: str
    manifestation: str
    language: str
    body: str
    signer: str
    role: str
    title: Words
    summary: Words
    articles: tuple[Article, ...]
    editions: tuple[Edition, ...]
    """The versions up to this one, the first one first."""


def akoma_ntoso(act: Act) -> bytes:
    """Give the document."""
    root = ET.Element(_name("akomaNtoso"))
    document = _in(root, "act", name="decision", contains="singleVersion")
    _meta(document, act)
    _preface(document, act)
    _body(document, act)
    _conclusions(document, act)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _meta(document: ET.Element, act: Act) -> None:
    meta = _in(document, "meta")
    _identification(meta, act)
    last = act.editions[-1]
    _in(
        meta, "publication", date=last.on.isoformat(), name=act.body, showAs=act.body, number=str(last.number)
    )
    lifecycle = _in(meta, "lifecycle", source="#body")
    for one in act.editions:
        kind = "generation" if one is act.editions[0] else "amendment"
        event = f"#version_{one.number}"
        _in(
            lifecycle, "eventRef", eId=f"event_{one.number}", date=one.on.isoformat(), source=event, type=kind
        )
    _analysis(meta, act.editions)
    references = _in(meta, "references", source="#body")
    for one in act.editions:
        kind = "original" if one is act.editions[0] else "passiveRef"
        _in(references, kind, eId=f"version_{one.number}", href=one.address, showAs=one.label.text)
    _in(references, "TLCOrganization", eId="body", href=f"{act.work}#body", showAs=act.body)
    if act.signer:
        _in(references, "TLCPerson", eId="signer", href=f"{act.work}#signer", showAs=act.signer)
        _in(references, "TLCRole", eId="role", href=f"{act.work}#role", showAs=act.role)


def _identification(meta: ET.Element, act: Act) -> None:
    first, last = act.editions[0], act.editions[-1]
    found = _in(meta, "identification", source="#body")
    work = _in(found, "FRBRWork")
    _core(work, act.work, first.on, "#body")
    _in(work, "FRBRcountry", value=UNKNOWN_COUNTRY)
    expression = _in(found, "FRBRExpression")
    _core(expression, act.expression, last.on, "#signer" if act.signer else "#body")
    _in(expression, "FRBRversionNumber", value=str(last.number))
    _in(expression, "FRBRlanguage", language=_LANGUAGES.get(act.language, act.language))
    _core(_in(found, "FRBRManifestation"), act.manifestation, last.on, "#body")


def _core(level: ET.Element, address: str, on: dt.date, author: str) -> None:
    _in(level, "FRBRthis", value=address)
    _in(level, "FRBRuri", value=address)
    _in(level, "FRBRdate", date=on.isoformat(), name="publication")
    _in(level, "FRBRauthor", href=author)


def _analysis(meta: ET.Element, editions: Sequence[Edition]) -> None:
    """Say which later version changed which article."""
    changed = [
        (before, after, eid, kind)
        for before, after in zip(editions, editions[1:], strict=False)
        for eid, kind in sorted(after.changes.items(), key=lambda one: (len(one[0]), one[0]))
    ]
    if not changed:
        return
    passive = _in(_in(meta, "analysis", source="#body"), "passiveModifications")
    for number, (before, after, eid, kind) in enumerate(changed, 1):
        change = _in(passive, "textualMod", eId=f"pmod_{number}", type=kind)
        _in(change, "source", eId=f"pmod_{number}__source", href=after.address)
        _in(change, "destination", eId=f"pmod_{number}__destination", href=f"#{eid}")
        if kind != "insertion":
            _in(change, "old", eId=f"pmod_{number}__old", href=f"{before.address}#{eid}")
        if kind != "repeal":
            _in(change, "new", eId=f"pmod_{number}__new", href=f"{after.address}#{eid}")


def _preface(document: ET.Element, act: Act) -> None:
    title = _in(_in(_in(document, "preface"), "longTitle"), "p")
    _said(_in(title, "docTitle"), act.title, act.language)
    if act.summary.text.strip():
        _paragraphs(_in(document, "preamble"), act.summary, act.language)


def _body(document: ET.Element, act: Act) -> None:
    body = _in(document, "body")
    for one in act.articles:
        article = _in(body, "article", eId=one.eid)
        if one.is_repealed:
            article.set("status", "removed")
        _said(_in(article, "num"), one.number, act.language)
        if one.heading.text.strip():
            _said(_in(article, "heading"), one.heading, act.language)
        _paragraphs(_in(article, "content", eId=f"{one.eid}__content"), one.text, act.language)
    if not act.articles:
        empty = _in(body, "hcontainer", eId="hcontainer_1", name="withoutArticles")
        _paragraphs(_in(empty, "content", eId="hcontainer_1__content"), act.summary, act.language)


def _conclusions(document: ET.Element, act: Act) -> None:
    if not act.signer:
        return
    signature = _in(_in(_in(document, "conclusions"), "p"), "signature")
    person = _in(signature, "person", refersTo="#signer")
    person.text, person.tail = _clean(act.signer), ", "
    _in(signature, "role", refersTo="#role").text = _clean(act.role)


def _paragraphs(element: ET.Element, words: Words, language: str) -> None:
    pieces = [one for one in re.split(r"\n[ \t]*\n", words.text) if one.strip()]
    for piece in pieces or [""]:
        _said(_in(element, "p"), Words(piece.strip(), words.language), language)


def _said(element: ET.Element, words: Words, language: str) -> None:
    """Write words; those in another language than the document say in which."""
    if words.language != language and words.text:
        element.set(_XML_LANG, words.language)
    lines = _clean(words.text).split("\n")
    element.text = lines[0]
    for line in lines[1:]:
        _in(element, "br").tail = line


def _in(parent: ET.Element, tag: str, /, **marks: str) -> ET.Element:
    return ET.SubElement(parent, _name(tag), {key: _clean(value) for key, value in marks.items()})


def _name(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _clean(text: str) -> str:
    """Leave out the characters that XML cannot hold."""
    return _BARRED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
