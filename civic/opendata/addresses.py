"""The addresses the public contract promises (SPEC 0.5), written whole: for files and programs. Pure."""

from __future__ import annotations

from civic import settings

API = "/api/v1"


def whole(path: str) -> str:
    """Write a path with the public address of this installation before it."""
    return settings.current().public_url + path


def process(slug: str) -> str:
    """Give the page of a process."""
    return whole(f"/processes/{slug}")


def issue(slug: str, public_id: str) -> str:
    """Give the page of a question."""
    return whole(f"/processes/{slug}/issues/{public_id}")


def proposal(public_id: str) -> str:
    """Give the page of a proposal."""
    return whole(f"/proposals/{public_id}")


def debate(public_id: str) -> str:
    """Give the page of a debate."""
    return whole(f"/debates/{public_id}")


def comment(public_id: str) -> str:
    """Give the permalink of a comment."""
    return whole(f"/comments/{public_id}")


def contribution(number: str) -> str:
    """Give the trace page of a contribution."""
    return whole(f"/contributions/{number}")


def provenance(number: str) -> str:
    """Give the trace of a contribution as PROV-O in JSON-LD."""
    return whole(f"/contributions/{number}/prov.jsonld")


def decision(public_id: str, number: int | None = None) -> str:
    """Give the page of a decision, or of one of its versions."""
    return whole(f"/decisions/{public_id}" + (f"/versions/{number}" if number is not None else ""))


def outcome(public_id: str, number: int) -> str:
    """Give the permalink of an answer as one version of the decision states it."""
    return whole(f"/outcomes/{public_id}/versions/{number}")


def statement(public_id: str) -> str:
    """Give the page of a statement of reasons."""
    return whole(f"/moderation/statements/{public_id}")


def legal_text(public_id: str, number: int, language: str) -> str:
    """Give a version of a decision as Akoma Ntoso, in one language."""
    return whole(f"/decisions/{public_id}/versions/{number}/akn.xml?language={language}")
