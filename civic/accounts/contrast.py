"""Whether colours can be read: the contrast of WCAG 2, and what an installation's own colours must reach."""

import re
from collections.abc import Mapping

from civic.foundation.errors import N_, Message, message

LEAST = 4.5
PAPER = "#ffffff"
INK = "#16211f"

_COLOUR = re.compile(r"#[0-9a-f]{6}\Z")


def is_colour(value: str) -> bool:
    """Tell whether this is a colour as style sheets write it, in six digits."""
    return bool(_COLOUR.match(value))


def ratio(one: str, other: str) -> float:
    """Give the contrast of two colours, from 1 to 21 (WCAG 2, 1.4.3)."""
    lights = sorted((_luminance(one), _luminance(other)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def what_is_wrong(colours: Mapping[str, str]) -> dict[str, Message]:
    """Say which of an installation's colours cannot be read on the ground they are put on."""
    pairs = (
        ("brand", "on_brand", N_("The main colour behind its text: %(ratio)s to 1. At least 4.5 is needed.")),
        ("brand", PAPER, N_("The main colour as text on white: %(ratio)s to 1. At least 4.5 is needed.")),
        (
            "brand_2",
            "on_brand",
            N_("The second colour behind its text: %(ratio)s to 1. At least 4.5 is needed."),
        ),
        (
            "tint",
            "brand",
            N_("The main colour as text on this tint: %(ratio)s to 1. At least 4.5 is needed."),
        ),
        ("tint", INK, N_("Black text on this tint: %(ratio)s to 1. At least 4.5 is needed.")),
        ("tint_2", INK, N_("Black text on this tint: %(ratio)s to 1. At least 4.5 is needed.")),
    )
    wrong: dict[str, Message] = {}
    for name, ground, says in pairs:
        found = ratio(colours[name], colours.get(ground, ground))
        if found < LEAST:
            wrong.setdefault(name, message(says, ratio=f"{found:.1f}"))
    return wrong


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
