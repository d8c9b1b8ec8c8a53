"""A proposal in one form: written, looked at first, kept as a draft, published, corrected, withdrawn."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from civic.contributions import queries as said
from civic.contributions.forms import author_from
from civic.foundation import clock
from civic.foundation import database as db
from civic.foundation.errors import NotFound, Refused
from civic.foundation.viewer import STRANGER
from civic.processes.models import PhaseKind
from civic.proposals import actions, queries
from civic.proposals.forms import ProposalDraft
from tests.cast import a_person, a_process, a_proposal, fill, recorded, sign_in, told
from tests.conftest import visitor

WORDS = {"title": "A bench at the bus stop", "body": "My mother cannot stand for ten minutes."}


def pages_of(process):
    """Give the page of the form and where it goes."""
    base = f"/processes/{process.slug}/proposals"
    return f"{base}/new", base


async def test_a_participant_publishes_a_proposal_with_one_form(client):
    process, ada = await a_process(issues=2), await a_person("Ada")
    await sign_in(client, ada)
    home = await client.get(f"/processes/{process.slug}")
    assert f'href="{pages_of(process)[0]}' in home.text
    sent = await fill(
        client, *pages_of(process), **WORDS, issue=process.issues[1].public_id, capacity="neighbours"
    )
    assert sent.status_code == 303
    receipt = await client.get(sent.headers["location"])
    assert 'id="secret-code"' in receipt.text
    (row,) = await db.rows("SELECT public_id FROM proposal")
    key = row["public_id"]
    shown = await visitor(client._transport.app).get(f"/proposals/{key}")
    assert WORDS["title"] in shown.text
    assert "Lives here" in shown.text
    assert await recorded(key) == ["proposal.created"]
    assert await told(ada) == ["contribution.received"]
    assert (await queries.visible_proposal(STRANGER, key)).issue_id == process.issues[1].id


async def test_looking_first_publishes_nothing_and_shows_what_resembles_it(client):
    process, ada, bo = await a_process(), await a_person("Ada"), await a_person("Bo")
    near = await a_proposal(
        ada, process, title="Benches at every bus stop", body="People wait and cannot stand."
    )
    await a_proposal(ada, process, title="Plant lime trees", body="Shade on the market square in August.")
    await sign_in(client, bo)
    shown = await fill(client, *pages_of(process), **WORDS, preview="1")
    assert shown.status_code == 200
    assert "What everybody will read" in shown.text
    assert near.title in shown.text
    assert "Plant lime trees" not in shown.text
    assert (await db.rows("SELECT count(*) AS n FROM proposal"))[0]["n"] == 2
    assert WORDS["body"] in shown.text


async def test_without_scripts_a_text_is_stopped_once_to_show_what_resembles_it(client):
    process, ada, bo = await a_process(), await a_person("Ada"), await a_person("Bo")
    near = await a_proposal(
        ada, process, title="Benches at every bus stop", body="People wait and cannot stand."
    )
    await sign_in(client, bo)
    page, action = pages_of(process)
    stopped = await fill(client, page, action, **WORDS)
    assert stopped.status_code == 200
    assert "Not sent yet" in stopped.text
    assert near.title in stopped.text
    assert (await db.rows("SELECT count(*) AS n FROM proposal"))[0]["n"] == 1
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', stopped.text))
    assert "look" not in hidden
    sent = [await client.post(action, data={**hidden, **WORDS}) for _ in range(2)]
    assert [one.status_code for one in sent] == [303, 303]
    assert sent[0].headers["location"] == sent[1].headers["location"]
    assert (await db.rows("SELECT count(*) AS n FROM proposal"))[0]["n"] == 2


async def test_a_text_that_resembles_nothing_is_sent_at_once(client):
    process, bo = await a_process(), await a_person("Bo")
    await sign_in(client, bo)
    page = await client.get(pages_of(process)[0])
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text))
    assert hidden["look"] == "1"
    sent = [await client.post(pages_of(process)[1], data={**hidden, **WORDS}) for _ in range(2)]
    assert [one.status_code for one in sent] == [303, 303]


async def test_a_guest_looks_at_a_text_before_saying_who_writes(client):
    shown = await fill(client, *pages_of(await a_process()), **WORDS, preview="1")
    assert shown.status_code == 200
    assert "What everybody will read" in shown.text
    assert "Say who writes" in shown.text


async def test_what_resembles_a_text_is_found_while_it_is_written(client):
    process, ada = await a_process(), await a_person("Ada")
    near = await a_proposal(
        ada, process, title="Benches at every bus stop", body="People wait and cannot stand."
    )
    page, base = pages_of(process)
    token = re.search(r'name="csrf" value="([^"]+)"', (await client.get(page)).text)[1]
    data = {"csrf": token, **WORDS}
    part = await client.post(f"{base}/similar", data=data, headers={"HX-Request": "true"})
    assert part.status_code == 200
    assert near.title in part.text
    assert "<html" not in part.text
    nothing = await client.post(
        f"{base}/similar", data={"csrf": token, "title": "A"}, headers={"HX-Request": "true"}
    )
    assert near.title not in nothing.text


async def test_a_draft_is_kept_on_the_server_for_who_is_signed_in(client):
    process, ada = await a_process(), await a_person("Ada")
    await sign_in(client, ada)
    kept = await fill(client, *pages_of(process), title="Half a", body="", draft="1")
    assert kept.status_code == 303
    page = pages_of(process)[0]
    assert 'value="Half a"' in (await client.get(page)).text
    assert "Half a" not in (await visitor(client._transport.app).get(page)).text
    await fill(client, *pages_of(process), **WORDS)
    assert "Half a" not in (await client.get(page)).text


async def test_when_proposals_are_closed_the_page_says_why_and_the_act_refuses(client):
    process, ada = await a_process(), await a_person("Ada")
    phase = process.phase(PhaseKind.DELIBERATION)
    with clock.at(phase.ends_at + timedelta(hours=1)):
        shown = await client.get(pages_of(process)[0])
        assert "The debate ended on" in shown.text
        assert "f-title" not in shown.text
        draft = ProposalDraft(WORDS["title"], WORDS["body"], process.issues[0].public_id)
        with pytest.raises(Refused):
            await actions.submit_proposal(author_from(ada), process, draft)


async def test_a_proposal_of_a_draft_process_is_seen_by_those_who_prepare_it_alone(app):
    process, ada = await a_process(), await a_person("Ada")
    proposal = await a_proposal(ada, process)
    await db.execute("UPDATE process SET state = 'draft' WHERE id = ?", process.id)
    with pytest.raises(NotFound):
        await queries.visible_proposal(STRANGER, proposal.public_id)
    with pytest.raises(NotFound):
        await said.visible_contribution(STRANGER, proposal.public_id)
    otto = await a_person("Otto", "official", process=process.public_id)
    assert (await queries.visible_proposal(otto, proposal.public_id)).title


async def test_a_correction_is_a_version_with_what_changed(client):
    process, ada, bo = await a_process(), await a_person("Ada"), await a_person("Bo")
    proposal = await a_proposal(ada, process)
    await sign_in(client, ada)
    page = f"/proposals/{proposal.public_id}/edit"
    done = await fill(
        client, page, page, title="Close Mill Street", body="At school hours.", note="Narrower."
    )
    assert done.status_code == 303
    shown = await visitor(client._transport.app).get(f"/proposals/{proposal.public_id}/versions")
    assert "Narrower." in shown.text
    assert "<del" in shown.text
    first = await visitor(client._transport.app).get(f"/proposals/{proposal.public_id}/versions?version=1")
    assert "four times a day" in first.text
    stale = await client.get(page)
    token = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', stale.text))
    again = await client.post(page, data={**token, "version": "1", "title": "Other", "body": "Words."})
    assert again.status_code == 409
    await sign_in(client, bo)
    assert (await client.get(page)).status_code == 404


async def test_a_withdrawn_proposal_keeps_its_page_its_reason_and_its_debate(client):
    from tests.cast import a_comment

    process, ada, bo = await a_process(), await a_person("Ada"), await a_person("Bo")
    proposal = await a_proposal(ada, process)
    await a_comment(bo, proposal, "Where do the deliveries go?")
    await sign_in(client, ada)
    page = f"/proposals/{proposal.public_id}/withdrawal"
    assert (await fill(client, page, page, reason="The street was closed.")).status_code == 303
    shown = await visitor(client._transport.app).get(f"/proposals/{proposal.public_id}")
    assert "The street was closed." in shown.text
    assert "Where do the deliveries go?" in shown.text
    assert proposal.title not in shown.text
    assert "receives no new argument" in shown.text
    assert 'id="reply"' not in shown.text
    (thread,) = await db.rows("SELECT public_id FROM thread")
    alone = await visitor(client._transport.app).get(f"/debates/{thread['public_id']}")
    assert "receives no new argument" in alone.text
    listed = await client.get(f"/processes/{process.slug}/proposals")
    assert proposal.title not in listed.text


@pytest.mark.parametrize("language", ["en", "fr"])
async def test_every_page_of_a_proposal_opens_in_both_languages(client, language):
    process, ada = await a_process(issues=2), await a_person("Ada")
    proposal = await a_proposal(ada, process)
    await sign_in(client, ada)
    client.cookies.set("civic-lang", language)
    base = f"/processes/{process.slug}/proposals"
    for path in (
        base,
        f"{base}?q=street&sort=newest&capacity=users&issue={process.issues[0].public_id}",
        f"{base}?q=nothing",
        f"{base}?sort=x&after=x&issue=x",
        f"{base}/new",
        f"{base}/new?issue={process.issues[0].public_id}",
        f"/proposals/{proposal.public_id}",
        f"/proposals/{proposal.public_id}?print=1",
        f"/proposals/{proposal.public_id}/edit",
        f"/proposals/{proposal.public_id}/versions",
        f"/proposals/{proposal.public_id}/withdrawal",
        f"/receipts/{proposal.number}",
        f"/receipts/{proposal.number}?print=1",
        "/receipts",
    ):
        answer = await client.get(path)
        assert answer.status_code == 200, path
        assert f'<html lang="{language}"' in answer.text
