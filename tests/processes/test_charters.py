"""The charters: shipped in both languages, written by administrators, every version kept."""

from __future__ import annotations

import pytest

from civic.ledger.models import StagedLeaf
from civic.processes.models import CharterVersion
from tests import cast
from tests.conftest import visitor

DESK = "/administration/charters/respect"
TEXT = {
    "source_en": "## One rule\n\nBe kind. [Contact](/contact)",
    "source_fr": "## Une règle\n\nSoyez aimable.",
}


@pytest.fixture
async def nina(client):
    viewer = await cast.a_person("Nina", "administrator")
    await cast.sign_in(client, viewer)
    return viewer


@pytest.mark.parametrize(
    ("path", "language", "words"),
    [
        ("/respect", "en", "We speak to persons, not positions"),
        ("/respect", "fr", "On s’adresse à des personnes"),
        ("/rights", "en", "To reply beside the answer"),
        ("/rights", "fr", "Répliquer à côté de la réponse"),
    ],
)
async def test_the_shipped_texts_are_read_without_writing(client, path, language, words):
    assert words in (await client.get(path, headers={"Accept-Language": language})).text
    assert not await CharterVersion.all().exists()


async def test_the_shipped_charters_have_the_same_parts_in_both_languages(client):
    for path in ("/respect", "/rights"):
        pages = [(await client.get(path, headers={"Accept-Language": one})).text for one in ("fr", "en")]
        shapes = [[page.count(tag) for tag in ("<h2", "<li", "<strong", "<p>")] for page in pages]
        assert shapes[0][:3] == shapes[1][:3]


async def test_every_page_a_charter_links_to_is_there(client):
    known = {route.path for route in client._transport.app.routes}
    for path in ("/respect", "/rights"):
        shown = (await client.get(path)).text
        prose = shown.split('class="prose')[1].split("</div>")[0]
        links = {piece.split('"')[0] for piece in prose.split('href="')[1:]}
        assert links
        assert links <= known


async def test_a_preview_publishes_nothing(client, nina):
    answer = await cast.fill(client, DESK, DESK, **TEXT, step="preview")
    assert answer.status_code == 200
    assert "Preview, not published" in answer.text
    assert "<h3>One rule</h3>" in answer.text
    assert "## One rule" in answer.text, "the words are still in the form"
    assert not await CharterVersion.all().exists()


async def test_publishing_keeps_the_former_text(app, client, nina):
    answer = await cast.fill(client, DESK, DESK, **TEXT, step="publish")
    assert answer.headers["location"] == "/respect"
    assert [row.number for row in await CharterVersion.all().order_by("number")] == [1, 2]
    async with visitor(app) as stranger:
        shown = (await stranger.get("/respect")).text
        assert "<h2>One rule</h2>" in shown
        assert "Version 2, published on" in shown
        former = (await stranger.get("/respect/versions/1")).text
        assert "We speak to persons" in former
        assert "This is a former version." in former
        assert (await stranger.get("/respect/versions/3")).status_code == 404
        assert (await stranger.get(f"/respect/versions/{10**30}")).status_code == 404
        assert "To be answered" in (await stranger.get("/rights")).text, "the other charter is untouched"
    (leaf,) = await StagedLeaf.filter(type="rules.changed")
    assert b"Be kind" not in leaf.leaf


async def test_two_administrators_do_not_overwrite_each_other(client, nina):
    page = (await client.get(DESK)).text
    hidden = {name: page.split(f'name="{name}" value="')[1].split('"')[0] for name in ("csrf", "form_key")}
    await cast.fill(client, DESK, DESK, **TEXT, step="publish")
    late = {**hidden, **TEXT, "source_en": "Something else", "step": "publish", "number": "1"}
    answer = await client.post(DESK, data=late)
    assert answer.status_code == 409
    assert await CharterVersion.all().count() == 2


@pytest.mark.parametrize(
    "source", ["", "x" * 40_001, "a \x00 b"], ids=["empty", "too long", "a character nobody can read"]
)
async def test_a_wrong_text_is_shown_again(client, nina, source):
    answer = await cast.fill(client, DESK, DESK, source_en=source, source_fr="", step="publish")
    assert answer.status_code == 422
    assert not await CharterVersion.all().exists()


async def test_markup_in_a_charter_is_shown_and_never_run(client, nina):
    hostile = "<script>alert(1)</script> [x](javascript:alert(1)) <img src=x onerror=alert(1)>"
    await cast.fill(client, DESK, DESK, source_en=hostile, source_fr="", step="publish")
    shown = (await client.get("/respect")).text
    assert "<script>alert" not in shown
    assert 'href="javascript' not in shown
    assert "<img" not in shown


async def test_a_missing_language_is_said(client, nina):
    await cast.fill(client, DESK, DESK, source_en="Only in English", source_fr="", step="publish")
    shown = (await client.get("/respect", headers={"Accept-Language": "fr"})).text
    assert 'lang="en">' in shown
    assert "Only in English" in shown
    assert "n’est pas encore écrit dans votre langue" in shown


async def test_only_administrators_write_charters(app, client):
    otto = await cast.a_person("Otto", "official")
    await cast.sign_in(client, otto)
    assert (await client.get(DESK)).status_code == 403
    async with visitor(app) as stranger:
        assert (await stranger.get(DESK)).status_code == 303
    assert (await client.get("/administration/charters/other")).status_code == 403


async def test_an_unknown_charter_is_not_found(client, nina):
    assert (await client.get("/administration/charters/other")).status_code == 404
