"""What is sealed opens with its own key, for its own thing, and for nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from civic import settings as configuration
from civic.foundation import sealing
from civic.foundation.sealing import CannotOpen

WORDS = b"Je ne peux pas porter mes courses."


@pytest.fixture
def keys():
    """Change the keys of this process, and put them back."""
    before = configuration._current

    def use(*names: str) -> None:
        configuration.use(replace(before or configuration.Settings(), data_keys=names))

    yield use
    configuration._current = before


def test_words_come_back_and_the_bytes_tell_nothing(keys):
    keys("one")
    sealed, key_id = sealing.seal(WORDS, about="a")
    again, _ = sealing.seal(WORDS, about="a")
    assert sealing.unseal(sealed, key_id, about="a") == WORDS
    assert WORDS not in sealed
    assert sealed != again
    assert len(sealed) == len(sealing.seal(b"no", about="a")[0]), "the length of a short text is not told"
    assert len(key_id) == 16
    assert "one" not in key_id


def test_older_keys_open_and_the_first_one_seals(keys):
    keys("old")
    sealed, old_id = sealing.seal(WORDS, about="a")
    keys("new", "old")
    assert sealing.unseal(sealed, old_id, about="a") == WORDS
    assert sealing.seal(WORDS, about="a")[1] == sealing.current_key_id() != old_id
    keys("new")
    with pytest.raises(CannotOpen, match=old_id):
        sealing.unseal(sealed, old_id, about="a")


def test_words_moved_to_another_thing_or_changed_do_not_open(keys):
    keys("one")
    sealed, key_id = sealing.seal(WORDS, about="a")
    with pytest.raises(CannotOpen):
        sealing.unseal(sealed, key_id, about="b")
    with pytest.raises(CannotOpen):
        sealing.unseal(sealed[:-1] + bytes([sealed[-1] ^ 1]), key_id, about="a")
