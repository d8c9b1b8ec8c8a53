"""Cut a text into points by hand, ask its author what was meant, take the answer in."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from datetime import timedelta

from civic.accounts import queries as accounts
from civic.contributions import queries as contributions
from civic.contributions.models import Claim, ClaimOrigin, ClaimSpan, Restatement, Visibility
from civic.contributions.queries import ClaimCard, ContributionCard
from civic.foundation import clock, database, ids
from civic.foundation.errors import N_, Conflict, Refused
from civic.foundation.viewer import Viewer
from civic.ledger import actions as ledger
from civic.notices import actions as notices
from civic.synthesis.actions.theming import inherit
from civic.synthesis.forms import PointDraft, QuestionDraft, digest_of
from civic.synthesis.models import Clarification, ClarifyingQuestion, Segmentation
from civic.synthesis.policies import may_answer_question, may_ask, may_cut, may_cut_so
from civic.synthesis.queries import (
    CutText,
    QuestionCard,
    Sentence,
    question_by_public_id,
    questions_of,
    sentences_of,
)
from civic.synthesis.rules import Stretch

_STALE = N_("This text has changed. Please cut its newest version.")
_LIVE = """
SELECT id, public_id FROM claim
WHERE contribution_id = ? AND retired_at IS NULL AND origin <> 'contributor' AND kind <> 'situation'
ORDER BY number
"""
_RESTED = """
SELECT k.id, s.part, s.start AS first, s."end" AS last
FROM claim k LEFT JOIN claim_span s ON s.claim_id = k.id AND s.version_id = ?
WHERE k.contribution_id = ? AND k.retired_at IS NULL AND k.origin <> 'contributor' AND k.kind <> 'situation'
"""
_RETIRE = "UPDATE claim SET retired_at = ? WHERE id = ? AND retired_at IS NULL"
_LAST_NUMBER = "SELECT coalesce(max(number), 0) AS last FROM claim WHERE contribution_id = ?"
_HOLD = "UPDATE contribution SET version = version WHERE id = ? AND visibility = 'public'"


async def cut(
    official: Viewer, contribution: ContributionCard, points: Sequence[PointDraft], *, version: int
) -> list[Claim]:
    """Retire the points of a text and open one for each group of words; a point its author added stays.

    Whether an answer was already published stands above this room: `decisions.actions.cut_into_points`
    asks that first and is the way in for pages.
    """
    is_withdrawn = contribution.visibility is not Visibility.PUBLIC
    may_cut(official, contribution.process or "", is_withdrawn=is_withdrawn).demand()
    async with database.transaction():
        if not await database.execute(_HOLD, contribution.id):
            raise Conflict(_STALE)
        words = await sentences_of(contribution.id)
        if words.version != version:
            raise Conflict(_STALE)
        rests = [rests_of(words, point) for point in points]
        may_cut_so(rests).demand()
        now = clock.now()
        rested = await _rested(contribution.id, words.version_id)
        for live in await database.rows(_LIVE, contribution.id):
            await database.execute(_RETIRE, now, live["id"])
            await ledger.record("claim.retired", live["public_id"], author=official.public_id)
        await Segmentation.create(
            contribution_id=contribution.id,
            version_id=words.version_id,
            cut_by_id=official.participant,
            cut_at=now,
        )
        (last,) = await database.rows(_LAST_NUMBER, contribution.id)
        opened = []
        for number, (point, rest) in enumerate(zip(points, rests, strict=True), last["last"] + 1):
            opened.append(await _open(official, contribution, words.version_id, number, point, rest))
        await inherit(official, _heirs(rested, [one.public_id for one in opened], rests))
    return opened


async def _rested(contribution_id: int, version_id: int) -> dict[int, list[Stretch]]:
    """Give the words of this version on which each point rests that is cut again; none: all of them."""
    found: dict[int, list[Stretch]] = {}
    for row in await database.rows(_RESTED, version_id, contribution_id):
        stretches = found.setdefault(row["id"], [])
        if row["part"] is not None:
            stretches.append(Stretch(row["part"], row["first"], row["last"], ""))
    return found


def _heirs(
    rested: Mapping[int, Sequence[Stretch]], opened: Sequence[str], rests: Sequence[Sequence[Stretch]]
) -> dict[int, list[str]]:
    """Say which new points share words with each point that was cut again."""
    return {
        claim: [key for key, rest in zip(opened, rests, strict=True) if not old or _share(old, rest)]
        for claim, old in rested.items()
    }


def _share(some: Sequence[Stretch], others: Sequence[Stretch]) -> bool:
    return any(
        one.part == other.part and one.start < other.end and other.start < one.end
        for one in some
        for other in others
    )


def rests_of(words: CutText, point: PointDraft) -> list[Stretch]:
    """Say on which words a point rests, in the order of the text.

    Selected words are compared, by their digest, with the version that is held: when the text says
    something else at that place, nothing is cut.
    """
    if any(one >= len(words.sentences) for one in point.sentences):
        raise Refused(_STALE)
    ticked = passages([words.sentences[one] for one in sorted(set(point.sentences))])
    found = [Stretch(one.part, one.start, one.end, "") for one in ticked]
    for one in point.stretches:
        said = words.words(one.part)[one.start : one.end]
        if not any(letter.isalnum() for letter in said) or digest_of(said) != one.digest:
            raise Refused(_STALE)
        found.append(one)
    return sorted(found, key=lambda one: (one.part != "title", one.start))


async def _open(
    official: Viewer,
    contribution: ContributionCard,
    version_id: int,
    number: int,
    point: PointDraft,
    rest: Sequence[Stretch],
) -> Claim:
    now = clock.now()
    claim = await Claim.create(
        public_id=ids.public_id(),
        contribution_id=contribution.id,
        number=number,
        kind=point.kind,
        restatement=point.restatement,
        restatement_number=1 if point.restatement else 0,
        origin=ClaimOrigin.SUGGESTED if point.is_suggested else ClaimOrigin.OFFICIAL,
        found_by_id=official.participant,
        found_at=now,
    )
    if point.restatement:
        await Restatement.create(
            claim_id=claim.id,
            number=1,
            text=point.restatement,
            language=official.language or "fr",
            written_by_id=official.participant,
            written_at=now,
        )
    digests = [await rest_on(claim.id, version_id, one) for one in rest]
    await ledger.record(
        "claim.segmented",
        claim.public_id,
        parent=contribution.public_id,
        content={
            "kind": str(point.kind),
            "restatement": point.restatement,
            "quotes": digests,
            "origin": str(claim.origin),
        },
        author=official.public_id,
    )
    return claim


def passages(sentences: Sequence[Sentence]) -> list[Sentence]:
    """Join sentences that follow each other into one passage; others stand apart."""
    joined: list[Sentence] = []
    for one in sentences:
        last = joined[-1] if joined else None
        if last is not None and last.part == one.part and last.number + 1 == one.number:
            words = f"{last.text} {one.text}"
            joined[-1] = Sentence(one.number, one.part, last.start, one.end, words)
        else:
            joined.append(one)
    return joined


async def rest_on(claim_id: int, version_id: int, passage: Stretch) -> str:
    """Rest a point on a passage; its words are kept as a salted digest, their place as a span."""
    salt = secrets.token_hex(32)
    (row,) = await database.rows("SELECT title, body FROM contribution_version WHERE id = ?", version_id)
    words = (row["title"] if passage.part == "title" else row["body"])[passage.start : passage.end]
    digest = hashlib.sha256(f"{salt}\0{words}".encode()).hexdigest()
    await ClaimSpan.create(
        claim_id=claim_id,
        version_id=version_id,
        part=passage.part,
        start=passage.start,
        end=passage.end,
        salt=salt,
        digest=digest,
    )
    return digest


async def ask_author(
    official: Viewer, claim: ClaimCard, contribution: ContributionCard, draft: QuestionDraft
) -> QuestionCard:
    """Ask the author what a point means; the clock waits for them until the day that is named."""
    to = await contributions.recipient_of(contribution)
    now = clock.now()
    async with database.transaction():
        await database.execute(_HOLD, contribution.id)
        asked = (await questions_of([claim.id])).get(claim.id, [])
        may_ask(
            official,
            contribution.process or "",
            is_withdrawn=claim.reads_as_withdrawn,
            has_open=any(one.is_open for one in asked),
            can_be_told=to is not None,
        ).demand()
        row = await ClarifyingQuestion.create(
            public_id=ids.public_id(),
            claim_id=claim.id,
            text=draft.text,
            language=official.language or "fr",
            asked_by_id=official.participant,
            asked_at=now,
            due_at=clock.end_of_day(clock.local_day(now) + timedelta(days=draft.days)),
        )
        await ledger.record(
            "question.asked",
            row.public_id,
            parent=claim.public_id,
            content={"text": draft.text},
            author=official.public_id,
        )
        for author in filter(None, (to,)):
            await notices.notify(
                author,
                "question.asked",
                about=f"contribution/{contribution.public_id}",
                data={
                    "path": f"/questions/{row.public_id}",
                    "name": official.name,
                    "question": draft.text,
                    "number": contribution.number,
                    "until": clock.local_day(row.due_at - timedelta(microseconds=1)),
                },
                once_key=f"question.asked/{row.public_id}",
            )
        return await question_by_public_id(row.public_id)


async def answer_question(
    viewer: Viewer, question: QuestionCard, contribution: ContributionCard, said: str
) -> QuestionCard:
    """Take in what the author says; the city is waited for from now on."""
    now = clock.now()
    async with database.transaction():
        await database.execute(_HOLD, contribution.id)
        current = await question_by_public_id(question.public_id)
        may_answer_question(
            is_author=contributions.is_author(viewer, contribution),
            is_answered=not current.is_open,
        ).demand()
        await Clarification.create(question_id=current.id, text=said, answered_at=now)
        await ledger.record(
            "question.answered",
            current.public_id,
            rev=2,
            parent=current.claim,
            content={"text": said},
            author=viewer.public_id,
        )
        await notices.notify(
            await accounts.recipient_of(current.asked_by_id),
            "question.answered",
            about=f"question/{current.public_id}",
            data={
                "path": f"/desk/claims/{current.claim}",
                "name": contribution.author_name,
                "number": contribution.number,
            },
            once_key=f"question.answered/{current.public_id}",
        )
        return await question_by_public_id(current.public_id)
