"""Readers take text in and give values or say what is wrong; the words sent stay as they were sent."""

from __future__ import annotations

import datetime as dt
import time
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic import settings as configuration
from civic.foundation import clock, forms, languages
from civic.foundation.errors import Invalid, Message
from civic.foundation.formdata import FormData

NOW = dt.datetime(2026, 11, 22, 9, 30, tzinfo=dt.UTC)


class Colour(StrEnum):
    GREEN = "green"
    RED = "red"


@pytest.fixture(autouse=True)
def _plain_settings():
    before = configuration._current
    configuration.use(configuration.Settings())
    yield
    configuration._current = before


def a_form(**values: object) -> FormData:
    return forms.blank(**values)


def said(form: FormData, name: str) -> str:
    return languages.translate("en", form.errors[name])


def test_a_line_is_trimmed_and_its_blanks_are_one():
    assert forms.text(a_form(title="  Un   banc\t ici "), "title", max=50) == "Un banc ici"


@pytest.mark.parametrize(
    "raw", ["a\nb", "a\rb", "a\x00b", "a\x1bb", "a\u202eb", "a\u2066b", "a\u2028b", "a\x85b", "a\ud800b"]
)
def test_a_line_refuses_what_turns_or_breaks_it_and_keeps_the_words(raw):
    form = a_form(title=raw)
    forms.text(form, "title", max=50)
    assert said(form, "title") == "This contains a character that cannot be shown."
    assert form.value("title") == raw


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("A\u200bda", "Ada"),
        ("A\u200dda", "Ada"),
        ("\ufeffAda\u00ad", "Ada"),
        ("A\u200eda\u200f", "Ada"),
        ("👩\u200d💻", "👩\u200d💻"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("क्\u200dष", "क्\u200dष"),
        ("e\u0301", "é"),
    ],
)
def test_what_cannot_be_seen_is_dropped_from_a_line_where_it_means_nothing(raw, kept):
    form = a_form(name=raw)
    assert forms.text(form, "name", max=50) == kept
    assert not form.errors


def test_a_line_is_measured_in_characters():
    form = a_form(title="𝔘" * 11)
    forms.text(form, "title", max=10)
    assert said(form, "title") == "At most 10 characters, please: there are 11."
    form = a_form(title="ab")
    forms.text(form, "title", max=10, min=3)
    assert said(form, "title") == "At least 3 characters, please."


def test_an_empty_line_is_wrong_only_where_it_is_needed():
    form = a_form(title="  ")
    assert forms.text(form, "title", max=10, required=False) == ""
    assert not form.errors
    forms.text(form, "title", max=10, label="Title")
    assert said(form, "title") == "Title: Please fill this in."


def test_many_lines_keep_their_lines():
    form = a_form(body="\r\n  Un\r\n\r\n\tdeux\x0btrois\u2028quatre  \r\n")
    assert forms.words(form, "body", max=100) == "Un\n\n\tdeux\ntrois\nquatre"
    assert not form.errors


def test_many_lines_allow_marks_of_direction_and_refuse_controls():
    assert forms.words(a_form(body="a\u202bb\u202c"), "body", max=10) == "a\u202bb\u202c"
    form = a_form(body="a\x1b[31m")
    forms.words(form, "body", max=10)
    assert "body" in form.errors


def test_a_choice_is_one_of_those_offered():
    form = a_form(issue="2", other="x", none="")
    assert forms.choice(form, "issue", ["1", "2"]) == "2"
    assert forms.choice(form, "other", ["1", "2"]) == ""
    assert forms.choice(form, "none", ["1"], required=False) == ""
    assert forms.choice(form, "none", ["1"]) == ""
    assert set(form.errors) == {"other", "none"}


def test_ticked_answers_come_once_each():
    form = a_form(tags=("b", "a", "b"), odd=("a", "z"))
    assert forms.choices(form, "tags", "abc") == ("b", "a")
    assert forms.choices(form, "nothing", "abc") == ()
    assert forms.choices(form, "odd", "abc") == ()
    assert forms.choices(form, "needed", "abc", required=True) == ()
    assert set(form.errors) == {"odd", "needed"}


def test_an_option_is_a_member_of_its_enumeration():
    form = a_form(colour="red", odd="blue")
    assert forms.option(form, "colour", Colour) is Colour.RED
    assert forms.option(form, "odd", Colour) is Colour.GREEN
    assert forms.option(form, "nothing", Colour, required=False) is None
    assert set(form.errors) == {"odd"}


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("3", 3),
        (" 1 200 ", 1200),
        ("1\u00a0200", 1200),
        ("0", None),
        ("3.5", None),
        ("x", None),
        ("9" * 400, None),
        ("٣", None),
    ],
)
def test_a_whole_number_lies_between_its_bounds(raw, number):
    form = a_form(count=raw)
    assert forms.whole(form, "count", min=1, max=5_000, required=False) == number
    assert (number is None) == ("count" in form.errors)


@pytest.mark.parametrize(
    ("raw", "date"),
    [("2027-03-09", dt.date(2027, 3, 9)), ("2027-02-30", None), ("0001-01-01", None), ("9 mars", None)],
)
def test_a_day_is_a_day_of_the_calendar(raw, date):
    form = a_form(on=raw)
    assert forms.day(form, "on", required=False) == date
    assert (date is None) == ("on" in form.errors)


@pytest.mark.parametrize(
    ("raw", "moment"),
    [
        ("2026-11-24T18:00", dt.datetime(2026, 11, 24, 17, 0, tzinfo=dt.UTC)),
        ("2027-07-01T18:00:30", dt.datetime(2027, 7, 1, 16, 0, tzinfo=dt.UTC)),
        ("2027-07-01 18:00", dt.datetime(2027, 7, 1, 16, 0, tzinfo=dt.UTC)),
    ],
)
def test_a_moment_is_typed_on_the_clock_of_the_town(raw, moment):
    assert forms.moment(a_form(at=raw), "at") == moment


def test_a_wrong_moment_is_noted_and_stands_in_for_now():
    form = a_form(at="tomorrow")
    with clock.at(NOW):
        assert forms.moment(form, "at") == NOW
        assert forms.day(form, "at") == dt.date(2026, 11, 22)
    assert "at" in form.errors


def test_a_box_is_ticked_or_not():
    form = a_form(yes="1", on="on", no="0", empty="")
    assert [forms.ticked(form, name) for name in ("yes", "on", "no", "empty", "absent")] == [
        True,
        True,
        False,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("raw", "address"),
    [
        ("ada@example.org", "ada@example.org"),
        (" Ada@EXAMPLE.org ", "Ada@example.org"),
        ("zoé@école.example.org", "zoé@école.example.org"),
    ],
)
def test_an_address_is_written_one_way(raw, address):
    form = a_form(email=raw)
    assert forms.email(form, "email") == address
    assert not form.errors


@pytest.mark.parametrize(
    "raw",
    ["ada", "ada@", "@example.org", "a b@example.org", "ada@example", "ada@example.org\nBcc: all@example.org",
     "ada@example.org, bo@example.org", "<ada@example.org>", "a" * 300 + "@example.org", "ada@[127.0.0.1]"],
)  # fmt: skip
def test_what_is_no_address_is_noted(raw):
    form = a_form(email=raw)
    forms.email(form, "email")
    assert "email" in form.errors
    assert form.value("email") == raw


def test_an_official_text_needs_one_language():
    form = a_form(title_fr="Un plan", title_en=" ")
    assert forms.localized(form, "title", max=100) == {"fr": "Un plan"}
    form = a_form(title_en="")
    assert forms.localized(form, "title", max=100) == {}
    assert set(form.errors) == {"title_fr"}
    form = a_form(body_en="a\nb")
    assert forms.localized(form, "body", max=100, lines=True) == {"en": "a\nb"}


def test_all_that_is_wrong_is_said_at_once():
    form = a_form(title="", email="x")
    forms.text(form, "title", max=5)
    forms.email(form, "email")
    with pytest.raises(Invalid) as raised:
        form.demand()
    assert set(raised.value.errors) == {"title", "email"}


def test_the_first_thing_wrong_with_a_field_is_said():
    form = a_form()
    form.errors.note("title", Message("one"))
    form.errors.note("title", Message("two"))
    assert form.error("title") == Message("one")
    assert form.error("other") is None


def test_what_an_act_finds_wrong_joins_the_form():
    form = a_form(title="kept").with_errors(Invalid({"title": "Somebody holds this title."}))
    assert said(form, "title") == "Somebody holds this title."
    assert form.value("title") == "kept"


def test_a_key_must_have_been_given():
    for wrong in ("", "short", "x" * 65, "a b" * 10, "é" * 20):
        with pytest.raises(Invalid):
            _ = a_form(form_key=wrong).key
    assert a_form(form_key="k" * 26).key == "k" * 26


def test_the_same_words_have_the_same_digest_under_any_token():
    one = a_form(title="a", csrf="1", form_key="k")
    other = a_form(title="a", csrf="2", form_key="l")
    assert one.digest == other.digest
    assert one.digest != a_form(title="b").digest
    assert one.digest != a_form(title=("a", "a")).digest


@given(st.binary(max_size=300))
def test_any_body_can_be_parsed(body):
    form = forms.parse(body)
    for values in form.values.values():
        for value in values:
            assert "\x00" not in value
            value.encode("utf-8")


@given(st.text(max_size=100))
def test_no_text_makes_a_reader_fail(raw):
    form = a_form(x=raw)
    forms.text(form, "x", max=50)
    forms.words(form, "x", max=50)
    forms.email(form, "x")
    forms.whole(form, "x", min=0, max=9)
    forms.day(form, "x")
    forms.moment(form, "x")
    forms.option(form, "x", Colour)


FLOODS = [
    "\u200d" * 50_000,
    "a\u200d" * 25_000,
    " " * 50_000,
    "@" * 50_000,
    "\r" * 50_000,
    "a." * 25_000,
    "9" * 50_000,
    "é" * 50_000,
]


@pytest.mark.parametrize("flood", FLOODS, ids=lambda flood: repr(flood[:2]))
def test_no_text_makes_a_reader_slow(flood):
    form = a_form(x=flood)
    for read in (
        lambda: forms.text(form, "x", max=200),
        lambda: forms.words(form, "x", max=20_000),
        lambda: forms.email(form, "x"),
        lambda: forms.whole(form, "x", min=0, max=9),
        lambda: forms.moment(form, "x"),
    ):
        assert min(_seconds(read) for _ in range(3)) < 0.05


def _seconds(read) -> float:
    began = time.process_time()
    read()
    return time.process_time() - began
