"""Identifiers and secrets: what is random, how it is written, how it is kept."""

import hashlib
import hmac
import re
import secrets

from stdnum.iso7064 import mod_37_36

from civic import settings

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base 32: no i, l, o or u, so that a number read aloud comes back the same."""

_KEY = re.compile(r"[0-9a-z]{26}\Z")
_LOOK_ALIKES = str.maketrans("ilou", "110v")


def public_id() -> str:
    """Draw the id of a public object: 26 characters, 130 random bits, no order and no count to read in it."""
    return "".join(secrets.choice(ALPHABET) for _ in range(26))


def is_key(text: str) -> bool:
    """Tell whether this can be a public id at all: what came with an address may be anything."""
    return bool(_KEY.match(text))


def secret_code() -> str:
    """Draw the code printed on a receipt: 13 characters, 65 random bits, in groups that can be read aloud."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(13)).upper()
    return f"{drawn[:4]}-{drawn[4:8]}-{drawn[8:]}"


def code_of_form(form_key: str) -> str:
    """Draw the secret code of what one form makes: sent twice, it prints the same receipt."""
    drawn = hmac.digest(settings.current().secret_key.encode(), b"receipt\0" + form_key.encode(), "sha256")
    letters = "".join(ALPHABET[byte & 31] for byte in drawn[:13]).upper()
    return f"{letters[:4]}-{letters[4:8]}-{letters[8:]}"


def hash_code(code: str) -> str:
    """Digest a secret code for keeping, whatever its case, spaces and hyphens, and look-alikes put right."""
    return _digest(code, settings.current().secret_key)


def code_matches(code: str, kept: str) -> bool:
    """Compare a code with its kept digest, in constant time, under every key still listed."""
    tries = [hmac.compare_digest(_digest(code, key), kept) for key in settings.current().secret_keys]
    return any(tries)


def token() -> str:
    """Draw a token for a link or a session: 256 random bits, safe in an address."""
    return secrets.token_urlsafe(32)


def hash_token(drawn: str) -> str:
    """Digest a token for keeping. It holds 256 bits, so a plain digest is enough."""
    return hashlib.sha256(drawn.encode()).hexdigest()


def check_letter(number: str) -> str:
    """Give the check character of a public number (ISO 7064 MOD 37,36), hyphens left out."""
    return str(mod_37_36.calc_check_digit("".join(c for c in number.upper() if c.isalnum())))


def _digest(code: str, key: str) -> str:
    plain = "".join(c for c in code.lower() if c.isalnum()).translate(_LOOK_ALIKES)
    return hmac.digest(key.encode(), b"code\0" + plain.encode("utf-8", "replace"), "sha256").hex()
