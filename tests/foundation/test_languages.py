"""Dates, numbers and sentences are written as the reader's language writes them."""

from __future__ import annotations

import datetime as dt

import pytest

from civic import settings as configuration
from civic.foundation import filters, languages
from civic.foundation.errors import Message, counted, message

TUESDAY = dt.datetime(2026, 11, 24, 13, 5, tzinfo=dt.UTC)
N = "\u00a0"


@pytest.fixture(autouse=True)
def _plain_settings():
    before = configuration._current
    configuration.use(configuration.Settings())
    yield
    configuration._current = before


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("fr", ["24 novembre 2026", "mardi 24 novembre", "14 h 05", "24 novembre 2026 à 14 h 05", "24 nov."]),
        ("en", ["24 November 2026", "Tuesday 24 November", "14:05", "24 November 2026 at 14:05", "24 Nov"]),
    ],
)
def test_a_moment_is_written_on_the_clock_of_the_town(language, written):
    given = [
        write(language, TUESDAY)
        for write in (languages.date, languages.day, languages.time, languages.moment)
    ]
    given.append(languages.short_day(language, TUESDAY))
    assert [one.replace(N, " ") for one in given] == written


def test_numbers_and_days_do_not_break_over_lines():
    assert languages.day("fr", TUESDAY) == f"mardi 24{N}novembre"
    assert languages.number("fr", 1234567) == f"1{N}234{N}567"
    assert languages.number("fr", 0.5) == "0,5"
    assert languages.number("en", 1234567) == "1,234,567"


def test_the_first_of_a_month_is_premier():
    first = dt.date(2026, 12, 1)
    assert languages.date("fr", first) == f"1er{N}décembre{N}2026"
    assert languages.day("fr", first) == f"mardi 1er{N}décembre"
    assert languages.date("fr", dt.date(2026, 12, 11)) == f"11{N}décembre{N}2026"
    assert languages.date("en", first) == f"1{N}December{N}2026"


def test_a_day_ends_at_local_midnight():
    late = dt.datetime(2026, 11, 22, 23, 30, tzinfo=dt.UTC)
    assert languages.date("en", late) == f"23{N}November{N}2026"
    assert languages.days_left(TUESDAY, late) == 1
    assert languages.days_left(late, late) == 0


def test_what_ends_at_midnight_ends_the_day_before():
    midnight = dt.datetime(2026, 11, 24, 23, 0, tzinfo=dt.UTC)
    assert languages.days_left(midnight, midnight - dt.timedelta(hours=3)) == 0
    assert languages.days_left(midnight, midnight - dt.timedelta(days=2)) == 1


@pytest.mark.parametrize(
    ("hours", "french", "english"),
    [
        (30 * 24, f"encore 30{N}jours", f"30{N}days left"),
        (24, f"encore 1{N}jour", f"1{N}day left"),
        (3, "dernier jour", "last day"),
        (-1, "délai passé", "time is over"),
    ],
)
def test_the_days_that_are_left_are_said_in_words(hours, french, english):
    now = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)
    left = languages.left(now + dt.timedelta(hours=hours), now)
    assert (
        languages.translate("fr", left).replace(" jour", f"{N}jour").replace(f"dernier{N}", "dernier ")
        == french
    )
    assert languages.translate("en", left).replace(" day", f"{N}day").replace(f"last{N}", "last ") == english


def test_a_message_puts_its_facts_in_the_language():
    inner = Message("last day")
    said = message(
        "%(when)s, %(count)s, %(what)s, %(word)s", when=TUESDAY.date(), count=12345, what=inner, word="Ada"
    )
    assert languages.translate("fr", said) == f"24{N}novembre{N}2026, 12{N}345, dernier jour, Ada"


@pytest.mark.parametrize(
    ("count", "french", "english"), [(0, "jour", "days"), (1, "jour", "day"), (2, "jours", "days")]
)
def test_french_counts_nothing_as_one(count, french, english):
    said = counted("%(count)s day left", "%(count)s days left", count)
    assert languages.translate("fr", said) == f"encore {count} {french}"
    assert languages.translate("en", said) == f"{count} {english} left"


def test_what_has_no_french_is_said_in_english():
    assert languages.gettext("fr", "A sentence nobody translated.") == "A sentence nobody translated."


def test_an_empty_translation_is_none():
    assert languages.gettext("fr", "") == ""


@pytest.mark.parametrize(
    ("name", "written"),
    [("Awa", "d’Awa"), ("Bo", "de Bo"), ("Élodie", "d’Élodie"), ("Hélène", "d’Hélène"), ("", "de ")],
)
def test_de_loses_its_vowel_before_another(name, written):
    assert languages.de_nom(name) == written


def test_an_official_text_is_shown_in_the_readers_language_or_another():
    with languages.speaking("en"):
        said = filters.localized({"fr": "Un plan", "en": "A plan"})
        assert (str(said), said.lang, said.is_other) == ("A plan", "en", False)
        said = filters.localized({"fr": "Un plan", "en": ""})
        assert (str(said), said.lang, said.is_other) == ("Un plan", "fr", True)
        said = filters.localized({})
        assert (str(said), bool(said), said.is_other) == ("", False, False)
        assert str(filters.localized(None)) == ""
