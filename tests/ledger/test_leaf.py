"""The bytes of a leaf (TRUST 1.3), on any input."""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from civic.foundation import ids
from civic.ledger.leaf import KEYS, MAX_BYTES, TYPES, commitment, leaf_hash, make_leaf

NOON = datetime(2026, 11, 22, 12, 0, 0, 123456, tzinfo=UTC)
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=60)
SCALAR = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT
OPENING = st.dictionaries(st.sampled_from(["title", "body", "language", "outcome", "files"]), SCALAR)
PUBLIC_ID = st.builds(ids.public_id)
HEX = re.compile(r"[0-9a-f]{64}")


@given(
    type=st.sampled_from(sorted(TYPES)),
    object=PUBLIC_ID,
    rev=st.integers(1, 2**53 - 1),
    parent=st.none() | PUBLIC_ID,
    content=st.none() | OPENING,
    author=st.none() | TEXT,
    prev=st.none() | st.from_regex(HEX, fullmatch=True),
    at=st.datetimes(datetime(2000, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)
def test_a_leaf_is_canonical_small_and_holds_only_the_allowed_keys(
    type, object, rev, parent, content, author, prev, at
):
    leaf = make_leaf(type, object, at=at, rev=rev, parent=parent, content=content, author=author, prev=prev)
    read = json.loads(leaf.data)
    assert rfc8785.dumps(read) == leaf.data
    assert set(read) <= KEYS
    assert len(leaf.data) <= MAX_BYTES
    assert leaf.hash == leaf_hash(leaf.data)
    assert read["v"] == 1
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", read["at"])
    assert ("content" in read) == (content is not None)
    assert ("author" in read) == (author is not None)


@given(content=OPENING, author=TEXT)
def test_a_leaf_holds_no_word_of_the_person_or_the_text(content, author):
    leaf = make_leaf("comment.created", ids.public_id(), at=NOON, rev=1, content=content, author=author)
    read = json.loads(leaf.data)
    assert HEX.fullmatch(read["content"])
    assert HEX.fullmatch(read["author"])
    shape = re.compile(
        rb'\{"at":"[0-9T:.Z-]+","author":"[0-9a-f]{64}","content":"[0-9a-f]{64}","object":"[0-9a-z]{26}",'
        rb'"rev":1,"type":"comment\.created","v":1\}'
    )
    assert shape.fullmatch(leaf.data)


@given(content=OPENING)
def test_a_commitment_opens_with_its_salt_and_with_no_other(content):
    leaf = make_leaf("comment.created", ids.public_id(), at=NOON, rev=1, content=content)
    said = json.loads(leaf.data)["content"]
    assert commitment("content", leaf.content_salt, content) == said
    assert commitment("content", b"\0" * 32, content) != said
    assert commitment("author", leaf.content_salt, content) != said


def test_two_leaves_of_one_person_cannot_be_linked():
    made = [make_leaf("reply.published", ids.public_id(), at=NOON, rev=1, author="ada") for _ in range(2)]
    assert made[0].author_salt != made[1].author_salt
    assert json.loads(made[0].data)["author"] != json.loads(made[1].data)["author"]


@given(text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")))
def test_a_text_is_committed_in_one_form_of_unicode(text):
    salt = b"s" * 32
    composed, apart = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    assert commitment("content", salt, {"t": composed}) == commitment("content", salt, {"t": apart})


@pytest.mark.parametrize(
    "content",
    [
        {"t": "a\x00b"},
        {"t": "\ud800"},
        {"n": 2**53},
        {"n": -(2**53)},
        {"n": 1.5},
        {"n": float("nan")},
        {"t": b"bytes"},
        {1: "a"},
        {"é": 1, "e\u0301": 2},
    ],
)
def test_what_could_be_written_two_ways_is_refused(content):
    with pytest.raises(ValueError):  # noqa: PT011 - each with a sentence of its own
        make_leaf("comment.created", ids.public_id(), at=NOON, rev=1, content=content)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"type": "comment.deleted"}, "knows no act"),
        ({"object": "proposal/42"}, "public id"),
        ({"object": "ada@town.example"}, "public id"),
        ({"parent": "the-slug"}, "public id"),
        ({"prev": "12"}, "by its hash"),
        ({"rev": 0}, "count from 1"),
        ({"rev": 2**53}, "count from 1"),
        ({"at": datetime(2026, 11, 22)}, "zone"),  # noqa: DTZ001
    ],
)
def test_a_leaf_refuses_what_does_not_belong_in_it(changed, says):
    fields = {"type": "comment.created", "object": ids.public_id(), "at": NOON, "rev": 1, **changed}
    with pytest.raises(ValueError, match=says):
        make_leaf(**fields)


def test_times_are_written_in_utc_to_the_millisecond():
    paris = NOON.astimezone(timezone(timedelta(hours=1)))
    leaf = make_leaf("comment.created", ids.public_id(), at=paris, rev=1)
    assert json.loads(leaf.data)["at"] == "2026-11-22T12:00:00.123Z"


def test_a_leaf_never_passes_for_a_node():
    assert leaf_hash(b"") == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
