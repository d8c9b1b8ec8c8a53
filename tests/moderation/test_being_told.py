"""Who hears what of a measure: the author, those who reported, the moderators. Once each, and truly."""

import json
from datetime import timedelta

import pytest

from civic.accounts.actions import change_language
from civic.contributions import queries as register
from civic.contributions.forms import Words
from civic.foundation import clock
from civic.foundation.database import rows
from civic.foundation.errors import Refused
from civic.foundation.viewer import STRANGER
from civic.moderation import actions, queries
from civic.moderation.actions import deciding, telling
from civic.moderation.forms import MeasureDraft, RulingDraft, StatementDraft
from civic.moderation.models import Ground, Measure
from civic.notices.content import letter
from tests.cast import a_comment, a_person, as_viewer, fill, sign_in, told
from tests.conftest import visitor
from tests.moderation.scene import REASONS, a_reported_comment, hide, report, the_case, visibility
from tests.trace.scene import a_published_answer

REPHRASE = MeasureDraft(Measure.REPHRASE, 2, "", "", REASONS)
MONTH = StatementDraft(**{**REASONS.__dict__, "duration": "one_month"})


async def told_reporters() -> list[str]:
    """Name the kinds of message that went to who reported without an account."""
    found = await rows("SELECT DISTINCT kind FROM notice WHERE recipient LIKE 'report/%' ORDER BY kind")
    return [row["kind"] for row in found]


async def mailed(kind: str) -> int:
    sql = "SELECT count(*) AS n FROM mail m JOIN notice n ON n.id = m.notice_id WHERE n.kind = ?"
    return int((await rows(sql, kind))[0]["n"])


async def test_an_upheld_appeal_is_told_once(database):
    scene = await a_reported_comment()
    decided = await hide(scene)
    await actions.appeal(scene["bo"], decided, "I named nobody.")
    decided = await queries.visible_decision(scene["max"], decided.public_id)
    await actions.rule(scene["max"], decided, RulingDraft(True, "Criticism of a group is allowed."))
    kinds = await told(scene["bo"])
    assert "moderation.appeal_upheld" in kinds
    assert "moderation.restored" not in kinds


async def test_keeping_a_rewritten_text_tells_its_author_and_who_reported(database):
    scene = await a_reported_comment()
    decided = await hide(scene, draft=REPHRASE)
    bo = await as_viewer(scene["bo"].participant)
    await actions.rewrite(bo, decided, Words("", "The traders hide their figures."), expected_version=1)
    assert "moderation.rewritten" in await told(scene["max"])
    case = await the_case(scene["max"])
    assert case.rewritten_at is not None
    await actions.decide(scene["max"], case, MeasureDraft(Measure.KEEP, case.version, "", "", None))
    assert await visibility(scene) == "public"
    assert "moderation.restored" in await told(scene["bo"])
    assert await told_reporters() == ["report.received", "report.restored", "report.restricted"]


async def test_a_text_hidden_until_it_is_rewritten_can_be_rewritten_until_it_is_shown_again(app):
    scene = await a_reported_comment()
    length = StatementDraft(**{**REASONS.__dict__, "duration": "until_rewritten"})
    decided = await hide(scene, draft=MeasureDraft(Measure.HIDE, 2, "", "", length))
    page = f"/moderation/statements/{decided.statement}"
    async with visitor(app) as bo:
        await sign_in(bo, scene["bo"])
        sent = await fill(bo, page, f"{page}/words", body="The traders hide their figures.", version="1")
        assert sent.status_code == 303
        case = await the_case(scene["max"])
        assert case.rewritten_at is not None
        await actions.decide(scene["max"], case, MeasureDraft(Measure.KEEP, case.version, "", "", None))
        assert f"{page}/words" not in (await bo.get(page)).text


async def test_asking_to_rephrase_lasts_until_it_is_rewritten_whatever_was_chosen(database):
    scene = await a_reported_comment()
    decided = await hide(scene, draft=MeasureDraft(Measure.REPHRASE, 2, "", "", MONTH))
    assert decided.duration == "Until the author writes it another way"
    assert decided.ends_at is None


async def test_a_measure_for_a_month_ends_by_itself(database):
    scene = await a_reported_comment()
    await hide(scene, draft=MeasureDraft(Measure.HIDE, 2, "", "", MONTH))
    await actions.end_measures()
    assert await visibility(scene) == "restricted"
    with clock.at(clock.now() + timedelta(days=31)):
        assert await actions.end_measures() == 1
        assert await actions.end_measures() == 0
    assert await visibility(scene) == "public"
    assert "moderation.restored" in await told(scene["bo"])
    assert "report.restored" in await told_reporters()


async def test_undoing_a_restoration_tells_nobody_that_the_text_is_back(database, monkeypatch):
    scene = await a_reported_comment()
    await hide(scene)
    await report(scene["bo"], scene["case"].subject.key)
    case = await the_case(scene["max"])
    for place in (deciding, telling):
        monkeypatch.setattr(place, "hold", lambda: timedelta(minutes=10))
    restore = MeasureDraft(Measure.RESTORE, case.version, "It names nobody.", "", None)
    decision = await actions.decide(scene["max"], case, restore)
    await actions.undo(scene["max"], await queries.visible_decision(scene["max"], decision.public_id))
    waiting = await rows(
        "SELECT m.id FROM mail m JOIN notice n ON n.id = m.notice_id "
        "WHERE n.kind = 'moderation.restored' AND m.state = 'waiting'"
    )
    assert waiting == []


async def test_who_reported_reads_what_was_done_and_the_rule(database):
    scene = await a_reported_comment()
    await hide(scene)
    (row,) = await rows("SELECT data FROM notice WHERE kind = 'report.restricted'")
    data = json.loads(row["data"]) if isinstance(row["data"], str) else row["data"]
    lines = letter("report.restricted", data, "fr").lines
    assert any("Le texte est masqué." in line for line in lines)
    assert any("Article 3" in line for line in lines)
    assert all(line.strip() for line in lines)


async def test_the_author_s_message_holds_the_whole_statement_of_reasons(database):
    scene = await a_reported_comment()
    decided = await hide(scene)
    (row,) = await rows("SELECT data FROM notice WHERE kind = 'moderation.hidden' AND in_app")
    data = json.loads(row["data"]) if isinstance(row["data"], str) else row["data"]
    words = "\n".join(letter("moderation.hidden", data, "en").lines)
    for part in (decided.rule_text, decided.passage, decided.facts, decided.effect, decided.duration):
        assert part in words
    assert "free of charge" in words


async def test_moderators_get_a_mail_for_the_first_case_and_for_what_is_urgent(database):
    scene = await a_reported_comment()
    moderators = 2
    assert await mailed("moderation.case_opened") == moderators
    second = await a_comment(scene["ada"], scene["proposal"], "Buy my soap.")
    await report(STRANGER, f"contribution/{second.contribution.public_id}", Ground.SPAM, network=2)
    assert await mailed("moderation.case_opened") == moderators
    await report(STRANGER, f"contribution/{second.contribution.public_id}", Ground.DANGER, network=3)
    assert await mailed("moderation.case_opened") == 2 * moderators


async def test_every_decision_of_the_hold_can_be_undone_from_the_queue(app, monkeypatch):
    scene = await a_reported_comment()
    other = await a_comment(scene["ada"], scene["proposal"], "Buy my soap.")
    await report(STRANGER, f"contribution/{other.contribution.public_id}", Ground.SPAM, network=2)
    monkeypatch.setattr(deciding, "hold", lambda: timedelta(minutes=10))
    await hide(scene)
    case = await the_case(scene["mira"])
    await actions.decide(scene["mira"], case, MeasureDraft(Measure.KEEP, case.version, "", "", None))
    first, second = reversed(await queries.in_hold(scene["mira"]))
    async with visitor(app) as desk:
        await sign_in(desk, scene["mira"])
        shown = (await desk.get("/moderation")).text
        assert "crooks" in shown
        for one in (first, second):
            assert f"/moderation/decisions/{one['public_id']}/undo" in shown
        path = f"/moderation/decisions/{first['public_id']}/undo"
        page = f"/moderation/cases/{scene['case'].public_id}"
        assert (await fill(desk, page, path)).status_code == 303
    assert await visibility(scene) == "public"


async def test_the_reason_starts_in_the_language_its_author_reads(app):
    scene = await a_reported_comment()
    await change_language(scene["bo"], "fr")
    async with visitor(app) as desk:
        await sign_in(desk, scene["mira"])
        shown = (await desk.get(f"/moderation/cases/{scene['case'].public_id}")).text
    assert "Le passage insulte, menace ou discrimine" in shown
    assert "Français" in shown


async def an_answer_asked_to_be_rephrased():
    """Zoe reports an official answer; Mira asks for other words."""
    scene = await a_published_answer()
    here = scene.process.public_id
    mira, max_ = [await a_person(name, "moderator", process=here) for name in ("Mira", "Max")]
    card = await register.contribution_by_public_id(scene.public_id)
    claim = (await register.claims_of(card.id))[0]
    (answer,) = await rows("SELECT public_id FROM disposition WHERE claim_id = ?", claim.id)
    await report(STRANGER, f"outcome/{answer['public_id']}", Ground.OFFICIAL_BREACH)
    case = await the_case(mira)
    decision = await actions.decide(mira, case, REPHRASE)
    return scene, mira, max_, await queries.visible_decision(mira, decision.public_id)


async def test_official_words_stay_online_and_their_author_is_told_so(app):
    scene, mira, _, decided = await an_answer_asked_to_be_rephrased()
    assert "stays online" in decided.effect
    assert "moderation.official" in await told(scene.otto)
    page = f"/moderation/statements/{decided.statement}"
    async with visitor(app) as otto, visitor(app) as stranger:
        await sign_in(otto, scene.otto)
        mine, theirs = await otto.get(page), await stranger.get(page)
    assert REASONS.facts in mine.text
    assert REASONS.facts not in theirs.text
    with pytest.raises(Refused, match="not hidden"):
        await actions.restore(mira, decided, "Nothing was hidden.")


async def test_an_official_contests_a_measure_and_another_moderator_hears_it(database):
    scene, _, max_, decided = await an_answer_asked_to_be_rephrased()
    await actions.appeal(scene.otto, decided, "The words are those of the law.")
    decided = await queries.visible_decision(max_, decided.public_id)
    with pytest.raises(Refused, match="new version"):
        await actions.rewrite(scene.otto, decided, Words("", "Other words."), expected_version=1)
    await actions.rule(max_, decided, RulingDraft(True, "It quotes the law and insults nobody."))
    kinds = await told(scene.otto)
    assert "moderation.appeal_received" in kinds
    assert "moderation.appeal_upheld" in kinds
    assert not await rows("SELECT id FROM notice WHERE kind = 'report.reversed'")
