"""A form for every change: where it is found, how it is filled in, and exactly who may send it.

The router is asked for its routes; a change without a form here fails the proofs. Names of things, groups
of people and "=…" are as in `samples`. Fields not given keep what the page fills in; None leaves one out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from starlette.routing import Route

from tests.journeys import markup
from tests.journeys.inside import Opened, Visitor
from tests.journeys.samples import (
    ALL_STAFF,
    EVERYONE,
    MODERATORS,
    ROOT,
    SET_UP,
    SIGNED,
    WORKERS,
    Sample,
    names,
)
from tests.journeys.town import PASSWORD

WRITERS = WORKERS - {"rita"}
"""Who writes articles and answers; the reviewer reads them."""
SEEN = 200
"""What a form answers that shows something and changes nothing, or shows its result at once."""


def day(offset: int) -> str:
    """Write a day as a form does."""
    return (date.today() + timedelta(days=offset)).isoformat()  # noqa: DTZ011


def both(name: str, words: str) -> dict[str, str]:
    """Fill in an official text in both languages."""
    return {f"{name}_fr": f"{words} (fr)", f"{name}_en": f"{words} (en)"}


@dataclass(frozen=True)
class Change:
    """One form: its page, who fills it in here, and who else might."""

    page: str
    by: str
    opens: frozenset[str]
    params: dict[str, str] = field(default_factory=dict)
    fields: dict[str, Any] = field(default_factory=dict)
    answers: int = 303
    shown_at: str = ""
    """The address of the form whose fields are sent, when a part of it has an address of its own."""
    previews: bool = False
    """Whether another button of the form only shows what it would do."""
    fits: frozenset[str] = EVERYONE
    """Who can send this very form, of those who may: not everybody has Ada's password."""

    def path(self, route: Route, place: dict[str, str]) -> str:
        """Write the address of the change."""
        return Sample(self.opens, self.params).path(route, place)

    async def form(self, route: Route, opened: Opened, place: str) -> markup.Form:
        """Find the form on its page, as who may send it sees it."""
        ids = opened.town.place(place)
        action = self.shown_at.format(**ids) or self.path(route, ids)
        return await self.sender(opened, place).form(self.page.format(**ids), action)

    async def filled(self, route: Route, opened: Opened, place: str) -> dict[str, Any]:
        """Fill the form in, but for the token of the browser that sends it."""
        return self.fill(await self.form(route, opened, place), opened.town.place(place))

    def fill(self, form: markup.Form, ids: dict[str, str]) -> dict[str, Any]:
        """Put our words in the fields of a form; the others keep what the page fills in."""
        given = {name.format(**ids): _said(value, ids) for name, value in self.fields.items()}
        values: dict[str, Any] = {**form.values(), **given, "csrf": None}
        return {name: value for name, value in values.items() if value is not None}

    def sender(self, opened: Opened, place: str) -> Visitor:
        """Give the browser of who sends it."""
        alone = self.by in ("stranger", "root") or place == "here" or " " in self.by
        return opened.visitor(self.by if alone else f"{self.by} elsewhere")


_ORGANISATION = {
    "name": "Friends of the benches",
    "category": "society",
    "mandate": "People who sit down.",
    "register_number": "W42",
    "website": "https://benches.example",
}
_MEETING = {
    **both("title", "Hearing on the benches"),
    "starts_at": f"{day(9)}T18:00",
    "ends_at": f"{day(9)}T20:00",
    "place": "Town hall",
    **both("access", "A lift, a hearing loop."),
    **both("taking_part", "Free entry."),
}


def _said(value: Any, ids: dict[str, str]) -> Any:
    if isinstance(value, str):
        return value.format(**ids)
    return [_said(one, ids) for one in value] if isinstance(value, list) else value


STATEMENT = {
    "measure": "hide",
    "rule": "3",
    "passage": "the traders are crooks",
    "facts": "Calls a group of people crooks.",
    "duration": "lasting",
}
ANSWER = {
    "outcome": "declined",
    **both("sentence", "No, the street stays open."),
    "anchor": "You ask for a bench.",
    "reason_codes": ["feasibility"],
    **both("rationale", "The pavement is a metre wide at this corner, and a chair needs more."),
    "evidence": "Survey of 12 October",
    **both("trigger", "If the pavement grows."),
    **both("remedies", "You can reply and contest."),
}
NAMED = {"guest_name": "Nadia B.", "guest_email": "nadia@post.example"}

FORMS: dict[str, Change] = {
    "foundation:theme": Change("/display", "stranger", EVERYONE, fields={"theme": "dark"}),
    # processes
    "processes:charter_publication": Change(
        "/administration/charters/respect",
        "root",
        ROOT,
        {"kind": "=respect"},
        {"step": "publish", **both("source", "# Respect\n\nWe speak to persons.")},
        previews=True,
    ),
    "processes:create": Change(
        "/desk/processes/new",
        "root",
        names("otto*", "root"),
        fields={
            "slug": "the-quays",
            "code": "QUAY",
            **both("title", "The quays"),
            **both("summary", "Who sits there?"),
        },
    ),
    "processes:opening": Change("/desk/processes/{draft_slug}", "otto", SET_UP, {"slug": "draft_slug"}),
    "processes:save_texts": Change(
        "/desk/processes/{draft_slug}/texts", "otto", SET_UP, {"slug": "draft_slug"}, both("title", "Benches")
    ),
    "processes:add_question": Change(
        "/desk/processes/{draft_slug}/questions",
        "otto",
        SET_UP,
        {"slug": "draft_slug"},
        {**both("title", "Where?"), **both("description", "In the shade."), "freeze_on": day(15)},
    ),
    "processes:save_question": Change(
        "/desk/processes/{draft_slug}/questions/{draft_issue}",
        "otto",
        SET_UP,
        {"slug": "draft_slug", "id": "draft_issue"},
        both("title", "Where exactly?"),
    ),
    "processes:save_phases": Change(
        "/desk/processes/{draft_slug}/steps", "otto", SET_UP, {"slug": "draft_slug"}
    ),
    "processes:save_room": Change(
        "/desk/processes/{draft_slug}/scope", "otto", SET_UP, {"slug": "draft_slug"}
    ),
    "processes:save_map": Change(
        "/desk/processes/{draft_slug}/stakeholders", "otto", SET_UP, {"slug": "draft_slug"}
    ),
    "processes:add_date": Change(
        "/desk/processes/{slug}/dates",
        "otto",
        SET_UP,
        {"slug": "slug"},
        {"kind": "visit", **both("title", "A walk"), "at": f"{day(9)}T18:00", "place": "At the fountain"},
    ),
    "processes:remove_date": Change(
        "/desk/processes/{draft_slug}/dates", "otto", SET_UP, {"slug": "draft_slug", "id": "draft_date"}
    ),
    "processes:add_step": Change(
        "/desk/processes/{slug}/steps/new",
        "otto",
        SET_UP,
        {"slug": "slug"},
        {
            "kind": "follow_up",
            "starts_on": day(200),
            "ends_on": day(300),
            **both("reason", "To see it stand."),
        },
    ),
    "processes:move": Change(
        "/desk/processes/{slug}/steps/deliberation/extension",
        "otto",
        SET_UP,
        {"slug": "slug", "kind": "=deliberation", "change": "=extension"},
        {"ends_on": day(40), **both("reason", "Many wrote late.")},
    ),
    # proposals
    "proposals:create": Change(
        "/processes/{slug}/proposals/new",
        "stranger",
        EVERYONE,
        {"slug": "slug"},
        {"title": "A fountain", "body": "Water for everybody.", "issue": "{issue}", **NAMED},
        previews=True,
    ),
    "proposals:similar": Change(
        "/processes/{slug}/proposals/new",
        "stranger",
        EVERYONE,
        {"slug": "slug"},
        {"title": "A bench in the shade", "body": "People stand there.", "issue": "{issue}"},
        SEEN,
        "/processes/{slug}/proposals",
    ),
    "proposals:revision": Change(
        "/proposals/{proposal}/edit",
        "ada",
        names("ada"),
        {"id": "proposal"},
        {"body": "Two benches, and a tree.", "note": "A tree."},
    ),
    "proposals:withdraw": Change(
        "/proposals/{proposal}/withdrawal",
        "ada",
        names("ada"),
        {"id": "proposal"},
        {"reason": "Said better."},
    ),
    "proposals:endorsement": Change(
        "/proposals/{proposal}", "bo", SIGNED | {"!ada"}, {"id": "proposal"}, {"endorsed": "1"}
    ),
    # debates
    "debates:draft": Change(
        "/debates/{thread}",
        "bo",
        SIGNED,
        {"id": "thread"},
        {"body": "Half a sentence"},
        SEEN,
        "/debates/{thread}/comments",
    ),
    "debates:issue_draft": Change(
        "/processes/{slug}/issues/{issue}/debate",
        "bo",
        SIGNED,
        {"slug": "slug", "id": "issue"},
        {"body": "Half a sentence"},
        SEEN,
        "/processes/{slug}/issues/{issue}/comments",
    ),
    "debates:comments": Change(
        "/debates/{thread}",
        "stranger",
        EVERYONE,
        {"id": "thread"},
        {"body": "What of the old lamp?", "relation": "asks", **NAMED},
    ),
    "debates:issue_comments": Change(
        "/processes/{slug}/issues/{issue}/debate",
        "stranger",
        EVERYONE,
        {"slug": "slug", "id": "issue"},
        {"body": "What of the old lamp?", "relation": "asks", **NAMED},
    ),
    "debates:revision": Change(
        "/comments/{comment}/edit", "bo", names("bo"), {"id": "comment"}, {"body": "Who pays, and when?"}
    ),
    "debates:relation": Change(
        "/receipts/{unsaid_number}", "bo", names("bo"), {"id": "unsaid"}, {"relation": "experience"}
    ),
    "debates:withdraw": Change(
        "/comments/{comment}/withdrawal", "bo", names("bo"), {"id": "comment"}, {"reason": "Answered."}
    ),
    "debates:insight": Change(
        "/comments/{comment}", "ada", SIGNED | {"!bo"}, {"id": "comment"}, {"marked": "1"}
    ),
    # contributions
    "contributions:lookup": Change(
        "/receipts",
        "stranger",
        EVERYONE,
        fields={"number": "{guest_public_number}", "code": "{guest_public_code}"},
    ),
    "contributions:link": Change("/receipts/{guest_number}", "gus", names("gus"), {"number": "guest_number"}),
    "contributions:confirmation": Change(
        "/receipts/{claimed_number}", "dan", names("dan"), {"number": "claimed_number"}
    ),
    "contributions:tell_situation": Change(
        "/receipts/{spare_number}/situation",
        "ada",
        names("ada"),
        {"number": "spare_number"},
        {"situation_touches": "I walk with two sticks now.", "situation_audience": "deciders"},
    ),
    "contributions:erase_situation": Change(
        "/receipts/{spare_number}/situation", "ada", names("ada"), {"number": "spare_number"}
    ),
    "contributions:follow_link": Change(
        "/confirmations/{guest_link}", "stranger", EVERYONE, {"token": "guest_link"}
    ),
    # decisions
    "decisions:replying": Change(
        "/outcomes/{outcome}/reply", "ada", names("ada"), {"id": "outcome"}, {"text": "One bench would do."}
    ),
    "decisions:appealing": Change(
        "/outcomes/{outcome}/appeal",
        "ada",
        names("ada"),
        {"id": "outcome"},
        {"ground": "misread", "text": "I spoke of one bench."},
    ),
    "decisions:react_by_link": Change(
        "/drafts/{draft_link}",
        "stranger",
        EVERYONE,
        {"token": "draft_link"},
        {"stance_{ready_claim}": "reason", "words_{ready_claim}": "The gas main is elsewhere."},
    ),
    "decisions:react_own": Change(
        "/contributions/{ready_number}/draft",
        "ada",
        names("ada"),
        {"number": "ready_number"},
        {"stance_{ready_claim}": "agree", "words_{ready_claim}": ""},
    ),
    "decisions:open_draft": Change(
        "/desk/decisions/{ready_decision}/draft", "otto", WRITERS, {"id": "ready_decision"}
    ),
    "decisions:consider": Change(
        "/desk/decisions/{ready_decision}/reactions",
        "otto",
        WRITERS,
        {"id": "ready_decision"},
        {"which": "{reaction}", "answer": "We look at the chair again."},
    ),
    "decisions:create": Change(
        "/desk/decisions/new?process={slug}",
        "otto",
        WRITERS,
        fields={
            "process": "{slug}",
            "issues": "{issue_free}",
            **both("title", "Lamps"),
            **both("summary", "Two."),
        },
    ),
    "decisions:save_texts": Change(
        "/desk/decisions/{drafting_decision}/texts",
        "otto",
        WRITERS,
        {"id": "drafting_decision"},
        both("title", "Benches and lamps"),
    ),
    "decisions:publish": Change(
        "/desk/decisions/{ready_decision}/publication",
        "dora",
        names("dora"),
        {"id": "ready_decision"},
        {"role": "Mayor", "when": "now"},
    ),
    "decisions:stop": Change(
        "/desk/decisions/{waiting_decision}/publication", "otto", WORKERS, {"id": "waiting_decision"}
    ),
    "decisions:rule": Change(
        "/desk/appeals/{appeal}",
        "hal",
        names("hal", "rita"),
        {"id": "appeal"},
        {"finding": "upheld", **both("reason", "The point spoke of one bench.")},
    ),
    "decisions:save_group": Change(
        "/desk/decisions/{drafting_decision}/group?point={proposal_claim}:0&point={spare_claim}:0",
        "otto",
        WRITERS,
        {"id": "drafting_decision"},
        {**ANSWER, **both("label", "Benches"), "point": ["{proposal_claim}:0", "{spare_claim}:0"]},
    ),
    "decisions:choose_group": Change(
        "/desk/decisions/{drafting_decision}/group?point={proposal_claim}:0&point={spare_claim}:0",
        "otto",
        WRITERS,
        {"id": "drafting_decision"},
        {"outcome": "partly", "point": ["{proposal_claim}:0", "{spare_claim}:0"]},
        SEEN,
        "/desk/decisions/{drafting_decision}/group",
    ),
    "opendata:bring": Change(
        "/desk/decisions/{drafting_decision}/sheet",
        "otto",
        WRITERS,
        {"id": "drafting_decision"},
        {"sheet": "point_ref,version\n{spare_claim},1\n", "what": "try"},
        SEEN,
    ),
    "decisions:assign": Change(
        "/desk/decisions/{drafting_decision}/assignment?point={spare_claim}",
        "otto",
        WRITERS,
        {"id": "drafting_decision"},
        {"to": "nobody"},
    ),
    "decisions:keep_filter": Change(
        "/desk/decisions/{drafting_decision}?state=unanswered",
        "otto",
        WORKERS,
        {"id": "drafting_decision"},
        {"name": "Mine", "drop": None},
    ),
    "decisions:review_several": Change(
        "/desk/decisions/{drafting_decision}/reviews",
        "rita",
        WORKERS - {"otto"},
        {"id": "drafting_decision"},
        {"point": ["{unread_claim}:1"], "verdict": "approve"},
    ),
    "decisions:situation": Change(
        "/desk/claims/{spare_claim}",
        "otto",
        names("otto"),
        {"id": "spare_claim"},
        {"reason": "To answer what she asks for."},
        SEEN,
    ),
    "decisions:call": Change(
        "/desk/claims/{spare_claim}",
        "otto",
        names("otto", "dora"),
        {"id": "spare_claim"},
        {"way": "phone", "note": "We spoke on Monday."},
    ),
    "decisions:cutting": Change(
        "/desk/claims/{claim}/points",
        "otto",
        WRITERS,
        {"id": "claim"},
        {"sentence": ["1"], "kind": "request", "step": None},
    ),
    "decisions:add_article": Change(
        "/desk/decisions/{drafting_decision}/articles/new",
        "otto",
        WRITERS,
        {"id": "drafting_decision"},
        {**both("heading", "Lamps"), **both("text", "Two lamps stand there."), **both("before", "None.")},
    ),
    "decisions:save_article": Change(
        "/desk/decisions/{drafting_decision}/articles/a1",
        "otto",
        WRITERS,
        {"id": "drafting_decision", "eid": "=a1"},
        both("text", "Closed from 8 to 10."),
    ),
    "decisions:promise": Change(
        "/desk/decisions/{settled_decision}/promises",
        "otto",
        WRITERS,
        {"id": "settled_decision"},
        {**both("promise", "A lamp stands there."), "owner": "Parks", "due_on": day(100)},
    ),
    "decisions:move_promise": Change(
        "/desk/decisions/{settled_decision}/promises",
        "otto",
        WRITERS,
        {"id": "settled_decision", "promise": "settled_milestone"},
        {"what": "state", "state": "under_way"},
    ),
    "processes:declare": Change(
        "/desk/processes/{slug}/interests", "otto", WORKERS, {"slug": "slug"}, {"has": "none"}
    ),
    "decisions:check_promise": Change(
        "/promises/{kept_milestone}", "ada", names("ada"), {"id": "kept_milestone"}, {"answer": "works"}
    ),
    "decisions:note_later": Change(
        "/desk/claims/{later_claim}/later",
        "otto",
        WRITERS,
        {"id": "later_claim"},
        {"happened_on": day(0), **both("note", "The vote took place.")},
    ),
    "decisions:answer": Change("/desk/claims/{claim}", "otto", WRITERS, {"id": "claim"}, ANSWER),
    "decisions:choose": Change(
        "/desk/claims/{claim}",
        "otto",
        WORKERS,
        {"id": "claim"},
        {"outcome": "adopted"},
        SEEN,
        "/desk/claims/{claim}",
    ),
    "decisions:likeness": Change(
        "/desk/claims/{claim}?outcome=declined",
        "otto",
        WORKERS,
        {"id": "claim"},
        {"outcome": "declined", **both("rationale", "The bus needs this street.")},
        SEEN,
        "/desk/claims/{claim}",
    ),
    "decisions:group_likeness": Change(
        "/desk/decisions/{drafting_decision}/group?point={proposal_claim}:0&point={spare_claim}:0",
        "otto",
        WRITERS,
        {"id": "drafting_decision"},
        {
            "outcome": "declined",
            **both("rationale", "The bus needs this street."),
            "point": ["{proposal_claim}:0", "{spare_claim}:0"],
        },
        SEEN,
        "/desk/decisions/{drafting_decision}/group",
    ),
    "decisions:confirm": Change("/desk/claims/{changed_claim}", "otto", WRITERS, {"id": "changed_claim"}),
    "decisions:review": Change(
        "/desk/claims/{unread_claim}",
        "rita",
        WORKERS - {"otto"},
        {"id": "unread_claim"},
        {"verdict": "return", "note": "Say which ladder."},
    ),
    "decisions:close": Change(
        "/desk/processes/{silent_slug}/closure",
        "otto",
        SET_UP,
        {"slug": "silent_slug"},
        {**both("reason", "All is said."), "understood": "1"},
    ),
    "decisions:changing_scope": Change(
        "/desk/processes/{slug}/scope/change",
        "otto",
        SET_UP,
        {"slug": "slug"},
        both("reason", "The budget was voted again."),
    ),
    # evaluation
    "evaluation:answer_link": Change(
        "/surveys/{survey_link}",
        "stranger",
        EVERYONE,
        {"token": "survey_link"},
        {"party": "4", "rights": "0"},
    ),
    "evaluation:answer_own": Change(
        "/decisions/{settled_decision}/survey/answer",
        "ada",
        names("ada", "cleo"),
        {"id": "settled_decision"},
        {"party": "2"},
    ),
    # synthesis
    "synthesis:send": Change(
        "/desk/claims/{spare_claim}/questions",
        "otto",
        WORKERS,
        {"id": "spare_claim"},
        {"question": "Which corner?", "days": "10"},
    ),
    "synthesis:answer": Change(
        "/questions/{question}",
        "ada",
        names("ada"),
        {"id": "question"},
        {"text": "The corner of the school."},
    ),
    "synthesis:send_several": Change(
        "/desk/texts?process={slug}&state=to_check",
        "otto",
        WRITERS,
        fields={"text": ["{checkable}"]},
    ),
    "synthesis:read_second": Change(
        "/desk/texts/{readable}", "rita", WORKERS - {"otto"}, {"id": "readable"}, {"verdict": "confirm"}
    ),
    "synthesis:send_check": Change("/desk/texts/{checkable}", "otto", WRITERS, {"id": "checkable"}),
    "synthesis:create_theme": Change(
        "/desk/themes/new?process={slug}",
        "otto",
        WRITERS,
        fields={"process": "{slug}", **both("title", "Lamps"), **both("concern", "It is dark.")},
    ),
    "synthesis:save_theme": Change(
        "/desk/themes/{proposal_theme}/words",
        "otto",
        WRITERS,
        {"id": "proposal_theme"},
        both("title", "Benches and lamps"),
    ),
    "synthesis:change_points": Change(
        "/desk/themes/{proposal_theme}",
        "otto",
        WRITERS,
        {"id": "proposal_theme"},
        {"point": "{proposal_claim}", "what": "out"},
    ),
    "synthesis:put_in": Change(
        "/desk/themes/{proposal_theme}/points",
        "otto",
        WRITERS,
        {"id": "proposal_theme"},
        {"point": "{spare_claim}"},
    ),
    "synthesis:sort_point": Change(
        "/desk/claims/{spare_claim}",
        "otto",
        WRITERS,
        {"id": "spare_claim"},
        {"theme": "{settled_theme}"},
    ),
    "synthesis:create_synthesis": Change(
        "/desk/syntheses/new?process={slug}",
        "otto",
        WRITERS,
        fields={"process": "{slug}", "issues": "{issue_free}", **both("title", "Lamps")},
    ),
    "synthesis:save_synthesis": Change(
        "/desk/syntheses/{ready_synthesis}/words",
        "otto",
        WRITERS,
        {"id": "ready_synthesis"},
        both("title", "Benches and lamps"),
    ),
    "synthesis:publish": Change(
        "/desk/syntheses/{ready_synthesis}", "otto", WRITERS, {"id": "ready_synthesis"}
    ),
    "synthesis:stop": Change(
        "/desk/syntheses/{waiting_synthesis}", "otto", WORKERS, {"id": "waiting_synthesis"}
    ),
    "synthesis:reword": Change(
        "/desk/points/{checkable_claim}",
        "otto",
        WRITERS,
        {"id": "checkable_claim"},
        {"restatement": "A bench in the shade is asked for."},
    ),
    "synthesis:answer_link": Change(
        "/checks/{check_link}",
        "stranger",
        EVERYONE,
        {"token": "check_link"},
        {"verdict_{checked_claim}": "yes"},
    ),
    "synthesis:answer_own": Change(
        "/contributions/{checked_number}/check",
        "ada",
        names("ada"),
        {"number": "checked_number"},
        {"verdict_{checked_claim}": "yes"},
    ),
    "synthesis:enter_slip": Change(
        "/desk/checks/{check}",
        "otto",
        WORKERS,
        {"id": "check"},
        {"missed": "The bench needs a back."},
    ),
    # moderation
    "moderation:reports": Change(
        "/reports/new?subject=contribution/{comment}",
        "stranger",
        EVERYONE,
        fields={"ground": "insult", "explanation": "It insults people.", "good_faith": "1"},
        answers=SEEN,
    ),
    "moderation:report_opening": Change(
        "/reports/{kept_report}/code",
        "stranger",
        EVERYONE,
        {"number": "kept_report"},
        fields={"code": "AAAA-BBBB-CCCCC"},
    ),
    "moderation:decision": Change("/moderation/cases/{case}", "mira", MODERATORS, {"id": "case"}, STATEMENT),
    "moderation:undo": Change("/moderation", "mira", names("mira"), {"id": "held_measure"}),
    "moderation:restoration": Change(
        "/moderation/statements/{hidden_statement}",
        "mira",
        MODERATORS,
        {"id": "hidden_measure"},
        {"note": "It named nobody after all."},
    ),
    "moderation:file_appeal": Change(
        "/moderation/statements/{hidden_statement}",
        "bo",
        names("bo"),
        {"id": "hidden_statement"},
        {"text": "I named nobody."},
    ),
    "moderation:rewriting": Change(
        "/moderation/statements/{rephrase_statement}",
        "bo",
        names("bo"),
        {"id": "rephrase_statement"},
        {"body": "The traders hide their figures."},
    ),
    "moderation:ruling": Change(
        "/moderation/appeals/{contested_appeal}",
        "max",
        names("max"),
        {"id": "contested_appeal"},
        {"finding": "upheld", "reason": "Criticism of a group is allowed."},
    ),
    # notices
    "notices:all_read": Change("/notices", "ada", SIGNED),
    "notices:choice": Change("/notices/mails", "ada", SIGNED),
    "notices:stopped": Change("/notices/stop/{stop}", "stranger", EVERYONE, {"token": "stop"}, answers=SEEN),
    "notices:read": Change("/notices", "ada", names("ada"), {"id": "notice"}),
    # following
    "following:follow": Change(
        "/following/process/{process}", "bo", EVERYONE, {"kind": "=process", "id": "process"}, fits=SIGNED
    ),
    "following:pace": Change("/following", "ada", names("ada"), {"id": "follow"}, {"pace": "weekly"}),
    "following:end": Change("/following", "ada", names("ada"), {"id": "follow"}),
    "following:follow_link": Change(
        "/following/links/{follow_link}", "stranger", EVERYONE, {"token": "follow_link"}, answers=SEEN
    ),
    # accounts
    "accounts:session": Change(
        "/sign-in", "stranger", EVERYONE, fields={"address": "{ada_address}", "password": PASSWORD}
    ),
    "accounts:link": Change("/sign-in", "stranger", EVERYONE, fields={"address": "{ada_address}"}),
    "accounts:fresh_session": Change(
        "/sign-in/again", "ada", SIGNED, fields={"password": PASSWORD}, fits=names("ada")
    ),
    "accounts:sign_out": Change("/account", "ada", EVERYONE),
    "accounts:registration": Change(
        "/register",
        "stranger",
        EVERYONE,
        fields={"name": "Nadia B.", "address": "new@post.example", "password": "nine rivers and a swan"},
    ),
    "accounts:reset": Change(
        "/password/forgotten", "stranger", EVERYONE, fields={"address": "{ada_address}"}
    ),
    "accounts:following": Change("/links/{link}", "stranger", EVERYONE, {"token": "link"}),
    "accounts:naming": Change("/account/name", "ada", SIGNED, fields={"name": "Ada Lovely"}),
    "accounts:language": Change("/account", "ada", SIGNED, fields={"language": "fr"}),
    "accounts:addressing": Change(
        "/account/address", "ada", SIGNED, fields={"address": "ada@elsewhere.example"}
    ),
    "accounts:new_password": Change(
        "/account/password",
        "ada",
        SIGNED,
        fields={"current": PASSWORD, "password": "nine rivers and a swan"},
    ),
    "accounts:other_sessions": Change("/account/sessions", "ada", SIGNED),
    "accounts:session_end": Change("/account/sessions", "ada", names("ada"), {"key": "session"}),
    "accounts:substitute": Change(
        "/account/absence",
        "otto",
        ALL_STAFF - ROOT,
        fields={"substitute": "{hal_person}", "from": day(40), "to": day(50)},
        fits=EVERYONE | {"!hal"},
    ),
    "accounts:absence_end": Change("/account/absence", "otto", names("otto"), {"id": "absence"}),
    "accounts:grant": Change(
        "/administration/people/{cleo_person}",
        "root",
        ROOT,
        {"id": "cleo_person"},
        {"role": "moderator", "scope": "{process}", "reason": "Helps out."},
    ),
    "accounts:revocation": Change(
        "/administration/people/{otto_person}", "root", ROOT, {"id": "grant"}, {"reason": "Moves away."}
    ),
    "accounts:invitation": Change(
        "/administration/invitations",
        "root",
        ROOT,
        fields={
            "address": "newer@town.example",
            "role": "moderator",
            "scope": "{process}",
            "reason": "Helps out.",
        },
    ),
    "accounts:setting": Change(
        "/administration/settings", "root", ROOT, fields={"name": "Our town", "body": "Town of Port-Lune"}
    ),
    # meetings
    "meetings:announce": Change(
        "/desk/processes/{slug}/meetings/new",
        "otto",
        names("otto"),
        {"slug": "slug"},
        {
            **_MEETING,
            "kind": "hearing",
            "issues": "{issue}",
        },
    ),
    "meetings:change": Change(
        "/desk/meetings/{meeting}",
        "otto",
        names("otto"),
        {"id": "meeting"},
        {**_MEETING, **both("reason", "The hall is taken.")},
    ),
    "meetings:cancellation": Change(
        "/desk/meetings/{meeting}",
        "otto",
        names("otto"),
        {"id": "meeting"},
        both("because", "A storm comes."),
    ),
    "meetings:point": Change(
        "/desk/meetings/{meeting_over}",
        "otto",
        names("otto"),
        {"id": "meeting_over"},
        {"body": "The step at the door is too high.", "relation": "objects", "read_back": "yes"},
    ),
    "meetings:minutes": Change(
        "/desk/meetings/{meeting_over}",
        "otto",
        names("otto"),
        {"id": "meeting_over"},
        {"present": "14", **both("text", "Nine people spoke.")},
    ),
    "decisions:delegate": Change(
        "/desk/processes/{slug}/signatures",
        "dora",
        names("dora"),
        {"slug": "slug"},
        {
            "delegate": "{otto_person}",
            "from": day(1),
            "to": day(20),
            **both("reason", "On a mission abroad."),
        },
    ),
    "decisions:set_advance": Change(
        "/desk/decisions/{waiting_decision}/embargo",
        "dora",
        names("dora"),
        {"id": "waiting_decision"},
        {"first": "now"},
    ),
    "decisions:stop_advance": Change(
        "/desk/decisions/{soon_decision}/embargo", "otto", WORKERS, {"id": "soon_decision"}
    ),
    "decisions:give_view": Change(
        "/desk/decisions/{early_decision}/embargo",
        "dora",
        names("dora"),
        {"id": "early_decision"},
        {
            "name": "Rae Rush",
            "organisation": "Radio",
            "address": "rae@radio.example",
            **both("reason", "A report in the evening."),
        },
    ),
    "decisions:end_view": Change(
        "/desk/decisions/{early_decision}/embargo",
        "otto",
        WORKERS,
        {"id": "early_decision", "view": "embargo_view"},
        {"because": "A mistake."},
    ),
    "decisions:open_early": Change(
        "/embargo/{embargo_link}", "stranger", EVERYONE, {"token": "embargo_link"}, answers=SEEN
    ),
    "decisions:revoke_delegation": Change(
        "/desk/processes/{slug}/signatures",
        "dora",
        names("dora"),
        {"slug": "slug", "id": "delegation"},
        both("because", "Back early."),
    ),
    # organisations
    "organisations:proposal": Change(
        "/organisations/new",
        "ada",
        SIGNED,
        fields={**_ORGANISATION, "function": "President", "proof": "Our statutes."},
    ),
    "organisations:request": Change(
        "/organisations/{union}/delegates",
        "ada",
        SIGNED,
        {"id": "union"},
        {"function": "Treasurer", "proof": "Ask the board."},
        fits=SIGNED - names("bo", "cleo"),
    ),
    "organisations:end": Change(
        "/organisations/{union}",
        "bo",
        ROOT | names("bo"),
        {"id": "union", "delegate": "delegate"},
        {"reason": "Another secretary was elected."},
    ),
    "organisations:declaration": Change(
        "/organisations/{union}/interests",
        "bo",
        names("bo"),
        {"id": "union"},
        {"interests": "We deliver here, and rent a garage.", "funding": "Fees."},
    ),
    "organisations:register": Change("/administration/organisations", "root", ROOT, fields=_ORGANISATION),
    "organisations:ruling": Change(
        "/administration/organisations",
        "root",
        ROOT,
        {"id": "delegate_request"},
        {"verdict": "confirm", "reason": "The letter is in order."},
    ),
    "organisations:file": Change(
        "/processes/{slug}/statements/new",
        "bo",
        names("bo"),
        {"slug": "slug"},
        {
            "organisation": "{union}",
            "issue": "{issue_free}",
            "title": "Room for vans",
            "body": "Drivers need it.",
            "approved_by": "The board",
            "approved_on": day(-2),
            "comment_1": "The kerb is too high.",
            "change_1": "Lower it.",
        },
    ),
}
