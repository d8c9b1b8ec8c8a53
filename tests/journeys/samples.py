"""An address for every page: which thing of the town it shows, and exactly who may see it.

The router is asked for its routes; a page without a sample here fails the proofs. `params` names things of
a place (`town.Place.ids`), "=…" is a literal. `opens` says who gets the page: names of the place, with a
star for the same role in any other process; `everyone` and `signed` are what they say.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from starlette.routing import Route

from civic import app
from civic.foundation import assets
from civic.foundation.web import mark_of
from tests.journeys.town import STAFF

EVERYONE, SIGNED, NOBODY = frozenset({"everyone"}), frozenset({"signed"}), frozenset[str]()


def names(*given: str) -> frozenset[str]:
    """Name people."""
    return frozenset(given)


MODERATORS = names("mira", "max")
ALL_MODERATORS = names("mira*", "max*")
WORKERS = names("otto", "rita", "dora")
ALL_WORKERS = names("otto*", "rita*", "dora*")
SET_UP = names("otto", "root")
ROOT = names("root")
ALL_STAFF = frozenset(f"{name}*" for name in STAFF) | ROOT


@dataclass(frozen=True)
class Sample:
    """One address of a page, and who may see it."""

    opens: frozenset[str]
    params: dict[str, str] = field(default_factory=dict)
    query: str = ""
    leads: frozenset[str] = frozenset()
    """Who is sent elsewhere instead (303): those who need no such page."""
    by: str = ""
    """Whose eyes to use where one pair is enough; "" finds somebody who may see it."""

    def path(self, route: Route, place: dict[str, str]) -> str:
        """Write the address with the things of a place."""
        given = {name: value[1:] if value[:1] == "=" else place[value] for name, value in self.params.items()}
        return str(route.url_path_for(route.name, **given)) + (
            self.query and f"?{self.query.format(**place)}"
        )


def routes() -> list[Route]:
    """Give every route of the running house, as the router has them."""
    return app.all_routes()


def reads() -> list[Route]:
    """Give the routes that read."""
    return [route for route in routes() if "GET" in (route.methods or ())]


def writes() -> list[Route]:
    """Give the routes that change something."""
    return [route for route in routes() if "POST" in (route.methods or ())]


def belongs(role: str, group: frozenset[str], place: str) -> bool:
    """Tell whether somebody of the matrix belongs to a group as it is said for a place."""
    name, _, elsewhere = role.partition(" ")
    if name in {one[1:] for one in group if one.startswith("!")} and (place == "elsewhere") == bool(
        elsewhere
    ):
        return False
    is_here = (place == "elsewhere") == bool(elsewhere) or name == "root"
    if "everyone" in group or f"{name}*" in group:
        return True
    if "signed" in group and name not in ("stranger", "gus"):
        return True
    return is_here and name in group


def audience_of(route: Route) -> frozenset[str]:
    """Read what the mark of a route says."""
    mark = mark_of(route.endpoint)
    assert mark is not None, route.path
    return mark.audience


PRINTED = frozenset(
    {
        "decisions:reasons_pdf",
        "synthesis:edition_pdf",
        "trace:letter",
        "organisations:points_xlsx",
        "organisations:template",
    }
)
"""What is sent as a file to print: the words of a page, compressed."""

PAGES: dict[str, list[Sample]] = {
    "healthz": [Sample(EVERYONE)],
    "readyz": [Sample(EVERYONE)],
    "static": [Sample(EVERYONE, {"name": "=" + assets.asset("civic.css").removeprefix("/static/")})],
    "foundation:colours": [Sample(EVERYONE)],
    "foundation:display": [Sample(EVERYONE)],
    # processes
    "processes:home": [Sample(EVERYONE)],
    "processes:list": [Sample(EVERYONE), Sample(EVERYONE, query="q=round&standing=open")],
    "processes:show": [
        Sample(EVERYONE, {"slug": "slug"}),
        Sample(SET_UP, {"slug": "draft_slug"}),
    ],
    "processes:issue": [
        Sample(EVERYONE, {"slug": "slug", "id": "issue"}),
        Sample(SET_UP, {"slug": "draft_slug", "id": "draft_issue"}),
    ],
    "processes:scope": [Sample(EVERYONE, {"slug": "slug"}), Sample(SET_UP, {"slug": "draft_slug"})],
    "processes:rights": [Sample(EVERYONE)],
    "processes:rights_version": [Sample(EVERYONE, {"number": "=1"})],
    "processes:respect": [Sample(EVERYONE)],
    "processes:respect_version": [Sample(EVERYONE, {"number": "=1"})],
    "processes:charters": [Sample(ROOT)],
    "processes:charter_desk": [Sample(ROOT, {"kind": "=respect"})],
    "processes:about": [Sample(EVERYONE)],
    "processes:accessibility": [Sample(EVERYONE)],
    "processes:privacy": [Sample(EVERYONE)],
    "processes:contact": [Sample(EVERYONE)],
    "processes:desks": [Sample(ALL_WORKERS | ROOT)],
    "processes:new": [Sample(names("otto*", "root"))],
    "processes:desk": [Sample(SET_UP, {"slug": "slug"}), Sample(SET_UP, {"slug": "draft_slug"})],
    "processes:texts": [Sample(SET_UP, {"slug": "draft_slug"})],
    "processes:questions": [Sample(SET_UP, {"slug": "slug"}), Sample(SET_UP, {"slug": "draft_slug"})],
    "processes:question": [Sample(SET_UP, {"slug": "draft_slug", "id": "draft_issue"})],
    "processes:phases": [Sample(SET_UP, {"slug": "draft_slug"})],
    "processes:room": [Sample(SET_UP, {"slug": "slug"}), Sample(SET_UP, {"slug": "draft_slug"})],
    "processes:map": [Sample(SET_UP, {"slug": "draft_slug"})],
    "processes:dates": [Sample(SET_UP, {"slug": "slug"})],
    "processes:new_step": [Sample(SET_UP, {"slug": "slug"})],
    "processes:change": [Sample(SET_UP, {"slug": "slug", "kind": "=deliberation", "change": "=extension"})],
    # proposals
    "proposals:list": [Sample(EVERYONE, {"slug": "slug"}), Sample(EVERYONE, {"slug": "slug"}, "q=bench")],
    "proposals:new": [Sample(EVERYONE, {"slug": "slug"})],
    "proposals:show": [
        Sample(EVERYONE, {"id": "proposal"}),
        Sample(EVERYONE, {"id": "settled"}),
        Sample(EVERYONE, {"id": "taken_back"}),
        Sample(names("gus"), {"id": "guest"}),
    ],
    "proposals:versions": [
        Sample(EVERYONE, {"id": "proposal"}),
        Sample(EVERYONE, {"id": "proposal"}, "version=1"),
        Sample(names("gus"), {"id": "guest"}),
        Sample(names("ada"), {"id": "taken_back"}),
    ],
    "proposals:edit": [Sample(names("ada"), {"id": "proposal"}), Sample(names("gus"), {"id": "guest"})],
    "proposals:withdrawal": [Sample(names("ada"), {"id": "proposal"}), Sample(names("gus"), {"id": "guest"})],
    # debates
    "debates:show": [Sample(EVERYONE, {"id": "thread"}), Sample(EVERYONE, {"id": "thread"}, "order=newest")],
    "debates:issue": [Sample(EVERYONE, {"slug": "slug", "id": "issue"})],
    "debates:comment": [Sample(EVERYONE, {"id": "comment"}), Sample(EVERYONE, {"id": "hidden"})],
    "debates:versions": [Sample(EVERYONE, {"id": "comment"}), Sample(names("bo"), {"id": "hidden"})],
    "debates:reply": [Sample(EVERYONE, {"id": "comment"})],
    "debates:edit": [Sample(names("bo"), {"id": "comment"})],
    "debates:withdrawal": [Sample(names("bo"), {"id": "comment"})],
    # contributions
    "contributions:receipts": [Sample(EVERYONE)],
    "contributions:receipt": [
        Sample(EVERYONE, {"number": "proposal_number"}),
        Sample(EVERYONE, {"number": "guest_number"}),
    ],
    "contributions:situation": [
        Sample(names("ada"), {"number": "spare_number"}),
        Sample(names("ada"), {"number": "proposal_number"}),
    ],
    "contributions:show_link": [Sample(EVERYONE, {"token": "guest_link"})],
    # trace
    "trace:show": [Sample(EVERYONE, {"number": "settled_number"})],
    "trace:letter": [
        Sample(EVERYONE, {"number": "settled_number"}),
        Sample(EVERYONE, {"number": "settled_number"}, "share=1&language=fr"),
    ],
    "trace:mine": [Sample(EVERYONE)],
    # decisions
    "decisions:list": [Sample(EVERYONE)],
    "decisions:of_process": [Sample(EVERYONE, {"slug": "slug"})],
    "decisions:show": [
        Sample(EVERYONE, {"id": "settled_decision"}),
        Sample(EVERYONE, {"id": "settled_decision"}, "mine=1"),
        Sample(NOBODY, {"id": "ready_decision"}),
        Sample(NOBODY, {"id": "waiting_decision"}),
        Sample(NOBODY, {"id": "early_decision"}),
    ],
    "decisions:version": [
        Sample(EVERYONE, {"id": "settled_decision", "number": "=1"}),
        Sample(NOBODY, {"id": "waiting_decision", "number": "=1"}),
    ],
    "decisions:reasons": [
        Sample(EVERYONE, {"id": "settled_decision", "number": "=1"}),
        Sample(NOBODY, {"id": "waiting_decision", "number": "=1"}),
    ],
    "decisions:reasons_pdf": [
        Sample(EVERYONE, {"id": "settled_decision", "number": "=1"}),
        Sample(NOBODY, {"id": "waiting_decision", "number": "=1"}),
    ],
    "decisions:corrections": [Sample(EVERYONE)],
    "decisions:changes": [Sample(NOBODY, {"id": "settled_decision", "number": "=1"})],
    "decisions:outcome": [Sample(EVERYONE, {"id": "outcome"}), Sample(EVERYONE, {"id": "outcome_replied"})],
    "decisions:outcome_version": [
        Sample(EVERYONE, {"id": "outcome", "number": "=1"}),
        Sample(NOBODY, {"id": "outcome", "number": "=9"}),
    ],
    "decisions:outcomes": [
        Sample(EVERYONE, {"id": "settled_decision"}),
        Sample(EVERYONE, {"id": "settled_decision"}, "reason=political&family=no"),
        Sample(NOBODY, {"id": "ready_decision"}),
    ],
    "decisions:draft": [
        Sample(EVERYONE, {"id": "ready_decision", "number": "=1"}),
        Sample(EVERYONE, {"id": "ready_decision", "number": "=1"}, "mine=1"),
        Sample(NOBODY, {"id": "ready_decision", "number": "=9"}),
        Sample(NOBODY, {"id": "drafting_decision", "number": "=1"}),
    ],
    "decisions:react_link": [Sample(EVERYONE, {"token": "draft_link"})],
    "decisions:own_draft": [Sample(names("ada"), {"number": "ready_number"})],
    "decisions:window": [
        Sample(WORKERS, {"id": "ready_decision"}),
        Sample(WORKERS, {"id": "drafting_decision"}),
    ],
    "decisions:reactions": [
        Sample(WORKERS, {"id": "ready_decision"}),
        Sample(WORKERS, {"id": "ready_decision"}, "all=1&stance=misread"),
    ],
    "decisions:reply": [Sample(names("ada"), {"id": "outcome"})],
    "decisions:appeal": [Sample(names("ada"), {"id": "outcome"})],
    "decisions:owed": [Sample(ALL_STAFF)],
    "decisions:desks": [Sample(ALL_WORKERS)],
    "decisions:new": [Sample(ALL_WORKERS)],
    "decisions:texts": [Sample(WORKERS, {"id": "drafting_decision"})],
    "decisions:publication": [
        Sample(WORKERS, {"id": "ready_decision"}),
        Sample(WORKERS, {"id": "waiting_decision"}),
        Sample(WORKERS, {"id": "drafting_decision"}),
    ],
    "decisions:embargo": [
        Sample(WORKERS, {"id": "waiting_decision"}),
        Sample(WORKERS, {"id": "early_decision"}),
        Sample(WORKERS, {"id": "soon_decision"}),
        Sample(WORKERS, {"id": "ready_decision"}),
    ],
    "decisions:advance": [
        Sample(EVERYONE, {"token": "advance_link"}),
        Sample(NOBODY, {"token": "=guessed"}),
    ],
    "decisions:own_advance": [Sample(names("ada"), {"number": "early_number"})],
    "decisions:early": [
        Sample(EVERYONE, {"token": "embargo_link"}),
        Sample(NOBODY, {"token": "ended_link"}),
    ],
    "decisions:appeal_desk": [Sample(WORKERS | {"hal"}, {"id": "appeal"})],
    "decisions:group": [Sample(WORKERS - {"rita"}, {"id": "drafting_decision"}, "claim={claim}")],
    "decisions:assignment": [
        Sample(WORKERS - {"rita"}, {"id": "drafting_decision"}, "which=all&back=state%3Dunanswered")
    ],
    "decisions:reviews": [Sample(WORKERS, {"id": "drafting_decision"})],
    "decisions:cut": [Sample(WORKERS - {"rita"}, {"id": "claim"})],
    "decisions:workspace": [
        Sample(WORKERS, {"id": "drafting_decision"}),
        Sample(WORKERS, {"id": "settled_decision"}),
    ],
    "decisions:articles": [Sample(WORKERS, {"id": "drafting_decision"})],
    "decisions:new_article": [Sample(WORKERS, {"id": "drafting_decision"})],
    "decisions:article": [Sample(WORKERS, {"id": "drafting_decision", "eid": "=a1"})],
    "decisions:promises": [Sample(WORKERS, {"id": "settled_decision"})],
    "decisions:claim": [
        Sample(WORKERS, {"id": "claim"}),
        Sample(WORKERS, {"id": "claim"}, "outcome=partly"),
        Sample(WORKERS, {"id": "settled_claim"}),
        Sample(WORKERS, {"id": "spare_claim"}),
        Sample(WORKERS, {"id": "situation_claim"}, "outcome=adopted"),
    ],
    "processes:interests": [Sample(EVERYONE, {"slug": "slug"})],
    "processes:declaration": [Sample(WORKERS, {"slug": "slug"})],
    "decisions:followup": [Sample(EVERYONE), Sample(EVERYONE, query="standing=coming")],
    "decisions:followup_of_process": [Sample(EVERYONE, {"slug": "slug"})],
    "decisions:followup_of_decision": [Sample(EVERYONE, {"id": "settled_decision"})],
    "decisions:milestone": [
        Sample(EVERYONE, {"id": "settled_milestone"}),
        Sample(EVERYONE, {"id": "kept_milestone"}),
    ],
    "decisions:later": [Sample(WORKERS, {"id": "later_claim"})],
    "decisions:closure": [Sample(SET_UP, {"slug": "slug"})],
    "decisions:scope_change": [Sample(SET_UP, {"slug": "slug"})],
    # evaluation
    "evaluation:board": [Sample(EVERYONE, {"slug": "slug"}), Sample(SET_UP, {"slug": "draft_slug"})],
    "evaluation:of_decision": [
        Sample(EVERYONE, {"id": "settled_decision"}),
        Sample(NOBODY, {"id": "ready_decision"}),
    ],
    "evaluation:debt": [Sample(EVERYONE)],
    "evaluation:survey": [
        Sample(EVERYONE, {"id": "settled_decision"}),
        Sample(EVERYONE, {"id": "later_decision"}),
        Sample(NOBODY, {"id": "ready_decision"}),
    ],
    "evaluation:survey_csv": [
        Sample(EVERYONE, {"id": "settled_decision"}, "language=fr"),
        Sample(NOBODY, {"id": "later_decision"}),
    ],
    "evaluation:own_survey": [Sample(names("ada", "cleo"), {"id": "settled_decision"})],
    "evaluation:survey_link": [Sample(EVERYONE, {"token": "survey_link"})],
    "evaluation:thanks": [Sample(EVERYONE)],
    # synthesis, search
    "synthesis:ask": [Sample(WORKERS, {"id": "spare_claim"})],
    "synthesis:question": [Sample(EVERYONE, {"id": "question"})],
    "synthesis:texts": [
        Sample(ALL_WORKERS),
        Sample(WORKERS, query="process={slug}&state=uncut"),
        Sample(WORKERS, query="process={slug}&state=to_check"),
    ],
    "synthesis:text": [
        Sample(WORKERS, {"id": "checked"}),
        Sample(WORKERS, {"id": "settled"}),
        Sample(WORKERS, {"id": "proposal"}),
    ],
    "synthesis:themes": [Sample(ALL_WORKERS), Sample(WORKERS, query="process={slug}")],
    "synthesis:new_theme": [Sample(WORKERS, query="process={slug}")],
    "synthesis:theme": [
        Sample(WORKERS, {"id": "settled_theme"}),
        Sample(WORKERS, {"id": "proposal_theme"}),
    ],
    "synthesis:theme_words": [Sample(WORKERS, {"id": "proposal_theme"})],
    "synthesis:theme_points": [
        Sample(WORKERS, {"id": "proposal_theme"}),
        Sample(WORKERS, {"id": "proposal_theme"}, "q=bench&alone=1"),
    ],
    "synthesis:new_synthesis": [Sample(WORKERS, query="process={slug}")],
    "synthesis:synthesis_desk": [
        Sample(WORKERS, {"id": "ready_synthesis"}),
        Sample(WORKERS, {"id": "waiting_synthesis"}),
        Sample(WORKERS, {"id": "settled_synthesis"}),
    ],
    "synthesis:synthesis_words": [Sample(WORKERS, {"id": "ready_synthesis"})],
    "synthesis:of_process": [
        Sample(EVERYONE, {"slug": "slug"}),
        Sample(EVERYONE, {"slug": "silent_slug"}),
        Sample(SET_UP, {"slug": "draft_slug"}),
    ],
    "synthesis:show": [
        Sample(EVERYONE, {"id": "settled_synthesis"}),
        Sample(NOBODY, {"id": "waiting_synthesis"}),
    ],
    "synthesis:edition": [Sample(EVERYONE, {"id": "settled_synthesis", "number": "=1"})],
    "synthesis:edition_pdf": [
        Sample(EVERYONE, {"id": "settled_synthesis", "number": "=1"}, "language=en"),
        Sample(NOBODY, {"id": "waiting_synthesis", "number": "=1"}),
    ],
    "synthesis:public_theme": [
        Sample(EVERYONE, {"id": "settled_theme"}),
        Sample(EVERYONE, {"id": "settled_theme"}, "side=for"),
        Sample(NOBODY, {"id": "proposal_theme"}),
    ],
    "following:theme_feed": [Sample(EVERYONE, {"id": "settled_theme"})],
    "synthesis:point": [Sample(WORKERS, {"id": "checkable_claim"})],
    "synthesis:check": [
        Sample(EVERYONE, {"token": "check_link"}),
        Sample(EVERYONE, {"token": "check_link"}, "print=1"),
    ],
    "synthesis:thanks": [Sample(EVERYONE)],
    "synthesis:own_check": [Sample(names("ada"), {"number": "checked_number"})],
    "synthesis:slips": [Sample(ALL_WORKERS)],
    "synthesis:slip": [Sample(WORKERS, {"id": "check"}), Sample(WORKERS, {"id": "check"}, "print=1")],
    "search:find": [
        Sample(EVERYONE),
        Sample(EVERYONE, query="q=bench"),
        Sample(EVERYONE, query="q=%C3%A9cole"),
    ],
    # open data
    "opendata:home": [Sample(EVERYONE)],
    "opendata:grid": [Sample(EVERYONE, {"slug": "slug"})],
    "opendata:outcomes": [
        Sample(EVERYONE, {"id": "settled_decision"}, "reason=political&language=fr"),
        Sample(NOBODY, {"id": "ready_decision"}),
    ],
    "opendata:akoma": [
        Sample(EVERYONE, {"id": "settled_decision", "number": "=1"}),
        Sample(NOBODY, {"id": "waiting_decision", "number": "=1"}),
    ],
    "opendata:provenance": [Sample(EVERYONE, {"number": "settled_number"})],
    "opendata:provenance_json": [Sample(EVERYONE, {"number": "settled_number"})],
    "opendata:sheet": [
        Sample(WORKERS - {"rita"}, {"id": "drafting_decision"}),
        Sample(WORKERS - {"rita"}, {"id": "drafting_decision"}, "back=state%3Dunanswered"),
    ],
    "opendata:points": [Sample(WORKERS - {"rita"}, {"id": "drafting_decision"})],
    "opendata:api": [Sample(EVERYONE)],
    "opendata:api_description": [Sample(EVERYONE)],
    "opendata:api_processes": [Sample(EVERYONE)],
    "opendata:api_process": [
        Sample(EVERYONE, {"slug": "slug"}),
        Sample(NOBODY, {"slug": "draft_slug"}),
    ],
    "opendata:api_proposals": [Sample(EVERYONE), Sample(EVERYONE, query="process={slug}&limit=100")],
    "opendata:api_proposal": [
        Sample(EVERYONE, {"id": "proposal"}),
        Sample(NOBODY, {"id": "guest"}),
    ],
    "opendata:api_comments": [Sample(EVERYONE, {"id": "thread"})],
    "opendata:api_contribution": [
        Sample(EVERYONE, {"number": "settled_number"}),
        Sample(NOBODY, {"number": "guest_number"}),
    ],
    "opendata:api_indicators": [Sample(EVERYONE), Sample(EVERYONE, query="process={slug}")],
    "opendata:api_decisions": [Sample(EVERYONE), Sample(EVERYONE, query="process={slug}")],
    "opendata:api_decision": [
        Sample(EVERYONE, {"id": "settled_decision"}),
        Sample(NOBODY, {"id": "ready_decision"}),
        Sample(NOBODY, {"id": "waiting_decision"}),
    ],
    "opendata:api_outcomes": [Sample(EVERYONE, {"id": "settled_decision"}, "family=no")],
    "opendata:api_outcome": [Sample(EVERYONE, {"id": "outcome"})],
    "opendata:api_log": [Sample(EVERYONE), Sample(EVERYONE, query="measure=hide")],
    # moderation
    "moderation:new_report": [Sample(EVERYONE, query="subject=contribution/{comment}")],
    "moderation:report": [Sample(names("ada"), {"number": "report"})],
    "moderation:report_code": [Sample(EVERYONE, {"number": "report"})],
    "moderation:queue": [Sample(ALL_MODERATORS)],
    "moderation:log": [Sample(EVERYONE), Sample(EVERYONE, query="measure=hide")],
    "moderation:case": [Sample(MODERATORS, {"id": "case"}), Sample(MODERATORS, {"id": "hidden_case"})],
    "moderation:statement": [
        Sample(EVERYONE, {"id": "hidden_statement"}),
        Sample(EVERYONE, {"id": "contested_statement"}),
        Sample(EVERYONE, {"id": "rephrase_statement"}),
    ],
    "moderation:appeal": [Sample(MODERATORS, {"id": "contested_appeal"})],
    # notices
    "notices:list": [Sample(SIGNED)],
    "notices:mails": [Sample(SIGNED)],
    "notices:stop": [Sample(EVERYONE, {"token": "stop"})],
    # following
    "following:list": [Sample(SIGNED)],
    "following:sent": [Sample(EVERYONE)],
    "following:show_link": [Sample(EVERYONE, {"token": "follow_link"})],
    "following:show": [
        Sample(EVERYONE, {"kind": "=process", "id": "process"}),
        Sample(EVERYONE, {"kind": "=proposal", "id": "proposal"}),
        Sample(EVERYONE, {"kind": "=milestone", "id": "settled_milestone"}),
        Sample(EVERYONE, {"kind": "=theme", "id": "settled_theme"}),
    ],
    "following:process_feed": [Sample(EVERYONE, {"slug": "slug"}), Sample(NOBODY, {"slug": "draft_slug"})],
    "following:process_calendar": [
        Sample(EVERYONE, {"slug": "slug"}),
        Sample(NOBODY, {"slug": "draft_slug"}),
    ],
    "following:decision_feed": [Sample(EVERYONE, {"id": "settled_decision"})],
    "following:decision_calendar": [Sample(EVERYONE, {"id": "settled_decision"})],
    "following:corrections_feed": [Sample(EVERYONE)],
    "following:proposal_feed": [Sample(EVERYONE, {"id": "proposal"})],
    # accounts
    "accounts:sign_in": [Sample(EVERYONE, leads=SIGNED)],
    "accounts:link_sent": [Sample(EVERYONE)],
    "accounts:again": [Sample(SIGNED)],
    "accounts:register": [Sample(EVERYONE, leads=SIGNED)],
    "accounts:register_sent": [Sample(EVERYONE)],
    "accounts:forgotten": [Sample(EVERYONE)],
    "accounts:follow": [
        Sample(EVERYONE, {"token": "link"}),
        Sample(EVERYONE, {"token": "reset_link"}),
        Sample(EVERYONE, {"token": "invite_link"}),
    ],
    "accounts:home": [Sample(SIGNED)],
    "accounts:name": [Sample(SIGNED)],
    "accounts:address": [Sample(SIGNED)],
    "accounts:address_sent": [Sample(SIGNED)],
    "accounts:password": [Sample(SIGNED)],
    "accounts:sessions": [Sample(SIGNED)],
    "accounts:absence": [Sample(ALL_STAFF)],
    "accounts:administration": [Sample(ROOT)],
    "accounts:people": [Sample(ROOT), Sample(ROOT, query="q=ada&staff=1")],
    "accounts:person": [Sample(ROOT, {"id": "ada_person"})],
    "accounts:invitations": [Sample(ROOT)],
    "accounts:settings": [Sample(ROOT)],
    "meetings:of_process": [Sample(EVERYONE, {"slug": "slug"})],
    "meetings:show": [Sample(EVERYONE, {"id": "meeting"}), Sample(EVERYONE, {"id": "meeting_over"})],
    "meetings:new": [Sample(names("otto"), {"slug": "slug"})],
    "meetings:desk": [
        Sample(names("otto"), {"id": "meeting"}),
        Sample(names("otto"), {"id": "meeting_over"}),
    ],
    "meetings:slip": [Sample(names("otto"), {"id": "meeting_over", "number": "spoken_number"})],
    "decisions:signatures": [Sample(EVERYONE, {"slug": "slug"})],
    "decisions:delegation": [Sample(names("dora"), {"slug": "slug"})],
    # organisations
    "organisations:list": [Sample(EVERYONE)],
    "organisations:new": [Sample(SIGNED)],
    "organisations:show": [Sample(EVERYONE, {"id": "union"})],
    "organisations:asking": [Sample(SIGNED, {"id": "union"})],
    "organisations:interests": [Sample(names("bo"), {"id": "union"})],
    "organisations:administration": [Sample(ROOT)],
    "organisations:filing": [Sample(SIGNED, {"slug": "slug"}, by="bo")],
    "organisations:statement": [Sample(EVERYONE, {"id": "position"})],
    "organisations:template": [Sample(EVERYONE)],
    "organisations:points_csv": [Sample(EVERYONE, {"id": "position"})],
    "organisations:points_xlsx": [Sample(EVERYONE, {"id": "position"})],
}
