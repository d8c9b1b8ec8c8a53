"""Who may cut a text, ask its author, theme its points, tell them all. Every no comes with its reason."""

from __future__ import annotations

from collections.abc import Collection

from civic.contributions.models import CheckState
from civic.foundation.errors import ALLOWED, N_, Verdict, counted, refused
from civic.foundation.viewer import Viewer
from civic.processes.models import ProcessState
from civic.synthesis.rules import Lack, Stretch


def works_here(viewer: Viewer, process: str) -> bool:
    """Tell whether a viewer works on the answers of this process."""
    return any(viewer.holds(role, process) for role in ("official", "reviewer", "decision_maker"))


def may_cut(viewer: Viewer, process: str, *, is_withdrawn: bool) -> Verdict:
    """Officials of the process cut a text that can be read into points."""
    if is_withdrawn:
        return refused(N_("This text was withdrawn or hidden: it no longer owes an answer."))
    if viewer.holds("official", process) or viewer.holds("decision_maker", process):
        return ALLOWED
    return refused(N_("Only the officials who write the answers of this process can do that."))


def may_cut_so(groups: Collection[Collection[Stretch]]) -> Verdict:
    """Each point rests on words, and no word counts twice."""
    if not groups or any(not group for group in groups):
        return refused(N_("Tick the sentences of at least one point."))
    taken = sorted((one.part, one.start, one.end) for group in groups for one in group)
    if any(
        before[0] == after[0] and after[1] < before[2]
        for before, after in zip(taken, taken[1:], strict=False)
    ):
        return refused(N_("A sentence belongs to one point only."))
    return ALLOWED


def may_read_second(viewer: Viewer, process: str, *, cut_by: int | None, has_points: bool) -> Verdict:
    """Whoever cut a text cannot be the second reader of its points."""
    if not works_here(viewer, process):
        return refused(N_("Only the officials of this process can do that."))
    if cut_by is not None and cut_by == viewer.participant:
        return refused(N_("You cut this text: somebody else reads it."))
    if not has_points:
        return refused(N_("Every point of this text was read by two people."))
    return ALLOWED


def may_reword(viewer: Viewer, process: str, *, is_withdrawn: bool, state: CheckState) -> Verdict:
    """How a point is understood may be put better until its author was asked; what they said stays."""
    verdict = may_cut(viewer, process, is_withdrawn=is_withdrawn)
    if not verdict:
        return verdict
    if state is CheckState.SENT:
        return refused(N_("Its author is being asked about these very words: wait for the answer."))
    if state in (CheckState.CONFIRMED, CheckState.CORRECTED):
        return refused(N_("Its author has spoken: these words stay."))
    return ALLOWED


def may_send_check(
    viewer: Viewer, process: str, *, is_withdrawn: bool, is_waiting: bool, unread: int, to_ask: int
) -> Verdict:
    """An author is asked once about all their points, read by two people where the process asks for it."""
    verdict = may_cut(viewer, process, is_withdrawn=is_withdrawn)
    if not verdict:
        return verdict
    if is_waiting:
        return refused(N_("The author is being asked already."))
    if unread:
        return refused(N_("Somebody else reads the points first."))
    if not to_ask:
        return refused(N_("The author has nothing left to check."))
    return ALLOWED


def may_answer_check(viewer: Viewer, process: str, *, is_author: bool, has_link: bool) -> Verdict:
    """The author answers, by link, by account or by code; staff type a paper slip in for them."""
    if is_author or has_link or works_here(viewer, process):
        return ALLOWED
    return refused(N_("Only the person who wrote this can answer."))


def may_ask(
    viewer: Viewer, process: str, *, is_withdrawn: bool, has_open: bool, can_be_told: bool
) -> Verdict:
    """An official asks the author what a point means, one question at a time."""
    if not works_here(viewer, process):
        return refused(N_("Only the officials of this process can do that."))
    if is_withdrawn:
        return refused(N_("This text was withdrawn or hidden: it no longer owes an answer."))
    if has_open:
        return refused(N_("A question already waits for its author."))
    if not can_be_told:
        return refused(N_("Nobody can be reached for this text: it came without an account or an address."))
    return ALLOWED


def may_answer_question(*, is_author: bool, is_answered: bool) -> Verdict:
    """Only the author answers, once; a late answer is still welcome, since nothing is lost by it."""
    if not is_author:
        return refused(N_("Only the person who wrote this can answer."))
    if is_answered:
        return refused(N_("You have answered this question already."))
    return ALLOWED


def may_theme(viewer: Viewer, process: str) -> Verdict:
    """Themes and the synthesis are written by the officials of the process and by who decides."""
    if viewer.holds("official", process) or viewer.holds("decision_maker", process):
        return ALLOWED
    return refused(N_("Only the officials who write the answers of this process can do that."))


def may_publish_synthesis(
    viewer: Viewer, process: str, state: ProcessState, lacks: Collection[Lack], *, themes: int, waits: bool
) -> Verdict:
    """A synthesis is published with themes that tell both sides, one edition at a time."""
    verdict = may_theme(viewer, process)
    if not verdict:
        return verdict
    if state is ProcessState.DRAFT:
        return refused(N_("This process is not open yet."))
    if waits:
        return refused(N_("A publication is waiting to leave: stop it first, or let it leave."))
    if not themes:
        return refused(N_("No theme has a point on these questions yet."))
    held = [one for one in lacks if one.blocks]
    if held:
        return refused(
            counted(
                "%(count)s statement is missing: see the list.",
                "%(count)s statements are missing: see the list.",
                len(held),
            )
        )
    return ALLOWED


def may_stop_synthesis(viewer: Viewer, process: str) -> Verdict:
    """Whoever works on the answers may stop a synthesis while it waits: stopping harms nobody."""
    if works_here(viewer, process):
        return ALLOWED
    return refused(N_("Only the officials of this process can do that."))
