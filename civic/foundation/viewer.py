"""Who is looking: a small frozen card that pages, queries and policies read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Held(NamedTuple):
    """A role held in one process (its public id), or everywhere when `process` is None."""

    role: str
    process: str | None = None


@dataclass(frozen=True)
class Viewer:
    """A person, or a stranger, and what they may open."""

    participant: int | None = None
    public_id: str | None = None
    name: str = ""
    language: str | None = None
    roles: frozenset[Held] = frozenset()
    passes: frozenset[str] = frozenset()
    session: int | None = None

    @property
    def is_signed_in(self) -> bool:
        return self.participant is not None

    def holds(self, role: str, process: str | None = None) -> bool:
        """Tell whether the role is held here; without a process, whether it is held everywhere."""
        return Held(role, None) in self.roles or (process is not None and Held(role, process) in self.roles)

    def holds_somewhere(self, *roles: str) -> bool:
        """Tell whether one of these roles is held in any process."""
        return any(held.role in roles for held in self.roles)


STRANGER = Viewer()
