"""A text is cut into sentences at which a person can point, in the languages of the example data."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.foundation.text import sentences

CASES = {
    "M. Dupont habite rue St. Jean. Il dit : « Non. » Puis il part ! Et après ?": [
        "M. Dupont habite rue St. Jean.", "Il dit : « Non. »", "Puis il part !", "Et après ?",
    ],
    "L’art. 4 dit 3,5 m, p. ex. ici. C’est peu… mais bon. Voilà.": [
        "L’art. 4 dit 3,5 m, p. ex. ici.", "C’est peu… mais bon.", "Voilà.",
    ],
    "Am 3. Mai kam er, z. B. mit dem Rad. Danach nicht mehr.": [
        "Am 3. Mai kam er, z. B. mit dem Rad.", "Danach nicht mehr.",
    ],
    "Dies ist z.B. gut, d. h. schnell. Usw. und so fort.": [
        "Dies ist z.B. gut, d. h. schnell.", "Usw. und so fort.",
    ],
    "Costs 3.5 m, e.g. a lot... Really? Yes, Mr. Bond.": [
        "Costs 3.5 m, e.g. a lot...", "Really?", "Yes, Mr. Bond.",
    ],
    "- un\n- deux. Trois\n\n1. quatre\n2) cinq": ["un", "deux.", "Trois", "quatre", "cinq"],
    "A hard\nwrapped line. Next one\nhere.": ["A hard\nwrapped line.", "Next one\nhere."],
    "# Titre\nUn texte.\n\nUn autre": ["Titre\nUn texte.", "Un autre"],
    "道路太窄。应该拓宽！对吧？": ["道路太窄。", "应该拓宽！", "对吧？"],
    "هل الطريق ضيق؟ نعم.": ["هل الطريق ضيق؟", "نعم."],
    "Sans point final": ["Sans point final"],
    "J. R. Ewing est là. Ah.": ["J. R. Ewing est là.", "Ah."],
    "Il a dit « oui ». Elle a dit (non). Fin": ["Il a dit « oui ».", "Elle a dit (non).", "Fin"],
    "Voir https://a.example/b.c?d=e. Merci": ["Voir https://a.example/b.c?d=e.", "Merci"],
    "": [],
    " \n\n ": [],
    "...": [],
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES.items())
def test_sentences_end_where_a_reader_ends_them(text, expected):
    assert [span.of(text) for span in sentences(text)] == expected


@given(st.text(alphabet="aB1. !?\n-*«»。é ", max_size=200))
def test_no_word_is_lost_and_none_is_counted_twice(text):
    end = 0
    for span in sentences(text):
        between = text[end : span.start]
        assert span.start >= end
        assert span.end > span.start
        assert not any(letter.isalpha() for letter in between) or between.strip(" \n-*").isalnum()
        end = span.end
    assert not any(letter.isalpha() for letter in text[end:])


def test_spans_count_code_points():
    text = "𝔘n 🚲. Deux."
    assert [(span.start, span.end) for span in sentences(text)] == [(0, 5), (6, 11)]
