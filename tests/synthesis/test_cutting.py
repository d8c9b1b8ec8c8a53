"""Cutting by selected words, suggestions that a person accepts, and the second reader."""

from __future__ import annotations

import hashlib

import pytest

from civic.contributions.models import Claim, ClaimKind, ClaimSpan, Restatement
from civic.decisions import actions as decisions
from civic.decisions import queries as decided
from civic.decisions.queries import near_texts
from civic.foundation import clock
from civic.foundation.errors import Conflict, Refused
from civic.ledger.queries import leaves_of
from civic.notices.models import Notice
from civic.synthesis import actions, queries
from civic.synthesis.forms import PointDraft, digest_of
from civic.synthesis.models import SecondReading, Segmentation
from civic.synthesis.queries import TextState
from civic.synthesis.rules import Known, Stretch, alike, suggestions
from tests.cast import a_comment, a_person, a_proposal, after_the_freeze, claim_of
from tests.conftest import visitor
from tests.decisions.desk import a_town, browser_of, errors_of, read, send
from tests.decisions.test_publication import SIGNED, answered
from tests.synthesis.scene import BACK, RIGHT, TWO, a_cut, a_reading, desk_of, points_of, text_of

REQUEST, FACT = ClaimKind.REQUEST, ClaimKind.FACT


def selected(body: str, words: str, part: str = "text") -> Stretch:
    start = body.index(words)
    return Stretch(part, start, start + len(words), digest_of(words))


async def test_selected_words_are_code_points_on_the_version_and_kept_as_a_digest(database):
    town = await a_town()
    body = "🚲 Ça va : « l’été », 12 vélos. Et puis\nrien."
    proposal = await a_proposal(town.ada, town.process, title="Bikes", body=body)
    claim = await claim_of(proposal.public_id)
    (words,) = [selected(body, "« l’été », 12 vélos")]
    point = PointDraft((), FACT, "Twelve.", (words,))
    (opened,) = await actions.cut(town.otto, await text_of(claim), [point], version=1)
    (span,) = await ClaimSpan.filter(claim_id=opened.id)
    assert (span.part, span.start, span.end) == ("text", 10, 29)
    assert body[span.start : span.end] == "« l’été », 12 vélos"
    assert span.digest == hashlib.sha256(f"{span.salt}\0« l’été », 12 vélos".encode()).hexdigest()
    (card,) = await points_of(claim)
    assert card.words == "« l’été », 12 vélos"


@pytest.mark.parametrize(
    "stretch",
    [
        Stretch("text", 0, 8, digest_of("Children are many")),
        Stretch("text", 0, 99_999, digest_of("Children")),
        Stretch("text", 8, 9, digest_of(" ")),
        Stretch("title", 0, 8, digest_of("Children")),
    ],
)
async def test_words_that_do_not_stand_there_are_not_cut(database, stretch):
    town = await a_town()
    with pytest.raises(Refused, match="has changed"):
        await actions.cut(
            town.otto, await text_of(town.first), [PointDraft((), FACT, "", (stretch,))], version=1
        )
    assert await Segmentation.all().count() == 0


async def test_no_word_counts_twice(database):
    town = await a_town()
    text = await text_of(town.first)
    part = selected(text.body, "four times a day")
    for points in (
        [PointDraft((1,), REQUEST), PointDraft((), FACT, "", (part,))],
        [PointDraft((1,), REQUEST, "", (part,))],
    ):
        with pytest.raises(Refused, match="one point only"):
            await actions.cut(town.otto, text, points, version=1)
    cut = [PointDraft((2,), REQUEST), PointDraft((), FACT, "", (part,))]
    assert len(await actions.cut(town.otto, text, cut, version=1)) == 2


async def test_words_are_selected_on_the_page_and_checked_on_the_server(app):
    town = await a_town()
    otto = await browser_of(app, town.otto)
    page = f"/desk/claims/{town.first.public_id}/points"
    shown = await read(otto, page)
    assert 'data-cut-part="text"' in shown
    assert "synthesis" in shown
    given = {"step": "add", "kind": "request", "selection": "text-0-8", "selected": "Children"}
    added = await send(otto, page, page, 200, **given)
    digest = digest_of("Children")
    assert f'value="text-0-8-{digest}|request|"' in added.text
    assert "Children cross it" not in added.text.split("Or tick whole sentences")[1].split("</fieldset>")[0]
    odd = await send(otto, page, page, 403, step="cut", point=f"text-0-8-{'0' * 64}|request|")
    assert "has changed" in odd.text
    none = await send(otto, page, page, 422, step="add", kind="request", selection="body-0-8", selected="x")
    assert "Tick the sentences of this point." in errors_of(none.text)
    await send(otto, page, page, step="cut", point=f"text-0-8-{digest}|request|")
    assert [one.words for one in await points_of(town.first)] == ["Children"]


async def test_one_goes_on_to_the_next_text(app):
    town = await a_town()
    otto = await browser_of(app, town.otto)
    page = f"/desk/claims/{town.first.public_id}/points"
    on = await send(otto, page, page, step="next", sentence="0", kind="request")
    assert on.headers["location"] == f"/desk/claims/{town.second.public_id}/points"
    page = on.headers["location"]
    done = await send(otto, page, page, step="next", sentence="0", kind="question")
    assert done.headers["location"] == f"/desk/texts?process={town.process.slug}"


async def test_r14_a_suggestion_counts_only_when_a_person_accepts_it(app):
    town = await a_town()
    otto = await browser_of(app, town.otto)
    page = f"/desk/claims/{town.first.public_id}/points"
    shown = await read(otto, page)
    assert "They count only when you accept them." in shown
    before = len((await decided.desk_of(town.decision)).points)
    assert before == 2
    accepted = await send(otto, page, page, 200, accept="1")
    assert "suggested, accepted by you" in accepted.text
    assert 'value="~1|request|"' in accepted.text
    assert len((await decided.desk_of(town.decision)).points) == before
    every = await send(otto, page, page, 200, accept="all")
    assert every.text.count('value="~') == 3
    await send(otto, page, page, step="cut", point=["~1|request|", "2|fact|"])
    made = await Claim.filter(retired_at=None, contribution_id=town.first.contribution_id).order_by("number")
    assert [(one.origin, one.found_by_id) for one in made] == [
        ("suggested", town.otto.participant),
        ("official", town.otto.participant),
    ]
    assert len((await decided.desk_of(town.decision)).points) == 3


async def test_r14_a_suggested_point_nobody_accepted_is_no_point(database):
    town = await a_town()
    await Claim.create(
        public_id="s" * 26,
        contribution_id=town.first.contribution_id,
        number=9,
        kind=REQUEST,
        origin="suggested",
        found_at=clock.now(),
    )
    assert [one.id for one in await points_of(town.first)] == [town.first.id]
    assert len((await decided.desk_of(town.decision)).points) == 2
    assert (await queries.counts_of_texts(town.process.id))[TextState.UNREAD] == 0


def test_a_suggestion_takes_over_how_the_same_sentence_was_understood():
    known = {alike("Close the street, now!"): Known(REQUEST, "The street closes.")}
    found = suggestions(
        [
            (0, "Good morning,"),
            (1, "close the STREET now."),
            (2, "And who pays for it?"),
            (3, "Ada Alm wrote"),
        ],
        FACT,
        known,
        taken={3},
    )
    assert [(one.sentence, one.kind, one.restatement) for one in found] == [
        (1, REQUEST, "The street closes."),
        (2, ClaimKind.QUESTION, ""),
    ]


async def test_a_text_that_says_nearly_the_same_is_shown_with_its_points(app):
    town = await a_town()
    body = "Children cross it four times a day. There is no other way to school!"
    twin = await a_proposal(
        town.bo, town.process, title="Close Mill Street to all through traffic", body=body
    )
    await a_proposal(town.bo, town.process, title="A tap for dogs", body="Water for the dogs of the park.")
    await a_cut(town)
    claim = await claim_of(twin.public_id)
    (near,) = await near_texts(await text_of(claim))
    assert near.contribution.id == town.first.contribution_id
    assert near.is_cut
    assert near.percent >= 60
    otto = await browser_of(app, town.otto)
    shown = await read(otto, f"/desk/claims/{claim.public_id}/points")
    assert "Nearly the same words" in shown
    assert f"/desk/texts/{near.contribution.public_id}" in shown


async def test_the_second_reader_is_not_who_cut(database):
    town = await a_town()
    claims = await a_cut(town)
    desk = await desk_of(town.first)
    with pytest.raises(Refused, match="You cut this text"):
        await actions.read_second(town.otto, desk.contribution, RIGHT, seen=desk.seen)
    with pytest.raises(Refused, match="Only the officials"):
        await actions.read_second(town.ada, desk.contribution, RIGHT, seen=desk.seen)
    with pytest.raises(Conflict):
        await actions.read_second(town.olga, desk.contribution, RIGHT, seen=claims[0].public_id)
    await a_reading(town)
    assert {one.second_reader_id for one in await Claim.filter(retired_at=None).exclude(origin="whole")} == {
        town.olga.participant
    }
    assert [one.type for one in await leaves_of(claims[0].public_id)] == ["claim.segmented", "claim.read"]
    desk = await desk_of(town.first)
    with pytest.raises(Refused, match="was read by two people"):
        await actions.read_second(town.olga, desk.contribution, RIGHT, seen=desk.seen)


async def test_points_sent_back_are_cut_again(database):
    town = await a_town()
    await a_cut(town)
    await a_reading(town, BACK)
    assert (await SecondReading.get()).note == BACK.note
    assert (await Notice.get(kind="points.returned")).recipient == f"participant/{town.otto.public_id}"
    counts = await queries.counts_of_texts(town.process.id)
    assert (counts[TextState.RETURNED], counts[TextState.UNREAD]) == (1, 0)
    await decisions.cut_into_points(town.otto, (await points_of(town.first))[0].public_id, TWO[:1], version=1)
    counts = await queries.counts_of_texts(town.process.id)
    assert (counts[TextState.RETURNED], counts[TextState.UNREAD]) == (0, 1)


async def test_cutting_again_begins_with_the_points_and_the_note(app):
    town = await a_town()
    first, _ = await a_cut(town)
    await a_reading(town, BACK)
    otto = await browser_of(app, town.otto)
    page = f"/desk/claims/{first.public_id}/points"
    shown = await read(otto, page)
    assert BACK.note in shown
    assert "Cut into these 2 points" in shown
    await send(otto, page, page, step="cut")
    again = await points_of(town.first)
    assert [(one.words, one.kind, one.restatement) for one in again] == [
        ("Close Mill Street to through traffic", "request", TWO[0].restatement),
        ("Children cross it four times a day. There is no other way to school.", "fact", TWO[1].restatement),
    ]
    assert {one.id for one in again}.isdisjoint({first.id})


async def test_the_list_says_what_is_left_to_do(app):
    town = await a_town()
    await a_comment(town.ada, await _proposal(town), "And the noise?")
    otto, olga = await browser_of(app, town.otto), await browser_of(app, town.olga)
    counts = await queries.counts_of_texts(town.process.id)
    assert counts[TextState.UNCUT] == 3
    await a_cut(town)
    await Claim.filter(id=town.second.id).update(origin="imported")
    counts = await queries.counts_of_texts(town.process.id)
    assert {state: n for state, n in counts.items() if n} == {
        TextState.UNCUT: 1,
        TextState.UNREAD: 1,
        TextState.IMPORTED: 1,
        TextState.TO_CHECK: 1,
    }
    first, more = await queries.texts_of(town.process.id, TextState.UNREAD, limit=1)
    assert (first[0].points, first[0].cut_by, more) == (2, "Otto Ohm", None)
    for state in TextState:
        await read(otto, f"/desk/texts?process={town.process.slug}&state={state}")
    await read(otto, "/desk/texts?process=nowhere", 404)
    page = f"/desk/texts/{first[0].public_id}"
    assert "You cut this text" in await read(otto, page)
    await send(olga, page, f"{page}/readings", 422, verdict="return", note="")
    await send(olga, page, f"{page}/readings", verdict="confirm")
    assert "read by two people" in await read(otto, page)
    zoe = await browser_of(app, await a_person("Zoe Zahn", "official", process="0" * 26))
    await read(zoe, page, 404)
    assert "No process to work on" in await read(zoe, "/desk/texts")
    await read(visitor(app), "/desk/texts", 303)


async def test_a_text_with_a_published_answer_is_left_alone(database):
    town = await a_town()
    await answered(town)
    with after_the_freeze(town.process):
        await decisions.publish(town.dora, town.decision, SIGNED)
        counts = await queries.counts_of_texts(town.process.id, decided.SETTLED)
        assert not any(counts.values())
        assert (await queries.counts_of_texts(town.process.id))[TextState.UNCUT] == 2


async def _proposal(town):
    from civic.proposals.queries import visible_proposal

    return await visible_proposal(town.ada, town.proposal)


async def test_a_point_is_put_better_and_read_again(app):
    town = await a_town()
    claims = await a_cut(town)
    await a_reading(town)
    otto = await browser_of(app, town.otto)
    page = f"/desk/points/{claims[0].public_id}"
    await send(otto, page, page, 422, restatement="")
    await send(otto, page, page, restatement="Through traffic leaves the street.")
    assert [one.text for one in await Restatement.filter(claim_id=claims[0].id).order_by("number")] == [
        TWO[0].restatement,
        "Through traffic leaves the street.",
    ]
    assert (await Claim.get(id=claims[0].id)).second_reader_id is None
    late = await send(otto, page, page, 409, restatement="Mine.", expected_version="1")
    assert "have changed meanwhile" in late.text
    assert "Mine." in late.text
