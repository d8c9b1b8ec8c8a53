"""What a notice keeps, and how it is said in each language."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from civic.foundation import database as db
from civic.foundation.errors import NotFound, counted, message
from civic.foundation.viewer import STRANGER
from civic.notices import actions as notices
from civic.notices.content import letter, packed
from civic.notices.kinds import KINDS, Kind


@pytest.fixture
def kind(monkeypatch):
    """Add a kind that says one value."""

    def say(line):
        monkeypatch.setitem(KINDS, "test.kind", Kind("Subject", (line,), "Open", "Because.", "answers"))

    return say


def said(data, language="en"):
    return letter("test.kind", packed(data), language).lines[0]


@pytest.mark.parametrize(
    ("value", "english", "french"),
    [
        ("a text", "a text", "a text"),
        (1234, "1,234", "1\u00a0234"),
        (date(2026, 11, 24), "24\u00a0November\u00a02026", "24\u00a0novembre\u00a02026"),
        ({"fr": "vélo", "en": "bicycle"}, "bicycle", "vélo"),
        ({"fr": "vélo"}, "vélo", "vélo"),
        (message("administrator"), "administrator", "administrateur"),
        (
            message("Reason: %(reason)s", reason=message("administrator")),
            "Reason: administrator",
            "Motif\u00a0: administrateur",
        ),
        (counted("%(count)s day left", "%(count)s days left", 2), "2 days left", "encore 2 jours"),
    ],
)
def test_a_value_is_said_in_the_reader_s_language(kind, value, english, french):
    kind("%(value)s")
    assert said({"value": value}) == english
    assert said({"value": value}, "fr") == french


def test_a_moment_is_said_on_the_clock_of_the_town(kind):
    kind("%(value)s")
    assert "13:05" in said({"value": datetime(2026, 11, 24, 12, 5, tzinfo=UTC)})


def test_items_are_said_too(kind):
    kind("Your points")
    items = [
        {"text": {"fr": "le quai", "en": "the quay"}, "label": message("administrator")},
        {"text": "second"},
    ]
    written = letter("test.kind", packed({"items": items}), "fr")
    assert [(item.label, item.text) for item in written.items] == [
        ("administrateur", "le quai"),
        ("", "second"),
    ]


def test_what_cannot_be_kept_is_an_error_of_ours():
    with pytest.raises(TypeError):
        packed({"value": object()})
    with pytest.raises(TypeError):
        packed({"value": 1.5})


async def test_strangers_mark_nothing_and_stops_move_with_their_act(database):
    with pytest.raises(NotFound):
        await notices.mark_all_read(STRANGER)
    with pytest.raises(RuntimeError):
        await notices.follow_address("a@town.example", "b@town.example")
    async with db.transaction():
        await notices.follow_address(None, "b@town.example")
