"""What follows the answer to a situation is as private as the statement: replies, appeals, counts."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from civic.app import handlers
from civic.contributions import actions as register
from civic.contributions import queries as said
from civic.contributions.models import Audience
from civic.decisions import actions, queries
from civic.decisions.forms import AppealDraft, ReviewDraft, RulingDraft
from civic.decisions.models import Accommodation, AppealGround, Finding
from civic.decisions.queries.situations import LEAST, guarded, moved
from civic.foundation import database as db
from civic.foundation import queue
from civic.foundation.errors import Refused
from civic.ledger.queries import leaves_of
from tests.cast import a_comment, a_person, a_proposal, a_refusal, after_the_freeze, an_article
from tests.conftest import visitor
from tests.contributions.test_situations import tables
from tests.decisions.desk import Town, a_town, browser_of, read, send
from tests.decisions.test_situations import BANNER, TOLD, an_exception, tell

ANSWER, NOTE, REPLY, APPEAL, RULING = (
    f"canary{name}" for name in ("answer", "note", "reply", "appeal", "ruling")
)
CANARIES = (ANSWER, NOTE, REPLY, APPEAL, RULING)
HOME = {
    "disposition_version",
    "disposition_part",
    "review",
    "reply",
    "procedural_appeal",
    "appeal_ruling",
    "search_text",
}
"""Where the words of a staff answer, its review, a reply, an appeal and its ruling are kept."""
WHY = {"en": "The council has voted.", "fr": "Le conseil a voté."}


def a_no(words: str = f"Not here: {ANSWER}."):
    """Write an answer that says why nothing can be done for a person."""
    refusal = a_refusal(words)
    return replace(
        refusal,
        sentence={"fr": "Non.", "en": f"No, {ANSWER}."},
        details=replace(refusal.details, accommodation=Accommodation.NOT_POSSIBLE),
    )


async def refused(town: Town, key: str) -> str:
    """Refuse what Ada's situation asks, sent back once; give the id of its answer."""
    await an_article(town.otto, town.decision)
    await actions.draft_answer(town.otto, key, a_no(), expected_version=0)
    await actions.review(town.olga, key, ReviewDraft(False, f"Softer: {NOTE}."), expected_version=1)
    await actions.draft_answer(town.otto, key, a_no(f"Sorry: {ANSWER}."), expected_version=1)
    await actions.review(town.olga, key, ReviewDraft(True, ""), expected_version=2)
    await actions.publish(town.dora, town.decision, BANNER)
    await queue.work_off(handlers())
    claim = await said.claim_by_public_id(key, with_situations=True)
    assert claim is not None
    found = await queries.outcomes_of_claims([claim.id], with_situations=True)
    return found[claim.id].public_id


async def contested(town: Town, outcome: str) -> tuple[str, str]:
    """Let Ada reply and contest, and Olaf uphold it; give the ids of the reply and the appeal."""
    reply = await actions.reply(town.ada, outcome, f"You did not come: {REPLY}.")
    filed = await actions.file_appeal(town.ada, outcome, AppealDraft(AppealGround.UNANSWERED, f"{APPEAL}."))
    ruling = RulingDraft(Finding.UPHELD, {"en": f"Look again: {RULING}.", "fr": f"{RULING}."}, "")
    await actions.rule_on_appeal(town.olga_as_official, filed.public_id, ruling)
    await queue.work_off(handlers())
    return reply.public_id, filed.public_id


def doors(town: Town, number: str, outcome: str) -> list[str]:
    """List the public addresses near an answer."""
    slug, decision = town.process.slug, f"/decisions/{town.decision.public_id}"
    return [
        *("/", "/debt", "/decisions", "/promises", "/opendata", "/moderation/log", "/search?q=canaryreply"),
        *(
            f"/processes/{slug}{tail}"
            for tail in ("", "/feed.atom", "/grid.csv", "/evaluation", "/decisions")
        ),
        *(f"{decision}{tail}" for tail in ("", "/outcomes", "/outcomes.csv", "/feed.atom", "/evaluation")),
        *(f"{decision}{tail}" for tail in ("?mine=1", "?lang=fr", "/versions/1", "/promises")),
        *(f"/proposals/{town.proposal}{tail}" for tail in ("", "/feed.atom", "/versions")),
        *(
            f"/contributions/{number}{tail}"
            for tail in ("", "?print=1", "?share=1", "/prov.json", "/prov.jsonld")
        ),
        *(f"/api/v1/decisions/{town.decision.public_id}{tail}" for tail in ("", "/outcomes")),
        *(f"/api/v1/contributions/{number}", f"/api/v1/proposals/{town.proposal}", "/api/v1/moderation/log"),
        *(f"/outcomes/{outcome}{tail}" for tail in ("", "?print=1", "/reply", "/appeal", "/versions/1")),
        *(f"/api/v1/outcomes/{outcome}", f"/reports/new?subject=outcome/{outcome}"),
    ]


async def test_a_reply_and_an_appeal_are_as_private_as_the_statement(app):
    town = await a_town()
    key = await tell(town.ada, town.proposal)
    with after_the_freeze(town.process):
        outcome = await refused(town, key)
        reply, appeal = await contested(town, outcome)
        number = (await said.contribution_by_public_id(town.proposal)).number
        mira, root = await a_person("Mira Mohr", "moderator"), await a_person("Root", "administrator")
        olaf = await a_person("Olaf Elsewhere", "official", process="a" * 26)
        hidden = [f"/reports/new?subject=reply/{reply}", f"/desk/appeals/{appeal}", f"/desk/claims/{key}"]
        for viewer in (None, town.bo, mira, root, olaf):
            browser = await browser_of(app, viewer)
            for path in [*doors(town, number, outcome), *hidden]:
                shown = await browser.get(path)
                assert shown.status_code < 500, path
                assert not [one for one in CANARIES if one in shown.text and f"q={one}" not in path], path
                assert outcome not in shown.text or f"/{outcome}" in path, path
        ada = await read(await browser_of(app, town.ada), f"/outcomes/{outcome}")
        for words in (ANSWER, REPLY, APPEAL, RULING):
            assert words in ada
        assert "subject=" not in ada, "there is nobody it could be reported to"
        reader = await read(await browser_of(app, town.olga_as_official), f"/desk/appeals/{appeal}")
        assert APPEAL in reader
        assert "quokkaberries" not in reader, "an appeal opens no statement"
        await _is_told_nowhere_else()


async def _is_told_nowhere_else() -> None:
    """No message, mail, job, draft, search row or leaf repeats a word of what was answered."""
    for name in await tables():
        if name not in HOME:
            rows = repr(await db.rows(f'SELECT * FROM "{name}"'))
            assert not [one for one in CANARIES if one in rows], name
    kinds = {row["kind"] for row in await db.rows("SELECT kind FROM notice")}
    assert {"reply.private", "answer.returned", "outcome_appeal.upheld", "outcome_appeal.again"} <= kinds
    assert "reply.published" not in kinds


async def test_the_record_links_no_leaf_to_a_situation_and_lets_nobody_count_them(database):
    town = await a_town()
    key = await tell(town.ada, town.proposal)
    with after_the_freeze(town.process):
        outcome = await refused(town, key)
        reply, appeal = await contested(town, outcome)
    private = [leaf for one in (outcome, reply, appeal) for leaf in await leaves_of(one)]
    assert {leaf.type for leaf in private} == {
        *("disposition.drafted", "disposition.reviewed", "reply.published", "appeal.filed", "appeal.decided")
    }
    assert not [leaf for leaf in private if "parent" in leaf.fields]
    rows = await db.rows("SELECT leaf FROM ledger_staged")
    assert not [row for row in rows if key.encode() in bytes(row["leaf"])], "its point is named nowhere"


async def test_the_forms_of_a_private_answer_say_who_reads_it(app):
    town = await a_town()
    key = await tell(town.ada, town.proposal)
    with after_the_freeze(town.process):
        outcome = await refused(town, key)
        ada = await browser_of(app, town.ada)
        page = f"/outcomes/{outcome}/reply"
        shown = await read(ada, page)
        assert "Only you and the staff of this process read it." in shown
        for wrong in ("for everyone", "Publish my reply", "data-draft", "Visible at once"):
            assert wrong not in shown
        appeal = await read(ada, f"/outcomes/{outcome}/appeal")
        assert "Everyone sees" not in appeal
        assert "data-draft" not in appeal
        mine = await read(ada, "/mine")
        assert "My particular situation" in mine
        assert f"/outcomes/{outcome}" in mine, "a refusal waits for her reply, with the others"
        await send(ada, page, page, text="You did not come.")


async def test_a_situation_without_an_answer_is_open_in_ones_own_list_alone(app):
    town = await a_town()
    await tell(town.ada, town.proposal)
    ada = await browser_of(app, town.ada)
    assert "It waits for its answer" in await read(ada, "/mine?show=open")
    bo = await browser_of(app, town.bo)
    assert "particular situation" not in await read(bo, "/mine")


async def test_officials_close_knowing_of_situations_and_the_public_counts_leave_them_out(app):
    town = await a_town()
    issue = town.process.issues[0].public_id
    slug, everybody = town.process.slug, visitor(app)
    pages = [f"/processes/{slug}", f"/processes/{slug}/issues/{issue}", "/debt", "/opendata", "/decisions"]
    with after_the_freeze(town.process):
        before = [await read(everybody, page) for page in pages]
    await tell(town.ada, town.proposal)
    with after_the_freeze(town.process):
        assert [await read(everybody, page) for page in pages] == before
        with pytest.raises(Refused, match="3 point"):
            await actions.close_process(town.otto, town.process, WHY, knows_unanswered=2)
        await actions.close_process(town.otto, town.process, WHY, knows_unanswered=3)


def groups(**people: str) -> dict[str, set[str]]:
    """Give who is counted under which name, a letter a person."""
    return {name: set(found) for name, found in people.items()}


def test_no_later_version_tells_of_fewer_than_five_people():
    before = groups(situations="abcdefghi")
    one_more = groups(situations="abcdefghij")
    told = moved([], before, {})
    assert told == {"situations": 5}
    assert moved([before], one_more, told) == {"situations": 5}, "the tenth person does not show"
    assert moved([before], groups(situations="abcd"), told) == {}, "five people went"
    assert moved([before], groups(situations="abcdef"), told) == {"situations": 5}
    slowly = [groups(situations="abcdefghi"[: 9 - gone]) for gone in range(5)]
    assert moved(slowly, groups(situations="abcd"), told) == {}, "one by one, it is told after five"
    assert moved(slowly[:4], groups(situations="abcde"), told) == {"situations": 5}
    few = groups(situations="abc")
    assert moved([few], groups(situations="abcdef"), {}) == {}, "three told, three more are not told either"


def test_every_effect_that_is_not_shown_could_have_met_nobody():
    effects = list(Accommodation)
    for met in itertools.product(range(8), repeat=len(effects)):
        shown = {f"situations/{name}": n // LEAST * LEAST for name, n in zip(effects, met, strict=True)}
        counts = {name: n for name, n in shown.items() if n} | {"situations": sum(met) // LEAST * LEAST}
        told = guarded(counts)
        most = [n + LEAST - 1 for n in shown.values()]
        for number, name in enumerate(effects):
            if not shown[f"situations/{name}"]:
                others = sum(most) - most[number]
                assert told.get("situations", 0) <= others, (met, told)


async def test_words_without_names_come_in_blocks_and_go_whole(database):
    town = await a_town()
    proposal = await a_proposal(town.bo, town.process, title="Another one", body="With its reasons.")
    claims, texts = [], []
    for number in range(11):
        author = await a_person(f"Person {number}")
        text = (await a_comment(author, proposal, f"A message of mine, number {number}.")).contribution
        draft = replace(
            TOLD, words=replace(TOLD.words, touches=f"Words {number}."), audience=Audience.ANONYMOUS
        )
        key = await tell(author, text.public_id, draft)
        claim = await said.claim_by_public_id(key, with_situations=True)
        assert claim is not None
        claims.append(claim.id)
        texts.append((author, text.public_id))

    async def shown(*waves: list[int]) -> set[str]:
        return {one.touches for one in await said.words_without_names(waves, least=LEAST)}

    first, more, rest = claims[:5], claims[:6], claims
    five = {f"Words {number}." for number in range(5)}
    assert await shown(first) == five
    assert await shown(first, more) == five, "the sixth waits for four others: nobody sees who came"
    assert await shown(first, more, rest) == {f"Words {number}." for number in range(11)}
    author, gone = texts[7]
    await register.withdraw(author, await said.contribution_by_public_id(gone), "No more.")
    assert await shown(first, more, rest) == five, "its whole block goes, so that nobody sees whose it was"


async def test_the_article_tells_of_five_people_and_its_page_of_nobody(app):
    town = await a_town()
    proposal = await a_proposal(town.bo, town.process, title="Another one", body="With its reasons.")
    article = await an_article(town.otto, town.decision)
    for number in range(6):
        author = await a_person(f"Person {number}")
        text = (await a_comment(author, proposal, f"A message of mine, number {number}.")).contribution
        key = await tell(author, text.public_id, replace(TOLD, audience=Audience.ANONYMOUS))
        answer = replace(an_exception(f"Yes, {number}."), provisions=(article.public_id,))
        await actions.draft_answer(town.otto, key, answer, expected_version=0)
    with after_the_freeze(town.process):
        await actions.publish(town.dora, town.decision, BANNER)
        shown = await read(visitor(app), f"/decisions/{town.decision.public_id}")
    assert "At least 5 people told what is particular to their situation." in shown
    assert "Situations considered for this article: at least 5 people." in shown
    assert "6 people" not in shown
    assert "Person 0" not in shown.split('id="situations"')[1].split("</section>")[0]


async def test_nothing_but_its_own_form_asks_about_a_situation(app):
    town = await a_town()
    key = await tell(town.ada, town.proposal)
    otto = await browser_of(app, town.otto)
    for path in (f"/desk/claims/{key}/questions", f"/desk/claims/{key}/points", f"/desk/points/{key}"):
        await read(otto, path, 404)
