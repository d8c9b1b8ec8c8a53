"""Which passwords are too easy, and how they are kept."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.accounts import passwords

COMMON = (
    "password1234", "P@ssw0rd1234", "motdepasse2026", "azertyuiop12", "qwertyuiop12", "123456789012",
    "000000000000", "abcabcabcabc", "jetaimejetaime", "Soleil2026!!", "marseille13000", "iloveyou1234",
    "1qaz2wsx3edc", "letmein123456", "doudoudoudou", "dragondragon", "qsdfghjklm12", "abcdefghijkl",
    "987654321098", "aaaaaaaaaaaab", "iloveparis2026", "bonjourbonjour", "!!password!!!", "ÉtéÉtéÉté2026",
)  # fmt: skip
GOOD = (
    "correct horse battery staple", "le tram passe sous ma fenêtre", "vélo-pluie-7h00", "Xk29fmQp0Zr2",
    "天地玄黄宇宙洪荒日月盈昃", "la mairie ferme trop tôt", "the sun is a star", "мама мыла раму утром",
)  # fmt: skip


@pytest.mark.parametrize("password", COMMON)
def test_what_is_tried_first_is_refused(password):
    assert passwords.what_is_wrong(password) is not None


@pytest.mark.parametrize("password", GOOD)
def test_a_few_words_together_are_accepted(password):
    assert passwords.what_is_wrong(password) is None


@pytest.mark.parametrize(
    ("password", "context"),
    [
        ("nadia.lemoine26", ("Nadia Lemoine", "n@town.example")),
        ("Lemoine-Nadia-1", ("Nadia Lemoine", "n@town.example")),
        ("valmere2026!!!", ("Valmère participe", "")),
        ("n.lemoine@town", ("N", "n.lemoine@town.example")),
    ],
)
def test_what_an_attacker_knows_is_refused(password, context):
    assert passwords.what_is_wrong(password) is None
    assert passwords.what_is_wrong(password, context) is not None


def test_the_length_counts_characters_of_any_script():
    assert passwords.what_is_wrong("é" * 11) is not None
    assert passwords.what_is_wrong("天地玄黄宇宙洪荒日月盈") is not None
    assert passwords.what_is_wrong("long " * 51) is None
    assert passwords.what_is_wrong("x1 " * 86) is not None


@given(st.text(max_size=300))
@pytest.mark.clock
def test_any_text_is_judged_quickly_and_without_failing(text):
    began = time.perf_counter()
    passwords.what_is_wrong(text, ("Ada Belin", "ada@town.example", text[:20]))
    assert time.perf_counter() - began < 0.5


@pytest.mark.clock
@pytest.mark.parametrize("text", ["a" * 256, "pass" * 64, "123" * 85, "qwe" * 85, "é" * 256, "ab1!" * 64])
def test_the_worst_texts_are_judged_in_little_time(text):
    passwords.what_is_wrong("warm up, please")
    began = time.perf_counter()
    passwords.what_is_wrong(text)
    assert time.perf_counter() - began < 0.05


async def test_a_password_is_kept_as_argon2id_with_the_costs_of_the_day():
    kept = await passwords.hash_password("la pluie à six heures")
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert await passwords.verify("la pluie à six heures", kept)
    assert await passwords.verify("la pluie a\u0300 six heures", kept), "however the keyboard composes"
    assert not await passwords.verify("la pluie à sept heures", kept)
    assert not await passwords.verify("la pluie à six heures", None)
    assert not await passwords.verify("la pluie à six heures", "not a digest")
    assert not passwords.needs_rehash(kept)
