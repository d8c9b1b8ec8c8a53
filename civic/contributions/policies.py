"""Who may do what with a contribution, and which words owe an answer."""

from __future__ import annotations

from datetime import datetime

from civic.contributions.models import Audience, Kind, Relation, Visibility, WrittenAs
from civic.foundation.errors import ALLOWED, N_, Verdict, refused
from civic.foundation.viewer import Viewer

OWING = frozenset(
    {
        Relation.OBJECTS,
        Relation.NUANCES,
        Relation.ASKS,
        Relation.EVIDENCE,
        Relation.ALTERNATIVE,
        Relation.EXPERIENCE,
    }
)
"""What a comment must do for the public body to owe it an answer of its own."""

_COMMENTS = frozenset({Kind.COMMENT, Kind.STATEMENT})
_HIDDEN = N_("This text is hidden. You can contest that, or withdraw it once it is shown again.")


def owes_answer(kind: str, relation: str | None, written_as: str) -> bool:
    """Tell whether words open a claim by themselves (SPEC 0.7)."""
    if written_as != WrittenAs.PARTICIPANT:
        return False
    if kind in _COMMENTS:
        return relation in OWING
    return True


def is_author(viewer: Viewer, *, public_id: str, author_id: int | None) -> bool:
    """Tell whether these are the viewer's words: by their account, or by the secret code."""
    if viewer.participant is not None and author_id == viewer.participant:
        return True
    return public_id in viewer.passes


def may_see(viewer: Viewer, *, public_id: str, author_id: int | None, visibility: str) -> bool:
    """Tell whether the words may be read: the public ones by all, the others by their author."""
    return visibility == Visibility.PUBLIC or is_author(viewer, public_id=public_id, author_id=author_id)


def may_moderate(viewer: Viewer, process: str | None) -> bool:
    """Tell whether a viewer moderates this process, and so may read what is hidden from its desk."""
    return viewer.holds("moderator", process)


def may_revise(
    viewer: Viewer, *, mine: bool, visibility: str, closed: bool, is_asked: bool = False
) -> Verdict:
    """Only the author corrects their words, until the process closes or the words are withdrawn.

    What is hidden stays as it was judged, unless its author was asked to write it another way.
    """
    if not mine:
        return refused(N_("Only the author can correct this text."))
    if visibility == Visibility.WITHDRAWN:
        return refused(N_("This text was withdrawn."))
    if visibility == Visibility.RESTRICTED and not is_asked:
        return refused(_HIDDEN)
    if closed:
        return refused(N_("This process is closed: its texts no longer change."))
    return ALLOWED


def may_withdraw(viewer: Viewer, *, mine: bool, visibility: str) -> Verdict:
    """Only the author takes their words back, as long as they are public or wait for confirmation."""
    if not mine:
        return refused(N_("Only the author can withdraw this text."))
    if visibility == Visibility.WITHDRAWN:
        return refused(N_("This text was withdrawn already."))
    if visibility == Visibility.RESTRICTED:
        return refused(_HIDDEN)
    return ALLOWED


def may_confirm(viewer: Viewer, *, mine: bool, visibility: str) -> Verdict:
    """Only what waits for confirmation is confirmed."""
    if visibility != Visibility.AWAITING:
        return refused(N_("This text does not wait for a confirmation."))
    return ALLOWED


def may_relate(
    viewer: Viewer, *, mine: bool, kind: str, visibility: str, frozen_at: datetime | None, now: datetime
) -> Verdict:
    """Only the author says what their comment does, until the question is frozen."""
    if not mine:
        return refused(N_("Only the author can say what this message does."))
    if kind != Kind.COMMENT or visibility not in (Visibility.PUBLIC, Visibility.AWAITING):
        return refused(N_("This can no longer be changed."))
    if frozen_at is not None and frozen_at <= now:
        return refused(
            N_("The question was frozen on %(date)s: this can no longer be changed."), date=frozen_at
        )
    return ALLOWED


READERS: dict[str, tuple[str, ...]] = {
    Audience.HANDLING: ("official",),
    Audience.DECIDERS: ("official", "decision_maker"),
    Audience.ANONYMOUS: ("official", "decision_maker"),
    Audience.EVERYONE: ("official", "decision_maker"),
}
"""Which roles of the process may open a situation statement, by the audience its author chose."""


def may_tell_situation(*, mine: bool, visibility: str, closed: bool) -> Verdict:
    """Only the author tells their situation, as long as their text asks for an answer."""
    if not mine:
        return refused(N_("Only the author can tell what is particular to their situation."))
    if visibility not in (Visibility.PUBLIC, Visibility.AWAITING):
        return refused(N_("This text is no longer shown: nothing can be added to it."))
    if closed:
        return refused(N_("This process is closed: nothing can be added. You can still erase what you told."))
    return ALLOWED


def may_erase_situation(*, mine: bool) -> Verdict:
    """Only the author erases, and at any time."""
    return ALLOWED if mine else refused(N_("Only the author can erase this."))


def may_open_situation(viewer: Viewer, process: str, audience: str) -> Verdict:
    """Only the people the author chose open a statement."""
    if any(viewer.holds(role, process) for role in READERS[audience]):
        return ALLOWED
    return refused(N_("The author chose who may read this, and you are not among them."))


def may_call(viewer: Viewer, process: str) -> Verdict:
    """Those who answer log that they called."""
    if viewer.holds("official", process) or viewer.holds("decision_maker", process):
        return ALLOWED
    return refused(N_("Only those who answer in this process can log a call."))
