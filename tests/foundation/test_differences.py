"""What changed between two versions is shown word by word, or whole when little is left."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from civic.foundation.text import compare, diff


def _kinds(parts):
    return [(part.kind, part.text) for part in parts]


def test_one_word_changed_shows_that_word():
    assert _kinds(diff("Le marché ouvre à huit heures.", "Le marché ouvre à neuf heures.")) == [
        ("same", "Le marché ouvre à "),
        ("removed", "huit"),
        ("added", "neuf"),
        ("same", " heures."),
    ]


def test_nothing_changed_is_one_part():
    assert _kinds(diff("pareil", "pareil")) == [("same", "pareil")]
    assert diff("", "") == []


def test_what_is_added_or_taken_out_at_an_end_is_shown_there():
    assert _kinds(diff("Un banc devant l’école", "Un banc devant l’école ancienne")) == [
        ("same", "Un banc devant l’école"),
        ("added", " ancienne"),
    ]
    assert _kinds(diff("", "Tout est neuf")) == [("added", "Tout est neuf")]
    assert _kinds(diff("Tout part", "")) == [("removed", "Tout part")]


def test_a_rewritten_text_is_shown_before_and_after():
    old = "Le stationnement est interdit rue des Tanneurs le samedi."
    new = "Les livraisons restent possibles rue du Lavoir chaque matin."
    assert _kinds(diff(old, new)) == [("before", old), ("after", new)]


def test_words_that_changed_side_by_side_are_one_change():
    parts = diff("a b c d e f g h i j k l", "a b X Y e f g h i j k l")
    assert _kinds(parts) == [
        ("same", "a b "),
        ("removed", "c d"),
        ("added", "X Y"),
        ("same", " e f g h i j k l"),
    ]


@given(st.text(alphabet="ab \n.", max_size=80), st.text(alphabet="ab \n.", max_size=80))
def test_both_versions_can_be_read_back(old, new):
    parts = diff(old, new)
    assert "".join(part.text for part in parts if part.kind in ("same", "removed", "before")) == old
    assert "".join(part.text for part in parts if part.kind in ("same", "added", "after")) == new


def test_two_long_texts_are_compared_in_time():
    old = "un deux trois quatre " * 5_000
    began = time.process_time()
    diff(old, old.replace("trois", "cinq"))
    diff(old, old[::-1])
    assert time.process_time() - began < 2


async def test_long_texts_can_be_compared_aside():
    assert (await compare("a b c", "a b c d"))[0].kind == "same"
