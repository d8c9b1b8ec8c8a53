"""What the town decided: articles, an answer to every point, publication, replies, appeals, promises."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from civic import app
from civic.commands.town import confiding, embargo, proposing, speaking, theming
from civic.commands.town.processes import Story, current
from civic.commands.town.reading import day, moment, on, told
from civic.commands.town.surveying import survey
from civic.contributions.models import ClaimKind
from civic.contributions.queries import ClaimCard, claims_of
from civic.decisions import actions
from civic.decisions.forms import (
    AppealDraft,
    DecisionDraft,
    PromiseDraft,
    ProvisionDraft,
    PublicationDraft,
    ReviewDraft,
    RulingDraft,
)
from civic.decisions.models import (
    AppealGround,
    Effect,
    Finding,
    Outcome,
    Progress,
    ReasonCode,
    UserCheck,
)
from civic.decisions.promise_forms import NewsDraft
from civic.decisions.queries import DecisionCard, decision_by_id, outcomes_of_claims
from civic.decisions.rules import READ_BY_TWO, Answer, Details, Part
from civic.foundation import queue
from civic.processes import actions as processes
from civic.processes.forms import InterestDraft
from civic.processes.queries import scope_in_force
from civic.synthesis.forms import PointDraft
from civic.synthesis.queries import sentences_of

_DAYS = ("in_force_on", "sent_on", "follow_up_on")
_TEXTS = ("quotation", "cost", "owner", "body", "accommodation")
_LOCALIZED = ("differs", "weighed", "trigger", "remedies", "where")


@dataclass
class Desk:
    """The decision being written: who tells it, and its articles by their key in the file."""

    story: Story
    said: dict[str, Any]
    decision: DecisionCard
    articles: dict[str, str] = field(default_factory=dict)

    def who(self, key: str) -> Any:
        return self.story.people[key]


async def decide(story: Story, said: dict[str, Any]) -> None:
    """Write the decision, publish it, and live through what followed."""
    desk = await _begin(story, said)
    situations = told("halles_situations")["situations"]
    for one in sorted(situations, key=lambda told_of: str(told_of["opened"]["at"])):
        await confiding.handle(story, one)
    answers = [*said["answers"], *_rest(said), *speaking.answers(told("positions")), *situations]
    with on(said["created_at"]):
        for one in (*answers, *_grouped(said)):
            await point_of(desk, one)
    await theming.tell_by_theme(story, told("halles_themes"))
    with on(said["drafted_at"]):
        for one in answers:
            await _answer(desk, one)
        for one in said["groups"]:
            await _answer_group(desk, one)
    await _review(desk, said["reviewed_at"], answers)
    for one in said["milestones"]:
        await _promise(desk, one)
    await proposing.propose(desk, said["draft"], point_of)
    await _publish_early(desk, said["early"])
    await survey(story, desk.decision.id, said["survey"])
    for one in said["replies"]:
        await _reply(desk, one)
    for one in said["appeals"]:
        await _appeal(desk, one)
    await _correct(desk, said["correction"])
    for one in said["milestones"]:
        await _follow(desk, one)
    for one in answers:
        await _come_back(desk, one)


async def draft(story: Story, said: dict[str, Any]) -> None:
    """Write a decision as far as its draft, which is open for reactions."""
    desk = await _begin(story, said)
    with on(said["drafted_at"]):
        for one in said["answers"]:
            await _answer(desk, one)
    await _review(desk, said["reviewed_at"], said["answers"])
    await proposing.propose(desk, said["draft"], point_of)


async def _begin(story: Story, said: dict[str, Any]) -> Desk:
    official = story.people[said["created_by"]]
    with on(said["created_at"]):
        for key, text in said["interests"].items():
            declared = InterestDraft(bool(text), text)
            await processes.declare_interests(story.people[key], story.process, declared)
        draft = DecisionDraft(
            said["title"],
            said["summary"],
            story.people[said["signed_by"]].public_id or "",
            tuple(story.issues.values()),
        )
        desk = Desk(story, said, await actions.create_decision(official, story.process, draft))
        for one in said["articles"]:
            words = ProvisionDraft(one["heading"], one["text"], {}, one["before"])
            article = await actions.write_provision(official, desk.decision, words)
            desk.articles[one["eid"]] = article.public_id
    return desk


def _rest(said: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"on": key, **one} for key, one in said["rest"].items()]


def _grouped(said: dict[str, Any]) -> list[dict[str, Any]]:
    return [point for group in said["groups"] for point in group["points"]]


async def _answer(desk: Desk, one: dict[str, Any], *, version: int = 0) -> None:
    """Draft the answer to the one point of a text, cut first where it asks for nothing."""
    claim = await point_of(desk, one)
    answer = await _written(desk, one, claim)
    official = desk.who(desk.said["created_by"])
    await actions.draft_answer(official, claim.public_id, answer, expected_version=version)


async def _answer_group(desk: Desk, one: dict[str, Any]) -> None:
    """Draft one answer for several points, which says so."""
    claims = [await point_of(desk, point) for point in one["points"]]
    answer = await _written(desk, one | one["points"][0], claims[0])
    group = actions.GroupDraft(one["label"], {claim.public_id: 0 for claim in claims})
    await actions.answer_together(desk.who(desk.said["created_by"]), desk.decision, answer, group)


async def point_of(desk: Desk, one: dict[str, Any]) -> ClaimCard:
    """Find the one point of a text, cut first where it asks for nothing."""
    if "accommodation" in one:
        return await confiding.point_of(desk.story, one["on"])
    text = await current(desk.story, one["on"])
    if "point" in one:
        return (await claims_of(text.id))[int(one["point"]) - 1]
    (claim,) = await claims_of(text.id)
    if "kind" in one and claim.kind is not ClaimKind(one["kind"]):
        whole = tuple(range(len((await sentences_of(text.id)).sentences)))
        cut = [PointDraft(whole, ClaimKind(one["kind"]))]
        await actions.cut_into_points(
            desk.who(desk.said["created_by"]), claim.public_id, cut, version=text.version
        )
        (claim,) = await claims_of(text.id)
    return claim


async def _written(desk: Desk, one: dict[str, Any], claim: ClaimCard) -> Answer:
    text = await current(desk.story, one["on"])
    return Answer(
        outcome=Outcome(one["outcome"]),
        sentence=one["sentence"],
        rationale=one["reason"],
        reason_codes=tuple(ReasonCode(code) for code in one.get("reason_codes", ())),
        effects=tuple(Effect(effect) for effect in one.get("effects", ())),
        evidence=one.get("evidence", ""),
        is_value_choice=one.get("is_value_choice", False),
        provisions=tuple(desk.articles[key] for key in one.get("articles", ())),
        parts=tuple(_part(part) for part in one.get("parts", ())),
        reopens_on=date.fromisoformat(one["reopens_on"]) if "reopens_on" in one else None,
        details=await _details(desk, one, one.get("anchor") or text.title or claim.words),
    )


def _part(part: dict[str, Any]) -> Part:
    codes = tuple(ReasonCode(code) for code in part.get("reason_codes", ()))
    return Part(part["text"], part["adopted"], codes, part.get("reason", {}))


async def _details(desk: Desk, one: dict[str, Any], anchor: str) -> Details:
    given: dict[str, Any] = {name: one[name] for name in (*_TEXTS, *_LOCALIZED) if name in one}
    given |= {name: date.fromisoformat(one[name]) for name in _DAYS if name in one}
    if Outcome(one["outcome"]) in READ_BY_TWO:
        given.setdefault("remedies", desk.said["remedies"])
    if "scope_line" in one:
        given["scope_line"] = await _scope_line(desk, one["scope_line"])
    return Details(anchor=anchor[:300], **given)


async def _scope_line(desk: Desk, words: str) -> int:
    """Find the line of the scope by its words."""
    scope = await scope_in_force(desk.story.process.id)
    if scope is None:
        raise LookupError("the process has no scope")
    return 1 + next(number for number, line in enumerate(scope.lines) if words in line.text.values())


async def _review(desk: Desk, at: str, answers: list[dict[str, Any]], *, version: int = 1) -> None:
    """Let a second person read what refuses something."""
    with on(at):
        for one in answers:
            if Outcome(one["outcome"]) in READ_BY_TWO:
                named: dict[str, Any] = {
                    k: v for k, v in one.items() if k in ("on", "accommodation", "point")
                }
                claim = await point_of(desk, named)
                approved = ReviewDraft(True, "")
                await actions.review(desk.who("olga"), claim.public_id, approved, expected_version=version)


async def _publish(desk: Desk, at: str, correction: dict[str, str]) -> None:
    with on(at):
        decision = await decision_by_id(desk.decision.id)
        draft = PublicationDraft(desk.said["signed_role"], None, False, correction)
        await actions.publish(desk.who(desk.said["signed_by"]), decision, draft)
        while await queue.run_due(app.handlers()):
            pass


async def _publish_early(desk: Desk, early: dict[str, Any]) -> None:
    """Sign the day before; the people concerned hear first, then two readers outside, then everybody."""
    signer, decision = desk.who(desk.said["signed_by"]), desk.decision.id
    with on(early["signed_at"]):
        draft = PublicationDraft(desk.said["signed_role"], moment(desk.said["published_at"]), False, {})
        await actions.publish(signer, await decision_by_id(decision), draft)
        await embargo.tell_first(signer, decision, moment(early["told_at"]))
    with on(early["told_at"]):
        await queue.work_off(app.handlers())
    for one in early["readers"]:
        await embargo.let_read(signer, decision, one)
    with on(desk.said["published_at"]):
        await queue.work_off(app.handlers())


async def _reply(desk: Desk, one: dict[str, Any]) -> None:
    with on(one["at"]):
        await actions.reply(desk.who(one["by"]), await _outcome(desk, one), one["text"])


async def _appeal(desk: Desk, one: dict[str, Any]) -> None:
    with on(one["at"]):
        draft = AppealDraft(AppealGround(one["ground"]), one["text"])
        filed = await actions.file_appeal(desk.who(one["by"]), await _outcome(desk, one), draft)
    with on(one["ruled_at"]):
        ruling = RulingDraft(Finding(one["finding"]), one["reason"], "")
        await actions.rule_on_appeal(desk.who(one["reader"]), filed.public_id, ruling)


async def _outcome(desk: Desk, one: dict[str, Any]) -> str:
    claim = await point_of(desk, {"on": one["on"]})
    return (await outcomes_of_claims([claim.id]))[claim.id].public_id


async def _correct(desk: Desk, one: dict[str, Any]) -> None:
    """Answer again after an appeal, in a version that supersedes and is announced."""
    with on(one["at"]):
        await _answer(desk, one, version=1)
    await _review(desk, one["at"], [one], version=2)
    await _publish(desk, one["published_at"], one["note"])


async def _promise(desk: Desk, one: dict[str, Any]) -> None:
    with on(desk.said["drafted_at"]):
        article = desk.articles[one["article"]]
        draft = PromiseDraft(one["promise"], one["owner"], one["due_on"], article)
        made = await actions.promise(desk.who(desk.said["created_by"]), desk.decision, draft)
        one["public_id"] = made.public_id


async def _follow(desk: Desk, one: dict[str, Any]) -> None:
    official = desk.who(desk.said["created_by"])
    if "changed" in one:
        with on(one["changed"]["at"]):
            await actions.move_date(
                official,
                desk.decision,
                one["public_id"],
                day(one["changed"]["due_on"]),
                one["changed"]["reason"],
            )
    if one["state"] != "planned":
        with on(one["moved_at"]):
            await actions.set_progress(
                official, desk.decision, one["public_id"], Progress(one["state"]), one.get("proof", {})
            )
    for check in one.get("checks", ()):
        with on(check["at"]):
            text = await current(desk.story, check["on"])
            found = UserCheck(check["answer"])
            await actions.check_promise(desk.who(check["by"]), one["public_id"], text.public_id, found)


async def _come_back(desk: Desk, one: dict[str, Any]) -> None:
    """Hear from the other body about a point passed on; take one that was put off up again on its day."""
    if "news" in one:
        news = one["news"]
        claim = await point_of(desk, {"on": one["on"]})
        asked_again = date.fromisoformat(one["follow_up_on"])
        with on(news["at"]):
            draft = NewsDraft(date.fromisoformat(news["acknowledged_on"]), asked_again, news["note"])
            await actions.note_news(desk.who(desk.said["created_by"]), claim.public_id, draft)
    if one.get("comes_back"):
        with on(f"{one['reopens_on']} 06:00"):
            await actions.reopen_due()
