"""The letter as a PDF: what its reader may read on the page, and nothing else."""

from __future__ import annotations

from civic.contributions import actions as register
from civic.contributions import queries as contributions
from tests.decisions.desk import browser_of
from tests.decisions.test_documents import pdf_of, words_of
from tests.trace.scene import a_published_answer


async def test_the_letter_says_to_its_author_what_the_page_says(app):
    scene = await a_published_answer()
    mine = await browser_of(app, scene.ada)
    pdf = await pdf_of(mine, f"/contributions/{scene.number}/letter.pdf?language=en")
    words = words_of(pdf)
    for said in ("What became of my contribution", "Ada Alm", "No, the street stays open.", scene.number):
        assert said in words, said
    assert "Who pays for the signs?" in words
    assert "Show the path" not in words, "what only a screen needs stays there"
    assert pdf.trailer["/Root"]["/Lang"] == "en"
    assert "/StructTreeRoot" in pdf.trailer["/Root"]
    answer = await mine.get(f"/contributions/{scene.number}/letter.pdf?language=en")
    assert answer.headers["cache-control"] == "no-store", "nobody keeps it"


async def test_shared_or_hidden_the_letter_keeps_what_the_page_keeps(app):
    scene = await a_published_answer()
    stranger = await browser_of(app, None)
    shared = f"/contributions/{scene.number}/letter.pdf?language=fr&share=1"
    words = words_of(await pdf_of(stranger, shared))
    assert "Non, la rue reste ouverte." in words
    assert "Ada" not in words
    card = await contributions.contribution_by_public_id(scene.public_id)
    await register.hide(card.id, because="moderation/1")
    hidden = words_of(await pdf_of(stranger, f"/contributions/{scene.number}/letter.pdf?language=en"))
    assert "Who pays for the signs?" not in hidden
    assert "the street stays open" not in hidden
    mine = await browser_of(app, scene.ada)
    still = words_of(await pdf_of(mine, f"/contributions/{scene.number}/letter.pdf?language=en"))
    assert "Who pays for the signs?" in still, "its author still reads it"
    assert (await stranger.get("/contributions/T-2026-000001-X/letter.pdf")).status_code == 404
