"""A comment that somebody reported, and the people around it."""

from civic.contributions.queries import contribution_by_public_id
from civic.foundation.viewer import STRANGER
from civic.moderation import actions, queries
from civic.moderation.forms import MeasureDraft, ReportDraft, StatementDraft
from civic.moderation.models import Ground, Measure
from tests.cast import a_comment, a_person, a_process, a_proposal

REASONS = StatementDraft(
    "3", "the traders are crooks", "Calls a group of people crooks without any fact.", "lasting"
)
HIDE = MeasureDraft(Measure.HIDE, 2, "", "", REASONS)


async def a_reported_comment(**people):
    """Ada proposes, Bo insults, Zoe reports without an account."""
    process = await a_process()
    ada, bo = await a_person("Ada"), await a_person("Bo")
    mira = await a_person("Mira", "moderator", process=process.public_id)
    max_ = await a_person("Max", "moderator", process=process.public_id)
    proposal = await a_proposal(ada, process)
    comment = await a_comment(bo, proposal, "Anyway the traders are crooks.")
    key = f"contribution/{comment.contribution.public_id}"
    receipt = await report(STRANGER, key)
    case = (await queries.queue(mira))[0]
    return {
        "process": process,
        "ada": ada,
        "bo": bo,
        "mira": mira,
        "max": max_,
        "proposal": proposal,
        "comment": comment,
        "case": await queries.visible_case(mira, case["public_id"]),
        "receipt": receipt,
    }


async def report(viewer, key, ground=Ground.INSULT, address="reporter@town.example", network=0):
    """Report a text by its key."""
    subject = await queries.visible_subject(viewer, key)
    draft = ReportDraft(ground, "It insults the traders.", "", address if viewer is STRANGER else "")
    return await actions.report(
        viewer, subject, draft, network=f"10.0.{network}.0/24", code="AAAA-BBBB-CCCCC", language="en"
    )


async def hide(scene, by="mira", draft=HIDE):
    """Hide the reported comment and give the decision as its page reads it."""
    decision = await actions.decide(scene[by], scene["case"], draft)
    return await queries.visible_decision(scene[by], decision.public_id)


async def visibility(scene) -> str:
    return (await contribution_by_public_id(scene["comment"].contribution.public_id)).visibility


async def the_case(moderator):
    """Give the first case of a moderator's queue."""
    return await queries.visible_case(moderator, (await queries.queue(moderator))[0]["public_id"])
