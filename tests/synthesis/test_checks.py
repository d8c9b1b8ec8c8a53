"""The understanding check: one link, one answer; confirmed, put right, missed, or silent (4.6, R4, R5)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from civic.contributions import actions as register
from civic.contributions.models import Claim, Restatement
from civic.decisions import actions as decisions
from civic.foundation import clock, ids
from civic.foundation import database as db
from civic.foundation.errors import Conflict, NotFound, Refused
from civic.foundation.viewer import Viewer
from civic.ledger.queries import leaves_of
from civic.notices.models import Notice
from civic.processes.models import Profile
from civic.synthesis import actions, queries
from civic.synthesis.models import CheckAnswer, UnderstandingCheck
from tests.cast import a_person, a_refusal, mailed_path, told
from tests.conftest import visitor
from tests.decisions.desk import a_town, browser_of, errors_of, read, send
from tests.synthesis.scene import TWO, a_check, a_cut, a_reading, points_of, say, states, text_of

LATER = timedelta(days=12)


async def test_the_author_gets_one_message_with_one_link_whose_digest_alone_is_kept(database):
    town = await a_town()
    check = await a_check(town)
    token = (await mailed_path("check.link")).removeprefix("/checks/")
    assert check.token_hash == ids.hash_token(token)
    assert await Notice.filter(kind="check.link").count() == 1
    assert "check.sent" in await told(town.ada)
    assert await states(town.first) == ["sent", "sent"]
    assert [one.type for one in await leaves_of(check.public_id)] == ["check.sent"]
    with pytest.raises(Refused, match="asked already"):
        await actions.send_check(town.otto, await text_of(town.first))


async def test_the_mail_leaves_with_its_link_while_there_is_time(database):
    from civic.notices.actions import delivering

    town = await a_town()
    await a_check(town)
    (row,) = await db.rows(
        "SELECT kind, data, retracted_at, 0 AS stopped FROM notice WHERE kind = 'check.link'"
    )
    assert delivering._why_not(row) == ""
    with clock.at(clock.now() + LATER):
        assert delivering._why_not(row) == "its link is over"


async def test_the_link_is_answered_without_an_account_and_opens_nothing_afterwards(app):
    town = await a_town()
    await a_check(town)
    path, stranger = await mailed_path("check.link"), visitor(app)
    first, second = await points_of(town.first)
    shown = await read(stranger, path)
    assert TWO[0].restatement in shown
    lacking = await send(stranger, path, path, 422, **{f"verdict_{first.public_id}": "no"})
    assert len(errors_of(lacking.text)) == 2
    assert await states(town.first) == ["sent", "sent"]
    said = {
        f"verdict_{first.public_id}": "yes",
        f"verdict_{second.public_id}": "no",
        f"words_{second.public_id}": "There is no other way.",
    }
    done = await send(stranger, path, path, **said)
    assert "Your check has arrived" in await read(stranger, done.headers["location"])
    assert await states(town.first) == ["confirmed", "corrected"]
    assert "Nothing to check here" in await read(stranger, path, 404)
    again = await stranger.post(path, data={"csrf": "x"})
    assert again.status_code in (403, 404)
    versions = await Restatement.filter(claim_id=second.id).order_by("number")
    assert [(one.number, one.by_contributor) for one in versions] == [(1, False), (2, True)]
    assert (await Claim.get(id=second.id)).restatement == "There is no other way."
    assert [one.type for one in await leaves_of(first.public_id)][-1] == "claim.confirmed"
    assert [one.type for one in await leaves_of(second.public_id)][-1] == "claim.corrected"
    assert "check.answered" in await told(town.otto)


async def test_reading_the_link_uses_nothing_up(app):
    town = await a_town()
    await a_check(town)
    path = await mailed_path("check.link")
    for _ in range(2):
        await read(visitor(app), path)
        await read(visitor(app), path + "?print=1")
    assert (await UnderstandingCheck.get()).answered_at is None


async def test_a_link_is_bound_to_its_text_and_dies_with_its_time(database):
    town = await a_town()
    check = await a_check(town)
    token = (await mailed_path("check.link")).removeprefix("/checks/")
    found, contribution, _ = await queries.check_of_link(token)
    assert (found.id, contribution.id) == (check.id, town.first.contribution_id)
    with pytest.raises(NotFound):
        await queries.check_of_link(check.public_id)
    with clock.at(clock.now() + LATER), pytest.raises(NotFound):
        await queries.check_of_link(token)
    with clock.at(clock.now() + LATER), pytest.raises(NotFound):
        await say(town.ada, check, "")
    await register.hide(town.first.contribution_id, "test/1")
    with pytest.raises(NotFound):
        await queries.check_of_link(token)


async def test_an_older_link_opens_nothing_once_the_points_were_cut_again(database):
    town = await a_town()
    await a_check(town)
    token = (await mailed_path("check.link")).removeprefix("/checks/")
    (first, _) = await points_of(town.first)
    await decisions.cut_into_points(town.otto, first.public_id, TWO[:1], version=1)
    with pytest.raises(NotFound):
        await queries.check_of_link(token)
    await a_reading(town)
    await actions.send_check(town.otto, await text_of(town.first))
    with pytest.raises(NotFound):
        await queries.check_of_link(token)
    await queries.check_of_link((await mailed_path("check.link")).removeprefix("/checks/"))


async def test_a_missed_point_becomes_a_point_and_alone_is_checked_again(database):
    town = await a_town()
    check = await a_check(town)
    await say(town.ada, check, "", "", missed="four times a day")
    points = await points_of(town.first)
    assert [(one.origin, one.check_state) for one in points] == [
        ("official", "confirmed"),
        ("official", "confirmed"),
        ("contributor", "found"),
    ]
    assert (points[2].words, points[2].restatement) == ("four times a day", "four times a day")
    again = await actions.send_check(town.otto, await text_of(town.first))
    assert await states(town.first) == ["confirmed", "confirmed", "sent"]
    _, _, asked = await queries.check_by_public_id(again.public_id)
    assert [one.id for one in asked] == [points[2].id]
    assert (await queries.understanding_of([points[2].id]))[points[2].id].is_missed


async def test_a_point_its_author_added_outlives_another_cut(database):
    town = await a_town()
    await say(town.ada, await a_check(town), "", "", missed="Think of the bakery too.")
    first, _, missed = await points_of(town.first)
    await decisions.cut_into_points(town.otto, first.public_id, TWO[:1], version=1)
    left = await points_of(town.first)
    assert [one.origin for one in left] == ["contributor", "official"]
    assert left[0].id == missed.id


async def test_a_missed_point_in_other_words_rests_on_the_whole_text(database):
    town = await a_town()
    await say(town.ada, await a_check(town), "", "", missed="Think of the bakery too.")
    missed = (await points_of(town.first))[2]
    text = await text_of(town.first)
    assert missed.words == f"{text.title} {text.body}"
    assert missed.restatement == "Think of the bakery too."


async def test_r5_silence_is_silence_and_never_a_yes(database):
    town = await a_town()
    check = await a_check(town)
    assert await actions.close_unanswered() == 0
    with clock.at(clock.now() + LATER):
        assert await actions.close_unanswered() == 1
        assert await actions.close_unanswered() == 0
        assert await states(town.first) == ["silent", "silent"]
        understood = await queries.understanding_of([one.id for one in await points_of(town.first)])
    assert {one.state for one in understood.values()} == {"silent"}
    assert [one.type for one in await leaves_of(check.public_id)] == ["check.sent", "check.silent"]
    mine, _ = await queries.rates_of(town.process.id, town.otto.participant)
    assert (mine.confirmed, mine.silent) == (0, 2)


async def test_r4_no_answer_before_the_author_confirmed_put_right_or_said_nothing(app):
    town = await a_town(profile=Profile.FULL)
    with pytest.raises(Refused, match="Ask the author first"):
        await decisions.draft_answer(town.otto, town.first.public_id, a_refusal(), expected_version=0)
    check = await a_check(town)
    first, second = await points_of(town.first)
    otto = await browser_of(app, town.otto)
    assert "The author is being asked" in await read(otto, f"/desk/claims/{first.public_id}")
    with pytest.raises(Refused, match="is being asked"):
        await decisions.draft_answer(town.otto, first.public_id, a_refusal(), expected_version=0)
    await say(town.ada, check, "", None)
    await decisions.draft_answer(town.otto, first.public_id, a_refusal(), expected_version=0)
    with pytest.raises(Refused, match="is being asked"):
        await decisions.draft_answer(town.otto, second.public_id, a_refusal(), expected_version=0)
    with clock.at(clock.now() + LATER):
        await actions.close_unanswered()
        assert await states(town.first) == ["confirmed", "silent"]
        await decisions.draft_answer(town.otto, second.public_id, a_refusal(), expected_version=0)


async def test_r4_a_text_changed_before_the_freeze_is_checked_again(database):
    from civic.contributions.forms import Words
    from civic.proposals import actions as proposals
    from civic.proposals.forms import ProposalEdit
    from civic.proposals.queries import visible_proposal

    town = await a_town(profile=Profile.FULL)
    check = await actions.send_check(town.otto, await text_of(town.first))
    await say(town.ada, check, "")
    await decisions.draft_answer(town.otto, town.first.public_id, a_refusal(), expected_version=0)
    seen = await visible_proposal(town.ada, town.proposal)
    edit = ProposalEdit(Words(seen.title, "Close it on Sundays only."), "Less.", 1)
    await proposals.revise_proposal(town.ada, seen, edit)
    assert await states(town.first) == ["found"]
    with pytest.raises(Refused, match="Ask the author first"):
        await decisions.confirm_answer(town.otto, town.first.public_id, expected_version=1)


async def test_in_the_light_profile_a_check_is_sent_when_an_official_asks_for_it(database):
    town = await a_town()
    await decisions.draft_answer(town.otto, town.second.public_id, a_refusal(), expected_version=0)
    await a_cut(town)
    await actions.send_check(town.otto, await text_of(town.first))
    assert await states(town.first) == ["sent", "sent"]


async def test_in_the_full_profile_two_people_read_before_the_author_is_asked(database):
    town = await a_town(profile=Profile.FULL)
    await a_cut(town)
    with pytest.raises(Refused, match="Somebody else reads"):
        await actions.send_check(town.otto, await text_of(town.first))
    for viewer in (town.ada, town.olga):
        with pytest.raises(Refused, match="who write the answers"):
            await actions.send_check(viewer, await text_of(town.first))
    await a_reading(town)
    await actions.send_checks(town.otto, [await text_of(town.first), await text_of(town.second)])
    assert await states(town.second) == ["sent"]
    gone = await text_of(town.second)
    await register.withdraw(town.bo, gone, "Wrong.")
    with pytest.raises(Conflict):
        await actions.send_check(town.otto, gone)


async def test_the_author_answers_from_their_account_or_with_the_code(app):
    town = await a_town()
    check = await a_check(town)
    number = (await text_of(town.first)).number
    path = f"/contributions/{number}/check"
    assert "Nothing to check here" in await read(visitor(app), path, 404)
    await read(await browser_of(app, town.bo), path, 404)
    ada = await browser_of(app, town.ada)
    assert TWO[1].restatement in await read(ada, path)
    assert path in await read(ada, f"/contributions/{number}")
    with pytest.raises(Refused, match="Only the person"):
        await say(town.bo, check, "", "")
    guest = Viewer(passes=frozenset({(await text_of(town.first)).public_id}))
    await say(guest, check, "", "")
    assert "Confirmed by me on" in await read(ada, f"/contributions/{number}")
    assert "Confirmed by its author on" in await read(visitor(app), f"/contributions/{number}")


async def test_a_slip_is_typed_in_by_staff_and_says_so(app):
    town = await a_town()
    await a_check(town)
    number = (await text_of(town.first)).number
    otto = await browser_of(app, town.otto)
    check = await UnderstandingCheck.get()
    page = f"/desk/checks/{check.public_id}"
    slip = await read(otto, page + "?print=1")
    assert number in slip
    assert "Tick one box for each" in slip
    found = await otto.get(f"/desk/checks?number={number.lower()}")
    assert found.headers["location"] == page
    assert "No check waits" in await read(otto, "/desk/checks?number=P1-2026-000009-X", 422)
    await read(otto, "/desk/checks")
    first, second = await points_of(town.first)
    await send(otto, page, page, 422)
    await send(otto, page, page, **{f"verdict_{first.public_id}": "yes"})
    assert await states(town.first) == ["confirmed", "sent"]
    assert (await UnderstandingCheck.get()).entered_by_id == town.otto.participant
    await read(otto, page, 404)
    zoe = await browser_of(app, await a_person("Zoe Zahn", "official", process="0" * 26))
    await read(zoe, page, 404)
    await read(zoe, f"/desk/checks?number={number}", 422)
    with clock.at(clock.now() + LATER):
        await actions.close_unanswered()
    assert await states(town.first) == ["confirmed", "silent"]


async def test_who_cannot_be_told_gets_a_slip(app):
    town = await a_town()
    async with db.transaction():
        await db.execute("UPDATE contribution SET author_id = NULL WHERE id = ?", town.second.contribution_id)
    otto = await browser_of(app, town.otto)
    page = f"/desk/texts/{(await text_of(town.second)).public_id}"
    assert "The slip can be printed and handed over." in await read(otto, page)
    await send(otto, page, f"{page}/check")
    assert "Print the slip" in await read(otto, page)
    assert not await Notice.filter(kind__startswith="check.").exists()


async def test_several_authors_are_asked_at_once(app):
    town = await a_town(profile=Profile.FULL)
    await a_cut(town)
    await a_reading(town)
    otto = await browser_of(app, town.otto)
    page = f"/desk/texts?process={town.process.slug}&state=to_check"
    await send(otto, page, "/desk/texts/checks", 422)
    await send(otto, page, "/desk/texts/checks", text=(await text_of(town.first)).public_id)
    assert await states(town.first) == ["sent", "sent"]
    olga = await browser_of(app, town.olga)
    text = (await text_of(town.second)).public_id
    await Claim.filter(id=town.second.id).update(origin="imported")
    await send(olga, page, "/desk/texts/checks", 403, text=text)


async def test_rates_are_my_own_and_the_team_s_from_five_people_on(app):
    town = await a_town()
    check = await a_check(town)
    await say(town.ada, check, "", "In my words.", missed="The bakery.")
    mine, team = await queries.rates_of(town.process.id, town.otto.participant)
    assert (mine.confirmed, mine.corrected, mine.missed, mine.silent, mine.total) == (1, 1, 1, 0, 3)
    assert team is None
    other, _ = await queries.rates_of(town.process.id, town.olga.participant)
    assert other.total == 0
    otto = await browser_of(app, town.otto)
    page = await read(otto, f"/desk/texts?process={town.process.slug}")
    assert "1 of 3" in page
    assert "Shown once five people have cut texts here" in page
    from civic.synthesis.models import Segmentation

    cut = await Segmentation.get()
    for name in ("Una", "Vic", "Wim", "Xia"):
        person = await a_person(name)
        await Segmentation.create(
            contribution_id=town.second.contribution_id,
            version_id=cut.version_id,
            cut_by_id=person.participant,
            cut_at=clock.now(),
        )
    _, team = await queries.rates_of(town.process.id, town.otto.participant)
    assert team is not None
    assert team.total == 3
    assert await CheckAnswer.all().count() == 3


async def test_what_the_author_has_said_is_not_put_another_way(database):
    town = await a_town()
    check = await a_check(town)
    first, _ = await points_of(town.first)
    text = await text_of(town.first)
    with pytest.raises(Refused, match="being asked"):
        await actions.reword(town.otto, first, text, "Otherwise.", expected=1)
    await say(town.ada, check, "", "")
    first, _ = await points_of(town.first)
    with pytest.raises(Refused, match="has spoken"):
        await actions.reword(town.otto, first, text, "Otherwise.", expected=1)
