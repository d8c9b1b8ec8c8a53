"""The bytes of a leaf (TRUST 1.3): what an act leaves in the public record, and nothing of a person.

Content and author are commitments: keyed digests under salts drawn for this leaf and this field alone,
so that two leaves of one person cannot be linked, and destroying the salts makes them unlinkable for good.
"""

import hashlib
import hmac
import re
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import rfc8785

VERSION = 1
MAX_BYTES = 2048
KEYS = frozenset({"v", "type", "at", "object", "rev", "parent", "content", "author", "prev"})

_PUBLIC_ID = re.compile(r"[0-9a-z]{26}\Z")
_HASH = re.compile(r"[0-9a-f]{64}\Z")

_ACTS = {
    "proposal": "created edited withdrawn confirmed",
    "comment": "created edited withdrawn confirmed",
    "statement": "created edited withdrawn confirmed",
    "amendment": "created edited withdrawn confirmed",
    "ticket": "created edited withdrawn confirmed",
    "contribution": "created edited withdrawn confirmed claimed",
    "endorsement": "given withdrawn",
    "insight": "marked unmarked",
    "claim": "opened segmented read restated confirmed corrected retired",
    "check": "sent answered silent",
    "survey": "opened published",
    "situation": "sealed corrected opened erased",
    "question": "asked answered",
    "theme": "written put_in taken_out",
    "synthesis": "drafted published stopped",
    "moderation": "kept restricted restored masked rephrase_asked rephrased undone",
    "appeal": "filed decided withdrawn",
    "report": "received decided",
    "process": "created changed opened closed",
    "phase": "changed",
    "scope": "changed",
    "issue": "added changed removed",
    "stakeholders": "changed",
    "interests": "declared",
    "calendar": "changed",
    "decision": "drafted published corrected stopped",
    "draft": "opened closed",
    "provision": "written",
    "disposition": "drafted confirmed reviewed published reopened followed",
    "reply": "published",
    "milestone": "promised changed done checked",
    "merge": "done",
    "rules": "changed",
    "settings": "changed",
    "tally": "published",
    "role": "granted revoked",
    "substitute": "named ended",
    "erasure": "performed",
    "import": "batch",
    "key": "rotated",
    "witness": "policy_changed",
    "software": "upgraded",
    "delegation": "given revoked",
    "advance": "set stopped given",
    "embargo": "given ended",
    "meeting": "announced changed cancelled",
    "minutes": "entered published",
    "organisation": "proposed verified",
    "delegate": "asked confirmed refused ended",
    "position": "mandated",
}
TYPES = frozenset(f"{thing}.{act}" for thing, acts in _ACTS.items() for act in acts.split())
"""Every act the record knows, in the words of the glossary."""


@dataclass(frozen=True)
class Leaf:
    """A leaf ready to be staged: its exact bytes, their hash, and the salts that open it."""

    data: bytes
    hash: str
    content_salt: bytes | None
    author_salt: bytes | None


def make_leaf(
    type: str,
    object: str,
    *,
    at: datetime,
    rev: int,
    parent: str | None = None,
    content: Mapping[str, object] | None = None,
    author: str | None = None,
    prev: str | None = None,
) -> Leaf:
    """Write a leaf. Raises ValueError for anything that must never stand in one."""
    _demand(type in TYPES, f"the record knows no act {type!r}")
    _demand(bool(_PUBLIC_ID.match(object)), "a leaf names a thing by its public id")
    _demand(parent is None or bool(_PUBLIC_ID.match(parent)), "a leaf names a parent by its public id")
    _demand(prev is None or bool(_HASH.match(prev)), "a leaf names the one before it by its hash")
    _demand(0 < rev < 2**53, "revisions count from 1")
    fields: dict[str, str | int] = {
        "v": VERSION,
        "type": type,
        "at": written_time(at),
        "object": object,
        "rev": rev,
    }
    if parent is not None:
        fields["parent"] = parent
    content_salt = author_salt = None
    if content is not None:
        content_salt = secrets.token_bytes(32)
        fields["content"] = commitment("content", content_salt, content)
    if author is not None:
        author_salt = secrets.token_bytes(32)
        fields["author"] = commitment("author", author_salt, {"id": author})
    if prev is not None:
        fields["prev"] = prev
    data = rfc8785.dumps(fields)
    _demand(len(data) <= MAX_BYTES, "a leaf holds at most 2 KiB")
    return Leaf(data, leaf_hash(data), content_salt, author_salt)


def leaf_hash(data: bytes) -> str:
    """Hash a leaf as the tree will (RFC 6962: a zero byte first, so that no leaf passes for a node)."""
    return hashlib.sha256(b"\x00" + data).hexdigest()


def commitment(field: str, salt: bytes, opening: Mapping[str, object]) -> str:
    """Commit to an opening: HMAC-SHA256(salt, field 00 JCS(opening)), its texts in NFC."""
    return hmac.digest(salt, field.encode() + b"\0" + rfc8785.dumps(_fit(opening)), "sha256").hex()


def written_time(moment: datetime) -> str:
    """Write a time in UTC, to the millisecond."""
    _demand(moment.tzinfo is not None, "a time says its zone")
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def _fit(value: object) -> Any:
    """Put texts in NFC; refuse what could be written in two ways or could not be written."""
    if isinstance(value, str):
        _demand("\x00" not in value, "NUL is not text")
        return unicodedata.normalize("NFC", value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        _demand(abs(value) < 2**53, "integers stay below 2^53")
        return value
    if isinstance(value, Mapping):
        _demand(all(isinstance(key, str) for key in value), "keys are texts")
        fitted = {str(_fit(key)): _fit(inner) for key, inner in value.items()}
        _demand(len(fitted) == len(value), "two keys are the same once in NFC")
        return fitted
    if isinstance(value, (list, tuple)):
        return [_fit(inner) for inner in value]
    raise ValueError(f"a leaf cannot commit to {type(value).__name__}")


def _demand(fits: bool, otherwise: str) -> None:
    if not fits:
        raise ValueError(otherwise)
