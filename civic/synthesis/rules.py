"""What a cut is made of, and what a machine may propose to who cuts (R14: a person decides). Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from civic.contributions.models import ClaimKind
from civic.foundation import text
from civic.foundation.errors import N_, Message, counted
from civic.foundation.tables import Localized

DAYS_TO_CHECK = 10
"""Days an author has to say whether their points were understood, before they count as silent (4.3)."""
LEAST_WORDS = 3
"""A sentence of fewer words ("Good morning,") makes no point by itself."""


KIND_WORDS: Mapping[ClaimKind, str] = {
    ClaimKind.REQUEST: N_("Asks for a change"),
    ClaimKind.OBJECTION: N_("Objects"),
    ClaimKind.SUPPORT: N_("Supports"),
    ClaimKind.FACT: N_("Brings a fact"),
    ClaimKind.QUESTION: N_("Asks a question"),
    ClaimKind.NEED: N_("Tells a need or a situation"),
    ClaimKind.VALUE: N_("Says what matters"),
    ClaimKind.REMARK: N_("Speaks of the process"),
    ClaimKind.SITUATION: N_("My particular situation"),
}


@dataclass(frozen=True)
class Stretch:
    """Selected words: code points ``[start, end)`` of a part, and the digest of the words that were seen."""

    part: str
    start: int
    end: int
    digest: str

    @property
    def packed(self) -> str:
        return f"{self.part}-{self.start}-{self.end}-{self.digest}"


@dataclass(frozen=True)
class Known:
    """How a sentence was understood in a text that says nearly the same."""

    kind: ClaimKind
    restatement: str


@dataclass(frozen=True)
class Suggestion:
    """One sentence that could be a point of its own."""

    sentence: int
    text: str
    kind: ClaimKind
    restatement: str = ""


def suggestions(
    sentences: Iterable[tuple[int, str]],
    kind: ClaimKind,
    known: Mapping[str, Known],
    *,
    taken: Collection[int] = (),
) -> list[Suggestion]:
    """Propose a point for each sentence that no point has yet; greetings stay out."""
    found = []
    for number, said in sentences:
        if number in taken or len(said.split()) < LEAST_WORDS:
            continue
        twin = known.get(alike(said))
        if twin is not None:
            found.append(Suggestion(number, said, twin.kind, twin.restatement))
        else:
            asks = said.rstrip('"”’» \u00a0\u202f').endswith(("?", "？", "؟"))
            found.append(Suggestion(number, said, ClaimKind.QUESTION if asks else kind))
    return found


def alike(said: str) -> str:
    """Reduce words to what two writings of the same sentence share."""
    return " ".join("".join(sign if sign.isalnum() else " " for sign in text.fold(said)).split())


class Stance(StrEnum):
    """On which side of the concern of a theme a point stands."""

    FOR = "for"
    AGAINST = "against"
    OTHER = "other"


STANCE_WORDS: Mapping[Stance, str] = {
    Stance.FOR: N_("Says so too"),
    Stance.AGAINST: N_("Says otherwise"),
    Stance.OTHER: N_("Says something else of it"),
}


@dataclass(frozen=True)
class Lack:
    """What a theme lacks to be balanced, in words; some things hold the synthesis back."""

    text: Message
    blocks: bool = False


def lacks(
    words: Mapping[str, Localized], languages: Collection[str], *, received: int, against: int
) -> list[Lack]:
    """Say what a theme lacks: points, the concern, the other side where somebody objects, a language.

    ``words`` are its texts: title, concern, minority.
    """
    found = []
    if not received:
        found.append(Lack(Message(N_("No point is in this theme yet."))))
    if not any(words["concern"].values()):
        found.append(Lack(Message(N_("The concern is not told yet.")), blocks=True))
    if against and not any(words["minority"].values()):
        said = counted(
            "%(count)s point says otherwise, and no minority statement tells why.",
            "%(count)s points say otherwise, and no minority statement tells why.",
            against,
        )
        found.append(Lack(said, blocks=True))
    texts = [one for one in words.values() if any(one.values())]
    missing = sum(not all(one.get(code) for code in languages) for one in texts)
    if missing:
        said = counted(
            "%(count)s text is missing in a language.", "%(count)s texts are missing in a language.", missing
        )
        found.append(Lack(said))
    return found
