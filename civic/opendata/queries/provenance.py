"""The public trace of a contribution as entities, activities and agents (SPEC 7): who did what, to what.

People have pseudonymous names that hold within one document only; who signs for the public body is named,
with the role, as on the page.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from civic.contributions.models import ClaimOrigin, Visibility
from civic.decisions.queries import ArticleCard, OutcomeCard
from civic.foundation import database
from civic.foundation.viewer import STRANGER
from civic.opendata import addresses
from civic.opendata.provenance import Document, Element, Relation, Words, words_of
from civic.trace import queries as traces
from civic.trace.queries import PointCard, ThemeCard, Trace

_ORGANISATION = """
SELECT o.public_id, o.name FROM organisation o JOIN contribution c ON c.organisation_id = o.id WHERE c.id = ?
"""
_VERSIONS = "SELECT number, written_at FROM contribution_version WHERE contribution_id = ? ORDER BY number"
_CUTS = "SELECT cut_by_id, cut_at FROM segmentation WHERE contribution_id = ? ORDER BY id"
_GONE = """
SELECT changed_at FROM visibility_change
WHERE contribution_id = ? AND after IN ('restricted', 'withdrawn') ORDER BY id DESC LIMIT 1
"""
_CHECKS = """
SELECT k.id, k.sent_by_id, k.sent_at, k.answered_at, a.claim_id, a.verdict
FROM understanding_check k LEFT JOIN check_answer a ON a.sent_check_id = k.id
WHERE k.contribution_id = ? ORDER BY k.id, a.id
"""
Row = dict[str, Any]


async def public_provenance(number: str) -> Document:
    """Give the provenance of what a stranger may read of a contribution: the trace, and five queries more."""
    found = await traces.trace(STRANGER, number.upper())
    book = _Book(f"site:contributions/{found.card.number}")
    said = await database.rows(_VERSIONS, found.card.id)
    gone = await database.rows(_GONE, found.card.id)
    _contribution(book, found, said, gone)
    _organisation(book, await database.rows(_ORGANISATION, found.card.id))
    cuts = await database.rows(_CUTS, found.card.id)
    for point in found.points:
        _point(book, found, point, cuts)
    _checks(book, found, await database.rows(_CHECKS, found.card.id))
    prefixes = {"site": addresses.whole("/"), "civic": addresses.whole("/opendata/api#")}
    return Document(prefixes, tuple(book.elements.values()), tuple(_once(book.relations)))


def _once(relations: list[Relation]) -> Iterator[Relation]:
    """Say nothing twice: points of one decision share its signature."""
    seen = set()
    for one in relations:
        key = one.kind, tuple(sorted(one.ends.items())), one.role, one.types, one.facts
        if key not in seen:
            seen.add(key)
            yield one


@dataclass
class _Book:
    """What is written down of one contribution; each thing once."""

    root: str
    elements: dict[str, Element] = field(default_factory=dict)
    relations: list[Relation] = field(default_factory=list)
    offices: dict[int | str, str] = field(default_factory=dict)

    def add(self, element: Element) -> str:
        """Write a thing down and give its name."""
        self.elements.setdefault(element.name, element)
        return element.name

    def relate(self, kind: str, **ends: str) -> None:
        """Say how two things are related."""
        self.relations.append(Relation(kind, ends))

    def took_part(self, activity: str, agent: str, role: str) -> None:
        """Say in which role somebody took part in what was done."""
        self.relations.append(
            Relation("Association", {"activity": activity, "agent": agent}, role=f"civic:{role}")
        )

    def derived(self, new: str, old: str, kind: str = "") -> None:
        """Say what came from what: a quotation, a revision, or anything else."""
        ends = {"generatedEntity": new, "usedEntity": old}
        self.relations.append(Relation("Derivation", ends, types=(kind,) if kind else ()))

    def generated(self, entity: str, activity: str, at: datetime | None) -> None:
        """Say what was made by which act."""
        ends = {"entity": entity, "activity": activity}
        self.relations.append(Relation("Generation", ends, at=at))

    def office(self, key: int | str | None, label: str = "") -> str:
        """Name an official within this document; whoever signs is named."""
        known = "nobody" if key is None else key
        name = self.offices.setdefault(known, f"{self.root}#office-{len(self.offices) + 1}")
        shown = (Words(label, "und"),) if label else ()
        if label or name not in self.elements:
            self.elements[name] = Element("Agent", name, ("prov:Person", "civic:Official"), shown)
        return name


def _contribution(book: _Book, found: Trace, versions: list[Row], gone: list[Row]) -> None:
    card = found.card
    book.add(
        Element(
            "Entity",
            book.root,
            ("civic:Contribution",),
            (Words(card.title, card.language),) if card.title else (),
            (("civic:number", card.number), ("civic:kind", str(card.kind))),
        )
    )
    category = (("civic:category", str(card.capacity)),) if card.capacity else ()
    author = book.add(
        Element("Agent", f"{book.root}#author", ("prov:Person", "civic:Author"), facts=category)
    )
    for row in versions:
        number, at = row["number"], database.moment(row["written_at"])
        version = book.add(Element("Entity", f"{book.root}#v{number}", ("civic:Version",)))
        kind = "Submission" if number == 1 else "Correction"
        act = book.add(
            Element("Activity", f"{book.root}#written-{number}", (f"civic:{kind}",), began_at=at, ended_at=at)
        )
        book.relate("Specialization", specificEntity=version, generalEntity=book.root)
        book.generated(version, act, at)
        book.took_part(act, author, "Author")
        if number > 1:
            book.derived(version, f"{book.root}#v{number - 1}", "prov:Revision")
    if gone and card.visibility is not Visibility.PUBLIC:
        ends = {"entity": book.root}
        at = database.moment(gone[0]["changed_at"])
        kind = "Withdrawal" if card.visibility is Visibility.WITHDRAWN else "Moderation"
        book.relations.append(Relation("Invalidation", ends, (f"civic:{kind}",), at=at))


def _point(book: _Book, found: Trace, point: PointCard, cuts: list[Row]) -> None:
    claim = point.claim
    facts: list[tuple[str, str | Words]] = [("civic:kind", str(claim.kind))]
    if claim.words:
        facts.append(("value", Words(claim.words, found.card.language)))
    if claim.restatement:
        facts.append(("civic:restatement", claim.restatement))
    name = book.add(Element("Entity", f"{book.root}#{point.anchor}", ("civic:Claim",), facts=tuple(facts)))
    version = claim.quotes[0].version if claim.quotes else 1
    book.derived(name, f"{book.root}#v{version}", "prov:Quotation")
    cut = next((row for row in reversed(cuts) if database.moment(row["cut_at"]) <= claim.found_at), None)
    if claim.origin is not ClaimOrigin.WHOLE and cut is not None:
        at = database.moment(cut["cut_at"])
        number = 1 + cuts.index(cut)
        act = book.add(
            Element(
                "Activity", f"{book.root}#cut-{number}", ("civic:Segmentation",), began_at=at, ended_at=at
            )
        )
        book.took_part(act, book.office(cut["cut_by_id"]), "Reader")
        book.relate("Usage", activity=act, entity=f"{book.root}#v{version}")
        book.generated(name, act, claim.found_at)
    for theme in point.themes:
        _theme(book, theme)
        book.derived(f"site:themes/{theme.public_id}", name)
    if point.outcome is not None and not point.outcome.is_withdrawn:
        _outcome(book, name, point.outcome)


def _theme(book: _Book, theme: ThemeCard) -> None:
    """Write a theme down once, with the edition of the synthesis that was made of it."""
    named = f"site:themes/{theme.public_id}"
    if named in book.elements:
        return
    book.add(Element("Entity", named, ("civic:Theme",), words_of(theme.title)))
    told = f"site:syntheses/{theme.synthesis}/editions/{theme.edition}"
    book.add(Element("Entity", told, ("civic:Synthesis",), words_of(theme.told_in)))
    book.derived(told, named)


def _outcome(book: _Book, point: str, card: OutcomeCard) -> None:
    answer, stated = card.answer, card.stated
    name = f"site:outcomes/{card.public_id}/versions/{stated.number}"
    facts: list[tuple[str, str | Words]] = [("civic:outcome", str(card.outcome))]
    facts += [("civic:reasonCode", str(code)) for code in sorted(answer.answer.all_reason_codes)]
    facts += [("civic:reason", words) for words in words_of(answer.answer.rationale)]
    book.add(Element("Entity", name, ("civic:Disposition",), words_of(answer.answer.sentence), tuple(facts)))
    book.derived(name, point)
    drafted = book.add(
        Element("Activity", f"{name}#drafting", ("civic:Drafting",), ended_at=answer.drafted_at)
    )
    book.generated(name, drafted, answer.drafted_at)
    book.relate("Usage", activity=drafted, entity=point)
    if answer.drafted_by:
        book.took_part(drafted, book.office(answer.drafted_by.id), "Drafter")
    for number, review in enumerate(answer.reviews, 1):
        if review.is_approved:
            act = book.add(
                Element("Activity", f"{name}#review-{number}", ("civic:Review",), ended_at=review.reviewed_at)
            )
            book.relate("Usage", activity=act, entity=name)
            book.took_part(act, book.office(review.reviewer.id), "Reviewer")
    _signature(book, name, card)
    for article in answer.articles:
        _article(book, point, card, article)
    _answered_back(book, name, card)


def _organisation(book: _Book, found: list[Row]) -> None:
    """Say in whose name a position statement was filed: the organisation answers for its delegate."""
    for row in found:
        body = f"site:organisations/{row['public_id']}"
        kinds = ("prov:Organization", "civic:Organisation")
        book.add(Element("Agent", body, kinds, (Words(row["name"], "und"),)))
        book.relate("Delegation", delegate=f"{book.root}#author", responsible=body)


def _signature(book: _Book, name: str, card: OutcomeCard) -> None:
    stated = card.stated
    version = f"site:decisions/{stated.decision}/versions/{stated.number}"
    book.add(Element("Entity", version, ("civic:Decision",), words_of(stated.title)))
    act = book.add(
        Element("Activity", f"{version}#signature", ("civic:Signature",), ended_at=stated.released_at)
    )
    book.generated(version, act, stated.released_at)
    book.relate("Usage", activity=act, entity=name)
    signer = book.office(stated.signer_id, f"{stated.signed_by}, {stated.signed_role}")
    book.took_part(act, signer, "DecisionMaker")
    if stated.signed_for:
        absent = book.office(f"for {stated.signed_for}", stated.signed_for)
        book.relate("Delegation", delegate=signer, responsible=absent, activity=act)


def _article(book: _Book, point: str, card: OutcomeCard, article: ArticleCard) -> None:
    name = f"site:decisions/{card.stated.decision}/versions/{card.stated.number}#{article.eid}"
    book.add(Element("Entity", name, ("civic:ProvisionVersion",), words_of(article.heading)))
    ends = {"influencee": name, "influencer": point}
    book.relations.append(Relation("Influence", ends, facts=(("civic:outcome", str(card.outcome)),)))
    if any(words.strip() for words in article.before.values()):
        before = book.add(Element("Entity", f"{name}-before", ("civic:ProvisionVersion",)))
        book.derived(name, before, "prov:Revision")


def _answered_back(book: _Book, name: str, card: OutcomeCard) -> None:
    """Say what the contributor did with the answer: replied, contested it."""
    author = f"{book.root}#author"
    if card.reply is not None:
        reply = book.add(Element("Entity", f"{name}#reply", ("civic:Reply",)))
        book.derived(reply, name)
        book.relate("Attribution", entity=reply, agent=author)
    for number, appeal in enumerate(card.appeals, 1):
        facts = (("civic:ground", str(appeal.ground)), *_finding(str(appeal.finding or "")))
        act = book.add(
            Element(
                "Activity",
                f"{name}#appeal-{number}",
                ("civic:Appeal",),
                facts=facts,
                began_at=appeal.filed_at,
                ended_at=appeal.ruled_at,
            )
        )
        book.relate("Usage", activity=act, entity=name)
        book.took_part(act, author, "Appellant")
        if appeal.reader:
            book.took_part(act, book.office(f"reader {appeal.reader}"), "AppealReader")


def _finding(code: str) -> Iterator[tuple[str, str]]:
    if code:
        yield "civic:finding", code


def _checks(book: _Book, found: Trace, rows: list[Row]) -> None:
    """Say which points were sent to their author to be checked, and what came back."""
    points = {point.claim.id: f"{book.root}#{point.anchor}" for point in found.points}
    order = {key: n for n, key in enumerate(dict.fromkeys(row["id"] for row in rows), 1)}
    for row in rows:
        act = book.add(
            Element(
                "Activity",
                f"{book.root}#check-{order[row['id']]}",
                ("civic:UnderstandingCheck",),
                began_at=database.moment(row["sent_at"]),
                ended_at=database.moment(row["answered_at"]) if row["answered_at"] else None,
            )
        )
        book.took_part(act, book.office(row["sent_by_id"]), "Reader")
        book.took_part(act, f"{book.root}#author", "Author")
        if row["claim_id"] in points:
            ends = {"activity": act, "entity": points[row["claim_id"]]}
            book.relations.append(Relation("Usage", ends, facts=(("civic:verdict", row["verdict"]),)))
