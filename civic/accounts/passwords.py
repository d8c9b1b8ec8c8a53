"""Passwords: what makes one too easy, and how they are kept.

Hashing is argon2id with 19 MiB, two passes, one lane. It runs in one thread with a short queue, so that
two hundred people signing in at once never keep pages waiting: beyond the queue the answer is Busy.
"""

import asyncio
import re
import unicodedata
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from threading import BoundedSemaphore
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from civic.foundation.errors import N_, Busy, Message, message

SHORTEST, LONGEST = 12, 256
QUEUE = 20

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="civic-passwords")
_places = BoundedSemaphore(QUEUE + 1)

_NOBODYS = _hasher.hash("nobody has this password")
"""What is checked when there is no account, so that the answer takes as long."""

_LEET = str.maketrans(
    {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i"}
)
_ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop", "asdfghjkl", "zxcvbnm",
    "azertyuiop", "qsdfghjklm", "wxcvbn",
    "qwertzuiop", "yxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "1q2w3e4r5t6y7u8i9o0p",
    "1a2z3e4r5t6y7u8i9o0p",
)  # fmt: skip
_LETTERS = re.compile(r"[^\W\d_]+")

T = TypeVar("T")


async def hash_password(password: str) -> str:
    """Digest a password for keeping."""
    return await _in_thread(lambda: _hasher.hash(_written(password)))


async def verify(password: str, kept: str | None) -> bool:
    """Compare a password with what is kept; without anything kept it takes as long and is wrong."""
    return await _in_thread(lambda: _matches(password, kept or _NOBODYS)) and kept is not None


def needs_rehash(kept: str) -> bool:
    """Tell whether what is kept was made with other costs than today's."""
    return _hasher.check_needs_rehash(kept)


def what_is_wrong(password: str, context: Iterable[str] = ()) -> Message | None:
    """Say why a password is refused: too short, too long, or among the first ones tried.

    `context` holds words an attacker knows: the person's name and address, the name of the site.
    """
    written = _written(password)
    if len(written) < SHORTEST:
        return message(N_("At least %(min)s characters, please. A short sentence is fine."), min=SHORTEST)
    if len(written) > LONGEST:
        return message(N_("At most %(max)s characters, please."), max=LONGEST)
    if is_common(written):
        return Message(
            N_("This password is among the first ones tried. Choose another: a few words together.")
        )
    if _leans_on(written, context):
        return Message(N_("This password holds little but your name, your address or ours. Choose another."))
    return None


def is_common(password: str) -> bool:
    """Tell whether a password is one that many people use, whatever digits and signs are hung on it."""
    folded = _folded(password)
    if _repeats(folded) or _walks(re.sub(r"[\W_]", "", folded)):
        return True
    words = common_words()
    candidates = {
        _letters(folded),
        _letters(folded.translate(_LEET)),
        _letters(folded.strip("0123456789!?.$*")),
    }
    candidates.add(_letters(folded.strip("0123456789!?.$*").translate(_LEET)))
    return any(core == "" or _made_of(core, words) for core in candidates)


@lru_cache(maxsize=1)
def common_words() -> frozenset[str]:
    """Read the words that passwords of many people are made of."""
    path = Path(__file__).with_name("common_words.txt")
    lines = path.read_text(encoding="utf-8").split()
    return frozenset(_folded(word) for word in lines)


def _made_of(core: str, words: frozenset[str], most: int = 2) -> bool:
    """Tell whether letters are at most two different common words, repeated or not."""
    runs = _walks(core)
    if core in words or runs:
        return True
    best: list[frozenset[str] | None] = [frozenset()] + [None] * len(core)
    for end in range(1, len(core) + 1):
        for start in range(max(0, end - 20), end):
            used, piece = best[start], core[start:end]
            if (
                used is not None
                and piece in words
                and (best[end] is None or len(used | {piece}) < len(best[end] or ()))
            ):
                best[end] = used | {piece}
    whole = best[len(core)]
    return whole is not None and len(whole) <= most


def _repeats(text: str) -> bool:
    """Tell whether a text is one short piece over and over, or few letters in all."""
    return len(set(text)) < 5 or any(
        text == (text[:size] * (len(text) // size + 1))[: len(text)] for size in range(1, min(5, len(text)))
    )


def _walks(text: str) -> bool:
    """Tell whether a text walks along a keyboard, the alphabet or the digits, in runs of three or more."""
    at = 0
    while at < len(text):
        run = max((_run(text, at, row) for row in (*_ROWS, *(row[::-1] for row in _ROWS))), default=0)
        if run < 3:
            return len(text) - at <= 2 and at >= 6
        at += run
    return bool(text)


def _run(text: str, at: int, row: str) -> int:
    length = 1
    while at + length <= len(text) and text[at : at + length] in row:
        length += 1
    return length - 1


def _leans_on(password: str, context: Iterable[str]) -> bool:
    rest = _folded(password)
    known = {piece for text in context for piece in _LETTERS.findall(_folded(text)) if len(piece) >= 3}
    for piece in sorted(known, key=len, reverse=True):
        rest = rest.replace(piece, "")
    return len(_letters(rest)) < 6 and len(rest) < len(_folded(password))


def _written(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


def _folded(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text)
    return "".join(c for c in bare if not unicodedata.combining(c)).casefold()


def _letters(text: str) -> str:
    return "".join(_LETTERS.findall(text))


def _matches(password: str, kept: str) -> bool:
    try:
        return _hasher.verify(kept, _written(password))
    except (VerificationError, InvalidHashError):
        return False


async def _in_thread(work: Callable[[], T]) -> T:
    if not _places.acquire(blocking=False):
        raise Busy(retry_after=2)
    started = _thread.submit(work)
    started.add_done_callback(lambda done: _places.release())
    return await asyncio.wrap_future(started)
