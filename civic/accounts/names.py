"""Names people show: what may stand in one, and when two of them look the same.

The skeleton of a name is what remains once letters that are drawn alike are written alike, in the manner
of Unicode Technical Standard 39 with a small table of our own: enough for Latin, Cyrillic and Greek.
"""

import re
import unicodedata

from civic.foundation.errors import N_, Message, message

LONGEST = 80

_HIDDEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_ADDRESS = re.compile(r"@|://|\bwww\.", re.IGNORECASE)
_APART = re.compile(r"[\W_]+")

_ALIKE = {
    "a": "аɑαⲁ",
    "b": "ЬƄвβʙ",
    "c": "сϲⅽᴄ",
    "d": "ԁⅾɗ",
    "e": "еҽɛеєε℮",
    "f": "ƒғẝ",
    "g": "ɡցɢ",
    "h": "һհнη",
    "j": "јϳʝ",
    "k": "кκᴋ",
    "l": "іїıιіӏǀɩɪ1|!iⅼｌℓ",
    "m": "мⅿᴍ",
    "n": "пոռɴ",
    "o": "оοσ0օøөߋ",
    "p": "рρϱþ",
    "q": "ԛգ",
    "r": "гᴦʀ",
    "s": "ѕꜱ5$",
    "t": "тτᴛ",
    "u": "υսцʊ",
    "v": "ѵνᴠⅴ",
    "w": "ԝѡωɯᴡ",
    "x": "хχⅹ",
    "y": "уγүყ",
    "z": "ᴢʐ",
}
_TABLE = {ord(look): letter for letter, looks in _ALIKE.items() for look in looks}
_PAIRS = (("rn", "m"), ("vv", "w"))

RESERVED = (
    "administrator", "administrateur", "administratrice", "admin", "moderator", "moderateur", "moderatrice",
    "moderation", "moderation team", "equipe de moderation", "official", "mairie", "la mairie", "ville",
    "la ville", "city", "the city", "city hall", "town hall", "maire", "le maire", "la maire", "mayor",
    "the mayor", "support", "civic", "prefet", "prefecture", "police", "commune", "la commune", "region",
    "elu", "elue", "council", "the council", "conseil municipal", "anonymous", "anonyme",
)  # fmt: skip
"""Names that would pass for the public body or for a part people play here."""


def skeleton(name: str) -> str:
    """Write a name so that names which look alike are written alike."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    alike = bare.translate(_TABLE).casefold().translate(_TABLE)
    alike = "".join(c for c in unicodedata.normalize("NFKD", alike) if not unicodedata.combining(c))
    plain = _APART.sub("", _HIDDEN.sub("", alike))
    for pair, letter in _PAIRS:
        plain = plain.replace(pair, letter)
    return plain[:160]


_RESERVED = frozenset(map(skeleton, RESERVED))


def what_is_wrong(name: str) -> Message | None:
    """Say why a name cannot be shown, before asking whether somebody else's looks like it."""
    if _HIDDEN.search(name):
        return Message(N_("This name holds a character that cannot be seen. Please type it again."))
    if _ADDRESS.search(name):
        return Message(N_("A name is public: it cannot be an address."))
    if not any(c.isalpha() for c in name):
        return Message(N_("A name needs at least one letter."))
    if skeleton(name) in _RESERVED:
        return looks_official(name)
    return None


def looks_official(name: str) -> Message:
    """Say that a name would pass for somebody who speaks for the public body."""
    return message(
        N_("“%(name)s” could be taken for somebody who works here. Choose another name."), name=name
    )
