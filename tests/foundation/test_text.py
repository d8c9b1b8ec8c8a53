"""What people write is shown as they meant it, runs nothing, and costs no more than it should."""

from __future__ import annotations

import asyncio
import re
import time
from html.parser import HTMLParser

import nh3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.foundation import text
from civic.foundation.errors import Invalid

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](&#x6A;avascript&colon;alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](vbscript:msgbox(1))",
    "[x](//evil.example/a)",
    "[x](/\\evil.example)",
    "[x](\\\\evil.example)",
    "[x](https://user:pass@evil.example)",
    "[x](file:///etc/passwd)",
    "![x](javascript:alert(1))",
    "![x](data:image/svg+xml,<svg/onload=alert(1)>)",
    "<javascript:alert(1)>",
    "<https://evil.example/\"onmouseover=alert(1)>",
    "[x](https://a.example \"onmouseover=alert(1)\")",
    "[x](https://a.example/\" onclick=\"alert(1))",
    "`<img src=x onerror=alert(1)>`",
    "```html\n<script>alert(1)</script>\n```",
    "```<img/onerror=alert(1)>\nx\n```",
    "<!--<img src=x onerror=alert(1)>-->",
    "<style>@import 'https://evil.example'</style>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<form action=https://evil.example><button>go</button></form>",
    "<base href=https://evil.example>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "a\n\n<div style='position:fixed'>\n\nb",
    "| a |\n|---|\n| <img src=x onerror=alert(1)> |",
    "# <svg onload=alert(1)>",
    "1. <details open ontoggle=alert(1)>",
    "> <object data=javascript:alert(1)>",
    "{{ 7 * 7 }} {% include 'x' %} ${7*7}",
    "\x00<script>\x00alert(1)</script>",
    "<scr\x00ipt>alert(1)</scr\x00ipt>",
]  # fmt: skip
SAFE_HREF = re.compile(r"(?:https?://|mailto:|/(?![/\\]))", re.IGNORECASE)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str, str | None]] = []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]


def _read(html: str) -> _Reader:
    reader = _Reader()
    reader.feed(html)
    return reader


def _nh3(html: str) -> str:
    allowed = {tag: set(names) for tag, names in text.ATTRIBUTES.items()}
    return nh3.clean(
        html, tags=set(text.TAGS), attributes=allowed, url_schemes=set(text.SCHEMES), link_rel=None
    )


@pytest.mark.parametrize("headings", [None, 3])
@pytest.mark.parametrize("source", HOSTILE)
def test_hostile_text_runs_nothing(source, headings):
    seen = _read(text.render_markdown(source, headings))
    assert seen.tags <= text.TAGS
    for tag, name, value in seen.attributes:
        assert name in text.ATTRIBUTES.get(tag, ()), (tag, name)
        if name == "href":
            assert SAFE_HREF.match(value), value


@pytest.mark.parametrize("source", HOSTILE)
def test_another_engine_finds_nothing_left_to_take_out(source):
    """The same inputs through nh3: a change of engine would be one line."""
    ours = text.render_markdown(source)
    theirs = _read(_nh3(ours))
    assert theirs.tags == _read(ours).tags
    assert sorted(theirs.attributes) == sorted(_read(ours).attributes)


@pytest.mark.parametrize("source", HOSTILE)
def test_the_words_of_a_hostile_text_are_still_there(source):
    """But for the name of a programming language after a fence, which nobody reads."""
    html = text.render_markdown(source)
    assert source.count("alert") <= html.count("alert") or source.startswith("```") or "href" in html


@given(st.text(max_size=300))
def test_no_text_breaks_the_allowlist(source):
    seen = _read(text.render_markdown(source))
    assert seen.tags <= text.TAGS
    assert all(SAFE_HREF.match(value) for _tag, name, value in seen.attributes if name == "href")


def test_the_usual_marks_are_shown():
    html = text.render_markdown("Bonjour **Ada**, voici *deux* points :\n\n- un\n- deux\n\n> cité\n\n`code`")
    for part in ("<strong>Ada</strong>", "<em>deux</em>", "<li>un</li>", "<blockquote>", "<code>code</code>"):
        assert part in html


def test_links_say_that_we_do_not_vouch_for_them():
    html = text.render_markdown("[la carte](https://carte.example/a?b=1&c=2)")
    assert '<a href="https://carte.example/a?b=1&amp;c=2" rel="nofollow ugc noopener">la carte</a>' in html


def test_a_link_to_a_page_of_ours_is_plain():
    assert '<a href="/proposals/abc#c1">ici</a>' in text.render_markdown("[ici](/proposals/abc#c1)")


def test_a_bare_address_becomes_a_link_without_its_full_stop():
    html = text.render_markdown("Voir https://carte.example/plan, puis (http://b.example).")
    assert ">https://carte.example/plan</a>, puis (" in html
    assert ">http://b.example</a>)." in html


def test_an_image_becomes_a_link_to_it():
    html = text.render_markdown("![le plan](https://x.example/plan.png)")
    assert "<img" not in html
    assert '<a href="https://x.example/plan.png" rel="nofollow ugc noopener">le plan</a>' in html


@pytest.mark.parametrize(
    "source", ["http://аpple.com", "<http://аpple.com>", "[http://аpple.com](http://аpple.com)"]
)
def test_a_host_that_mixes_scripts_is_shown_in_punycode(source):
    html = text.render_markdown(source)
    assert "аpple" not in html
    assert ">http://xn--pple-43d.com<" in html


def test_headings_of_people_are_strong_words_and_skip_no_level_where_they_are_headings():
    source = "# Un\n\n### Deux\n\n## Trois\n\n#### Quatre\n\n# Cinq"
    assert "<h" not in text.render_markdown(source)
    assert "<p><strong>Un</strong></p>" in text.render_markdown(source)
    found = re.findall(r"<(h\d)>", text.render_markdown(source, headings=3))
    assert found == ["h3", "h4", "h4", "h5", "h3"]


@pytest.mark.parametrize(
    "source", [">" * 60 + " deep", "- " * 60 + "deep", "*a **b " * 60 + "deep", "1. " * 60 + "deep"]
)
def test_what_is_nested_too_deep_is_shown_as_it_was_typed(source):
    html = text.render_markdown(source)
    assert "deep" in html
    assert html.count("<blockquote>") <= 20
    assert html.count("<ul>") <= 20


def test_a_line_that_looks_like_a_definition_does_not_vanish():
    assert "Source" in text.render_markdown("[Source]: https://ville.example/rapport")


CAP = 100_000
FLOODS = {
    "prose": "Je propose une navette **gratuite** les jours de marché, voir [ici](https://x.example/a). "
    * 1_150,
    "paragraphs": "Une navette les jours de marché.\n\n" * 3_000,
    "quotes": ">" * CAP,
    "quoted lines": (">" * 30 + " a\n") * 3_000,
    "less than": "<" * CAP,
    "ampersands": "&" * CAP,
    "brackets": "[" * CAP,
    "links": "[a](" * 25_000,
    "stars": "*a " * 33_000,
    "underscores": "_a " * 33_000,
    "backticks": " ".join("`" * number for number in range(1, 440)),
    "lists": "- " * 50_000 + "a",
    "tables": ("|a" * 500 + "|\n") + ("|-" * 500 + "|\n") + ("|a" * 500 + "|\n") * 80,
    "entities": "&amp;" * 20_000,
    "addresses": "http://a.b " * 9_000,
    "headings": "# a\n" * 25_000,
    "breaks": "\n" * CAP,
    "accents": "a" + "\u0301" * CAP,
    "backslashes": "\\" * CAP,
}


@pytest.mark.parametrize("name", FLOODS)
def test_a_flood_ends_in_time(name):
    began = time.process_time()
    text.render_markdown(FLOODS[name][:CAP])
    assert time.process_time() - began < 3


@pytest.mark.parametrize("name", FLOODS)
def test_reading_a_flood_grows_as_the_flood(name):
    """The smaller readers run on the event loop: ten times the text may not cost a hundred times the work."""
    flood = FLOODS[name][:50_000]
    for read in (text.plain, text.fold, text.normalise, text.sentences, text.excerpt):
        tenth = min(_seconds(read, flood[:5_000]) for _ in range(5))
        whole = min(_seconds(read, flood) for _ in range(3))
        assert whole < 30 * tenth + 0.01, (read.__name__, tenth, whole)


def _seconds(read, flood: str) -> float:
    began = time.process_time()
    read(flood)
    return time.process_time() - began


@pytest.mark.clock
@pytest.mark.parametrize("name", ["prose", "less than", "stars", "tables"])
async def test_the_event_loop_goes_on_while_a_text_is_rendered(name):
    await text.render("warm")
    lags = [await _worst_lag(FLOODS[name][:CAP]) for _ in range(3)]
    assert min(lags) < 0.05, lags


async def _worst_lag(source: str) -> float:
    rendering = asyncio.create_task(text.render(source))
    worst = 0.0
    while not rendering.done():
        began = time.perf_counter()
        await asyncio.sleep(0.002)
        worst = max(worst, time.perf_counter() - began - 0.002)
    return worst


def test_plain_words_lose_their_marks_and_no_word():
    source = "# Un titre\n\nBonjour **Ada**, [ici](https://x.example) et `là`."
    source += "\n- un_deux_trois\n> cité\n\n---\n1. fin"
    assert text.plain(source) == "Un titre Bonjour Ada, ici et là. un_deux_trois cité fin"


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Éclairage À L’ÉCOLE", "eclairage a l'ecole"),
        ("Cœur, Straße, Łódź, Ørsted", "coeur, strasse, lodz, orsted"),
        ("道路が狭い", " 道  路  か  狭  い "),
        ("Дорога", "дорога"),
        ("한국", "한국"),
        ("ﬁn", "fin"),
    ],
)
def test_folding_forgets_accents_and_case_and_parts_scripts_without_spaces(written, folded):
    assert text.fold(written) == folded


def test_a_text_is_written_one_way():
    assert text.normalise("e\u0301\r\nb\rc") == "é\nb\nc"


@pytest.mark.parametrize("broken", ["a\x00b", "a\ud800b", "\udfff"])
def test_what_no_database_can_hold_is_refused(broken):
    with pytest.raises(Invalid):
        text.normalise(broken)


@pytest.mark.parametrize(
    ("written", "length", "short"),
    [
        ("Une navette", 20, "Une navette"),
        ("Une navette gratuite les jours de marché", 20, "Une navette…"),
        ("道路太窄应该拓宽" * 5, 10, "道路太窄应该拓宽道…"),
        ("a" * 50, 10, "a" * 9 + "…"),
        ("", 10, ""),
    ],
)
def test_an_excerpt_ends_at_a_word(written, length, short):
    assert text.excerpt(written, length) == short


@pytest.mark.parametrize(
    ("written", "language"),
    [
        ("Il faut élargir le trottoir devant l’école.", "fr"),
        ("The pavement in front of the school should be wider.", "en"),
        ("Der Gehweg vor der Schule ist zu schmal.", "de"),
        ("La acera delante de la escuela es demasiado estrecha.", "es"),
        ("الرصيف أمام المدرسة ضيق جدا", "ar"),
        ("Тротуар перед школою занадто вузький", "uk"),
        ("学校前的人行道太窄了", "zh"),
        ("Bonjour", "fr"),
        ("42", ""),
        ("", ""),
        ("Non", ""),
    ],
)
def test_the_language_of_a_text_is_guessed_or_left_open(written, language):
    assert text.detect_language(written) == language
