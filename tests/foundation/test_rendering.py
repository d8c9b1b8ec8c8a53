"""Pages and blocks: the reader's language, the house's globals, nothing unescaped."""

from __future__ import annotations

import pytest
from jinja2 import DictLoader, UndefinedError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from civic import app as front_door
from civic.foundation import forms, instance, rendering
from civic.foundation.rendering import page, render_text
from civic.foundation.viewer import Viewer
from civic.foundation.web import open_to
from tests.conftest import settings_for
from tests.foundation import house as small

TEMPLATES = {
    "t/page.html": "<html lang={{ lang }}>{% block part %}<p>{{ name }}</p>{% endblock %}"
    "{% block rest %}rest{% endblock %}</html>",
    "t/undefined.html": "{{ nobody_gave_this }}",
    "t/links.html": "{{ url('t:fail', kind='refused') }} {{ url_or_none('later:room') }} "
    "{{ with_query(page=2, q=none) }} {{ absolute('/a') }}",
    "t/fields.html": "{{ csrf_field() }}{{ form_key() }}{{ form_key(form) }}",
    "t/where.html": "{{ path }}|{{ query }}|{{ viewer.name }}|{{ instance.name }}|{{ printing }}|"
    "{{ subnav }}|{{ extra }}",
    "t/mail.txt": "{{ name }} {{ absolute('/x') }} {{ day|date }}",
    "t/macro.html": "{% macro when(d) %}{{ d|date }} {{ url('t:read') }}{% endmacro %}",
    "t/importing.html": "{% import 't/macro.html' as m %}{{ m.when(d) }}",
}


@pytest.fixture
def templates(monkeypatch):
    """Show these templates instead of the real ones."""
    made = rendering.environment.__wrapped__()
    made.loader = DictLoader(TEMPLATES)
    monkeypatch.setattr(rendering, "environment", lambda: made)


def showing(name: str, context=None, block: str | None = None):
    @open_to("everyone")
    async def shown(request: Request) -> Response:
        given = context(request) if callable(context) else context
        return await page(request, name, given, block=block)

    return shown


@pytest.fixture
async def look(on_sqlite, kept_settings, monkeypatch, templates):
    """Give a way to look at one endpoint."""
    opened = []

    async def at(endpoint, path: str = "/here", *, method: str = "GET", **more):
        routes = [*small.ROUTES, Route("/here", endpoint, name="t:here")]
        monkeypatch.setattr(small, "ROUTES", routes)
        house = small.open_house(settings_for(on_sqlite), monkeypatch)
        client = await house.__aenter__()
        opened.append((house, client))
        return await client.request(method, path, **more)

    yield at
    for house, client in opened:
        await client.aclose()
        await house.__aexit__(None, None, None)


async def test_a_page_is_shown_whole_and_its_block_to_htmx(look):
    endpoint = showing("t/page.html", {"name": "<b>Ada</b>"}, "part")
    whole = await look(endpoint)
    assert whole.text == "<html lang=en><p>&lt;b&gt;Ada&lt;/b&gt;</p>rest</html>"
    part = await look(endpoint, headers={"HX-Request": "true"})
    assert part.text == "<p>&lt;b&gt;Ada&lt;/b&gt;</p>"
    boosted = await look(endpoint, headers={"HX-Request": "true", "HX-Request-Type": "full"})
    assert boosted.text == whole.text
    assert "HX-Request" in part.headers["vary"]


async def test_a_page_says_its_language(look):
    answer = await look(showing("t/page.html", {"name": ""}), headers={"Accept-Language": "fr"})
    assert answer.headers["content-language"] == "fr"
    assert "<html lang=fr>" in answer.text


async def test_a_name_nobody_gave_is_a_fault(look):
    assert (await look(showing("t/undefined.html"))).status_code == 500


async def test_links_are_made_by_name(look):
    answer = await look(showing("t/links.html"), "/here?q=a&page=1")
    assert answer.text == "/fail/refused None /here?page=2 http://127.0.0.1:8000/a"


async def test_forms_get_a_token_and_a_key_of_their_own(look):
    kept = forms.blank(form_key="k" * 26)
    answer = await look(showing("t/fields.html", {"form": kept}))
    assert answer.text.count('<input type="hidden" name="csrf" value="') == 1
    assert answer.text.count('<input type="hidden" name="form_key" value="') == 2
    assert f'value="{"k" * 26}"' in answer.text
    assert answer.headers["cache-control"] == "no-store"


async def test_a_page_knows_where_it_is_and_who_looks(look, monkeypatch):
    async def provider(request, context):
        return {"extra": "from a provider"}

    made = front_door.create_app

    def with_provider(settings):
        app = made(settings)
        app.state.providers = (*app.state.providers, provider)
        return app

    monkeypatch.setattr(front_door, "create_app", with_provider)
    answer = await look(showing("t/where.html"), "/here?a=1&lang=fr&b=<2>&print=1")
    assert answer.text == "/here|a=1&amp;b=%3C2%3E&amp;print=1||Civic|True|None|from a provider"


async def test_macros_speak_the_readers_language_even_imported_without_context(look):
    import datetime as dt

    endpoint = showing("t/importing.html", {"d": dt.date(2026, 12, 1)})
    answer = await look(endpoint, headers={"Accept-Language": "fr"})
    assert answer.text == "1er\u00a0décembre\u00a02026 /read"


def test_a_letter_is_filled_without_a_request(templates, kept_settings):
    import datetime as dt

    from civic import settings

    settings.use(settings.Settings(public_url="https://town.example"))
    said = render_text("t/mail.txt", "fr", {"name": "A & B", "day": dt.date(2026, 3, 9)})
    assert said == "A & B https://town.example/x 9\u00a0mars\u00a02026"
    with pytest.raises(UndefinedError):
        render_text("t/mail.txt", "fr", {})


async def test_an_installation_has_a_face(database):
    assert (await instance.current()).name == "Civic"
    await instance.change({"name": "Valmère participe", "colours": {"brand": "#0b5a55"}, "example": True})
    face = await instance.current()
    assert (face.name, face.example) == ("Valmère participe", True)
    assert "--brand: #0b5a55;" in instance.sheet(face)
    with pytest.raises(ValueError, match="no secret"):
        await instance.change({"secret": "x"})


def test_a_viewer_holds_roles_where_they_were_given():
    from civic.foundation.viewer import Held

    viewer = Viewer(participant=1, roles=frozenset({Held("moderator", "p1"), Held("administrator", None)}))
    assert viewer.holds("moderator", "p1")
    assert not viewer.holds("moderator", "p2")
    assert not viewer.holds("moderator")
    assert viewer.holds("administrator", "p2")
    assert viewer.holds("administrator")
    assert viewer.holds_somewhere("moderator", "official")
    assert not Viewer().is_signed_in
