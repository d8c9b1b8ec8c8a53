"""Write what led to what as PROV: PROV-O in JSON-LD, and PROV-JSON. Pure; knows nothing of civic things.

The JSON-LD is the one of the W3C submission "PROV-JSONLD": each statement is a qualified PROV-O relation,
and the context travels with the file, so that it can be read without a network.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Names = Mapping[str, str]
"""Terms of a relation and the names they point at: `{"generatedEntity": "site:x"}`."""

_PROV = "http://www.w3.org/ns/prov#"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_TIMES = frozenset({"time", "startTime", "endTime"})
_RELATIONS = {
    "Generation": "wasGeneratedBy",
    "Usage": "used",
    "Invalidation": "wasInvalidatedBy",
    "Association": "wasAssociatedWith",
    "Attribution": "wasAttributedTo",
    "Delegation": "actedOnBehalfOf",
    "Derivation": "wasDerivedFrom",
    "Influence": "wasInfluencedBy",
    "Specialization": "specializationOf",
}
"""The relations we write, by their PROV-O class: their names in PROV-JSON."""


def _id(name: str) -> dict[str, str]:
    return {"@id": name, "@type": "@id"}


def _back(name: str) -> dict[str, str]:
    return {"@reverse": name, "@type": "@id"}


def _of(name: str, **terms: Any) -> dict[str, Any]:
    return {"@id": name, "@context": terms}


_AT_TIME = {"@id": "prov:atTime", "@type": "xsd:dateTime"}
_TERMS: Mapping[str, Any] = {
    "type": _id("rdf:type"),
    "role": _id("prov:hadRole"),
    "label": {"@id": "rdfs:label"},
    "entity": _id("prov:entity"),
    "activity": _id("prov:activity"),
    "agent": _id("prov:agent"),
    "Entity": _of("prov:Entity", value={"@id": "prov:value"}),
    "Activity": _of(
        "prov:Activity",
        startTime={"@id": "prov:startedAtTime", "@type": "xsd:dateTime"},
        endTime={"@id": "prov:endedAtTime", "@type": "xsd:dateTime"},
    ),
    "Agent": _of("prov:Agent"),
    "Generation": _of("prov:Generation", entity=_back("prov:qualifiedGeneration"), time=_AT_TIME),
    "Usage": _of("prov:Usage", activity=_back("prov:qualifiedUsage"), time=_AT_TIME),
    "Invalidation": _of("prov:Invalidation", entity=_back("prov:qualifiedInvalidation"), time=_AT_TIME),
    "Attribution": _of("prov:Attribution", entity=_back("prov:qualifiedAttribution")),
    "Association": _of(
        "prov:Association", activity=_back("prov:qualifiedAssociation"), plan=_id("prov:hadPlan")
    ),
    "Delegation": _of(
        "prov:Delegation",
        responsible=_id("prov:agent"),
        delegate=_back("prov:qualifiedDelegation"),
        activity=_id("prov:hadActivity"),
    ),
    "Derivation": _of(
        "prov:Derivation",
        generatedEntity=_back("prov:qualifiedDerivation"),
        usedEntity=_id("prov:entity"),
        activity=_id("prov:hadActivity"),
    ),
    "Influence": _of(
        "prov:Influence", influencee=_back("prov:qualifiedInfluence"), influencer=_id("prov:influencer")
    ),
    "Specialization": _of(
        "provext:Specialization",
        specificEntity=_back("provext:qualifiedSpecialization"),
        generalEntity=_id("provext:generalEntity"),
    ),
}


@dataclass(frozen=True)
class Words:
    """A sentence in one language."""

    text: str
    language: str


@dataclass(frozen=True)
class Element:
    """An entity, an activity or an agent, under a name `prefix:rest`."""

    kind: str
    name: str
    types: tuple[str, ...] = ()
    label: tuple[Words, ...] = ()
    facts: tuple[tuple[str, str | Words], ...] = ()
    began_at: dt.datetime | None = None
    ended_at: dt.datetime | None = None

    @property
    def terms(self) -> dict[str, str]:
        """When an activity began and ended."""
        times = {"startTime": self.began_at, "endTime": self.ended_at}
        return {name: _moment(at) for name, at in times.items() if at is not None}


@dataclass(frozen=True)
class Relation:
    """How two things are related, with the role or the kind of the relation."""

    kind: str
    ends: Names
    types: tuple[str, ...] = ()
    role: str = ""
    at: dt.datetime | None = None
    facts: tuple[tuple[str, str | Words], ...] = ()

    @property
    def terms(self) -> dict[str, str]:
        """What it relates, and when."""
        return {**self.ends, **({"time": _moment(self.at)} if self.at else {})}


@dataclass(frozen=True)
class Document:
    """Everything that is said, under the prefixes its names begin with."""

    prefixes: Names
    elements: tuple[Element, ...]
    relations: tuple[Relation, ...]


def as_jsonld(document: Document) -> dict[str, Any]:
    """Write a document as PROV-O in JSON-LD."""
    context = {
        "@version": 1.1,
        "prov": _PROV,
        "provext": "https://openprovenance.org/ns/provext#",
        "xsd": _XSD,
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        **_TERMS,
    }
    graph = [{"@type": one.kind, "@id": one.name, **one.terms, **_attached(one)} for one in document.elements]
    graph += [{"@type": one.kind, **one.terms, **_attached(one)} for one in document.relations]
    return {"@context": [dict(document.prefixes), context], "@graph": graph}


def _attached(one: Element | Relation) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if one.types:
        found["type"] = list(one.types)
    if isinstance(one, Relation) and one.role:
        found["role"] = [one.role]
    if isinstance(one, Element) and one.label:
        found["label"] = [_ld(words) for words in one.label]
    for name, value in one.facts:
        found.setdefault(name, []).append(_ld(value))
    return found


def _ld(value: str | Words) -> dict[str, str]:
    if isinstance(value, Words):
        return {"@value": value.text, "@language": value.language}
    return {"@value": value}


def as_prov_json(document: Document) -> dict[str, Any]:
    """Write a document as PROV-JSON."""
    written: dict[str, Any] = {"prefix": dict(document.prefixes)}
    for one in document.elements:
        place = written.setdefault(one.kind.lower(), {})
        place[one.name] = {**_prefixed(one.terms), **_said(one)}
    for number, relation in enumerate(document.relations, 1):
        place = written.setdefault(_RELATIONS[relation.kind], {})
        place[f"_:r{number}"] = {**_prefixed(relation.terms), **_said(relation)}
    return written


def _prefixed(terms: Names) -> dict[str, str]:
    return {f"prov:{name}": value for name, value in terms.items()}


def _said(one: Element | Relation) -> dict[str, Any]:
    found: dict[str, list[Any]] = {}
    if one.types:
        found["prov:type"] = [_name(name) for name in one.types]
    if isinstance(one, Relation) and one.role:
        found["prov:role"] = [_name(one.role)]
    if isinstance(one, Element) and one.label:
        found["prov:label"] = [_plainly(words) for words in one.label]
    for name, value in one.facts:
        found.setdefault("prov:value" if name == "value" else name, []).append(_plainly(value))
    return {name: values if len(values) > 1 else values[0] for name, values in found.items()}


def _name(name: str) -> dict[str, str]:
    return {"$": name, "type": "prov:QUALIFIED_NAME"}


def _plainly(value: str | Words) -> Any:
    return {"$": value.text, "lang": value.language} if isinstance(value, Words) else value


def _moment(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat()


def words_of(texts: Mapping[str, str]) -> tuple[Words, ...]:
    """Give an official text, one sentence per language."""
    return tuple(Words(text, language) for language, text in sorted(texts.items()) if text)
