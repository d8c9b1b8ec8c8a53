"""One search on both databases: any script, any accents, any characters, nothing hidden."""

import time

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from civic.foundation import database as db
from civic.foundation import search, words

TEXTS = {
    "fr": ("Une piste cyclable rue des Écoles", "Les enfants traversent à l'aveugle ; œuvrons pour l'été."),
    "en": ("A bench in the market square", "Café tables leave no room to sit. Naïve, perhaps."),
    "ru": ("Больше деревьев", "Ёлки у школы дают тень летом."),
    "ar": ("مساحات خضراء", "نريد أشجارًا قرب المدرسة."),
    "ja": ("公園を増やす", "東京の公園は子どもに必要です。"),
    "th": ("สวนสาธารณะ", "เด็กต้องการสนามเด็กเล่น"),
    "hi": ("अधिक पेड़", "स्कूल के पास पेड़ लगाइए।"),
    "el": ("Περισσότερα δέντρα", "Ο Οδυσσεύς θέλει σκιά."),
    "ko": ("공원을 늘려 주세요", "아이들에게 그늘이 필요합니다."),
}


async def index(key: str, title: str, body: str = "", **options) -> None:
    await search.index(
        key, **{"kind": "thing", "process": None, "language": "fr", **options}, title=title, body=body
    )


@pytest.fixture
async def library(database):
    for language, (title, body) in TEXTS.items():
        await index(language, title, body, language=language)


async def keys_found(query: str, **filters) -> list[str]:
    return [hit.key for hit in await search.find(query, **filters)]


ASKED = {
    "ecoles": "fr",
    "ÉCOLE": "fr",
    "cycl": "fr",
    "pistes": "fr",
    "l'aveugle": "fr",
    "ete piste": "fr",
    "naive": "en",
    "cafés": "en",
    "дерев": "ru",
    "елки": "ru",
    "أشجار": "ar",
    "公園": "ja",
    "京の公": "ja",
    "เด็ก": "th",
    "पेड़": "hi",
    "δεντρα": "el",
    "공원": "ko",
    "그늘이": "ko",
}


async def test_words_are_found_in_any_script_whatever_their_accents_and_case(library):
    missed = [query for query, key in ASKED.items() if key not in await keys_found(query)]
    assert missed == []


async def test_what_is_not_there_is_not_found(library):
    for query in ("園公", "京都", "xyz", "piste bench"):
        assert await keys_found(query) == [], query


async def test_the_same_words_whichever_way_they_are_composed(database):
    await index("a", "E\u0301cole")
    await index("b", "\u00c9cole")
    assert set(await keys_found("e\u0301cole")) == {"a", "b"}


HOSTILE = [
    "", " ", "'", '"', '""', "*", "a*", "(", ")", "AND", "a AND", "NOT a", "NEAR(a b)", "title:a", "-a", "^a",
    "a:*", "a & b", "a | !b", "<->", "\\", "%", "_", ";--", "{a b}", "\x00", "\ud800", "a\x00b", "é'\"", "½",
    "ﷺ", "🚲", "a" * 9000, "a " * 3000, "\u202e\u0301", "'''", "$1 ?", "::tsquery", "x'00'",
]  # fmt: skip


async def test_no_query_is_an_error(library):
    for query in HOSTILE:
        await search.find(query, process="p", kinds=["thing"])
        await search.count(query)
        await search.keys(query)
        await search.resembling(query)


async def test_no_text_is_an_error_and_its_words_are_found(database):
    storable = [text for text in HOSTILE if "\x00" not in text and "\ud800" not in text]
    for number, text in enumerate(storable):
        await index(f"{number}", text, f"{text} lighthouse {text}")
    assert await search.count("lighthouse") == len(storable)


async def test_the_longest_texts_of_every_script_fit(database):
    every_han = "".join(map(chr, range(0x4E00, 0x9F00)))
    for letters in ("mot été ", "公園", "เด็ก", every_han, "a"):
        await index(letters[:9], "Titre", (letters * (100_000 // len(letters) + 1))[:100_000])
    assert len(await keys_found("titre")) == 5


async def test_a_title_counts_for_more_than_a_text(database):
    await index("text", "Autre chose", "une fontaine " + "et des mots " * 20)
    await index("title", "La fontaine", "un texte sans rapport")
    assert await keys_found("fontaine") == ["title", "text"]


async def test_a_thing_said_again_is_put_right_not_doubled(database):
    await index("a", "Fontaine")
    await index("a", "Kiosque")
    assert await keys_found("fontaine") == []
    assert await keys_found("kiosque") == ["a"]


async def test_a_thing_removed_is_gone_from_every_way_of_asking(database):
    await index("a", "Fontaine publique")
    await search.remove("a")
    assert await keys_found("fontaine") == []
    assert await search.count("fontaine") == 0
    assert await search.keys("fontaine") == []
    assert await search.resembling("Fontaine publique") == []


async def test_what_is_not_for_all_is_not_found_by_all(database):
    await index("open", "Fontaine")
    await index("desk", "Fontaine", audience="officials")
    assert await keys_found("fontaine") == ["open"]
    assert await search.count("fontaine") == 1
    assert set(await keys_found("fontaine", audiences=("public", "officials"))) == {"open", "desk"}
    assert await keys_found("fontaine", audiences=()) == []


async def test_kinds_and_processes_narrow_the_search(database):
    await index("a", "Fontaine", kind="proposal", process="p1")
    await index("b", "Fontaine", kind="comment", process="p1")
    await index("c", "Fontaine", kind="proposal", process="p2")
    assert set(await keys_found("fontaine", process="p1")) == {"a", "b"}
    assert set(await keys_found("fontaine", kinds=["proposal"])) == {"a", "c"}
    assert await keys_found("fontaine", kinds=[]) == []


async def test_pages_follow_each_other_without_gap_or_repeat(database):
    for number in range(25):
        await index(f"{number}", f"Fontaine {number}")
    pages = [await keys_found("fontaine", limit=10, after=after) for after in (None, 10, 20)]
    assert [len(page) for page in pages] == [10, 10, 5]
    assert len({key for page in pages for key in page}) == 25
    assert await search.count("fontaine") == 25
    assert await keys_found("fontaine", after=10**9) == []
    assert await search.keys("fontaine") == [f"{number}" for number in reversed(range(25))]


async def test_the_passage_found_is_quoted_as_it_was_written(database):
    await index(
        "a", "La place", "Mot. " * 200 + "Une FONTAINE d'eau fraîche, près des écoles. " + "Fin. " * 200
    )
    (hit,) = await search.find("fontaines ecole")
    quoted = "".join(part.text for part in hit.excerpt_parts)
    assert [part.text for part in hit.excerpt_parts if part.is_hit] == ["FONTAINE", "écoles"]
    assert quoted.startswith("… ")
    assert quoted.endswith(" …")
    assert "d'eau fraîche" in quoted
    assert len(quoted) < 300
    assert [part.is_hit for part in hit.title_parts] == [False]


async def test_markup_in_a_text_stays_text(database):
    await index("a", "<b>Fontaine</b>", "<script>alert('fontaine')</script>")
    (hit,) = await search.find("fontaine")
    assert "".join(part.text for part in hit.title_parts) == "<b>Fontaine</b>"
    assert "".join(part.text for part in hit.excerpt_parts) == "<script>alert('fontaine')</script>"


async def test_similar_texts_come_first(database):
    await index("bike", "Une piste cyclable sécurisée", "Pour aller à l'école à vélo sans danger.")
    await index("bench", "Des bancs sur la place", "Pour se reposer à l'ombre.")
    found = await search.resembling(
        "Je voudrais une piste pour les vélos qui vont à l'école, protégée des voitures"
    )
    assert found[0].key == "bike"


@hypothesis_settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=80))
async def test_every_word_of_a_text_finds_it(database, text):
    await index("one", text)
    for term in words.terms(text):
        assert "one" in await keys_found(" ".join(term) if len(term) == 1 else text)


@given(st.text(max_size=200), st.text(max_size=20))
def test_quoting_never_changes_a_text(text, query):
    assert "".join(part.text for part in words.marked(text, words.terms(query))) == text


@pytest.mark.parametrize("letters", ["a ", "aa", "公", "\u0301", "Ａ", "ﷺ", "e\u0301\u0301\u0301"])
def test_long_texts_are_cut_quickly(letters):
    start = time.process_time()
    words.tsvector("", (letters * 100_000)[:100_000])
    words.excerpt((letters * 20_000)[:20_000], words.terms("lighthouse aa 公"))
    assert time.process_time() - start < 1.5


@pytest.mark.clock
async def test_many_texts_are_searched_quickly(database):
    async with db.transaction():
        for number in range(300):
            await index(f"{number}", f"Sujet {number}", f"Un texte ordinaire sur le sujet {number}. " * 3)
    start = time.perf_counter()
    assert len(await search.find("sujet ordinaire")) == 20
    assert time.perf_counter() - start < 0.5
