"""Printing: our HTML becomes a tagged PDF; hostile words come out as they are; nothing is held up."""

from __future__ import annotations

import asyncio
import io
import re
import time
from datetime import UTC, datetime

import pytest
from pypdf import PdfReader

from civic.foundation import paper, printing
from civic.foundation.errors import Busy
from civic.foundation.printing import Paper, printed

HOSTILE = "#panic() $x$ *b* _i_ @ref \\ ` // /* [x] #{ } ~ <script> #import"
DAY = datetime(2026, 11, 27, 9, tzinfo=UTC)


def a_paper(html: str, **facts: object) -> Paper:
    given = {"title": "Reasons", "language": "fr", "author": "Town", "on": DAY, "foot": "Reasons, version 1"}
    return Paper(html=f"<h1>Reasons</h1>{html}", **{**given, **facts})  # type: ignore[arg-type]


async def words_of(html: str, **facts: object) -> str:
    made = await printed(a_paper(html, **facts))
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(made.body)).pages)
    return re.sub(r"\s+", " ", text)


async def test_hostile_words_are_printed_and_never_run():
    escaped = HOSTILE.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    words = await words_of(f"<p>{escaped}</p>", title=HOSTILE, foot=HOSTILE, author=HOSTILE)
    assert words.count(HOSTILE) == 2, "once in the text, once at the foot"


async def test_every_script_is_printed_or_named():
    said = "Élan œuvre Ελληνικά Привет Łódź שלום 🚲 中\x01\x0b\ufffe end"
    words = await words_of(f'<p dir="auto">{said}</p><p dir="auto">مرحبا</p>', author="Ville 🚲")
    for one in ("Élan œuvre", "Ελληνικά", "Привет", "Łódź", "שלום", "[bicycle]", "[U+4E2D]", "مرحبا", "end"):
        assert one in words, one


async def test_a_word_of_twenty_thousand_letters_stays_on_the_paper():
    made = await printed(a_paper(f"<p>{'x' * 20_000}</p>"))
    pages = PdfReader(io.BytesIO(made.body)).pages
    assert len(pages) > 3
    assert sum(page.extract_text().count("x") for page in pages) == 20_000


async def test_structure_is_tagged_and_headings_never_skip_a_level():
    html = "<h4>Deep</h4><ul><li>a</li></ul><table><tr><th>A</th></tr><tr><td>1</td></tr></table>"
    made = await printed(a_paper(html, language="en"))
    root = PdfReader(io.BytesIO(made.body)).trailer["/Root"]
    assert root["/Lang"] == "en"
    assert root["/MarkInfo"]["/Marked"]
    tags = set(_tags(root["/StructTreeRoot"]))
    assert {"/H1", "/H2", "/L", "/LI", "/Table", "/TH", "/TD"} <= tags
    assert b"pdfuaid" in made.body, "it says that it is PDF/UA"


def _tags(node: object) -> list[str]:
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        return [tag for one in node for tag in _tags(one)]
    if not isinstance(node, dict):
        return []
    own = [str(node["/S"])] if "/S" in node else []
    return own + (_tags(node["/K"]) if "/K" in node else [])


async def test_the_same_words_give_the_same_bytes():
    first = await printed(a_paper("<p>a</p>"), is_public=False)
    second = await printed(a_paper("<p>a</p>"), is_public=False)
    assert (first.body, first.sha256) == (second.body, second.sha256)
    assert printing.known(a_paper("<p>a</p>")) is None, "what is not for everybody is not kept"


async def test_others_are_served_while_a_document_is_printed():
    html = "".join(f"<h3>Answer {n}</h3><p>{'A reason that takes a line. ' * 30}</p>" for n in range(150))
    task, worst = asyncio.create_task(printed(a_paper(html))), 0.0
    while not task.done():
        before = time.thread_time()
        await asyncio.sleep(0.005)
        worst = max(worst, time.thread_time() - before)
    assert len((await task).body) > 100_000
    assert worst < 0.05, "seconds of work on the event loop at once"


async def test_one_document_is_made_once_and_too_many_wait_outside(monkeypatch):
    made = []

    async def slow(order: bytes) -> bytes:
        made.append(order)
        await asyncio.sleep(0.05)
        return b"%PDF"

    monkeypatch.setattr(printing, "_typeset", slow)
    await asyncio.gather(*(printed(a_paper("<p>one of many</p>")) for _ in range(20)))
    assert len(made) == 1
    every = [printed(a_paper(f"<p>queue {n}</p>")) for n in range(printing.MOST_WAITING + 3)]
    found = await asyncio.gather(*every, return_exceptions=True)
    assert sum(isinstance(one, Busy) for one in found) == 3


async def test_a_document_that_takes_too_long_or_cannot_be_made_is_given_up(monkeypatch):
    monkeypatch.setattr(printing, "LONGEST", 0.01)
    with pytest.raises(Busy):
        await printed(a_paper("<p>too slow</p>"))
    monkeypatch.setattr(printing, "LONGEST", 60.0)
    with pytest.raises(Busy):
        await printed(a_paper("<p>no such language</p>", language="not a language"))
    monkeypatch.setattr(printing, "MOST_WORDS", 10)
    with pytest.raises(Busy):
        await printed(a_paper("<p>too long</p>"))


def test_what_a_screen_needs_is_left_out_and_the_words_stay():
    html = (
        '<nav>menu</nav><p class="noprint">button</p><svg><text>drawing</text></svg><p hidden>gone</p>'
        '<details class="branch"><summary>Show</summary><p>inside</p></details>'
        '<p>See <a href="/x?a=1">this</a> and <a href="javascript:x()">that</a>.</p>'
    )
    blocks = paper.read(html, "https://town.example")
    assert [one["t"] for one in blocks] == ["p", "p"]
    link = blocks[1]["c"][1]
    assert (link["t"], link["u"], link["c"]) == ("link", "https://town.example/x?a=1", ["this"])
    others = [one for one in blocks[1]["c"] if isinstance(one, dict) and one is not link]
    assert all(one["t"] != "link" for one in others), "a link leads to a page or to a mail"


def test_deep_and_broken_html_is_read():
    deep = "<ul><li>" * 300 + "end" + "</div></p>"
    assert "end" in str(paper.read(deep))
