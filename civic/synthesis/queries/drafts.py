"""What the next edition of a synthesis would show, and what its themes lack."""

from __future__ import annotations

from dataclasses import dataclass, replace

from civic import settings
from civic.synthesis.queries.documents import SynthesisCard, numbers_of_synthesis
from civic.synthesis.queries.numbers import Numbers, numbers_in_synthesis
from civic.synthesis.queries.themes import ThemeCard, theme_titles
from civic.synthesis.rules import Lack, lacks


@dataclass(frozen=True)
class DraftTheme:
    """A theme of the next edition, with what it lacks to be balanced."""

    card: ThemeCard
    lacks: tuple[Lack, ...]


@dataclass(frozen=True)
class NextEdition:
    """The next edition as it would be signed now."""

    themes: tuple[DraftTheme, ...]
    numbers: Numbers
    without_theme: int

    @property
    def lacks(self) -> tuple[Lack, ...]:
        return tuple(lack for one in self.themes for lack in one.lacks)


async def draft_of(synthesis: SynthesisCard) -> NextEdition:
    """Gather the themes that have points on the questions of a synthesis, with their numbers there."""
    counted = await numbers_in_synthesis(synthesis.id)
    themes = [
        replace(one, numbers=counted[one.id])
        for one in await theme_titles(synthesis.process.id)
        if one.id in counted
    ]
    numbers, without_theme = await numbers_of_synthesis(synthesis.id)
    return NextEdition(tuple(DraftTheme(one, lacks_of(one)) for one in themes), numbers, without_theme)


def lacks_of(theme: ThemeCard) -> tuple[Lack, ...]:
    """Say what a theme lacks to be balanced."""
    words = {"title": theme.title, "concern": theme.concern, "minority": theme.minority}
    numbers = theme.numbers
    languages = settings.current().languages
    return tuple(lacks(words, languages, received=numbers.received, against=numbers.against))
