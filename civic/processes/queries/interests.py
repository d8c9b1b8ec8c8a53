"""Who declared which interests in a process, and who has not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from civic.accounts import queries as accounts
from civic.accounts.queries import PersonCard
from civic.foundation.tables import Localized
from civic.processes.models import InterestDeclaration
from civic.processes.policies import DECLARING


@dataclass(frozen=True)
class Declaration:
    """What somebody declared at one moment."""

    has_interests: bool
    text: Localized
    declared_at: datetime


@dataclass(frozen=True)
class InterestCard:
    """A person who works on a process, and their declarations, newest first; none yet is said too."""

    person: PersonCard
    declarations: tuple[Declaration, ...]
    first_draft_at: datetime | None = None

    @property
    def newest(self) -> Declaration | None:
        return self.declarations[0] if self.declarations else None

    @property
    def came_late(self) -> bool:
        """Whether the first declaration came after the person had begun to answer."""
        first = self.declarations[-1].declared_at if self.declarations else None
        return first is not None and self.first_draft_at is not None and self.first_draft_at < first


async def interests_of(
    process_id: int, process: str, first_drafts: Mapping[int, datetime]
) -> list[InterestCard]:
    """List who works or has worked on the answers of a process, each with what they declared."""
    people: dict[int, PersonCard] = {}
    for role in DECLARING:
        people |= {person.id: person for person in await accounts.holders(role, process)}
    given: dict[int, list[Declaration]] = {}
    for row in await InterestDeclaration.filter(process_id=process_id).order_by("-id"):
        said = Declaration(row.has_interests, row.text, row.declared_at)
        given.setdefault(row.participant_id, []).append(said)
    people |= await accounts.people_of({*given, *first_drafts} - people.keys())
    cards = [
        InterestCard(person, tuple(given.get(key, ())), first_drafts.get(key))
        for key, person in people.items()
    ]
    return sorted(cards, key=lambda card: (bool(card.declarations), card.person.name))


async def has_declared(process_id: int, participant: int | None) -> bool:
    """Tell whether somebody declared their interests in a process."""
    return await InterestDeclaration.filter(process_id=process_id, participant_id=participant or 0).exists()
