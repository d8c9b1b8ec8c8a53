"""No sequence of acts reaches a publication with an unanswered point and no banner (SPEC 9.2)."""

from __future__ import annotations

import asyncio
import shutil
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from civic import settings as configuration
from civic.app import handlers
from civic.contributions import actions as register
from civic.contributions import queries as contributions
from civic.contributions.forms import Words
from civic.contributions.models import ClaimKind, Contribution
from civic.decisions import actions, queries
from civic.decisions.forms import AppealDraft, ReviewDraft, RulingDraft
from civic.decisions.models import AppealGround, Finding
from civic.foundation import clock, queue
from civic.foundation import database as db
from civic.foundation.errors import CivicError
from civic.synthesis.forms import PointDraft
from tests.cast import a_comment, a_note, a_refusal, an_adoption, an_article
from tests.conftest import settings_for
from tests.decisions.desk import a_town
from tests.decisions.test_publication import BANNER, CORRECTED, SIGNED

TEMPLATE: dict[str, Path] = {}
SEEN: list[int] = []
"""How many publications each way has seen: the test means little when there are none."""
OWED = """
SELECT k.id FROM claim k
JOIN contribution c ON c.id = k.contribution_id
WHERE k.retired_at IS NULL AND c.visibility = 'public' AND NOT c.after_freeze
"""
STATED = "SELECT claim_id FROM published_outcome WHERE decision_version_id = ?"
REFUSED = (CivicError,)
REASONS = (
    "The bus needs this street: forty journeys a day have no other way.",
    "Noise was measured in May under the windows; it stays below what the law allows.",
    "Bakers load before dawn, and the lane behind the church is too narrow for a van.",
    "The school asked for a crossing guard instead, whom the town pays from September on.",
    "Trees on the northern side would hide the traffic lights from those who turn left.",
    "A closed square emptied three neighbouring towns of their shops within two winters.",
    "Lamps with warmer light were tried last spring; nobody saw the kerb after ten.",
)


class Office(RuleBasedStateMachine):
    """People write, withdraw and correct; officials answer, cut, review, sign, stop; time passes."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.file = TEMPLATE["empty"].with_name(f"way-{id(self)}.db")
        shutil.copyfile(TEMPLATE["empty"], self.file)
        self.before = configuration._current
        self.owed_at_release: dict[int, set[int]] = {}
        self.now = clock.now()

    def does(self, act) -> None:
        async def whole() -> None:
            configuration.use(replace(settings_for(f"sqlite:///{self.file}"), hold_seconds=self.hold))
            async with db.connect():
                with clock.at(self.now), suppress(*REFUSED):
                    await act()
                await self.note_releases()

        self.loop.run_until_complete(whole())

    async def note_releases(self) -> None:
        for row in await db.rows("SELECT version_id FROM decision_release"):
            if row["version_id"] not in self.owed_at_release:
                owed = {one["id"] for one in await db.rows(OWED)}
                self.owed_at_release[row["version_id"]] = owed

    async def points(self):
        decision = await queries.decision_by_id(self.town.decision.id)
        return (await queries.desk_of(decision)).points

    async def point(self, choice: int):
        found = await self.points()
        return found[choice % len(found)]

    @initialize(hold=some.sampled_from([0, 600]))
    def begins(self, hold: int) -> None:
        self.hold = hold

        async def build() -> None:
            self.town = await a_town()
            self.article = await an_article(self.town.otto, self.town.decision)
            proposal = await self.proposal()
            await a_comment(self.town.bo, proposal, "The noise keeps us awake. It begins at five.")

        self.does(build)
        self.now += timedelta(days=20)

    async def proposal(self):
        from civic.proposals.queries import visible_proposal

        return await visible_proposal(self.town.ada, self.town.proposal)

    @rule(choice=some.integers(0, 9), kind=some.sampled_from(["yes", "no", "noted"]), by=some.booleans())
    def answer(self, choice: int, kind: str, by: bool) -> None:
        async def act() -> None:
            point = await self.point(choice)
            drafts = {
                "yes": an_adoption(self.article),
                "no": a_refusal(
                    f"Reason {choice}: the bus line number {choice} has no other way through here."
                ),
                "noted": a_note(f"Quoted in the preamble as account number {choice} of the crossing."),
            }
            official = self.town.otto if by else self.town.olga_as_official
            await actions.draft_answer(
                official, point.public_id, drafts[kind], expected_version=point.answer_version
            )

        self.does(act)

    @rule()
    def answer_all(self) -> None:
        async def act() -> None:
            for place, point in enumerate(await self.points()):
                draft = a_refusal(REASONS[place % len(REASONS)])
                with suppress(*REFUSED):
                    await actions.draft_answer(
                        self.town.otto, point.public_id, draft, expected_version=point.answer_version
                    )
            for point in await self.points():
                with suppress(*REFUSED):
                    await actions.review(
                        self.town.olga,
                        point.public_id,
                        ReviewDraft(True, ""),
                        expected_version=point.answer_version,
                    )

        self.does(act)

    @rule(choice=some.integers(0, 9), approves=some.booleans())
    def review(self, choice: int, approves: bool) -> None:
        async def act() -> None:
            point = await self.point(choice)
            draft = ReviewDraft(approves, "" if approves else "Say more.")
            await actions.review(
                self.town.olga, point.public_id, draft, expected_version=point.answer_version
            )

        self.does(act)

    @rule(choice=some.integers(0, 9))
    def confirm(self, choice: int) -> None:
        async def act() -> None:
            point = await self.point(choice)
            await actions.confirm_answer(
                self.town.otto, point.public_id, expected_version=point.answer_version
            )

        self.does(act)

    @rule(choice=some.integers(0, 9))
    def cut(self, choice: int) -> None:
        async def act() -> None:
            point = await self.point(choice)
            cut = [PointDraft((0,), ClaimKind.REQUEST), PointDraft((1,), ClaimKind.FACT)]
            await actions.cut_into_points(self.town.otto, point.public_id, cut, version=point.due_version)

        self.does(act)

    @rule(
        choice=some.integers(0, 9),
        what=some.sampled_from(["withdraw", "hide", "restore", "revise"]),
    )
    def people_change(self, choice: int, what: str) -> None:
        async def act() -> None:
            rows = await Contribution.all().order_by("id")
            card = await contributions.contribution_by_id(rows[choice % len(rows)].id)
            author = self.town.ada if card.author_id == self.town.ada.participant else self.town.bo
            if what == "withdraw":
                await register.withdraw(author, card, "No more.")
            elif what == "hide":
                await register.hide(card.id, "test/1")
            elif what == "restore":
                await register.restore(card.id, "test/2")
            else:
                words = Words(card.title, f"{card.body} And more.")
                await register.revise(author, card, words, expected_version=card.version)

        self.does(act)

    @rule(text=some.sampled_from(["And the corner shop?", "What about the night?"]))
    def comment(self, text: str) -> None:
        async def act() -> None:
            await a_comment(self.town.bo, await self.proposal(), text)

        self.does(act)

    @rule(days=some.sampled_from([0, 3, 3, 20]))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days, minutes=11)

        async def act() -> None:
            await queue.work_off(handlers())

        self.does(act)

    @rule(banner=some.booleans())
    def publish(self, banner: bool) -> None:
        async def act() -> None:
            decision = await queries.decision_by_id(self.town.decision.id)
            draft = BANNER if banner else SIGNED
            if decision.in_force is not None:
                draft = replace(CORRECTED, with_banner=banner)
            await actions.publish(self.town.dora, decision, draft)

        self.does(act)

    @rule()
    def publish_what_is_ready(self) -> None:
        self.time_passes(3)
        self.answer_all()
        self.publish(False)

    @rule()
    def stop(self) -> None:
        async def act() -> None:
            decision = await queries.decision_by_id(self.town.decision.id)
            await actions.stop_publication(self.town.otto, decision)

        self.does(act)

    @rule(choice=some.integers(0, 9), upheld=some.booleans())
    def contest(self, choice: int, upheld: bool) -> None:
        async def act() -> None:
            outcome = await queries.outcome_of_claim((await self.point(choice)).claim_id)
            if outcome is None:
                return
            author = self.town.ada if outcome.is_mine(self.town.ada) else self.town.bo
            ground = AppealDraft(AppealGround.UNANSWERED, "Not answered.")
            appeal = await actions.file_appeal(author, outcome.public_id, ground)
            finding = Finding.UPHELD if upheld else Finding.DISMISSED
            ruling = RulingDraft(finding, {"en": "Because."}, "urgent")
            await actions.rule_on_appeal(self.town.dora, appeal.public_id, ruling)
            await actions.rule_on_appeal(self.town.olga_as_official, appeal.public_id, ruling)

        self.does(act)

    @invariant()
    def nothing_is_published_without_an_answer_or_a_banner(self) -> None:
        async def look() -> None:
            for version, owed in self.owed_at_release.items():
                stated = {row["claim_id"] for row in await db.rows(STATED, version)}
                (row,) = await db.rows("SELECT unanswered FROM decision_version WHERE id = ?", version)
                assert len(owed - stated) <= row["unanswered"], (version, owed, stated)

        if self.owed_at_release:
            self.does(look)

    @invariant()
    def every_published_refusal_was_read_by_somebody_else(self) -> None:
        async def look() -> None:
            unread = await db.rows(
                """
                SELECT a.id FROM published_outcome o
                JOIN disposition_version a ON a.id = o.disposition_version_id
                WHERE a.outcome = 'declined' AND NOT EXISTS (
                    SELECT 1 FROM review r
                    WHERE r.version_id = a.id AND r.is_approved AND r.reviewer_id <> a.drafted_by_id)
                """
            )
            assert not unread

        if self.owed_at_release:
            self.does(look)

    def teardown(self) -> None:
        SEEN.append(len(self.owed_at_release))
        self.loop.close()
        configuration._current = self.before
        for left in self.file.parent.glob(f"{self.file.name}*"):
            left.unlink()


@pytest.mark.slow
def test_no_sequence_of_acts_publishes_a_point_without_an_answer_and_without_a_banner(
    sqlite_template, tmp_path
):
    TEMPLATE["empty"] = tmp_path / "empty.db"
    shutil.copyfile(sqlite_template, TEMPLATE["empty"])
    machine = Office.TestCase
    machine.settings = settings(
        max_examples=15,
        stateful_step_count=30,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    machine().runTest()
    assert sum(SEEN) > 0
