"""Begin a decision, write its articles and the answers to its points. Every save is a new version."""

from __future__ import annotations

from dataclasses import replace

from civic.accounts import queries as accounts
from civic.contributions import queries as contributions
from civic.contributions.models import CheckState
from civic.contributions.queries import ClaimCard, ContributionCard
from civic.decisions.actions.keeping import (
    QUICKER,
    article_facts,
    keep_answer,
    lacking,
    quoting,
    wrong_here,
)
from civic.decisions.forms import DecisionDraft, ProvisionDraft
from civic.decisions.models import (
    Decision,
    DispositionVersion,
    Provision,
    ProvisionVersion,
)
from civic.decisions.policies import may_answer, may_answer_now, may_begin, may_draft
from civic.decisions.queries import ArticleCard, DecisionCard, decision_of_issue
from civic.decisions.queries.points import (
    desk_claim,
    must_call,
    rule_point,
    scope_of,
)
from civic.decisions.queries.reading import (
    article_versions,
    articles_now,
    decision_by_id,
)
from civic.decisions.rules import FIELDS, Answer, kept
from civic.foundation import clock, database, ids
from civic.foundation.errors import N_, Conflict, Invalid, NotFound, Refused
from civic.foundation.viewer import Viewer
from civic.ledger import actions as ledger
from civic.processes.models import Profile
from civic.processes.queries import ProcessPage
from civic.synthesis import queries as synthesis

_TAKEN = N_("A decision already settles one of these questions.")
_NO_DECISION = N_("Begin the decision that settles this question first.")
_GONE = N_("This text was withdrawn or hidden meanwhile.")
_CUT = N_("This point was cut into finer points: answer those.")

_SETTLE = """
INSERT INTO decision_issue (decision_id, issue_id) VALUES (?, ?) ON CONFLICT (issue_id) DO NOTHING
"""
_NEXT_DECISION = "UPDATE decision SET version = version + 1 WHERE id = ? AND version = ?"
_HOLD_DECISION = "UPDATE decision SET version = version WHERE id = ?"
_NEXT_PROVISION = "UPDATE provision SET version = version + 1 WHERE id = ? AND version = ?"
_LAST_PROVISION = "SELECT coalesce(max(position), 0) AS last FROM provision WHERE decision_id = ?"
_HOLD_WORDS = "UPDATE contribution SET version = version WHERE id = ? AND visibility = 'public'"
_IS_LIVE = "SELECT check_state FROM claim WHERE id = ? AND retired_at IS NULL"
_GROUP_NOW = """
SELECT a.group_id FROM disposition d
JOIN disposition_version a ON a.disposition_id = d.id AND a.number = d.version
WHERE d.claim_id = ?
"""


async def create_decision(official: Viewer, process: ProcessPage, draft: DecisionDraft) -> DecisionCard:
    """Begin the decision that settles one or more questions of a process."""
    may_begin(official, process.public_id, process.state).demand()
    chosen = [issue for issue in process.issues if issue.public_id in draft.issues]
    if not chosen or len(chosen) != len(draft.issues):
        raise Invalid({"issues": N_("Choose at least one question that this decision settles.")})
    now = clock.now()
    async with database.transaction():
        row = await Decision.create(
            public_id=ids.public_id(),
            process_id=process.id,
            title=draft.title,
            summary=draft.summary,
            decision_maker_id=await _maker(process, draft.decision_maker),
            created_by_id=official.participant,
            created_at=now,
        )
        for issue in chosen:
            if not await database.execute(_SETTLE, row.id, issue.id):
                raise Conflict(_TAKEN)
        await ledger.record(
            "decision.drafted",
            row.public_id,
            parent=process.public_id,
            content={
                "title": draft.title,
                "summary": draft.summary,
                "issues": [issue.public_id for issue in chosen],
            },
            author=official.public_id,
        )
        return await decision_by_id(row.id)


async def edit_decision(
    official: Viewer, decision: DecisionCard, draft: DecisionDraft, *, expected_version: int
) -> DecisionCard:
    """Change the title, the summary or the named decision maker; what was published stays as it was."""
    may_draft(official, decision.process.public_id).demand()
    async with database.transaction():
        if not await database.execute(_NEXT_DECISION, decision.id, expected_version):
            raise Conflict(QUICKER)
        await Decision.filter(id=decision.id).update(
            title=draft.title,
            summary=draft.summary,
            decision_maker_id=await _maker(decision.process, draft.decision_maker),
        )
        await ledger.record(
            "decision.drafted",
            decision.public_id,
            rev=expected_version + 1,
            content={"title": draft.title, "summary": draft.summary},
            author=official.public_id,
        )
        return await decision_by_id(decision.id)


async def _maker(process: ProcessPage, public_id: str) -> int | None:
    """Find the person who decides among those who hold that role here."""
    if not public_id:
        return None
    holders = await accounts.holders("decision_maker", process.public_id)
    found = next((one for one in holders if one.public_id == public_id), None)
    if found is None:
        raise Invalid({"decision_maker": N_("This person does not decide in this process.")})
    return found.id


async def write_provision(
    official: Viewer,
    decision: DecisionCard,
    draft: ProvisionDraft,
    *,
    provision: str | None = None,
    expected_version: int = 0,
) -> ArticleCard:
    """Write an article, or its next version. Raises Conflict when somebody wrote it meanwhile."""
    may_draft(official, decision.process.public_id).demand()
    async with database.transaction():
        if provision is None:
            row = await _new_provision(decision)
        else:
            found = await Provision.get_or_none(public_id=provision, decision_id=decision.id)
            if found is None:
                raise NotFound
            row = found
        if not await database.execute(_NEXT_PROVISION, row.id, expected_version):
            raise Conflict(QUICKER)
        number = expected_version + 1
        await ProvisionVersion.create(
            provision_id=row.id,
            number=number,
            heading=draft.heading,
            text=draft.text,
            plain=draft.plain,
            before=draft.before,
            standing="repealed" if draft.is_repealed else "draft",
            note=draft.note,
            written_by_id=official.participant,
            written_at=clock.now(),
        )
        await ledger.record(
            "provision.written",
            row.public_id,
            rev=number,
            parent=decision.public_id,
            content={"heading": draft.heading, "text": draft.text, "before": draft.before},
            author=official.public_id,
        )
        return (await article_versions(row.public_id))[0]


async def _new_provision(decision: DecisionCard) -> Provision:
    await database.execute(_HOLD_DECISION, decision.id)
    (last,) = await database.rows(_LAST_PROVISION, decision.id)
    position = int(last["last"]) + 1
    return await Provision.create(
        public_id=ids.public_id(),
        decision_id=decision.id,
        eid=f"a{position}",
        position=position,
        version=0,
        created_at=clock.now(),
    )


async def draft_answer(
    official: Viewer,
    claim_public_id: str,
    answer: Answer,
    *,
    expected_version: int,
    new_article: ProvisionDraft | None = None,
    group_id: int | None = None,
    keeps_group: bool = False,
    may_lack: bool = False,
) -> DispositionVersion:
    """Write the answer to one point, or its next version, with exactly what its outcome requires.

    Raises Invalid with what is missing, and Conflict when somebody answered meanwhile. An answer brought
    back in a sheet may lack something: it is kept as unfinished, and holds the publication back.
    `keeps_group` leaves the point in the group whose answer it has, with a sentence or outcome of its own.
    """
    claim, contribution, process = await desk_claim(official, claim_public_id)
    may_answer(official, process.public_id, is_withdrawn=claim.reads_as_withdrawn).demand()
    decision = await decision_of_issue(contribution.issue_id) if contribution.issue_id else None
    if decision is None:
        raise Refused(_NO_DECISION)
    async with database.transaction():
        state = await hold_point(claim, contribution)
        may_answer_now(full=process.profile is Profile.FULL, state=state).demand()
        if keeps_group and group_id is None:
            group_id = await _group_now(claim.id)
        if new_article is not None and "provisions" in FIELDS.get(answer.outcome, ()):
            article = await write_provision(official, decision, new_article)
            answer = replace(answer, provisions=(*answer.provisions, article.public_id))
        answer = await checked(answer, claim, contribution, decision, may_lack=may_lack)
        return await keep_answer(
            official, claim, contribution, decision, answer, expected_version, group_id=group_id
        )


async def _group_now(claim_id: int) -> int | None:
    found = await database.rows(_GROUP_NOW, claim_id)
    return found[0]["group_id"] if found else None


async def hold_point(claim: ClaimCard, contribution: ContributionCard) -> CheckState:
    """Hold the words against a withdrawal or a cut until the answer is written; tell what was checked."""
    if not await database.execute(_HOLD_WORDS, contribution.id):
        raise Conflict(_GONE)
    found = await database.rows(_IS_LIVE, claim.id)
    if not found:
        raise Refused(_CUT)
    return CheckState(found[0]["check_state"])


async def checked(
    answer: Answer,
    claim: ClaimCard,
    contribution: ContributionCard,
    decision: DecisionCard,
    *,
    may_lack: bool = False,
) -> Answer:
    """Complete the answer with the line of the scope it names and refuse it while something is missing."""
    answer = kept(await _with_scope(answer, contribution, decision.process))
    articles = article_facts(await articles_now(decision.id))
    questions = (await synthesis.questions_of([claim.id])).get(claim.id, [])
    told = await contributions.situation_of(contribution.id)
    point = rule_point(
        claim.kind, contribution.submitted_at, questions, must_call=must_call(decision.process, told)
    )
    wrong = wrong_here(answer, point, articles)
    if wrong and not (may_lack and answer.outcome in FIELDS):
        raise Invalid(wrong)
    return lacking(answer, wrong)


async def _with_scope(answer: Answer, contribution: ContributionCard, process: ProcessPage) -> Answer:
    """Quote the line of the scope that was in force when the point was made, word for word."""
    if answer.details.scope_line is None:
        return answer
    return quoting(answer, await scope_of(contribution.submitted_at, process))
