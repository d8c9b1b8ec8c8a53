"""A debate of any size, written straight into the tables: what reading costs is measured on it."""

from __future__ import annotations

from datetime import timedelta

from civic.contributions.models import Contribution, ContributionVersion, Kind, Visibility
from civic.debates.actions.places import count_relation, step
from civic.debates.models import Comment
from civic.debates.policies import stance_of
from civic.debates.queries import thread_on
from civic.foundation import clock, database, ids
from civic.proposals.queries import ProposalCard

RELATIONS = ("supports", "objects", None, "asks", "supports", "evidence", "objects", "experience")


async def fill_thread(
    proposal: ProposalCard, size: int, *, author: int | None = None, per_root: int = 5
) -> None:
    """Write so many comments under a proposal: roots, each with two levels of replies."""
    thread = await thread_on(f"proposal/{proposal.public_id}")
    assert thread is not None
    now = clock.now()
    places = _places(size, thread.root_count, per_root)
    rows = [_contribution(proposal, n, author, now) for n in range(size)]
    await Contribution.bulk_create(rows)
    known = {
        row["public_id"]: row["id"]
        for row in await database.rows("SELECT id, public_id FROM contribution WHERE kind = 'comment'")
    }
    await ContributionVersion.bulk_create(
        [_version(known[row.public_id], n, now) for n, row in enumerate(rows)]
    )
    ids_of: dict[str, int] = {}
    for depth in range(3):
        made = [
            _comment(row, known[row.public_id], place, thread.id, ids_of, n, now)
            for n, (row, place) in enumerate(zip(rows, places, strict=True))
            if len(place[0]) == 4 * (depth + 1)
        ]
        await Comment.bulk_create(made)
        sql = "SELECT id, path FROM comment WHERE thread_id = ? AND depth = ?"
        ids_of |= {row["path"]: row["id"] for row in await database.rows(sql, thread.id, depth)}
    await _count(thread.id, size, rows)
    await database.weigh()


def _places(size: int, roots: int, per_root: int) -> list[tuple[str, int, int]]:
    """Give each comment its path, its ordinal and how many stand right below it."""
    places: list[tuple[str, int, int]] = []
    root = roots
    while len(places) < size:
        root += 1
        kids = min(per_root, size - len(places) - 1)
        places.append((step(root), root, min(kids, (kids + 1) // 2)))
        for kid in range(1, (kids + 1) // 2 + 1):
            below = 1 if kid <= kids // 2 else 0
            places.append((step(root) + step(kid), kid, below))
            if below:
                places.append((step(root) + step(kid) + step(1), 1, 0))
    return places[:size]


def _contribution(proposal, n, author, now):
    key = ids.public_id()
    return Contribution(
        public_id=key,
        number=f"T-{key}",
        code_hash="0" * 64,
        process_id=proposal.process_id,
        issue_id=proposal.issue_id,
        kind=Kind.COMMENT,
        parent_id=proposal.contribution_id,
        relation=RELATIONS[n % len(RELATIONS)],
        author_id=author,
        author_name=f"Neighbour {n}",
        language="en",
        visibility=Visibility.PUBLIC,
        submitted_at=now + timedelta(seconds=n),
        confirmed_at=now + timedelta(seconds=n),
    )


def _version(contribution_id, n, now):
    return ContributionVersion(
        contribution_id=contribution_id,
        number=1,
        body=f"Message {n}",
        html=f"<p>Message {n}</p>",
        excerpt=f"Message {n}",
        digest=f"{n:064d}",
        written_at=now,
    )


def _comment(row, contribution_id, place, thread_id, ids_of, n, now):
    path, ordinal, children = place
    return Comment(
        public_id=row.public_id,
        contribution_id=contribution_id,
        thread_id=thread_id,
        parent_id=ids_of.get(path[:-4]),
        path=path,
        depth=len(path) // 4 - 1,
        ordinal=ordinal,
        relation=row.relation,
        stance=stance_of(row.relation),
        lot=n * 1_299_709_919 % (2**31 - 3),
        children=children,
        descendants=children,
        posted_at=now,
    )


async def _count(thread_id, size, rows):
    sql = "UPDATE thread SET comment_count = comment_count + ?, root_count = (SELECT count(*) FROM comment "
    sql += "WHERE thread_id = ? AND depth = 0), version = version + 1 WHERE id = ?"
    await database.execute(sql, size, thread_id, thread_id)
    for relation in {row.relation for row in rows}:
        await count_relation(thread_id, relation, sum(1 for row in rows if row.relation == relation))


async def dig(proposal: ProposalCard, thread, levels: int) -> list[str]:
    """Write a conversation that only goes down; give the keys from the top."""
    now = clock.now()
    rows = [_contribution(proposal, n, None, now) for n in range(levels)]
    await Contribution.bulk_create(rows)
    sql = "SELECT id, public_id FROM contribution WHERE kind = 'comment'"
    known = {row["public_id"]: row["id"] for row in await database.rows(sql)}
    await ContributionVersion.bulk_create(
        [_version(known[row.public_id], n, now) for n, row in enumerate(rows)]
    )
    above: dict[str, int] = {}
    path = ""
    for n, row in enumerate(rows):
        path += step(1)
        last = n == levels - 1
        comment = _comment(row, known[row.public_id], (path, 1, 0 if last else 1), thread.id, above, n, now)
        comment.descendants = levels - 1 - n
        await comment.save()
        above = {path: comment.id}
    sql = "UPDATE thread SET root_count = 1, comment_count = ? WHERE id = ?"
    await database.execute(sql, levels, thread.id)
    await database.weigh()
    return [row.public_id for row in rows]
