"""Words kept so that the database alone cannot tell them: sealed under CIVIC_DATA_KEYS, with the key's name.

The first key seals; every key opens. What was sealed under an older one is sealed again by `civic reseal`
(and by the daily work), after which the old key can be dropped.
"""

from __future__ import annotations

import hashlib
import secrets
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from civic import settings

_NONCE = 12
_BLOCK = 512
"""Sealed words are filled up to a multiple of this many bytes, so that their length says little."""


class CannotOpen(Exception):
    """No key of CIVIC_DATA_KEYS opens this: one was dropped too early, or the bytes were changed."""


def current_key_id() -> str:
    """Name the key that seals now."""
    return _named(settings.current().data_keys[0])


def is_known(key_id: str) -> bool:
    """Tell whether the key of this name is still in CIVIC_DATA_KEYS."""
    return key_id in {_named(key) for key in settings.current().data_keys}


def seal(words: bytes, *, about: str) -> tuple[bytes, str]:
    """Seal words about one thing, and name the key; they open for that thing alone."""
    key = settings.current().data_keys[0]
    nonce = secrets.token_bytes(_NONCE)
    filled = len(words).to_bytes(4, "big") + words
    filled += bytes(-len(filled) % _BLOCK)
    return nonce + AESGCM(_drawn(key)).encrypt(nonce, filled, about.encode()), _named(key)


def unseal(sealed: bytes, key_id: str, *, about: str) -> bytes:
    """Give the words back. Raises CannotOpen."""
    for key in settings.current().data_keys:
        if _named(key) == key_id:
            try:
                filled = AESGCM(_drawn(key)).decrypt(sealed[:_NONCE], sealed[_NONCE:], about.encode())
            except InvalidTag as wrong:
                raise CannotOpen(
                    f"The words about {about} were changed, or belong to something else."
                ) from wrong
            return filled[4 : 4 + int.from_bytes(filled[:4], "big")]
    raise CannotOpen(f"CIVIC_DATA_KEYS: the key {key_id} is missing; put it back, then run `civic reseal`.")


@lru_cache(maxsize=16)
def _drawn(key: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"civic sealed words").derive(key.encode())


@lru_cache(maxsize=16)
def _named(key: str) -> str:
    """Name a key without telling it."""
    return hashlib.sha256(b"civic key name\0" + _drawn(key)).hexdigest()[:16]
