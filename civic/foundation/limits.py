"""How often something may be done: allowances that refill steadily, kept in the database for all workers.

What is spent inside a transaction comes back if the transaction does: right for what counts only when
it succeeds (posting). What counts when it fails (guesses) is spent before any transaction opens.
"""

import hmac
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from civic import settings
from civic.foundation import clock, database
from civic.foundation.errors import TooMany

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


@dataclass(frozen=True)
class Rate:
    """So many at once, refilled over so many seconds."""

    amount: int
    seconds: int
    counts_failures: bool = False


RATES = {
    "sign_in_account": Rate(10, 15 * _MINUTE, counts_failures=True),
    "sign_in_network": Rate(40, 15 * _MINUTE, counts_failures=True),
    "sign_in_everywhere": Rate(1200, 15 * _MINUTE, counts_failures=True),
    "register_network": Rate(5, _HOUR, counts_failures=True),
    "register_everywhere": Rate(300, _HOUR, counts_failures=True),
    "reset_address": Rate(5, _DAY, counts_failures=True),
    "reset_network": Rate(20, _HOUR, counts_failures=True),
    "mail_link_address": Rate(8, _HOUR, counts_failures=True),
    "mail_link_network": Rate(30, _HOUR, counts_failures=True),
    "confirm_address": Rate(10, _DAY, counts_failures=True),
    "follow_address": Rate(10, _DAY, counts_failures=True),
    "follow_network": Rate(30, _HOUR, counts_failures=True),
    "follow_person": Rate(200, _HOUR),
    "confirm_network": Rate(60, _HOUR, counts_failures=True),
    "code_contribution": Rate(8, _HOUR, counts_failures=True),
    "code_network": Rate(30, _HOUR, counts_failures=True),
    "code_everywhere": Rate(2000, _HOUR, counts_failures=True),
    "post_newcomer": Rate(20, _DAY),
    "post_participant": Rate(100, _DAY),
    "post_guest": Rate(10, _DAY),
    "post_network": Rate(300, _HOUR),
    "revise_text": Rate(40, _DAY),
    "open_situation": Rate(60, _HOUR),
    "delegate_request": Rate(10, _DAY),
    "endorse_participant": Rate(200, _HOUR),
    "report_person": Rate(10, _DAY),
    "report_network": Rate(40, _DAY),
    "search_network": Rate(120, _MINUTE, counts_failures=True),
    "api_network": Rate(300, _MINUTE, counts_failures=True),
    "preview_network": Rate(120, _MINUTE, counts_failures=True),
}

_SPEND = """
INSERT INTO rate_bucket (bucket, key, full_at) VALUES (?, ?, ?)
ON CONFLICT (bucket, key) DO UPDATE SET
    full_at = CASE WHEN rate_bucket.full_at > ? THEN rate_bucket.full_at ELSE ? END + ?
WHERE CASE WHEN rate_bucket.full_at > ? THEN rate_bucket.full_at ELSE ? END + ? <= ?
RETURNING full_at
"""
_READ = "SELECT full_at FROM rate_bucket WHERE bucket = ? AND key = ?"
_FORGIVE = "DELETE FROM rate_bucket WHERE bucket = ? AND key = ?"
_FORGET = "DELETE FROM rate_bucket WHERE full_at < ?"


async def spend(bucket: str, key: str, cost: int = 1) -> None:
    """Use up part of an allowance, in one statement. Raises TooMany with the seconds to wait."""
    rate = RATES[bucket]
    if rate.counts_failures and database.in_transaction():
        raise RuntimeError(f"{bucket} counts failures: spend it before the transaction opens.")
    now, kept, share = clock.now().timestamp(), _kept(key), cost * rate.seconds / rate.amount
    latest = now + rate.seconds
    if not await database.rows(_SPEND, bucket, kept, now + share, now, now, share, now, now, share, latest):
        (used,) = await database.rows(_READ, bucket, kept)
        raise TooMany(retry_after=used["full_at"] + share - latest)


async def demand(bucket: str, key: str, cost: int = 1) -> None:
    """Raise TooMany where `spend` would, and use nothing up: others need not wait to be told."""
    rate = RATES[bucket]
    now, share = clock.now().timestamp(), cost * rate.seconds / rate.amount
    for used in await database.rows(_READ, bucket, _kept(key)):
        if max(used["full_at"], now) + share > now + rate.seconds:
            raise TooMany(retry_after=used["full_at"] + share - now - rate.seconds)


async def forgive(bucket: str, key: str) -> None:
    """Give an allowance back whole, after the person proved who they are."""
    await database.execute(_FORGIVE, bucket, _kept(key))


async def forget() -> None:
    """Let go of allowances that are whole again."""
    await database.execute(_FORGET, clock.now().timestamp())


def network_of(address: str) -> str:
    """Name the neighbourhood an address is counted with: /24 in IPv4, /48 in IPv6."""
    try:
        found = ip_address(address)
    except ValueError:
        return "unknown"
    mapped = getattr(found, "ipv4_mapped", None) or found
    return str(ip_network(f"{mapped}/{24 if mapped.version == 4 else 48}", strict=False))


def _kept(key: str) -> str:
    """Keep neither addresses nor names: a keyed digest tells two apart and says nothing else."""
    secret = settings.current().secret_key.encode()
    return hmac.digest(secret, b"rate\0" + key.encode("utf-8", "replace"), "sha256").hex()
