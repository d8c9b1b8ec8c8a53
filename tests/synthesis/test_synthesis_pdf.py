"""The synthesis as a document to print: the words of its page, tagged, the same bytes each time."""

from __future__ import annotations

import io
import re

from pypdf import PdfReader

from tests.decisions.desk import a_town
from tests.synthesis.theming import a_published_synthesis, a_synthesis


async def test_the_pdf_of_an_edition_says_what_its_page_says_in_the_language_asked_for(client):
    town = await a_town()
    synthesis = await a_published_synthesis(town)
    address = f"/syntheses/{synthesis.public_id}/editions/1"
    page = await client.get(f"{address}?lang=en")
    assert f"{address}/edition.pdf?language=en" in page.text
    made = await client.get(f"{address}/edition.pdf?language=fr")
    assert made.headers["content-type"] == "application/pdf"
    pdf = PdfReader(io.BytesIO(made.content))
    assert pdf.trailer["/Root"]["/Lang"] == "fr"
    assert "/StructTreeRoot" in pdf.trailer["/Root"]
    words = re.sub(r"\s+", " ", " ".join(one.extract_text() for one in pdf.pages))
    for said in (
        "What you told us (fr)",
        "Quiet streets (fr)",
        "Traffic passes too fast. (fr)",
        "Shops need vans. (fr)",
    ):
        assert said in words, said
    assert "Rédigé et signé par" in words
    assert "Télécharger" not in words, "what leads to the file is not in the file"
    kept = {"if-none-match": made.headers["etag"]}
    again = await client.get(f"{address}/edition.pdf?language=fr", headers=kept)
    assert again.status_code == 304


async def test_an_edition_nobody_may_read_yet_has_no_file(client):
    town = await a_town()
    synthesis = await a_synthesis(town)
    answer = await client.get(f"/syntheses/{synthesis.public_id}/editions/1/edition.pdf?language=en")
    assert answer.status_code == 404
