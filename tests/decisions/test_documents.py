"""The reasons of a decision as a document: a page, and the same words as a tagged PDF."""

from __future__ import annotations

import hashlib
import io
import re

from pypdf import PdfReader

from civic.contributions import actions as register
from civic.contributions import queries as contributions
from civic.decisions.queries import decision_by_public_id as fresh
from tests.cast import a_refusal
from tests.decisions.test_citing import ANOTHER, published_again
from tests.trace.scene import a_published_answer, the_answer


async def pdf_of(client, path: str) -> PdfReader:
    answer = await client.get(path)
    assert answer.status_code == 200, answer.text[:300]
    assert answer.headers["content-type"] == "application/pdf"
    return PdfReader(io.BytesIO(answer.content))


def words_of(pdf: PdfReader) -> str:
    text = " ".join(page.extract_text() for page in pdf.pages).replace("\u200b", "")
    return re.sub(r"\s+", " ", text)


async def test_the_page_and_the_pdf_say_each_answer_once_with_its_reason_and_who_signed(client):
    scene = await a_published_answer()
    decision = (await the_answer(scene, 3)).stated.decision
    address = f"/decisions/{decision}/versions/1/reasons"
    page = await client.get(f"{address}?lang=en")
    assert page.status_code == 200
    pdf = await pdf_of(client, f"{address}.pdf?language=en")
    words = words_of(pdf)
    for said in ("No, the street stays open.", "Who pays for the signs?", "forty journeys a day"):
        assert page.text.count(said) == 1, said
        assert words.count(said) == 1, said
    for said in ("Article 1", "Dora Diaz, Deputy mayor", "Technical feasibility", "Not adopted"):
        assert said in page.text
        assert said in words
    assert "Ada" not in words, "contributors are named by their receipt"
    assert scene.number in words


async def test_the_pdf_is_tagged_titled_in_its_language_and_always_the_same(client):
    scene = await a_published_answer()
    card = await the_answer(scene, 3)
    address = f"/decisions/{card.stated.decision}/versions/1/reasons"
    pdf = await pdf_of(client, f"{address}.pdf?language=fr")
    catalogue = pdf.trailer["/Root"]
    assert "/StructTreeRoot" in catalogue
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/Lang"] == "fr"
    assert pdf.metadata.title.startswith("Motifs de la décision")
    assert pdf.metadata.creation_date.date() == card.stated.released_at.date()
    assert "Non, la rue reste ouverte." in words_of(pdf)
    first = await client.get(f"{address}.pdf?language=fr")
    digest = hashlib.sha256(first.content).hexdigest()
    assert first.headers["etag"] == f'"{digest}"'
    again = await client.get(f"{address}.pdf?language=fr", headers={"if-none-match": f'"{digest}"'})
    assert again.status_code == 304
    assert digest in (await client.get(f"{address}?lang=fr")).text, "the page names its fingerprint"


async def test_each_version_keeps_its_document_and_hidden_words_leave_it(client):
    scene = await a_published_answer()
    decision = (await the_answer(scene, 3)).stated.decision
    first = f"/decisions/{decision}/versions/1/reasons.pdf?language=en"
    before = words_of(await pdf_of(client, first))
    await published_again(scene, answer=a_refusal(ANOTHER))
    assert words_of(await pdf_of(client, first)) == before, "what a version said, it says"
    newer = words_of(await pdf_of(client, first.replace("/1/", "/2/")))
    assert ANOTHER in newer
    assert "Corrected on" in newer
    card = await contributions.contribution_by_public_id(scene.public_id)
    await register.hide(card.id, because="moderation/1")
    after = words_of(await pdf_of(client, first))
    assert "Who pays for the signs?" not in after
    assert "No, the street stays open." not in after
    assert after.count("Withdrawn or hidden") == 3


async def test_only_published_versions_and_parts_that_exist_have_a_document(client):
    scene = await a_published_answer()
    decision = await fresh((await the_answer(scene, 3)).stated.decision)
    address = f"/decisions/{decision.public_id}/versions"
    for path in ("2/reasons", "2/reasons.pdf", "1/reasons?part=2", "1/reasons.pdf?part=2"):
        assert (await client.get(f"{address}/{path}")).status_code == 404, path
