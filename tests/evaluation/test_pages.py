"""The board and the debt as anybody reads them: what they count is what was published."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest

from civic.app import handlers
from civic.contributions import actions as register
from civic.contributions.forms import Capacity, author_from
from civic.contributions.models import Relation
from civic.contributions.queries import contribution_by_id, visible_contribution
from civic.debates import actions as debates
from civic.debates.forms import CommentDraft
from civic.debates.queries import thread_on
from civic.decisions import actions as deciding
from civic.decisions import queries as decisions
from civic.decisions.forms import AppealDraft, PromiseDraft, RulingDraft
from civic.decisions.models import AppealGround, Finding, Progress
from civic.evaluation import queries
from civic.evaluation.intervals import Share
from civic.evaluation.queries import Due
from civic.foundation import clock, queue
from civic.processes.models import Category
from civic.processes.queries import process_by_id
from civic.proposals.queries import visible_proposal
from civic.synthesis import actions as synthesis
from civic.synthesis.forms import QuestionDraft
from tests.cast import (
    a_comment,
    a_draft_process,
    a_person,
    after_the_freeze,
    in_days,
)
from tests.conftest import visitor
from tests.decisions.desk import Town, a_town, browser_of, read
from tests.decisions.test_cost import cost, many_points
from tests.decisions.test_publication import BANNER, SIGNED, answered


def words_of(page: str) -> str:
    """Give what a page says, without its marks."""
    said = re.sub(r"<(script|style|svg).*?</\1>", " ", page, flags=re.S)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", said))).replace("\u00a0", " ")


async def published(town: Town, draft=SIGNED) -> None:
    await deciding.publish(town.dora, town.decision, draft)
    await queue.work_off(handlers())


async def board_now(town: Town):
    found = await queries.board_of_process(await process_by_id(town.process.id))
    assert found.board is not None
    return found.board


async def test_nothing_is_counted_before_the_freeze(app):
    town = await a_town()
    page = await read(visitor(app), f"/processes/{town.process.slug}/evaluation")
    assert "Nothing is counted yet" in page
    found = await queries.board_of_process(await process_by_id(town.process.id))
    assert (found.board, found.freeze_at) == (None, town.process.issues[0].freeze_at)
    assert "Nothing is owed today" in await read(visitor(app), "/debt")


async def test_the_board_counts_what_was_published(app):
    town = await a_town()
    await answered(town, second=False)
    with after_the_freeze(town.process):
        assert (await board_now(town)).shares["addressed"] == Share(0, 2), "a draft is no answer"
        await published(town, BANNER)
        board = await board_now(town)
        said = words_of(await read(visitor(app), f"/processes/{town.process.slug}/evaluation"))
    assert board.shares["addressed"] == board.shares["reasoned"] == Share(1, 2)
    assert board.shares["answered"] == board.shares["adopted"] == board.shares["traced"] == Share(1, 2)
    assert (board.people, board.contributions, board.withdrawn, board.late) == (2, 2, 0, 0)
    assert (board.waits["outcome"].ended, board.waits["outcome"].going_on) == (1, 1)
    assert board.waits["outcome"].median == pytest.approx(24, abs=2)
    assert "1 point of 2 still has no answer." in said
    assert "Points with an answer 1 of 2, or 50%" in said


async def test_every_figure_leads_to_the_list_it_was_counted_from(app):
    town = await a_town()
    await answered(town)
    with after_the_freeze(town.process):
        await published(town)
        anyone = visitor(app)
        page = await read(anyone, f"/decisions/{town.decision.public_id}/evaluation")
        links = set(re.findall(r'href="(/decisions/[^"]+outcome=[^"#]+)#outcomes"', page))
        assert len(links) == 3
        counts = []
        for link in links:
            listed = await read(anyone, html.unescape(link))
            counts.append(listed.count("See the answer"))
        assert sum(counts) == (await board_now(town)).shares["adopted"].number == 1
        shown = await read(anyone, f"/decisions/{town.decision.public_id}")
        assert f"/decisions/{town.decision.public_id}/evaluation" in shown
        assert f"/processes/{town.process.slug}/evaluation" in shown


async def test_withdrawn_and_late_points_are_counted_apart(database):
    town = await a_town(freeze_in=5)
    with clock.at(clock.now() + timedelta(days=6)):
        await a_comment(town.bo, await visible_proposal(town.bo, town.proposal), "And the vans?")
        await register.withdraw(town.ada, await visible_contribution(town.ada, town.proposal), "Done with.")
        board = await board_now(town)
    assert (board.points, board.withdrawn, board.late) == (1, 1, 1)


async def test_a_question_to_the_author_is_a_first_reply(database):
    town = await a_town()
    with clock.at(clock.now() + timedelta(days=3)):
        said = await contribution_by_id(town.second.contribution_id)
        await synthesis.ask_author(town.otto, town.second, said, QuestionDraft("Which deliveries?", 10))
    with after_the_freeze(town.process):
        board = await board_now(town)
    assert (board.waits["reply"].ended, board.waits["reply"].total) == (1, 2)
    assert board.waits["reply"].median == pytest.approx(3, abs=0.1)


async def test_what_was_counted_is_kept_until_something_changes(database, count_queries):
    town = await a_town()
    with after_the_freeze(town.process):
        costs = []
        for _ in range(2):
            with count_queries() as seen:
                before = await board_now(town)
            costs.append(seen.count)
        assert costs[1] < costs[0]
        assert await board_now(town) is before
        said = await contribution_by_id(town.second.contribution_id)
        await synthesis.ask_author(town.otto, town.second, said, QuestionDraft("Which deliveries?", 10))
        assert (before.waits["reply"].ended, (await board_now(town)).waits["reply"].ended) == (0, 1)
    with after_the_freeze(town.process, days=30):
        assert await board_now(town) is not before


async def test_promises_appeals_and_what_is_owed(app):
    town = await a_town()
    await answered(town)
    due = in_days(40)
    made = await deciding.promise(
        town.otto, town.decision, PromiseDraft({"en": "Paint the crossing"}, "Roads", due.isoformat(), "")
    )
    with after_the_freeze(town.process):
        await published(town)
        outcome = await decisions.outcome_of_claim(town.second.id)
        await deciding.file_appeal(
            town.bo, outcome.public_id, AppealDraft(AppealGround.MISREAD, "I asked about deliveries.")
        )
        debt = await queries.debt_of_the_body()
        assert [(one.kind, one.count) for one in debt.items] == [(Due.APPEALS, 1)]
        await deciding.set_progress(
            town.otto, town.decision, made.public_id, Progress.UNDER_WAY, {"en": "The colour is chosen."}
        )
    with clock.at(clock.now() + timedelta(days=45)):
        debt = await queries.debt_of_the_body()
        assert {one.kind: one.count for one in debt.items} == {Due.APPEALS: 1, Due.SILENT: 1}
        board = (await visitor(app).get(f"/decisions/{town.decision.public_id}/promises")).text
        assert "No explanation is published." in board
        await deciding.set_progress(
            town.otto, town.decision, made.public_id, Progress.UNDER_WAY, {"en": "The paint is ordered."}
        )
        decision = await decisions.decision_by_id(town.decision.id)
        (appeal,) = await decisions.waiting_appeals(town.olga_as_official.participant, [town.process.id])
        await deciding.rule_on_appeal(
            town.olga_as_official,
            appeal.public_id,
            RulingDraft(Finding.UPHELD, {"en": "The point was about deliveries."}, ""),
        )
        debt = await queries.debt_of_the_body()
        assert {one.kind: one.count for one in debt.items} == {Due.LATE: 1, Due.AGAIN: 1}
        assert [one.kind for one in debt.items] == [Due.LATE, Due.AGAIN], "the oldest first"
        board = (await queries.board_of_decision(decision)).board
        said = words_of(await read(visitor(app), "/debt"))
    assert (board.filed, board.shares["upheld"]) == (1, Share(1, 1))
    assert board.shares["dates"] == Share(2, 3), "the decision and the appeal in time, the promise not"
    assert (board.shares["on_time"], board.to_come) == (Share(0, 1), 1)
    assert board.equality is None
    assert "1 promise late Mill Street" in said
    assert "1 point to answer again, after an appeal Mill Street" in said
    assert "Otto" not in said
    assert "Olaf" not in said


async def test_what_is_owed_agrees_with_the_desk(app):
    town = await a_town()
    with after_the_freeze(town.process, days=100):
        debt = await queries.debt_of_the_body()
        (item,) = debt.items
        owed = [one for one in await decisions.owed_by(town.otto) if one.kind is decisions.Owed.ANSWERS]
        assert (item.kind, item.count, item.due_at) == (Due.ANSWERS, owed[0].count, owed[0].due)
        assert debt.late(clock.now()) == 2
        said = words_of(await read(visitor(app), "/debt"))
        assert "2 points without an answer" in said
        assert "days late" in said
        desk = await read(await browser_of(app, town.otto), "/desk")
        assert 'href="/debt"' in desk


async def test_a_promise_of_a_decision_that_is_not_public_is_owed_to_nobody_yet(database):
    town = await a_town()
    draft = PromiseDraft({"en": "Paint"}, "Roads", in_days(1).isoformat(), "")
    await deciding.promise(town.otto, town.decision, draft)
    with clock.at(clock.now() + timedelta(days=10)):
        assert (await queries.debt_of_the_body()).items == ()


async def test_a_small_group_is_not_on_the_page(app):
    town = await a_town()
    process = town.process
    for number in range(12):
        person = await a_person(f"User{number} Ur")
        await said_as(person, town, Category.USERS)
    for number in range(2):
        person = await a_person(f"Staff{number} St")
        await said_as(person, town, Category.STAFF)
    for number in range(6):
        person = await a_person(f"Near{number} Ne")
        await said_as(person, town, Category.NEIGHBOURS)
    with after_the_freeze(process):
        board = await board_now(town)
        page = await read(visitor(app), f"/processes/{process.slug}/evaluation")
    assert board.equality.few == ("staff", "")
    assert board.equality.beside == ("neighbours",), "two and two people are not enough to hide among"
    table = re.search(r"<table>.*?</table>", page, re.S)[0]
    assert "Staff of the service" not in table
    assert "People who use the service" in table


async def said_as(person, town: Town, category: Category) -> None:
    thread = await thread_on(f"proposal/{town.proposal}")
    assert thread is not None
    draft = CommentDraft(f"{person.public_id} asks.", Relation.ASKS, None, Capacity(category))
    await debates.post_comment(author_from(person), thread, draft)


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_both_languages_say_it_all(app, language):
    town = await a_town()
    await answered(town)
    with after_the_freeze(town.process):
        await published(town)
        reader = visitor(app, **{"Accept-Language": language})
        said = words_of(await read(reader, f"/decisions/{town.decision.public_id}/evaluation"))
        owed = words_of(await read(reader, "/debt"))
    assert {"fr": "Chaque point a-t-il compté ?", "en": "Did every point count?"}[language] in said
    assert {"fr": "Les 2 points ont tous leur réponse.", "en": "All 2 points have their answer."}[
        language
    ] in said
    assert {"fr": "Ce qui vous est dû", "en": "What is owed to people"}[language] in owed


async def test_a_decision_that_is_not_published_has_no_board(app):
    town = await a_town()
    await read(visitor(app), f"/decisions/{town.decision.public_id}/evaluation", 404)
    draft = await a_draft_process()
    await read(visitor(app), f"/processes/{draft.slug}/evaluation", 404)


@pytest.mark.slow
async def test_the_board_costs_the_same_for_ten_points_and_three_thousand(app, count_queries):
    costs = []
    for count in (10, 3_000):
        town = await a_town()
        await answered(town)
        await many_points(town, count, answered_by=town.otto.participant)
        with after_the_freeze(town.process):
            await published(town)
            anyone = visitor(app)
            paths = (
                f"/processes/{town.process.slug}/evaluation",
                f"/decisions/{town.decision.public_id}/evaluation",
                "/debt",
            )
            costs.append([await cost(anyone, path, count_queries) for path in paths])
            assert (await board_now(town)).shares["addressed"] == Share(count + 2, count + 2)
    assert costs[0] == costs[1]
