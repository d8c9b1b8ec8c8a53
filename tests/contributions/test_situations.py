"""A particular situation is told in confidence: sealed, read with a reason, corrected, erased, let go."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from civic import settings as configuration
from civic.commands.check import _sealed
from civic.contributions import actions as register
from civic.contributions import queries as said
from civic.contributions.actions.situations import KEPT, let_go
from civic.contributions.forms import ContactDraft, SituationDraft, SituationWords
from civic.contributions.models import Audience, ContactWay
from civic.foundation import clock, sealing
from civic.foundation import database as db
from civic.foundation.errors import Conflict, Refused
from tests.cast import a_person, a_process, a_proposal, fill, recorded, sign_in, told
from tests.conftest import visitor
from tests.contributions.test_receipts import GUEST, WORDS, a_guests_receipt

SECRET = "quokkaberries"
TOLD = SituationDraft(SituationWords(touches=f"My stairs and {SECRET}.", helps="A ramp."))


async def a_told_proposal(draft: SituationDraft = TOLD):
    """Let Ada propose and tell her situation; give the people and the proposal."""
    process = await a_process()
    ada = await a_person("Ada Alm")
    otto = await a_person("Otto Ohm", "official", process=process.public_id)
    proposal = await a_proposal(ada, process)
    card = await said.contribution_by_public_id(proposal.public_id)
    await register.tell_situation(ada, card, draft)
    situation = await said.situation_of(card.id)
    assert situation is not None
    return process, ada, otto, card, situation


async def everything() -> str:
    """Give every cell of every table, as the database file or a dump would show it."""
    names = await tables()
    return repr([await db.rows(f'SELECT * FROM "{name}"') for name in names])


async def tables() -> list[str]:
    if configuration.current().is_sqlite:
        rows = await db.rows(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'search%'"
        )
        return [row["name"] for row in rows]
    rows = await db.rows("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'")
    return [row["name"] for row in rows]


async def test_what_is_told_stands_nowhere_in_the_database_in_clear(app):
    process = await a_process()
    ada = await a_person("Ada Alm")
    browser = await sign_in(visitor(app), ada)
    new, action = f"/processes/{process.slug}/proposals/new", f"/processes/{process.slug}/proposals"
    kept = await fill(browser, new, action, **WORDS, situation_touches=f"My {SECRET}.", draft="1")
    assert kept.status_code == 303
    assert SECRET not in await everything(), "not in a draft"
    sent = await fill(browser, new, action, **WORDS, situation_touches=f"My {SECRET}.")
    assert sent.status_code == 303, sent.text[:2000]
    dump = await everything()
    assert SECRET not in dump
    assert "situation.sealed" in dump
    number = sent.headers["location"].rpartition("/")[2]
    page = (await browser.get(f"/receipts/{number}/situation")).text
    assert SECRET in page, "its author reads it"
    assert "Nobody on the staff has opened it yet." in page


async def test_the_point_of_a_situation_is_behind_the_public_doors_alone(database):
    _process, _ada, _otto, card, situation = await a_told_proposal()
    assert [claim.kind for claim in await said.claims_of(card.id)] == ["request"]
    assert await said.claims_by_id([situation.claim_id]) == {}
    (claim,) = (await said.claims_by_id([situation.claim_id], with_situations=True)).values()
    assert claim.kind == "situation"
    assert claim.words == ""


async def test_a_reading_needs_the_audience_and_a_reason_and_is_told_to_the_author(database):
    process, ada, otto, card, situation = await a_told_proposal()
    dora = await a_person("Dora Diaz", "decision_maker", process=process.public_id)
    other = await a_person("Olaf Orr", "official", process=(await a_process()).public_id)
    for nobody in (dora, other, ada):
        with pytest.raises(Refused, match="not among them"):
            await register.open_situation(nobody, card, situation, "I would like to know.")
    words = await register.open_situation(otto, card, situation, "To answer her point.")
    assert words == TOLD.words
    found = await said.situation_of(card.id)
    assert found is not None
    assert [(one.by.name, one.reason) for one in found.openings] == [("Otto Ohm", "To answer her point.")]
    assert await told(ada) == ["contribution.received", "situation.opened"]
    assert await recorded(situation.public_id) == ["situation.sealed", "situation.opened"]
    await register.tell_situation(ada, card, replace(TOLD, audience=Audience.DECIDERS))
    found = await said.situation_of(card.id)
    assert found is not None
    assert (await register.open_situation(dora, card, found, "To decide on it.")).helps == "A ramp."


async def test_a_correction_leaves_nothing_of_the_words_before(database):
    _process, ada, _otto, card, situation = await a_told_proposal()
    (before,) = await db.rows("SELECT sealed FROM situation_statement")
    await register.tell_situation(ada, card, SituationDraft(SituationWords(helps="A handrail.")))
    words = await said.own_words(card.id)
    assert words == SituationWords(helps="A handrail.")
    (after,) = await db.rows("SELECT sealed FROM situation_statement")
    assert bytes(before["sealed"]) != bytes(after["sealed"])
    assert await recorded(situation.public_id) == ["situation.sealed", "situation.corrected"]


async def test_its_author_erases_it_and_the_row_stays_without_words(database):
    _process, ada, otto, card, situation = await a_told_proposal()
    await register.log_contact(otto, card, situation, ContactDraft(ContactWay.PHONE, f"She said {SECRET}."))
    stranger = await a_person("Bo Birk")
    with pytest.raises(Refused):
        await register.erase_situation(stranger, card)
    await register.erase_situation(ada, card)
    (row,) = await db.rows("SELECT sealed, key_id, erased_at FROM situation_statement")
    assert bytes(row["sealed"]) == b""
    assert row["key_id"] == ""
    assert row["erased_at"] is not None
    assert SECRET not in await everything()
    assert await said.own_words(card.id) is None
    assert await said.claims_by_id([situation.claim_id], with_situations=True) == {}, "no answer is owed"
    with pytest.raises(Refused, match="erased"):
        await register.open_situation(otto, card, situation, "To answer her point.")


async def test_it_is_let_go_after_the_end_of_the_process_unless_its_author_wants_it_kept(database):
    _process, _ada, _otto, card, _situation = await a_told_proposal()
    process, bo, _otto, kept, _kept = await a_told_proposal(replace(TOLD, kept_longer=True))
    over = clock.now() - KEPT
    await db.execute("UPDATE process SET closed_at = ?", over + timedelta(days=1))
    await let_go()
    assert await said.own_words(card.id) is not None
    await db.execute("UPDATE process SET closed_at = ?", over - timedelta(days=1))
    await let_go()
    assert await said.own_words(card.id) is None
    assert await said.own_words(kept.id) == TOLD.words


async def test_a_new_key_takes_over_and_the_old_one_can_be_dropped(database):
    _process, _ada, _otto, card, _situation = await a_told_proposal()
    old = configuration.current()
    configuration.use(replace(old, data_keys=("a new key", *old.data_keys)))
    assert await said.own_words(card.id) == TOLD.words
    assert await register.seal_under_newest_key() == 1
    assert await register.seal_under_newest_key() == 0
    configuration.use(replace(old, data_keys=("a new key",)))
    assert await said.own_words(card.id) == TOLD.words


async def test_a_guest_tells_it_while_waiting_and_their_code_opens_it(client, app):
    process = await a_process()
    extra = {"situation_helps": f"More {SECRET}.", "situation_audience": "deciders"}
    _path, number, code, _page = await a_guests_receipt(client, process, **extra)
    card = await said.contribution_behind_code(number)
    assert card is not None
    assert card.is_awaiting
    assert SECRET not in await everything(), "sealed while it waits for the link"
    other = visitor(app)
    assert (await other.get(f"/receipts/{number}/situation")).status_code == 404, "the number opens nothing"
    await fill(other, "/receipts", "/receipts", number=number, code=code)
    assert SECRET in (await other.get(f"/receipts/{number}/situation")).text
    erased = await fill(other, f"/receipts/{number}/situation", f"/receipts/{number}/situation/erasure")
    assert erased.status_code == 303
    assert "It is erased." in (await other.get(erased.headers["location"])).text
    assert GUEST["guest_email"]


async def test_an_empty_panel_tells_nothing(client):
    process = await a_process()
    _path, number, _code, _page = await a_guests_receipt(client, process, situation_audience="everyone")
    card = await said.contribution_behind_code(number)
    assert card is not None
    assert await said.situation_of(card.id) is None


async def test_a_statement_told_to_everyone_stands_on_the_trace_and_a_private_one_does_not(client):
    _process, ada, _otto, card, _situation = await a_told_proposal()
    page = (await client.get(f"/contributions/{card.number}")).text
    assert SECRET not in page
    assert not re.search("particular situation", page), "not even that there is one"
    await register.tell_situation(ada, card, replace(TOLD, audience=Audience.EVERYONE))
    assert SECRET in (await client.get(f"/contributions/{card.number}")).text
    assert SECRET not in (await client.get(f"/contributions/{card.number}?share=1")).text


async def test_a_missing_key_is_named_by_the_check_and_breaks_no_page(client, app, caplog):
    _process, ada, otto, card, situation = await a_told_proposal(replace(TOLD, audience=Audience.EVERYONE))
    old = configuration.current()
    sealed_under = sealing.current_key_id()
    configuration.use(replace(old, data_keys=("another key",)))
    assert await _sealed() == (
        f"the key {sealed_under} is missing from CIVIC_DATA_KEYS, 1 statements wait for it: put it back, "
        "then run `civic reseal`"
    )
    assert (await client.get(f"/contributions/{card.number}")).status_code == 200
    browser = await sign_in(visitor(app), ada)
    own = f"/receipts/{card.number}/situation"
    assert "cannot be opened now" in (await browser.get(own)).text
    with pytest.raises(Conflict, match="civic check"):
        await register.open_situation(otto, card, situation, "To answer her point.")
    with pytest.raises(sealing.CannotOpen, match=sealed_under):
        await register.seal_under_newest_key()
    configuration.use(replace(old, data_keys=("another key", *old.data_keys)))
    assert await register.seal_under_newest_key() == 1
    assert SECRET in (await browser.get(own)).text, "nothing was lost"
    configuration.use(replace(old, data_keys=("a third key",)))
    assert (await fill(browser, own, f"{own}/erasure")).status_code == 303, (
        "its author erases it all the same"
    )
    assert await _sealed() == ""
    assert SECRET not in caplog.text


async def test_one_missing_key_does_not_keep_others_from_being_sealed_again(database):
    _process, _ada, _otto, lost, _situation = await a_told_proposal()
    old = configuration.current()
    configuration.use(replace(old, data_keys=("second",)))
    _process, _bo, _otto, kept, _situation = await a_told_proposal()
    configuration.use(replace(old, data_keys=("third", "second")))
    with pytest.raises(sealing.CannotOpen):
        await register.seal_under_newest_key()
    configuration.use(replace(old, data_keys=("third",)))
    assert await said.own_words(kept.id) == TOLD.words
    assert await said.own_words(lost.id) is None


async def test_a_failure_gives_words_back_to_their_sender_alone_and_logs_none(app, caplog, monkeypatch):
    process = await a_process()
    browser = await sign_in(visitor(app), await a_person("Ada Alm"))
    new, action = f"/processes/{process.slug}/proposals/new", f"/processes/{process.slug}/proposals"

    async def breaks(*_args: object, **_named: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("civic.contributions.actions.submitting.seal_situation", breaks)
    with caplog.at_level("DEBUG"):
        broken = await fill(browser, new, action, **WORDS, situation_touches=f"My {SECRET}.")
    assert broken.status_code == 500
    assert SECRET in broken.text, "as every form does: what was typed is not lost"
    assert "no-store" in broken.headers["cache-control"]
    assert caplog.records
    assert SECRET not in caplog.text
    assert not [record for record in caplog.records if SECRET in repr(vars(record))]
    assert SECRET not in await everything()
