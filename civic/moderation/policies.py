"""Who may report, decide, undo, contest and hear. Pure: rows in, a verdict with its reason out."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from civic.foundation.errors import ALLOWED, N_, Verdict, refused
from civic.foundation.viewer import Viewer
from civic.moderation.models import RESTRICTIONS, Measure

APPEAL_TIME = timedelta(days=182)
"""Six months to contest a measure (Regulation (EU) 2022/2065, article 20)."""

RULING_TIME = timedelta(days=30)


@dataclass(frozen=True)
class CaseFacts:
    """What a policy needs to know of a case: its process, whose words, who reported, whether it is open."""

    process: str | None
    author_id: int | None
    reporter_ids: frozenset[int]
    is_open: bool
    can_be_hidden: bool
    can_be_rewritten: bool = True
    is_hidden: bool = False


@dataclass(frozen=True)
class DecisionFacts:
    """What a policy needs to know of a moderation decision already taken."""

    process: str | None
    measure: str
    decided_by: int
    acted_for: int | None
    author_id: int | None
    decided_at: datetime
    hold_until: datetime
    is_undone: bool
    has_appeal: bool
    has_ruling: bool
    is_last: bool = True
    """No other measure on the same text came after it."""
    is_rewritable: bool = False
    """Its author was told that another wording lifts it."""
    is_official: bool = False
    """The words are the public body's own: they stay online, and a new version corrects them."""


def may_work(viewer: Viewer, process: str | None) -> Verdict:
    """Only a moderator of the process works on its queue."""
    if viewer.holds("moderator", process):
        return ALLOWED
    return refused(N_("This is for the moderators of the process."))


def may_decide(viewer: Viewer, case: CaseFacts) -> Verdict:
    """A moderator decides on words that are not theirs and that they did not report themselves."""
    working = may_work(viewer, case.process)
    if not working:
        return working
    if not case.is_open:
        return refused(N_("Somebody has already decided on this."))
    if viewer.participant == case.author_id:
        return refused(N_("These are your own words: another moderator decides."))
    if viewer.participant in case.reporter_ids:
        return refused(N_("You reported this: another moderator decides."))
    return ALLOWED


def may_take(viewer: Viewer, case: CaseFacts, measure: Measure) -> Verdict:
    """Which measure fits: official words are never hidden, and only hidden words are restored."""
    decided = may_decide(viewer, case)
    if not decided:
        return decided
    if measure == Measure.HIDE and not case.can_be_hidden:
        return refused(N_("Official words are never hidden. Ask their author to put them another way."))
    if measure == Measure.REPHRASE and not case.can_be_rewritten:
        return refused(N_("A reply cannot be written again. Keep it, or hide it."))
    if measure == Measure.RESTORE and not case.is_hidden:
        return refused(N_("This text is not hidden."))
    return ALLOWED


def may_undo(viewer: Viewer, decision: DecisionFacts, now: datetime) -> Verdict:
    """The moderator who decided may take it back during the hold, before anything has left."""
    if viewer.participant != decision.decided_by or not may_work(viewer, decision.process):
        return refused(N_("Only the moderator who decided can undo it."))
    if decision.is_undone:
        return refused(N_("This was already undone."))
    if now >= decision.hold_until:
        return refused(N_("The time to undo this has passed. Restore the text with a reason instead."))
    return ALLOWED


def may_restore(viewer: Viewer, decision: DecisionFacts, *, is_in_force: bool = True) -> Verdict:
    """A moderator may lift a measure with a reason, unless an appeal on it waits for somebody else."""
    working = may_work(viewer, decision.process)
    if not working:
        return working
    if decision.measure not in RESTRICTIONS or decision.is_undone or not decision.is_last or not is_in_force:
        return refused(N_("This text is not hidden."))
    if decision.has_appeal and not decision.has_ruling:
        return refused(N_("An appeal waits on this: the person who hears it decides."))
    return ALLOWED


def may_appeal(*, mine: bool, decision: DecisionFacts, now: datetime) -> Verdict:
    """The author contests a restriction once, within six months."""
    if not mine:
        return refused(N_("Only the author can contest this measure."))
    if decision.measure not in RESTRICTIONS or decision.is_undone:
        return refused(N_("There is nothing to contest here."))
    if decision.has_appeal:
        return refused(N_("This measure has already been contested."))
    if now > decision.decided_at + APPEAL_TIME:
        return refused(
            N_("The time to contest this measure ended on %(date)s."), date=decision.decided_at + APPEAL_TIME
        )
    return ALLOWED


def may_rule(
    viewer: Viewer, decision: DecisionFacts, *, in_place_of: frozenset[int] = frozenset()
) -> Verdict:
    """Another moderator than the first hears the appeal, and never the author.

    ``in_place_of`` names those whose right alone the viewer uses today: a moderator who is away does not
    hear their own measure through a substitute.
    """
    first = {decision.decided_by, decision.acted_for}
    working = may_work(viewer, decision.process)
    if not working:
        return working
    if viewer.participant in first:
        return refused(N_("You took this measure: somebody else hears the appeal."))
    if in_place_of and in_place_of <= first:
        return refused(
            N_("You stand in for the person who took this measure: somebody else hears the appeal.")
        )
    if viewer.participant == decision.author_id:
        return refused(N_("These are your own words: another moderator decides."))
    if not decision.has_appeal or decision.is_undone:
        return refused(N_("Nobody has contested this measure."))
    if decision.has_ruling:
        return refused(N_("Somebody has already decided on this."))
    return ALLOWED


def may_rewrite(*, mine: bool, decision: DecisionFacts, answered: bool) -> Verdict:
    """The author may write the text another way while the request stands."""
    if not mine:
        return refused(N_("Only the author can correct this text."))
    if not decision.is_rewritable or decision.is_undone or not decision.is_last:
        return refused(N_("Nobody asked for another wording."))
    if decision.is_official:
        return refused(N_("Official words are corrected by a new version, which is announced."))
    if answered:
        return refused(N_("Your new wording has been sent. A moderator reads it."))
    return ALLOWED
