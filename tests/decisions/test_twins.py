"""The shelf of reasons finds exactly what comparing every pair finds, however it came about."""

from __future__ import annotations

import random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as some

from civic.decisions.similarity import Wording, compare, pieces
from civic.decisions.twins import Shelf, twins
from tests.decisions.test_similarity import FALSELY_PERSONAL, PLAIN, SPECIFIC

OPENING = [
    "we",
    "thank",
    "you",
    "warmly",
    "for",
    "your",
    "contribution",
    "which",
    "the",
    "town",
    "read",
    "with",
    "great",
    "care",
]
CLOSING = [
    "the",
    "council",
    "will",
    "look",
    "at",
    "this",
    "question",
    "again",
    "when",
    "the",
    "next",
    "budget",
    "is",
    "voted",
]
OWN = [f"own{number}" for number in range(14)]
PIECES = (
    OPENING,
    CLOSING,
    OPENING[:5],
    CLOSING[:4],
    CLOSING[-3:],
    OWN,
    OWN[:6],
    OWN[:11],
    OWN[3:],
    ["x"],
    ["y", "z"],
)

saying = some.lists(some.sampled_from(PIECES), max_size=5).map(
    lambda parts: " ".join(word for part in parts for word in part)
)
reasons = some.lists(some.tuples(saying, some.integers(0, 5)), max_size=14)


def naive(wordings: list[Wording]) -> set[int]:
    """Compare every pair, as the rule is written."""
    return {
        one.key
        for one in wordings
        for other in wordings
        if one.group != other.group
        and one.text.strip()
        and other.text.strip()
        and compare(one.text, other.text).is_generic
    }


def wordings_of(given_reasons) -> list[Wording]:
    return [Wording(key, f"g{group}", said) for key, (said, group) in enumerate(given_reasons)]


def is_sound(found, wordings: list[Wording]) -> bool:
    """Each named twin is of another group and is repeated."""
    by_key = {one.key: one for one in wordings}
    return all(
        by_key[key].group != by_key[twin].group and compare(by_key[key].text, by_key[twin].text).is_generic
        for key, twin in found.items()
    )


@settings(max_examples=150)
@given(reasons)
def test_many_at_once_are_found_as_by_comparing_every_pair(given_reasons):
    wordings = wordings_of(given_reasons)
    found = twins(wordings)
    assert set(found) == naive(wordings)
    assert is_sound(found, wordings)


@settings(max_examples=150)
@given(reasons, some.randoms(use_true_random=False))
def test_one_after_the_other_and_taken_off_again_they_are_found_the_same(given_reasons, chance):
    wordings = wordings_of(given_reasons)
    begun = chance.randint(0, len(wordings))
    shelf, held = Shelf(wordings[:begun]), list(wordings[:begun])
    for one in wordings[begun:]:
        shelf.add(one)
        held.append(one)
        if chance.random() < 0.4:
            gone = held.pop(chance.randrange(len(held)))
            shelf.remove(gone.key)
        assert set(shelf.found()) == naive(held)
        assert is_sound(shelf.found(), held)
    while held:
        shelf.remove(held.pop(chance.randrange(len(held))).key)
        assert set(shelf.found()) == naive(held)
    assert not any((shelf._holders, shelf._watchers, shelf._rarest, shelf._texts, shelf._same, shelf._of_key))


@settings(max_examples=150)
@given(saying, reasons)
@example("x", [("x", 0)])
def test_a_text_being_written_repeats_what_it_would_repeat_once_kept(said, given_reasons):
    wordings = wordings_of(given_reasons)
    mine = Wording(-1, "mine", said)
    match = Shelf(wordings).nearest(mine)
    assert (match is not None) == (-1 in naive([mine, *wordings]))
    if match is not None:
        likeness = compare(said, wordings[match.key].text)
        assert likeness.is_generic
        assert likeness == match.likeness
        assert match.shared / min(match.mine, match.theirs) == likeness.containment


def test_answers_that_are_left_out_are_not_named():
    shelf = Shelf([Wording(1, "a", PLAIN), Wording(2, "b", FALSELY_PERSONAL)])
    mine = Wording(0, "mine", FALSELY_PERSONAL)
    assert [shelf.nearest(mine, frozenset(out)) and shelf.nearest(mine, frozenset(out)).key
            for out in ((), (2,), (1, 2))] == [2, 1, None]  # fmt: skip


def test_a_word_nobody_used_is_not_learnt_from_a_text_being_written():
    shelf = Shelf([Wording(1, "a", PLAIN)])
    known = len(shelf._numbers)
    assert shelf.nearest(Wording(0, "mine", f"{PLAIN} quokka quokka quokka quokka")).key == 1
    assert len(shelf._numbers) == known


def test_both_languages_of_an_answer_are_compared():
    shelf = Shelf([Wording(1, "a", PLAIN), Wording(1, "a", SPECIFIC), Wording(2, "b", SPECIFIC)])
    assert set(shelf.found()) == {1, 2}
    shelf.remove(2)
    assert shelf.found() == {}


def test_words_beyond_the_first_two_million_are_told_apart(monkeypatch):
    monkeypatch.setattr("civic.decisions.twins._BITS", 3)
    chance = random.Random(4)
    texts = [" ".join(chance.choices([f"w{one}" for one in range(30)], k=16)) for _ in range(20)]
    wordings = [Wording(key, f"g{key}", said) for key, said in enumerate([*texts, *texts[:5]])]
    assert set(twins(wordings)) == naive(wordings) == {*range(5), *range(20, 25)}


@pytest.mark.parametrize(
    "mine", [FALSELY_PERSONAL, "Noted", "", f"{PLAIN} {SPECIFIC}", "Café: 12 % (l’an 2026)\n\nOui."]
)
def test_pieces_put_together_are_the_text_as_it_was_written(mine):
    assert "".join(one.text for one in pieces(mine, PLAIN)) == mine


def test_what_is_its_own_is_told_from_what_is_shared():
    cut = pieces(FALSELY_PERSONAL, PLAIN)
    assert [one.text.strip() for one in cut if not one.is_shared] == ["on cycling"]
