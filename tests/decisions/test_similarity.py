"""The golden numbers of SPEC 4.7, and answers that could be addressed to anybody."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as some

from civic.decisions.similarity import RUN, Likeness, Wording, compare, runs_of, words_of
from civic.decisions.twins import twins

PLAIN = (
    "We thank you for your contribution which has been carefully considered but cannot be retained "
    "in the current budget context."
)
FALSELY_PERSONAL = PLAIN.replace("your contribution", "your contribution on cycling")
SPECIFIC = (
    "Line 4 needs Mill Street every ten minutes: the counter of 12 October saw 240 pupils on it, "
    "and the way round takes twelve minutes more."
)


def test_the_golden_case_is_flagged_with_its_numbers():
    one, other = runs_of(words_of(PLAIN)), runs_of(words_of(FALSELY_PERSONAL))
    assert (len(one), len(other), len(set(one) & set(other))) == (18, 20, 16)
    found = compare(FALSELY_PERSONAL, PLAIN)
    assert round(found.jaccard, 4) == 0.7273
    assert round(found.containment, 4) == 0.8889
    assert found.residue == 2
    assert found.is_generic


def test_an_unrelated_answer_shares_nothing():
    found = compare(SPECIFIC, PLAIN)
    assert (found.jaccard, found.containment) == (0, 0)
    assert not found.is_generic


@pytest.mark.parametrize(
    ("likeness", "flagged"),
    [
        (Likeness(0.60, 0.0, 11), True),
        (Likeness(0.0, 0.80, 11), True),
        (Likeness(0.59, 0.79, 0), False),
        (Likeness(1.0, 1.0, 12), False),
    ],
)
def test_the_rule_asks_for_likeness_and_for_little_of_its_own(likeness, flagged):
    assert likeness.is_generic is flagged


def test_numbers_names_and_themes_do_not_make_an_answer_personal():
    one = "Dear Nadia, your proposal on trees cannot be kept because the budget of 2027 is voted."
    other = "Dear Karim, your proposal on buses cannot be kept because the budget of 2026 is voted."
    assert compare(one, other, ("Nadia", "Karim", "trees", "buses")).jaccard == 1


def test_a_long_answer_with_a_polite_paragraph_keeps_its_own_words():
    long = f"{PLAIN} {SPECIFIC}"
    found = twins([Wording(1, "a", PLAIN), Wording(2, "b", long)])
    assert found == {1: 2}


def test_answers_of_one_declared_group_are_not_compared():
    assert twins([Wording(1, "group 7", PLAIN), Wording(2, "group 7", PLAIN)]) == {}
    assert set(twins([Wording(1, "group 7", PLAIN), Wording(2, "answer 9", PLAIN)])) == {1, 2}


def test_empty_and_very_short_answers_are_compared_as_they_are():
    assert twins([Wording(1, "a", ""), Wording(2, "b", "  ")]) == {}
    assert set(twins([Wording(1, "a", "Noted."), Wording(2, "b", "noted")])) == {1, 2}
    assert compare("", PLAIN) == Likeness(0.0, 0.0, 0)


@given(some.lists(some.text("ab c", max_size=40), max_size=8))
def test_the_short_cut_finds_what_comparing_every_pair_finds(texts):
    wordings = [Wording(key, f"g{key}", said) for key, said in enumerate(texts)]
    slow = {
        one.key
        for one in wordings
        for other in wordings
        if one.key != other.key
        and one.text.strip()
        and other.text.strip()
        and compare(one.text, other.text).is_generic
    }
    assert set(twins(wordings)) == slow


def test_three_thousand_copies_are_found_in_seconds():
    copies = [Wording(key, f"g{key}", PLAIN.replace("budget", f"budget w{key % 40}")) for key in range(3000)]
    began = time.process_time()
    assert len(twins(copies)) == 3000
    assert time.process_time() - began < 10


def test_a_run_is_three_words():
    assert RUN == 3
    assert runs_of(["a", "b"]) == [("a", "b")]
    assert runs_of([]) == []
