"""Who may cut a text into points, ask its author, and answer. Every no comes with its reason."""

from __future__ import annotations

from collections.abc import Collection

from civic.foundation.errors import ALLOWED, N_, Verdict, refused
from civic.foundation.viewer import Viewer


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


def may_cut_so(groups: Collection[Collection[int]], sentences: int) -> Verdict:
    """A cut makes two points at least, or keeps part of the words; no sentence counts twice."""
    ticked = [one for group in groups for one in group]
    if not groups or any(not group for group in groups):
        return refused(N_("Tick the sentences of at least one point."))
    if len(set(ticked)) != len(ticked):
        return refused(N_("A sentence belongs to one point only."))
    if any(not 0 <= one < sentences for one in ticked):
        return refused(N_("This text has changed. Please cut its newest version."))
    return ALLOWED


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
