"""The questions an official can start from when asking an author (C6)."""

from __future__ import annotations

from civic.synthesis.prompts import KINDS, PROMPTS, PromptKind, prompt_text
from tests.decisions.desk import a_town, browser_of, read


def test_every_kind_has_questions_in_every_language():
    assert set(KINDS) == set(PromptKind) == {one.kind for one in PROMPTS}
    assert all(one.text.keys() == {"fr", "en"} for one in PROMPTS)
    assert all(one.text[code].strip().endswith(("?", ".")) for one in PROMPTS for code in ("fr", "en"))
    assert len({one.key for one in PROMPTS}) == len(PROMPTS)


def test_a_question_comes_in_the_language_of_the_author_or_in_english():
    assert prompt_text("matters", "fr").startswith("Qu’est-ce")
    assert prompt_text("matters", "ar").startswith("What matters")
    assert prompt_text("unknown", "fr") == ""


async def test_a_chosen_question_stands_in_the_field_ready_to_be_changed(app):
    town = await a_town()
    otto = await browser_of(app, town.otto)
    page = f"/desk/claims/{town.first.public_id}/questions"
    assert "Questions to start from" in await read(otto, page)
    shown = await read(otto, f"{page}?prompt=matters")
    assert "What matters most to you" in shown.split("<textarea")[1].split("</textarea>")[0]
    assert (
        not (await read(otto, f"{page}?prompt=nonsense"))
        .split("<textarea")[1]
        .split("</textarea>")[0]
        .partition(">")[2]
        .strip()
    )
