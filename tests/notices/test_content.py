"""What a notice keeps, and how it is said in each language."""

from __future__ import annotations

import html
import re
from datetime import UTC, date, datetime

import pytest

from civic.foundation import database as db
from civic.foundation.errors import NotFound, counted, message
from civic.foundation.viewer import STRANGER
from civic.notices import actions as notices
from civic.notices.actions import Recipient
from civic.notices.content import letter, packed
from civic.notices.kinds import ALWAYS, KINDS, Kind
from civic.notices.letters import compose


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


def values_of(kind):
    """Give every value the sentences of a kind ask for."""
    said = KINDS[kind]
    names = re.findall(r"%\((\w+)\)s", " ".join((said.subject, *said.lines, said.action, said.why)))
    return packed(dict.fromkeys(names, "something") | {"path": "/here"})


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("kind", KINDS)
async def test_every_mail_says_why_it_came_and_how_to_stop_it(database, kind, language):
    stop = None if KINDS[kind].group == ALWAYS else "/notices/stop/x"
    mail = await compose(
        to="ada@town.example",
        language=language,
        kind=kind,
        data=values_of(kind),
        message_id="<1@town.example>",
        date="Fri, 27 Nov 2026 10:00:00 +0000",
        stop_path=stop,
    )
    why = letter(kind, packed(values_of(kind)), language).why
    for part in ("plain", "html"):
        words = html.unescape(mail.get_body((part,)).get_content())
        assert why in words
        assert f"{database.public_url}{stop or '/contact'}" in words
        assert '<p dir="auto"></p>' not in words


def test_a_sentence_without_words_is_no_line(kind):
    kind("%(value)s")
    assert letter("test.kind", packed({"value": ""}), "en").lines == ()


async def test_a_value_is_owed_when_told_and_not_missed_when_read(database):
    ada = Recipient("participant/ada", "ada@town.example", "en")
    async with db.transaction():
        with pytest.raises(KeyError, match="note"):
            await notices.notify(ada, "report.restored", about="report/x", data={"path": "/"})
    lines = letter("report.restored", {"path": "/"}, "en").lines
    assert lines == ("A moderator read the text again and lifted the measure.",)
