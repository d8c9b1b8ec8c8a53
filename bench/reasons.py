"""Reasons as officials write them: most of their own, many with a polite frame, some that say nothing."""

from __future__ import annotations

import random
from itertools import accumulate

from civic.decisions.similarity import Wording

POLITE = (
    "We thank you for your contribution, which has been carefully considered by the services of the town.",
    "Thank you for taking part: your proposal was read with attention by the team of the project.",
)
REGRET = (
    "It cannot be retained in the current budget context, and we count on your understanding.",
    "The council keeps the project as it was presented at the public meeting of the spring.",
)
VOCABULARY, STOCK = 6_000, 60


class Writer:
    """Writes reasons; the same seed writes the same ones."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.words = [f"{a}{b}{c}" for a in _HEADS for b in _MIDDLES for c in _ENDS][:VOCABULARY]
        self.weights = list(accumulate(1 / (rank + 3) for rank in range(len(self.words))))
        self.stock = [self.sentence(12) for _ in range(STOCK)]

    def sentence(self, count: int) -> str:
        """Write a sentence: common words often, rare ones seldom, as in any language."""
        said = self.chance.choices(self.words, cum_weights=self.weights, k=count)
        return f"{' '.join(said).capitalize()}."

    def reason(self) -> str:
        """Write a reason: of ten, four say something of their own in a polite frame, one is brief.

        Two put stock sentences together, two are a frame with a word of colour, one is a frame alone.
        """
        kind = self.chance.random()
        polite, regret = self.chance.choice(POLITE), self.chance.choice(REGRET)
        if kind < 0.1:
            return f"{polite} {self.sentence(self.chance.randint(6, 10))}"
        if kind < 0.5:
            return f"{polite} {self.sentence(self.chance.randint(18, 45))} {regret}"
        if kind < 0.7:
            return " ".join(self.chance.sample(self.stock, 4))
        if kind < 0.9:
            return f"{polite} {self.sentence(self.chance.randint(2, 6))} {regret}"
        return f"{polite} {regret}"


_HEADS = ("ba", "co", "du", "fe", "gi", "la", "me", "no", "pa", "ri", "so", "tu", "ve")
_MIDDLES = ("ban", "cor", "den", "fil", "gor", "lam", "men", "nor", "pel", "rin", "sol", "tam")
_ENDS = tuple(f"{one}{end}" for one in "abcdefgilmnoprst" for end in ("", "er", "ie"))


def wordings(count: int, seed: int = 7) -> list[Wording]:
    """Write many reasons, each of a group of its own; one in fifty belongs to a declared group of fifty."""
    writer = Writer(seed)
    return [
        Wording(key, f"group {key // 1000}" if key % 20 == 0 else f"answer {key}", writer.reason())
        for key in range(count)
    ]
