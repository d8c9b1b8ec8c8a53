"""The trace as provenance: a PROV library reads it back, and finds what is expected."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from prov.model import ProvDocument

from civic.contributions import actions as register
from civic.contributions.models import Contribution
from civic.decisions import actions as decisions
from tests.cast import a_person, a_process, a_proposal
from tests.trace.scene import a_published_answer, the_answer


async def read(client, number: str) -> tuple[ProvDocument, ProvDocument]:
    """Give the two files as the library reads them."""
    told = await client.get(f"/contributions/{number}/prov.jsonld")
    assert told.status_code == 200
    assert told.headers["content-type"] == "application/ld+json"
    plain = await client.get(f"/contributions/{number}/prov.json")
    assert plain.status_code == 200
    return (
        ProvDocument.deserialize(content=told.text, format="jsonld"),
        ProvDocument.deserialize(content=plain.text, format="json"),
    )


def kinds(document: ProvDocument) -> Counter[str]:
    """Count what a document holds, by kind of record."""
    return Counter(record.get_type().localpart for record in document.get_records())


def ends(document: ProvDocument, kind: str) -> set[tuple[str, ...]]:
    """Give the two ends of the relations of a kind, without the address before them."""
    return {
        tuple(str(value).rpartition("/")[2] for _, value in record.formal_attributes[:2])
        for record in document.get_records()
        if record.get_type().localpart == kind
    }


async def test_a_prov_library_reads_the_same_document_from_both_files(client):
    scene = await a_published_answer()
    outcome = await the_answer(scene, 3)
    await decisions.reply(scene.ada, outcome.public_id, "Thank you, and no.")
    linked, plain = await read(client, scene.number)
    assert linked == plain
    number = scene.number
    assert kinds(linked) == {
        # The contribution, its version, three points, three answers, one decision, one article and the text
        # before it, one reply.
        "Entity": 12,
        # Writing, cutting, three draftings, one review, one signature.
        "Activity": 7,
        # Ada; Otto who cut and drafted, Olga who reviewed, Dora who signed.
        "Agent": 4,
        "Specialization": 1,
        "Generation": 1 + 3 + 3 + 1,
        "Derivation": 3 + 3 + 1 + 1,
        "Usage": 1 + 3 + 1 + 3,
        "Association": 1 + 1 + 3 + 1 + 1,
        "Influence": 1,
        "Attribution": 1,
    }
    assert (f"{number}#p2", f"{number}#v1") in ends(linked, "Derivation"), "quoted from the version"
    assert ("1#a1", f"{number}#p2") in ends(linked, "Influence"), "the article is there because of the point"
    assert ("1#reply", f"{number}#author") in ends(linked, "Attribution")
    roles = {
        str(value).rpartition(":")[2]
        for record in linked.get_records()
        for name, value in record.extra_attributes
        if name.localpart == "role"
    }
    assert roles == {"Author", "Reader", "Drafter", "Reviewer", "DecisionMaker"}


async def test_the_answer_carries_its_code_and_the_influence_the_disposition(client):
    scene = await a_published_answer()
    linked, _ = await read(client, scene.number)
    facts = {
        (record.get_type().localpart, str(value))
        for record in linked.get_records()
        for name, value in record.extra_attributes
        if name.localpart == "outcome"
    }
    assert facts == {
        ("Entity", "noted"),
        ("Entity", "adopted"),
        ("Entity", "declined"),
        ("Influence", "adopted"),
    }


async def test_nobody_is_named_but_who_signs(client):
    scene = await a_published_answer()
    for end in ("prov.jsonld", "prov.json"):
        text = (await client.get(f"/contributions/{scene.number}/{end}")).text
        assert "Dora Diaz, Deputy mayor" in text
        for name in ("Ada", "Otto", "Olga", "town.example"):
            assert name not in text


async def test_the_context_travels_with_the_file(client):
    scene = await a_published_answer()
    found = json.loads((await client.get(f"/contributions/{scene.number}/prov.jsonld")).text)
    spaces, terms = found["@context"]
    assert set(spaces) == {"site", "civic"}
    assert terms["prov"] == "http://www.w3.org/ns/prov#"
    used = {one["@type"] for one in found["@graph"]}
    assert used <= set(terms)
    for one in found["@graph"]:
        known = {"@type", "@id", *terms, *terms[one["@type"]].get("@context", {})}
        assert {name for name in one if ":" not in name} <= known


async def test_the_trace_page_leads_to_it(client):
    scene = await a_published_answer()
    page = (await client.get(f"/contributions/{scene.number}")).text
    assert f'<a href="/contributions/{scene.number}/prov.jsonld"' in page
    assert 'type="application/ld+json"' in page


async def test_hidden_words_are_not_in_it_and_that_they_were_hidden_is(client):
    proposal = await a_proposal(
        await a_person("Ada Alm"), await a_process(), title="Benches", body="Everywhere."
    )
    await register.hide((await Contribution.get(public_id=proposal.public_id)).id, "test/1")
    linked, plain = await read(client, proposal.number)
    assert linked == plain
    assert kinds(linked)["Invalidation"] == 1
    assert "Everywhere" not in plain.serialize(format="json")
    assert "Benches" not in plain.serialize(format="json")


@pytest.mark.parametrize("number", ["P1-2026-000001-X", "%00", "x" * 300])
async def test_what_is_not_there_is_not_found(client, number):
    assert (await client.get(f"/contributions/{number}/prov.jsonld")).status_code == 404
