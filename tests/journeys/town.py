"""The town of the proofs: two processes with the same people and things in each, made through the acts.

`here` and `elsewhere` mirror each other, so that everything of one place can be tried on the other.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta

from civic import settings as configuration
from civic.accounts import actions as accounts
from civic.accounts.actions.signing_in import set_password
from civic.accounts.forms import AbsenceDraft, GrantDraft
from civic.accounts.models import LinkPurpose, Participant, Role
from civic.accounts.passwords import hash_password
from civic.accounts.queries import SESSION_KEY, account_of
from civic.contributions import actions as register
from civic.contributions.actions import Receipt
from civic.contributions.forms import Author, SituationDraft, SituationWords, Words, author_from
from civic.contributions.models import ClaimKind, Relation
from civic.contributions.queries import (
    claims_by_id,
    claims_of,
    contribution_by_public_id,
    situation_of,
    visible_contribution,
)
from civic.debates import actions as debates
from civic.debates.forms import CommentDraft
from civic.debates.queries import thread_on
from civic.decisions import actions as decisions
from civic.decisions.embargo_forms import ViewDraft
from civic.decisions.forms import (
    AppealDraft,
    DecisionDraft,
    PromiseDraft,
    PublicationDraft,
    ReviewDraft,
)
from civic.decisions.models import AppealGround, Outcome, Progress, ReasonCode, Stance
from civic.decisions.promise_forms import DelegationDraft
from civic.decisions.queries import (
    DecisionCard,
    decision_by_id,
    desk_decision,
    early_of,
    outcomes_of_claims,
    unread_reactions,
    visible_decision,
)
from civic.decisions.rules import Answer, Details
from civic.decisions.window_forms import ReactionDraft
from civic.evaluation import actions as evaluation
from civic.evaluation.items import ITEMS
from civic.evaluation.models import SurveyAnswer
from civic.evaluation.queries import survey_of
from civic.following import queries as followed
from civic.following.actions import ask_by_mail, follow_with_account
from civic.following.forms import Wish
from civic.foundation import clock, database, ids
from civic.foundation.viewer import STRANGER, Viewer
from civic.meetings import actions as meetings
from civic.meetings.forms import MeetingDraft, MeetingWords
from civic.meetings.forms import PointDraft as MeetingPoint
from civic.meetings.models import MeetingKind
from civic.moderation import actions as moderation
from civic.moderation import queries as desk
from civic.moderation.forms import MeasureDraft, ReportDraft, StatementDraft
from civic.moderation.models import Ground, Measure
from civic.notices.actions.stopping import stop_token
from civic.notices.models import Pace
from civic.notices.queries import follow_on
from civic.organisations import actions as organisations
from civic.organisations.forms import (
    AskingDraft,
    InterestsDraft,
    OrganisationDraft,
    PositionDraft,
    RulingDraft,
)
from civic.organisations.queries import delegates_of, waiting_requests
from civic.organisations.sheet import Row
from civic.processes import actions as processes
from civic.processes.models import Category
from civic.processes.queries import ProcessPage, dates_of
from civic.proposals import actions as proposals
from civic.proposals.forms import ProposalDraft, ProposalEdit
from civic.proposals.queries import visible_proposal
from civic.synthesis import actions as synthesis
from civic.synthesis.forms import PointDraft, QuestionDraft, ReadingDraft, SynthesisDraft, ThemeDraft
from civic.synthesis.queries import text_desk
from tests import cast

STAFF = {
    "mira": "moderator",
    "max": "moderator",
    "otto": "official",
    "rita": "reviewer",
    "dora": "decision_maker",
    "hal": "appeal_reader",
}
"""Who holds which role in a place; Ada and Bo write there, Gus has no account."""
PASSWORD = cast.PASSWORD
INSULT = "Anyway the traders are crooks."
REASONS = StatementDraft("3", "the traders are crooks", "Calls a group of people crooks.", "lasting")

SPARE = timedelta(hours=6)
"""How much later links of a quarter of an hour are made, so that they outlast a long session."""

WHY = {
    "settled": "The pavement is a metre wide there and wheelchairs need ninety centimetres of it.",
    "ready": "A gas main runs below that corner, and nothing may be anchored above it before 2031.",
    "changed": "Every tree there is a lime, and its sap spoils wood within two summers of care.",
    "unread": "Firemen keep this kerb clear for the ladder that serves the school's upper floor.",
    "early": "Two lamp posts stand there and their cables leave no ground for the feet of a seat.",
    "soon": "Buses turn at this corner, and whoever sat there would have their wheels at the knees.",
    "waiting": "The market stands on this spot on three mornings; a fixed seat would block its vans.",
}


@dataclass
class Place:
    """One process: its people by name, and the ids of its things by what they are for."""

    name: str
    process: ProcessPage | None = None
    people: dict[str, Viewer] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)


@dataclass
class Town:
    """The ids of everything, and the cookie of everybody: "ada", "mira elsewhere", "root"…"""

    here: dict[str, str]
    elsewhere: dict[str, str]
    cookies: dict[str, str]

    def place(self, name: str) -> dict[str, str]:
        """Give the ids of a place."""
        return self.here if name == "here" else self.elsewhere


async def build() -> Town:
    """Make the town in the database that is open; some forty days of it."""
    root = await cast.a_person("Root Administrator", "administrator")
    places = [await _a_place(name, root) for name in ("here", "elsewhere")]
    here, elsewhere = places
    cookies = {"root": await _cookie(root)}
    for place, suffix in ((here, ""), (elsewhere, " elsewhere")):
        for name, viewer in place.people.items():
            cookies[name + suffix] = await _cookie(viewer)
        cookies["gus" + suffix] = place.ids.pop("guest_cookie")
        place.ids["root_person"] = root.public_id or ""
        await _doors(place, root)
    return Town(here.ids, elsewhere.ids, cookies)


async def _cookie(viewer: Viewer) -> str:
    assert viewer.participant is not None
    return await cast.a_session(viewer.participant)


@contextmanager
def _days_ago(days: float) -> Iterator[None]:
    with clock.at(clock.now() - timedelta(days=days)):
        yield


async def _a_place(name: str, root: Viewer) -> Place:
    place = Place(name)
    with _days_ago(40):
        await _a_process(place)
    with _days_ago(30):
        await _words(place)
        await _moderated(place)
    with _days_ago(6):
        await _decided(place)
    await _under_way(place)
    await _surveyed(place)
    await _meetings(place)
    await _delegated(place)
    await _spoken_for(place, root)
    return place


async def _a_process(place: Place) -> None:
    draft = await cast.a_draft_process(freeze_in=33, debate=(0, 62))
    for number, freeze in ((2, 60), (3, 33), (4, 33), (5, 60), (6, 33), (7, 33), (8, 33)):
        await processes.add_issue(cast.SYSTEM, draft, cast.an_issue(number, freeze))
    opened = await processes.open_process(cast.SYSTEM, draft)
    place.process = opened
    settled, still_open, ready, waiting, free, later, early, soon = (one.public_id for one in opened.issues)
    place.ids |= {
        "slug": opened.slug,
        "process": opened.public_id,
        "issue_settled": settled,
        "issue": still_open,
        "issue_ready": ready,
        "issue_waiting": waiting,
        "issue_free": free,
        "issue_later": later,
        "issue_early": early,
        "issue_soon": soon,
    }
    process = opened.public_id
    for person in ("Ada", "Bo", "Cleo"):
        place.people[person.lower()] = await cast.a_person(f"{person} {place.name.title()}")
    for person, role in STAFF.items():
        place.people[person] = await cast.a_person(
            f"{person.title()} {place.name.title()}", role, process=process
        )


async def _words(place: Place) -> None:
    """What people said while it was debated."""
    ada, bo = place.people["ada"], place.people["bo"]
    for key, issue in (("settled", "issue_settled"), ("proposal", "issue"), ("ready", "issue_ready"),
                       ("waiting", "issue_waiting"), ("taken_back", "issue"), ("changed", "issue"),
                       ("unread", "issue"), ("spare", "issue"), ("later", "issue_later"),
                       ("early", "issue_early"), ("soon", "issue_soon")):  # fmt: skip
        receipt = await _proposal(place, ada, f"{key.title()} {place.name}: a bench in the shade", issue, key)
        place.ids |= {key: receipt.contribution.public_id, f"{key}_number": receipt.number}
        place.ids[f"{key}_code"] = receipt.code
    told = SituationDraft(SituationWords(touches="I walk with a stick.", helps="A bench with arms."))
    spare = await visible_contribution(ada, place.ids["spare"])
    await register.tell_situation(ada, spare, told)
    kept = await situation_of(spare.id)
    assert kept is not None
    (point,) = (await claims_by_id([kept.claim_id], with_situations=True)).values()
    place.ids["situation_claim"] = point.public_id
    seen = await visible_proposal(ada, place.ids["proposal"])
    edit = ProposalEdit(Words(seen.title, "People stand there in the sun. Two benches would do."), "Two.", 1)
    await proposals.revise_proposal(ada, seen, edit)
    gone = await visible_proposal(ada, place.ids["taken_back"])
    await proposals.withdraw_proposal(ada, gone, "Somebody said it better.")
    await proposals.endorse(bo, await visible_proposal(bo, place.ids["proposal"]))
    thread = await thread_on(f"proposal/{place.ids['proposal']}")
    assert thread is not None
    place.ids["thread"] = thread.public_id
    comment = await _comment(place, bo, "comment", "Who pays for it?", Relation.ASKS)
    await _comment(place, ada, "answer", "The town does, as for any bench.", Relation.ANSWERS, to=comment)
    await _comment(place, bo, "unsaid", "I sit there every day.", None)
    thread = await thread_on(f"proposal/{place.ids['settled']}")
    assert thread is not None
    agrees = CommentDraft("I would sit there too.", Relation.SUPPORTS, None)
    await debates.post_comment(author_from(place.people["cleo"]), thread, agrees)
    await _comment(place, place.people["cleo"], "third", "There is a tree already.", Relation.OBJECTS)
    await register.keep_draft(
        ada, f"proposal/{place.ids['process']}", {"title": "Half a thought", "body": ""}
    )


async def _proposal(place: Place, by: Viewer, title: str, issue: str, key: str = "the") -> Receipt:
    assert place.process is not None
    of = f"{key} {place.name}"
    body = f"People stand in the sun of {of}. One {of} bench would do. The baker agrees."
    draft = ProposalDraft(title, body, place.ids[issue])
    return await proposals.submit_proposal(author_from(by), place.process, draft)


async def _comment(
    place: Place, by: Viewer, key: str, body: str, relation: Relation | None, *, to: str | None = None
) -> str:
    thread = await thread_on(f"proposal/{place.ids['proposal']}")
    assert thread is not None
    receipt = await debates.post_comment(author_from(by), thread, CommentDraft(body, relation, to))
    place.ids |= {key: receipt.contribution.public_id, f"{key}_number": receipt.number}
    place.ids[f"{key}_code"] = receipt.code
    return receipt.contribution.public_id


async def _moderated(place: Place) -> None:
    """What was reported, and what became of it."""
    mira, bo = place.people["mira"], place.people["bo"]
    for key, measure in (
        ("hidden", Measure.HIDE), ("contested", Measure.HIDE), ("rephrase", Measure.REPHRASE),
        ("kept", Measure.KEEP),
    ):  # fmt: skip
        await _comment(place, bo, key, f"{INSULT} ({key})", Relation.OBJECTS)
        number = await _report(place, key)
        place.ids[f"{key}_report"] = number
        decided = await _decide(place, mira, key, measure)
        if decided.statement:
            place.ids[f"{key}_statement"] = decided.statement
    author = await cast.as_viewer(bo.participant or 0)
    contested = await desk.visible_decision(mira, place.ids["contested_measure"])
    appeal = await moderation.appeal(author, contested, "I named nobody.")
    place.ids["contested_appeal"] = appeal.public_id


async def _report(place: Place, key: str, by: Viewer | None = None) -> str:
    by = by or place.people["ada"]
    subject = await desk.visible_subject(by, f"contribution/{place.ids[key]}")
    network = f"10.{sum(map(ord, place.name + key)) % 250}.0.0/24"
    receipt = await moderation.report(
        by,
        subject,
        ReportDraft(Ground.INSULT, "It insults the traders.", "", ""),
        network=network,
        code="AAAA-BBBB-CCCCC",
        language="en",
    )
    return receipt.number


async def _decide(place: Place, by: Viewer, key: str, measure: Measure) -> desk.Decided:
    waiting = await desk.queue(by)
    cases = [await desk.visible_case(by, one["public_id"]) for one in waiting]
    case = next(one for one in cases if one.subject.public_id == place.ids[key])
    reasons = None if measure is Measure.KEEP else REASONS
    said = "Say what they did." if measure is Measure.REPHRASE else ""
    decided = await moderation.decide(by, case, MeasureDraft(measure, case.version, "", said, reasons))
    place.ids |= {f"{key}_case": case.public_id, f"{key}_measure": decided.public_id}
    return await desk.visible_decision(by, decided.public_id)


async def _decided(place: Place) -> None:
    """What was decided: one decision published, one ready to be, one that waits for its hour."""
    otto, rita, dora = (place.people[name] for name in ("otto", "rita", "dora"))
    await _cut(place, "settled")
    for key in ("settled", "ready", "waiting", "early", "soon"):
        decision = await _a_decision(place, key, maker=dora)
        article = await cast.an_article(otto, decision)
        place.ids |= {f"{key}_decision": decision.public_id, f"{key}_article": article.public_id}
        for claim, answer in zip(await _claims(place, key), _answers(key, article.public_id), strict=False):
            await decisions.draft_answer(otto, claim, answer, expected_version=0)
            if answer.outcome is Outcome.DECLINED:
                await decisions.review(rita, claim, ReviewDraft(True, ""), expected_version=1)
            place.ids[f"{key}_claim"] = claim
        promise = PromiseDraft(
            {"fr": "Un banc est posé.", "en": "A bench stands there."},
            "Parks",
            (clock.local_day(clock.now()) + timedelta(days=90)).isoformat(),
            article.public_id,
        )
        made = await decisions.promise(otto, await decision_by_id(decision.id), promise)
        place.ids[f"{key}_milestone"] = made.public_id
    await _publish(place, "settled", dora)
    await _followed(place)
    ada = place.people["ada"]
    claims = await claims_of((await visible_contribution(ada, place.ids["settled"])).id)
    outcomes = await outcomes_of_claims([claim.id for claim in claims])
    first, second = (outcomes[claim.id].public_id for claim in claims)
    place.ids |= {"outcome": first, "outcome_replied": second}
    reply = await decisions.reply(ada, second, "I still think one bench would do.")
    place.ids["reply"] = reply.public_id
    filed = await decisions.file_appeal(
        ada, second, AppealDraft(AppealGround.MISREAD, "I spoke of one bench.")
    )
    place.ids["appeal"] = filed.public_id


async def _followed(place: Place) -> None:
    """What follows a decision: a promise announced as kept, a point put off until an event."""
    otto, dora = place.people["otto"], place.people["dora"]
    settled = await desk_decision(otto, place.ids["settled_decision"])
    day = clock.local_day(clock.now()).isoformat()
    draft = PromiseDraft({"fr": "Un arbre.", "en": "A tree."}, "Parks", day, place.ids["settled_article"])
    made = await decisions.promise(otto, settled, draft)
    proof = {"fr": "Photo du 3 juin.", "en": "Photo of 3 June."}
    await decisions.set_progress(otto, settled, made.public_id, Progress.DONE, proof)
    place.ids["kept_milestone"] = made.public_id
    later = await _a_decision(place, "later", maker=dora)
    (place.ids["later_claim"],) = await _claims(place, "later")
    place.ids["later_decision"] = later.public_id
    until = Answer(
        Outcome.DEFERRED,
        {"fr": "Plus tard, après le vote.", "en": "Later, after the vote."},
        {"fr": "L’argent n’est pas voté.", "en": "The money is not voted yet."},
        reason_codes=(ReasonCode.TIMING,),
        is_value_choice=True,
        details=Details(anchor="A bench in the shade", owner="Parks", event={"en": "The vote"}),
    )
    await decisions.draft_answer(otto, place.ids["later_claim"], until, expected_version=0)
    await _publish(place, "later", dora)


def _answers(key: str, article: str) -> list[Answer]:
    """Answer each point for itself, a refusal first."""
    sentence = {"fr": "Oui, un banc est posé.", "en": "Yes, a bench is put there."}
    return [
        cast.a_refusal(WHY[key]),
        Answer(Outcome.ADOPTED, sentence, {"en": "The roots leave room for it."}, provisions=(article,)),
    ]


async def _cut(place: Place, key: str, sentences: tuple[int, ...] = (1, 2)) -> None:
    """Cut a text into points of one sentence each."""
    contribution = await visible_contribution(place.people["ada"], place.ids[key])
    (claim,) = await claims_of(contribution.id)
    points = [PointDraft((number,), ClaimKind.REQUEST) for number in sentences]
    await decisions.cut_into_points(
        place.people["otto"], claim.public_id, points, version=contribution.version
    )


async def _claims(place: Place, key: str) -> list[str]:
    contribution = await visible_contribution(place.people["ada"], place.ids[key])
    return [claim.public_id for claim in await claims_of(contribution.id)]


async def _a_decision(place: Place, key: str, *, maker: Viewer) -> DecisionCard:
    assert place.process is not None
    issue = "issue" if key == "drafting" else f"issue_{key}"
    draft = DecisionDraft(
        title={"fr": f"Décision {key}", "en": f"Decision {key}"},
        summary={"fr": "Deux bancs.", "en": "Two benches."},
        decision_maker=maker.public_id or "",
        issues=(place.ids[issue],),
    )
    return await decisions.create_decision(place.people["otto"], place.process, draft)


async def _publish(place: Place, key: str, signer: Viewer) -> None:
    found = await desk_decision(signer, place.ids[f"{key}_decision"])
    version = await decisions.publish(signer, found, PublicationDraft("Mayor", None, False, {}))
    place.ids[f"{key}_version"] = version.public_id


async def _under_way(place: Place) -> None:
    """What waits today: a case, a question, a decision that is written, a guest's words."""
    await _prepared(place)
    otto, mira, bo = (place.people[name] for name in ("otto", "mira", "bo"))
    await _comment(place, bo, "reported", f"{INSULT} (reported)", Relation.OBJECTS)
    place.ids["report"] = await _report(place, "reported")
    (case,) = [
        one for one in await desk.queue(mira) if (await _subject_of(mira, one)) == place.ids["reported"]
    ]
    place.ids["case"] = case["public_id"]
    before = configuration.current()
    configuration.use(replace(before, hold_seconds=3600))
    try:
        await _comment(place, bo, "held", f"{INSULT} (held)", Relation.OBJECTS)
        await _report(place, "held")
        decided = await _decide(place, mira, "held", Measure.HIDE)
        place.ids["held_statement"] = decided.statement
        for key in ("waiting", "early", "soon"):
            await _publish(place, key, place.people["dora"])
    finally:
        configuration.use(before)
    await _told_first(place)
    decision = await _a_decision(place, "drafting", maker=place.people["dora"])
    place.ids["drafting_decision"] = decision.public_id
    place.ids["drafting_article"] = (await cast.an_article(otto, decision)).public_id
    for key in ("proposal", "changed", "unread", "spare"):
        (place.ids[f"{key}_claim"],) = await _claims(place, key)
    place.ids["claim"] = place.ids["proposal_claim"]
    for key in ("changed", "unread"):
        await decisions.draft_answer(
            otto, place.ids[f"{key}_claim"], cast.a_refusal(WHY[key]), expected_version=0
        )
    seen = await visible_proposal(place.people["ada"], place.ids["changed"])
    await proposals.revise_proposal(
        place.people["ada"], seen, ProposalEdit(Words(seen.title, "Three benches, on reflection."), "", 1)
    )
    await _questions(place)
    await _checks(place)
    await _guest(place)
    await _told(place)
    await _proposed(place)


async def _told_first(place: Place) -> None:
    """What is known before it is public: people told and two readers outside, or a notice that waits."""
    dora = place.people["dora"]
    soon = await desk_decision(dora, place.ids["soon_decision"])
    await decisions.set_advance(dora, soon, clock.now() + timedelta(minutes=50))
    early = await desk_decision(dora, place.ids["early_decision"])
    before = configuration.current()
    configuration.use(replace(before, hold_seconds=0))
    try:
        await decisions.set_advance(dora, early, None)
    finally:
        configuration.use(before)
    (told,) = await early_of(early)
    await decisions.tell_first(told.advance.public_id)
    place.ids["advance_link"] = await _newest_link("/advance/")
    for key, name in (("embargo", "Nell Nord"), ("ended", "Pat Pole")):
        why = {"en": "Explains decisions to readers.", "fr": "Explique les décisions aux lecteurs."}
        draft = ViewDraft(name, f"Gazette {place.name}", f"{key}@gazette.example", "en", why, None)
        place.ids[f"{key}_view"] = await decisions.give_view(dora, early, draft)
        place.ids[f"{key}_link"] = await _newest_link("/embargo/")
    await decisions.open_view(place.ids["embargo_link"], 1)
    await decisions.end_view(dora, early, place.ids["ended_view"], "The wrong address.")


async def _told(place: Place) -> None:
    """What is told by theme: a synthesis people read, one that waits, one that could leave, one begun."""
    otto, process = place.people["otto"], place.process
    assert process is not None
    for key, issue in (("settled", "settled"), ("waiting", "waiting"), ("ready", "ready"), ("proposal", "")):
        said = {"fr": f"Les bancs ({key})", "en": f"Benches ({key})"}
        theme = await synthesis.begin_theme(otto, process, ThemeDraft(said, said, said))
        await synthesis.put_in(otto, theme, await _claims(place, key))
        place.ids[f"{key}_theme"] = theme.public_id
        if issue:
            draft = SynthesisDraft(said, said, (place.ids[f"issue_{issue}"],))
            begun = await synthesis.begin_synthesis(otto, process, draft)
            place.ids[f"{key}_synthesis"] = begun.public_id
            if key != "ready":
                before = configuration.current()
                configuration.use(replace(before, hold_seconds=600 if key == "waiting" else 0))
                try:
                    await synthesis.publish_synthesis(otto, begun)
                finally:
                    configuration.use(before)


async def _proposed(place: Place) -> None:
    """What is proposed and not decided yet: a draft open for reactions, and what Ada says of it."""
    otto = place.people["otto"]
    ready = await desk_decision(otto, place.ids["ready_decision"])
    edition = await decisions.open_draft(otto, ready, cast.in_days(14))
    await decisions.tell_draft(edition.public_id)
    place.ids["draft_link"] = await _newest_link("/drafts/")
    said = [ReactionDraft(place.ids["ready_claim"], Stance.MISREAD, "I asked for a chair with arms.")]
    text = await contribution_by_public_id(place.ids["ready"])
    await decisions.react(text, edition, said, is_author=True)
    (waiting,) = await unread_reactions(ready.id)
    place.ids["reaction"] = waiting.public_id


async def _prepared(place: Place) -> None:
    """What begins today: a draft, and a process where nobody has said anything."""
    draft, silent = await cast.a_draft_process(), await cast.a_process()
    otto = place.people["otto"]
    assert otto.participant is not None
    async with database.transaction():
        for one in (draft, silent):
            await accounts.grant_role(None, otto.participant, Role.OFFICIAL, one.public_id, "prepares it")
    place.people["otto"] = await cast.as_viewer(otto.participant)
    place.ids["silent_slug"] = silent.slug
    place.ids |= {"draft_slug": draft.slug, "draft_process": draft.public_id}
    place.ids |= {
        "draft_issue": draft.issues[0].public_id,
        "draft_date": (await dates_of(draft.id))[0].public_id,
    }


async def _subject_of(viewer: Viewer, row: dict) -> str:
    return (await desk.visible_case(viewer, row["public_id"])).subject.public_id


async def _questions(place: Place) -> None:
    """One question that waits for its author."""
    contribution = await visible_contribution(place.people["ada"], place.ids["proposal"])
    (claim,) = await claims_of(contribution.id)
    question = await synthesis.ask_author(
        place.people["otto"], claim, contribution, QuestionDraft("Which of the two corners?", 10)
    )
    place.ids["question"] = question.public_id


async def _checks(place: Place) -> None:
    """Three texts that were cut: one to read a second time, one to check, one whose author is asked."""
    ada, rita = place.people["ada"], place.people["rita"]
    for key in ("readable", "checkable", "checked"):
        receipt = await _proposal(place, ada, f"{key.title()} {place.name}: a lamp by the gate", "issue_free")
        place.ids |= {key: receipt.contribution.public_id, f"{key}_number": receipt.number}
        await _cut(place, key, (1, 2) if key != "checked" else (1,))
        place.ids[f"{key}_claim"] = (await _claims(place, key))[0]
        if key != "readable":
            desk = await text_desk(rita, place.ids[key])
            await synthesis.read_second(rita, desk.contribution, ReadingDraft(True, ""), seen=desk.seen)
    text = await contribution_by_public_id(place.ids["checked"])
    place.ids["check"] = (await synthesis.send_check(place.people["otto"], text)).public_id
    place.ids["check_link"] = await _newest_link("/checks/")


async def _surveyed(place: Place) -> None:
    """The survey of the decision: Cleo has her link, Ada was asked for something else and has none."""
    with clock.at(clock.now() + timedelta(days=2)):
        await evaluation.open_surveys()
        settled = await visible_decision(STRANGER, place.ids["settled_decision"])
        survey = await survey_of(settled.id)
        assert survey is not None
        await evaluation.invite_some(survey.public_id, 0)
        await evaluation.ask_kept_surveys()
        place.ids["survey_link"] = await _newest_link("/surveys/")
        for number in range(1, 7):
            # Six more people, so that there is something to show.
            given = dict.fromkeys(ITEMS, min(5, number)) | {"rights": 1, "situation": 0}
            answer = SurveyAnswer(
                survey_id=survey.id,
                person=f"{place.name} {number}",
                answered_on=clock.local_day(clock.now()),
                language="fr",
                channel="web",
            )
            await answer.update_from_dict(given).save()
        await evaluation.publish_results()


async def _guest(place: Place) -> None:
    """Words of somebody without an account: one waits for the link, one was confirmed."""
    assert place.process is not None
    for key in ("guest", "guest_public"):
        author = Author(None, None, "Gus Guest", f"gus-{place.name}@post.example", "en")
        draft = ProposalDraft(f"{key} {place.name}: a tap", "Water for the dogs.", place.ids["issue"])
        receipt = await proposals.submit_proposal(author, place.process, draft)
        place.ids |= {key: receipt.contribution.public_id, f"{key}_number": receipt.number}
        place.ids[f"{key}_code"] = receipt.code
    await register.confirm((await contribution_by_public_id(place.ids["guest_public"])).id)
    place.ids["guest_link"] = await _newest_link("/confirmations/")
    await _claimed(place)
    cookie = await accounts.open_pass(STRANGER, place.ids["guest"])
    assert cookie is not None
    guest = await accounts.recognise(cookie)
    assert guest is not None
    await accounts.open_pass(guest, place.ids["guest_public"])
    place.ids["guest_cookie"] = cookie


async def _claimed(place: Place) -> None:
    """Words of a guest who made an account before following the link."""
    assert place.process is not None
    address = f"dan-{place.name}@post.example"
    draft = ProposalDraft(f"claimed {place.name}: a clock", "To know the hour.", place.ids["issue"])
    author = Author(None, None, "Dan Guest", address, "en")
    receipt = await proposals.submit_proposal(author, place.process, draft)
    place.ids |= {"claimed": receipt.contribution.public_id, "claimed_number": receipt.number}
    async with database.transaction():
        dan = await accounts.make_account("Dan Guest", address, "en")
    place.people["dan"] = await cast.as_viewer(dan.id)


async def _newest_link(start: str) -> str:
    """Read the newest mailed link, as its reader would from the mail."""
    found = await database.rows("SELECT data FROM notice ORDER BY id DESC LIMIT 30")
    for row in found:
        data = row["data"] if isinstance(row["data"], dict) else json.loads(row["data"])
        path = str(data.get("path", ""))
        if path.startswith(start):
            return path.removeprefix(start)
    raise LookupError(start)


async def _delegated(place: Place) -> None:
    """A signature that Dora delegated for days to come."""
    assert place.process is not None
    otto, dora = place.people["otto"], place.people["dora"]
    draft = DelegationDraft(otto.public_id or "", cast.in_days(40), cast.in_days(50), {"en": "Away."})
    place.ids["delegation"] = await decisions.delegate_signature(dora, place.process, draft)


async def _meetings(place: Place) -> None:
    """A hearing that is over, with one point said there, and one that comes."""
    assert place.process is not None
    otto = place.people["otto"]
    for key, days in (("meeting", 8), ("meeting_over", -3)):
        start = clock.now() + timedelta(days=days)
        words = MeetingWords(
            title={"fr": "Audition sur les bancs", "en": "Hearing on the benches"},
            starts_at=start,
            ends_at=start + timedelta(hours=2),
            place="Library",
            access={"fr": "Ascenseur.", "en": "A lift."},
            taking_part={"fr": "Entrée libre.", "en": "Free entry."},
        )
        draft = MeetingDraft(MeetingKind.HEARING, (place.ids["issue_free"],), words)
        made = await meetings.announce_meeting(otto, place.process, draft)
        place.ids[key] = made.public_id
        if days < 0:
            said = MeetingPoint(place.ids["issue_free"], "Who mends the benches?", Relation.ASKS, "", True)
            receipt = await meetings.enter_point(otto, made, said)
            place.ids["spoken_number"] = receipt.number


async def _spoken_for(place: Place, root: Viewer) -> None:
    """A union that Bo speaks for, with a statement of two points; Cleo asks to speak for it too."""
    assert place.process is not None
    bo, cleo = place.people["bo"], place.people["cleo"]
    draft = OrganisationDraft(
        f"Union of {place.name.title()}",
        Category.UNIONS,
        "Drivers of the town.",
        "W1",
        "https://union.example",
    )
    union = await organisations.register_organisation(root, draft)
    for person in (bo, cleo):
        await organisations.ask_to_speak(person, union, AskingDraft("Secretary", "A letter of the board."))
        asked = (await waiting_requests())[-1]
        if person is bo:
            await organisations.rule_on_request(root, asked, RulingDraft(True, "The letter is in order."))
    await organisations.declare_interests(bo, union, InterestsDraft("We deliver here.", "Fees."))
    statement = PositionDraft(
        organisation=union.public_id,
        issue=place.ids["issue_free"],
        title="Benches that a van can pass",
        body="Drivers use these benches too.",
        approved_by="The board",
        approved_on=clock.local_day(clock.now()),
        rows=(
            Row("Article 2", "te", "The benches stand in the way of vans.", "Move them by one metre."),
            Row("", "ge", "Drivers were not asked.", ""),
        ),
    )
    receipt = await organisations.file_statement(bo, place.process, statement)
    (speaks,) = await delegates_of(union.id)
    place.ids |= {
        "union": union.public_id,
        "position": receipt.contribution.public_id,
        "delegate": speaks.public_id,
        "delegate_request": asked.public_id,
    }


async def _doors(place: Place, root: Viewer) -> None:
    """Links, notices, sessions, absences and roles: what accounts are made of."""
    ada, otto = place.people["ada"], place.people["otto"]
    async with database.transaction():
        await set_password(await Participant.get(id=ada.participant), await hash_password(PASSWORD))
    assert place.process is not None
    dates = await dates_of(place.process.id)
    account = await account_of(ada)
    place.ids |= {"date": dates[0].public_id, "ada_address": account.address or ""}
    place.ids |= {f"{name}_person": viewer.public_id or "" for name, viewer in place.people.items()}
    with clock.at(clock.now() + SPARE):
        place.ids["link"] = await accounts.send_link(
            LinkPurpose.SIGN_IN,
            f"ada-{place.name}@post.example",
            "en",
            notice_kind="account.sign_in",
            participant=ada.participant,
        )
        place.ids["reset_link"] = await accounts.send_link(
            LinkPurpose.RESET,
            f"ada-{place.name}@post.example",
            "en",
            notice_kind="account.reset",
            participant=ada.participant,
        )
    await accounts.invite(
        root,
        f"new-{place.name}@town.example",
        GrantDraft(Role.MODERATOR, place.ids["process"], "", "Help."),
        "en",
    )
    place.ids["invite_link"] = await _newest_link("/links/")
    days = [clock.local_day(clock.now()) + timedelta(days=one) for one in (10, 20)]
    await accounts.name_substitute(otto, AbsenceDraft(place.people["rita"].public_id or "", *days))
    phone = await cast.a_session(ada.participant or 0)
    absence, notice, grant = [
        await database.rows(sql, key)
        for sql, key in (
            ("SELECT public_id FROM absence WHERE participant_id = ?", otto.participant),
            (
                "SELECT public_id FROM notice WHERE recipient = ? AND kind = 'draft.opened'",
                f"participant/{ada.public_id}",
            ),
            ("SELECT public_id FROM role_grant WHERE participant_id = ?", otto.participant),
        )
    ]
    place.ids |= {
        "absence": absence[0]["public_id"],
        "notice": notice[0]["public_id"],
        "grant": grant[0]["public_id"],
        "session": ids.hash_token(phone)[:SESSION_KEY],
        "stop": stop_token(notice[0]["public_id"]),
    }
    await _follows(place)


async def _follows(place: Place) -> None:
    """Ada follows the process; somebody without an account is about to."""
    ada, key = place.people["ada"], f"process/{place.ids['process']}"
    found = await followed.visible_subject("process", place.ids["process"])
    await follow_with_account(ada, found, Pace.DAILY)
    card = await follow_on(ada, key)
    assert card is not None
    place.ids["follow"] = card.public_id
    with clock.at(clock.now() + SPARE):
        await ask_by_mail(found, Wish(Pace.ONCE, f"faye-{place.name}@post.example"), "en")
    place.ids["follow_link"] = await _newest_link("/following/links/")
