"""Who may do what with a decision. Every no comes with its reason."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from civic.contributions.models import CheckState
from civic.decisions.gates import OF_A_DRAFT, GateItem, holding_back
from civic.foundation.errors import ALLOWED, N_, Verdict, counted, refused
from civic.foundation.viewer import Viewer
from civic.processes.models import ProcessState

WORKERS = ("official", "reviewer", "decision_maker")
"""Roles that work on the decisions of a process."""
READERS = (*WORKERS, "appeal_reader")


def may_publish(
    viewer: Viewer,
    process: str,
    items: Iterable[GateItem],
    *,
    with_banner: bool,
    delegate: Verdict | None = None,
) -> Verdict:
    """Only the decision maker publishes, or who signs for them, when nothing holds the decision back (R1).

    `delegate` is what is known of somebody to whom a signature was delegated.
    """
    if not viewer.holds("decision_maker", process) and not delegate:
        if delegate is not None:
            return delegate
        return refused(N_("Only the decision maker can sign and publish."))
    held = holding_back(items, with_banner=with_banner)
    if held:
        return refused(
            counted(
                "One condition is not met: %(first)s",
                "%(count)s conditions are not met, the first: %(first)s",
                len(held),
                first=held[0].text,
            )
        )
    return ALLOWED


def may_sign_for(*, took_part: bool) -> Verdict:
    """R3: who signs by delegation has neither written nor read an answer of the decision."""
    if took_part:
        return refused(
            N_("You wrote or read an answer of this decision: you cannot sign it for somebody else.")
        )
    return ALLOWED


def may_delegate(*, is_maker: bool) -> Verdict:
    """A signature is delegated by who decides in their own name: never by a substitute or a delegate."""
    if is_maker:
        return ALLOWED
    return refused(N_("Only the decision makers of this process delegate their signature."))


def may_revoke_delegation(viewer: Viewer, *, given_by: int) -> Verdict:
    """Whoever delegated a signature takes it back."""
    if viewer.participant == given_by:
        return ALLOWED
    return refused(N_("Only the person who delegated this signature takes it back."))


def may_tell_early(viewer: Viewer, process: str, *, delegate: Verdict | None = None) -> Verdict:
    """Who could sign the decision, or signs for who does, says who reads it before it is public."""
    if viewer.holds("decision_maker", process):
        return ALLOWED
    if delegate is not None:
        return delegate
    return refused(N_("Only who may publish this decision says who hears of it before."))


def may_read_early(*, told_at: datetime | None, now: datetime) -> Verdict:
    """Nobody outside reads a decision before the notices of the people concerned were handed over."""
    if told_at is not None and told_at <= now:
        return ALLOWED
    return refused(N_("The people whose points this decision answers hear first: nobody else before them."))


def may_open_view(
    *, told_at: datetime | None, is_stopped: bool, is_ended: bool, expires_at: datetime, now: datetime
) -> Verdict:
    """An embargoed view opens after the people concerned were told, until its end, unless taken back."""
    if is_stopped:
        return refused(N_("The publication was stopped: this decision is not published yet."))
    if is_ended:
        return refused(N_("This link was taken back. The decision is not published yet."))
    if now >= expires_at:
        return refused(N_("The time of this link is over. The decision is not published yet."))
    return may_read_early(told_at=told_at, now=now)


def may_open_draft(viewer: Viewer, process: str, items: Iterable[GateItem], *, is_published: bool) -> Verdict:
    """A draft is opened for reactions before the decision, once every point has a proposed outcome.

    `items` is what the gate says of the decision under the rules of the light profile.
    """
    drafts = may_draft(viewer, process)
    if not drafts:
        return drafts
    if is_published:
        return refused(N_("The decision is published: those it answers can reply and contest."))
    held = [one for one in items if one.condition in OF_A_DRAFT and one.blocks and not one.met]
    if held:
        return refused(
            counted(
                "One condition is not met: %(first)s",
                "%(count)s conditions are not met, the first: %(first)s",
                len(held),
                first=held[0].text,
            )
        )
    return ALLOWED


def may_react(*, is_author: bool, until: datetime, now: datetime) -> Verdict:
    """The author of a point says what they think of the proposed outcome, until the window closes."""
    if not is_author:
        return refused(N_("Only the person who made this point can react here."))
    if now >= until:
        return refused(N_("The time to react is over."))
    return ALLOWED


def may_consider(viewer: Viewer, process: str) -> Verdict:
    """Reactions are considered by who writes the answers of the process."""
    return may_draft(viewer, process)


def may_stop(viewer: Viewer, process: str) -> Verdict:
    """Whoever works on the decision may stop it while it waits: stopping harms nobody."""
    return may_work(viewer, process)


def works_on(viewer: Viewer, process: str) -> bool:
    """Tell whether the desk of this process opens to the viewer."""
    return any(viewer.holds(role, process) for role in WORKERS)


def may_work(viewer: Viewer, process: str) -> Verdict:
    """Only the officials of this process work on its decisions."""
    if works_on(viewer, process):
        return ALLOWED
    return refused(N_("Only the officials of this process can do that."))


def may_begin(viewer: Viewer, process: str, state: ProcessState) -> Verdict:
    """A decision is begun by an official, once the process is open."""
    if state is ProcessState.DRAFT:
        return refused(N_("This process is not open yet."))
    return may_draft(viewer, process)


def may_draft(viewer: Viewer, process: str) -> Verdict:
    """Answers and articles are written by officials and by who decides."""
    if viewer.holds("official", process) or viewer.holds("decision_maker", process):
        return ALLOWED
    return refused(N_("Only the officials who write the answers of this process can do that."))


def may_answer(viewer: Viewer, process: str, *, is_withdrawn: bool) -> Verdict:
    """Words that were withdrawn or hidden owe nothing."""
    if is_withdrawn:
        return refused(N_("This text was withdrawn or hidden: it no longer owes an answer."))
    return may_draft(viewer, process)


def may_answer_now(*, full: bool, state: CheckState) -> Verdict:
    """R4: in the full profile a point is answered once its author spoke of it, or said nothing in time."""
    if not full or state in (CheckState.CONFIRMED, CheckState.CORRECTED, CheckState.SILENT):
        return ALLOWED
    if state is CheckState.SENT:
        return refused(N_("The author is being asked whether this point is right: wait for the answer."))
    return refused(N_("Ask the author first whether this point is right."))


def may_review(viewer: Viewer, process: str, *, drafted_by: int | None) -> Verdict:
    """R3: whoever wrote an answer cannot be its second reader."""
    if drafted_by is not None and drafted_by == viewer.participant:
        return refused(N_("You wrote this answer: somebody else reads it."))
    return may_work(viewer, process)


def may_group(count: int) -> Verdict:
    """A group answer serves at least two points."""
    if count < 2:
        return refused(N_("Choose at least two points for one answer."))
    return ALLOWED


def may_reply(*, is_author: bool, has_replied: bool, until: datetime, now: datetime) -> Verdict:
    """R9: the contributor replies once, within the time."""
    if not is_author:
        return refused(N_("Only the person who made this point can reply here."))
    if has_replied:
        return refused(N_("You have replied already: one reply stands beside each answer."))
    if now >= until:
        return refused(N_("The time to reply is over."))
    return ALLOWED


def may_appeal(*, is_author: bool, has_appealed: bool, until: datetime, now: datetime) -> Verdict:
    """R10: the contributor contests how the point was treated, within the time."""
    if not is_author:
        return refused(N_("Only the person who made this point can contest how it was treated."))
    if has_appealed:
        return refused(N_("You have contested this answer already."))
    if now >= until:
        return refused(N_("The time to contest is over."))
    return ALLOWED


def may_rule(viewer: Viewer, process: str, *, chain: frozenset[int], is_ruled: bool) -> Verdict:
    """R10: an appeal is read by a second person, who had no part in the answer."""
    if not any(viewer.holds(role, process) for role in READERS):
        return refused(N_("Only people who read appeals for this process can do that."))
    if viewer.participant in chain:
        return refused(N_("You took part in this answer: somebody else reads the appeal."))
    if is_ruled:
        return refused(N_("This appeal was decided already."))
    return ALLOWED


def may_check(*, is_concerned: bool, is_done: bool, has_checked: bool) -> Verdict:
    """Whoever made a point that led to a promise says once, when it is announced as done, if it works."""
    if not is_concerned:
        return refused(N_("Only people whose point led to this promise can say whether it works."))
    if not is_done:
        return refused(N_("This promise is not announced as done: there is nothing to check yet."))
    if has_checked:
        return refused(N_("You have said what you found already."))
    return ALLOWED


def may_move(viewer: Viewer, process: str, *, is_over: bool) -> Verdict:
    """The date of a promise moves as long as it is neither done nor abandoned."""
    if is_over:
        return refused(N_("This promise is done or abandoned: take it up again before you give a date."))
    return may_draft(viewer, process)


def may_reopen(viewer: Viewer, process: str, *, is_put_off: bool, is_back: bool) -> Verdict:
    """A point that was put off until an event is taken up again once, by who writes the answers."""
    if not is_put_off:
        return refused(N_("No answer in force puts this point off."))
    if is_back:
        return refused(N_("This point came back already: it waits for a new answer."))
    return may_draft(viewer, process)


def may_follow(viewer: Viewer, process: str, *, is_referred: bool) -> Verdict:
    """What the other body said is noted by who writes the answers."""
    if not is_referred:
        return refused(N_("No answer in force passes this point on to another body."))
    return may_draft(viewer, process)


def may_jump(*, waiting_before: int, reason: str) -> Verdict:
    """R12: the oldest appeal comes first, or the reason is given."""
    if waiting_before and not reason:
        return refused(
            counted(
                "An older appeal waits: say why this one comes first.",
                "%(count)s older appeals wait: say why this one comes first.",
                waiting_before,
            )
        )
    return ALLOWED


def may_close(
    viewer: Viewer, process: str, *, unanswered: int, acknowledged: int, is_pending: bool
) -> Verdict:
    """A process is closed with its answers given, or with the number of missing ones said out loud."""
    if not viewer.holds("administrator") and not viewer.holds("official", process):
        return refused(N_("Only the officials of this process and the administrators can do that."))
    if is_pending:
        return refused(N_("A publication is waiting to leave: stop it first, or let it leave."))
    if unanswered and acknowledged != unanswered:
        return refused(
            counted(
                "%(count)s point has no published answer. Confirm that the process ends without it.",
                "%(count)s points have no published answer. Confirm that the process ends without them.",
                unanswered,
            )
        )
    return ALLOWED
