"""People argue through the door: with an account or a mailed link, in a role, in reply."""

from __future__ import annotations

import re

import pytest

from civic.contributions import actions as register
from civic.contributions import queries as said
from civic.contributions.forms import author_from
from civic.contributions.models import Relation, WrittenAs
from civic.debates import actions, queries
from civic.debates.forms import CommentDraft
from civic.foundation import clock
from civic.foundation import database as db
from civic.foundation.errors import Refused
from civic.processes import actions as processes
from civic.processes.models import PhaseKind
from tests.cast import (
    a_comment,
    a_person,
    a_process,
    a_proposal,
    fill,
    mailed_path,
    recorded,
    sign_in,
    told,
)
from tests.conftest import visitor

GUEST = {"guest_name": "Zoé L.", "guest_email": "zoe@town.example"}


async def a_scene():
    process, ada, bo = await a_process(), await a_person("Ada"), await a_person("Bo")
    proposal = await a_proposal(ada, process)
    thread = await queries.thread_on(f"proposal/{proposal.public_id}")
    return process, ada, bo, proposal, thread


async def test_a_participant_gives_an_argument_and_says_afterwards_what_it_does(client):
    _process, ada, bo, proposal, thread = await a_scene()
    await sign_in(client, bo)
    page, action = f"/proposals/{proposal.public_id}", f"/debates/{thread.public_id}/comments"
    sent = await fill(client, page, action, body="The bakery gets flour at *two*.", capacity_note="Baker")
    assert sent.status_code == 303
    (row,) = await db.rows("SELECT public_id FROM comment")
    key = row["public_id"]
    assert sent.headers["location"] == f"/comments/{key}?posted=1"
    shown = await client.get(sent.headers["location"])
    assert "<em>two</em>" in shown.text
    assert "Your message is published" in shown.text
    assert await recorded(key) == ["comment.created"]
    assert "comment.reply" in await told(ada)
    related = await fill(client, f"/comments/{key}?posted=1", f"/comments/{key}/relation", relation="objects")
    assert related.status_code == 303
    listed = await client.get(f"{page}?relation=objects")
    assert f'id="c-{key}"' in listed.text
    assert "Baker" in listed.text
    (claim,) = await said.claims_of((await said.contribution_by_public_id(key)).id)
    assert claim.kind == "objection"


async def test_a_guest_replies_by_a_confirmed_mail_link(client):
    _process, _ada, bo, proposal, thread = await a_scene()
    top = await a_comment(bo, proposal, "Who pays?")
    key = top.contribution.public_id
    action = f"/debates/{thread.public_id}/comments"
    sent = await fill(client, f"/comments/{key}/reply", action, body="We do.", **GUEST)
    assert sent.status_code == 303
    receipt = await client.get(sent.headers["location"])
    assert "Waits for your confirmation" in receipt.text
    other = visitor(client._transport.app)
    assert "We do." not in (await other.get(f"/comments/{key}")).text
    assert (await db.rows("SELECT count(*) AS n FROM comment"))[0]["n"] == 1
    link = await mailed_path("contribution.confirm")
    await fill(other, link, link)
    shown = await visitor(client._transport.app).get(f"/comments/{key}")
    assert "We do." in shown.text
    assert "comment.reply" in await told(bo)


async def test_an_officials_words_are_tinted_signed_and_owe_no_answer(client):
    process, ada, _bo, proposal, thread = await a_scene()
    otto = await a_person("Otto", "official", process=process.public_id)
    await db.execute("UPDATE participant SET title = 'Head of roads' WHERE id = ?", otto.participant)
    await sign_in(client, otto)
    page, action = f"/proposals/{proposal.public_id}", f"/debates/{thread.public_id}/comments"
    form = (await client.get(page)).text
    assert re.search(r'name="as_official" value="1" checked', form)
    await fill(client, page, action, body="We counted 43 deliveries.", relation="objects", as_official="1")
    shown = await visitor(client._transport.app).get(page)
    assert 'class="comment official"' in shown.text
    assert "Head of roads" in shown.text
    assert len(await said.claims_to_answer([process.issues[0].id])) == 1
    await fill(client, page, action, body="As a neighbour, I agree.", relation="objects")
    assert len(await said.claims_to_answer([process.issues[0].id])) == 2
    assert ada


async def test_nobody_signs_for_the_public_body_without_the_role(client):
    _process, _ada, bo, proposal, thread = await a_scene()
    await sign_in(client, bo)
    page, action = f"/proposals/{proposal.public_id}", f"/debates/{thread.public_id}/comments"
    await fill(client, page, action, body="In the name of the town!", as_official="1")
    (row,) = await db.rows("SELECT written_as FROM contribution WHERE kind = 'comment'")
    assert row["written_as"] == "participant"
    author = author_from(bo, written_as=WrittenAs.OFFICIAL)
    with pytest.raises(Refused):
        await actions.post_comment(author, thread, CommentDraft("In the name of the town!"))


async def test_when_the_debate_is_over_the_page_says_since_when_instead_of_a_form(client):
    process, _ada, bo, proposal, thread = await a_scene()
    phase = process.phase(PhaseKind.DELIBERATION)
    from datetime import timedelta

    with clock.at(phase.ends_at + timedelta(hours=1)):
        shown = await client.get(f"/proposals/{proposal.public_id}")
        assert "The debate ended on" in shown.text
        assert 'class="composer' not in shown.text
        with pytest.raises(Refused):
            await actions.post_comment(author_from(bo), thread, CommentDraft("Too late."))
    assert processes


async def test_a_hidden_message_cannot_be_answered_and_its_tombstone_says_why(client):
    _process, _ada, bo, proposal, thread = await a_scene()
    top = await a_comment(bo, proposal, "You are all CROOKS.")
    await register.hide(top.contribution.id, "test")
    key = top.contribution.public_id
    page = await client.get(f"/comments/{key}")
    assert page.status_code == 200
    assert "CROOKS" not in page.text
    assert (await client.get(f"/comments/{key}/reply")).status_code == 403
    with pytest.raises(Refused):
        await actions.post_comment(author_from(bo), thread, CommentDraft("Yes!", None, key))
    assert "CROOKS" not in (await client.get(f"/proposals/{proposal.public_id}")).text
    assert (await client.get(f"/comments/{key}/versions")).status_code == 404


async def test_an_insight_is_marked_once_per_person_and_taken_back(client):
    _process, ada, bo, proposal, _thread = await a_scene()
    top = await a_comment(bo, proposal, "Who pays?")
    key = top.contribution.public_id
    await sign_in(client, ada)
    page, action = f"/comments/{key}", f"/comments/{key}/insight"
    for _ in range(2):
        shown = (await client.get(page)).text
        token = re.search(r'name="csrf" value="([^"]+)"', shown)[1]
        assert (await client.post(action, data={"csrf": token, "marked": "1"})).status_code == 303
    assert (await db.rows("SELECT insight_count AS n FROM comment"))[0]["n"] == 1
    assert 'aria-pressed="true"' in (await client.get(page)).text
    await fill(client, page, action)
    assert (await db.rows("SELECT insight_count AS n FROM comment"))[0]["n"] == 0
    assert await recorded(key) == ["comment.created", "insight.marked", "insight.unmarked"]
    own = await queries.place_of(top.contribution.id)
    with pytest.raises(Refused):
        await actions.mark_insight(bo, own)


async def test_an_author_corrects_and_withdraws_their_message_and_the_replies_stay(client):
    _process, ada, bo, proposal, _thread = await a_scene()
    top = await a_comment(bo, proposal, "Who payz?")
    key = top.contribution.public_id
    await a_comment(ada, proposal, "The town does.", to=key)
    await sign_in(client, bo)
    page = f"/comments/{key}/edit"
    assert (await fill(client, page, page, body="Who pays?", version=1)).status_code == 303
    versions = await visitor(client._transport.app).get(f"/comments/{key}/versions")
    assert versions.status_code == 200
    assert "payz" in versions.text
    page = f"/comments/{key}/withdrawal"
    assert (await fill(client, page, page, reason="I got my answer.")).status_code == 303
    shown = await visitor(client._transport.app).get(f"/proposals/{proposal.public_id}")
    assert "I got my answer." in shown.text
    assert "The town does." in shown.text
    assert "Who pays?" not in shown.text
    assert await recorded(key) == ["comment.created", "comment.edited", "comment.withdrawn"]


async def test_a_reply_to_a_question_answers_unless_its_author_says_otherwise(app):
    _process, ada, bo, proposal, _thread = await a_scene()
    asked = await a_comment(bo, proposal, "Who pays?", relation=Relation.ASKS)
    told_so = await a_comment(ada, proposal, "The town.", relation=None, to=asked.contribution.public_id)
    doubted = await a_comment(
        ada, proposal, "Not the town.", relation=Relation.OBJECTS, to=asked.contribution.public_id
    )
    assert (told_so.contribution.relation, told_so.claim) == ("answers", None)
    assert (doubted.contribution.relation, doubted.claim is not None) == ("objects", True)


async def test_another_persons_message_has_no_page_to_change_it(client):
    _process, ada, bo, proposal, _thread = await a_scene()
    top = await a_comment(bo, proposal, "Who pays?")
    await sign_in(client, ada)
    for part in ("edit", "withdrawal"):
        assert (await client.get(f"/comments/{top.contribution.public_id}/{part}")).status_code == 404


async def test_a_debate_on_a_question_begins_with_its_first_message(client):
    process, bo = await a_process(), await a_person("Bo")
    issue = process.issues[0]
    await sign_in(client, bo)
    page = f"/processes/{process.slug}/issues/{issue.public_id}"
    assert "Nobody has written yet" in (await client.get(f"{page}/debate")).text
    sent = await fill(client, f"{page}/debate", f"{page}/comments", body="What about prams?")
    assert sent.status_code == 303
    thread = await queries.thread_on(f"issue/{issue.public_id}")
    assert thread is not None
    assert thread.comment_count == 1
    shown = await client.get(f"{page}/debate")
    assert "What about prams?" in shown.text
    again = await fill(client, f"{page}/debate", f"/debates/{thread.public_id}/comments", body="And bikes?")
    assert again.status_code == 303
    assert (await queries.thread_by_id(thread.id)).comment_count == 2


async def test_a_message_of_another_debate_cannot_be_answered_here(client):
    process, ada, bo, _proposal, thread = await a_scene()
    elsewhere = await a_proposal(ada, process, title="Another thing")
    top = await a_comment(bo, elsewhere, "Over there.")
    from civic.foundation.errors import NotFound

    draft = CommentDraft("Over here.", Relation.ASKS, top.contribution.public_id)
    with pytest.raises(NotFound):
        await actions.post_comment(author_from(bo), thread, draft)


async def test_a_draft_is_kept_while_writing_and_gone_once_sent(client):
    _process, _ada, bo, proposal, thread = await a_scene()
    await sign_in(client, bo)
    page, keep = f"/proposals/{proposal.public_id}", f"/debates/{thread.public_id}/draft"
    shown = (await client.get(page)).text
    token = re.search(r'name="csrf" value="([^"]+)"', shown)[1]
    kept = await client.post(
        keep, data={"csrf": token, "body": "Half a sent"}, headers={"HX-Request": "true"}
    )
    assert kept.status_code == 200
    assert "Draft kept" in kept.text
    assert "Half a sent" in (await client.get(page)).text
    assert "Half a sent" not in (await visitor(client._transport.app).get(page)).text
    await fill(client, page, f"/debates/{thread.public_id}/comments", body="A whole sentence.")
    assert "Half a sent" not in (await client.get(page)).text


@pytest.mark.parametrize("language", ["en", "fr"])
async def test_every_page_of_a_debate_opens_in_both_languages(client, language):
    process, _ada, bo, proposal, thread = await a_scene()
    top = await a_comment(bo, proposal, "Who pays?")
    await a_comment(bo, proposal, "And when?", to=top.contribution.public_id)
    key = top.contribution.public_id
    await sign_in(client, bo)
    client.cookies.set("civic-lang", language)
    for path in (
        f"/debates/{thread.public_id}",
        f"/debates/{thread.public_id}?order=newest",
        f"/debates/{thread.public_id}?relation=asks&order=oldest",
        f"/debates/{thread.public_id}?relation=supports",
        f"/processes/{process.slug}/issues/{process.issues[0].public_id}/debate",
        f"/comments/{key}",
        f"/comments/{key}?posted=1",
        f"/comments/{key}/reply",
        f"/comments/{key}/edit",
        f"/comments/{key}/versions",
        f"/comments/{key}/withdrawal",
    ):
        answer = await client.get(path)
        assert answer.status_code == 200, path
        assert f'<html lang="{language}"' in answer.text
