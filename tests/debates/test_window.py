"""A page of a debate shows 20 branches, three levels, three replies each, at a cost that does not grow."""

from __future__ import annotations

import pytest

from civic.contributions import actions as register
from civic.contributions.models import Relation
from civic.debates import queries
from civic.debates.models import Stance
from civic.debates.policies import stance_of
from civic.debates.queries import Order
from civic.foundation import clock
from civic.foundation.viewer import STRANGER
from tests.cast import a_comment, a_person, a_process, a_proposal
from tests.debates.crowd import fill_thread


async def a_debate(size, **shape):
    process, ada = await a_process(), await a_person("Ada")
    proposal = await a_proposal(ada, process)
    await fill_thread(proposal, size, **shape)
    return proposal, await queries.thread_on(f"proposal/{proposal.public_id}")


async def every_page(thread, **asked):
    """Read a debate to its end; give the comments of the first level, page by page."""
    pages, after = [], ""
    while True:
        window = await queries.window(thread, STRANGER, after=after, **asked)
        pages.append(window)
        if window.next is None:
            return pages
        after = window.next


async def test_a_window_holds_20_branches_of_three_levels_and_three_replies(app):
    _proposal, thread = await a_debate(300, per_root=12)
    window = await queries.window(thread, STRANGER, order=Order.OLDEST)
    assert len(window.comments) == 20
    assert [one.ordinal for one in window.comments] == list(range(1, 21))
    first = window.comments[0]
    assert [kid.ordinal for kid in first.kids] == [1, 2, 3]
    assert first.children == 6
    assert first.more == 3
    assert [len(kid.kids) for kid in first.kids] == [1, 1, 1]
    assert all(not deepest.kids for kid in first.kids for deepest in kid.kids)


@pytest.mark.parametrize("order", list(Order))
async def test_reading_to_the_end_shows_each_branch_once(app, order):
    _proposal, thread = await a_debate(260, per_root=3)
    pages = await every_page(thread, order=order)
    seen = [one.id for page in pages for one in page.comments]
    assert len(seen) == len(set(seen)) == thread.root_count
    assert [len(page.comments) for page in pages[:-1]] == [20] * (len(pages) - 1)
    assert pages[-1].shown == pages[-1].total == thread.root_count


async def test_in_the_balanced_order_the_sides_alternate_and_each_day_begins_elsewhere(app):
    _proposal, thread = await a_debate(120, per_root=0)
    today = await queries.window(thread, STRANGER)
    again = await queries.window(thread, STRANGER)
    assert [one.id for one in today.comments] == [one.id for one in again.comments]
    sides = [stance_of(one.relation) for one in today.comments]
    assert set(sides[:3]) == set(Stance)
    assert all(sides[n] == sides[n % 3] for n in range(12))
    from datetime import timedelta

    with clock.at(clock.now() + timedelta(days=1)):
        tomorrow = await queries.window(thread, STRANGER)
    assert [one.id for one in tomorrow.comments] != [one.id for one in today.comments]


async def test_a_page_begun_yesterday_goes_on_in_yesterdays_order(app):
    from datetime import timedelta

    _proposal, thread = await a_debate(120, per_root=0)
    first = await queries.window(thread, STRANGER)
    with clock.at(clock.now() + timedelta(days=1)):
        second = await queries.window(thread, STRANGER, after=first.next or "")
    assert not {one.id for one in first.comments} & {one.id for one in second.comments}


@pytest.mark.parametrize("after", ["", "x", "n1", "b1.2.3", "n1.99999999999999", "b1.2.0-9.0-9.0-9999999999"])
async def test_a_cursor_that_cannot_be_read_begins_at_the_beginning(app, after):
    _proposal, thread = await a_debate(30, per_root=0)
    for order in Order:
        await queries.window(thread, STRANGER, order=order, after=after)


async def test_a_filter_gives_a_flat_list_of_one_relation(app):
    _proposal, thread = await a_debate(160)
    counts = await queries.relation_counts(thread.id)
    for relation in ("supports", "objects", "asks", "evidence"):
        pages = await every_page(thread, relation=relation)
        assert pages[0].is_flat
        found = [one for page in pages for one in page.comments]
        assert {one.relation for one in found} == {Relation(relation)}
        assert len(found) == counts[relation] == pages[0].total
    others = [one for page in await every_page(thread, relation="other") for one in page.comments]
    assert len(others) == counts[""] + counts["experience"]


async def test_a_page_costs_the_same_with_10_and_with_10_000_comments(app, count_queries):
    proposal, thread = await a_debate(10)
    few = {order: await cost(count_queries, thread, order) for order in Order}
    await fill_thread(proposal, 9_990)
    thread = await queries.thread_by_id(thread.id)
    assert thread.comment_count == 10_000
    for order in Order:
        assert await cost(count_queries, thread, order) == few[order] <= 4


async def cost(count_queries, thread, order):
    """Count the statements of one page."""
    with count_queries() as seen:
        await queries.window(thread, STRANGER, order=order)
    return seen.count


async def test_what_was_hidden_or_withdrawn_keeps_its_place_and_its_replies_without_its_words(app):
    process, ada, bo = await a_process(), await a_person("Ada"), await a_person("Bo")
    proposal = await a_proposal(ada, process)
    top = await a_comment(bo, proposal, "SECRET insult", relation=Relation.OBJECTS)
    await a_comment(ada, proposal, "A calm answer.", to=top.contribution.public_id)
    await register.hide(top.contribution.id, "test")
    thread = await queries.thread_on(f"proposal/{proposal.public_id}")
    for viewer in (STRANGER, ada, bo):
        (place,) = (await queries.window(thread, viewer)).comments
        assert place.is_hidden
        assert not place.html
        assert [kid.html for kid in place.kids] == ["<p>A calm answer.</p>\n"]
    (place,) = (await queries.window(thread, STRANGER)).comments
    assert (place.author_name, place.relation, place.capacity_note) == ("", None, "")
    assert place.kids[0].answered is None
    assert (await queries.window(thread, STRANGER, relation="objects")).comments == []
