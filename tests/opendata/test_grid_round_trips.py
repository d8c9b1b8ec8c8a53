"""What is written is read back: as contributions, and as answers from a sorted or filtered sheet."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civic.foundation.text import normalise
from civic.opendata import grid
from civic.opendata.grid import GridClaim, GridContribution, GridRefused, Part
from civic.opendata.grid_reading import carries_point_refs, read_answers, read_grid
from civic.opendata.grid_writing import Written, write_grid


def read(text: str):
    return read_grid(io.BytesIO(text.encode()))


def written(*contributions: GridContribution, delimiter: str = ",") -> tuple[str, Written]:
    out = io.StringIO(newline="")
    report = write_grid(contributions, out, delimiter=delimiter)
    return out.getvalue(), report


WORD = st.text(
    alphabet=st.one_of(
        st.sampled_from("aé'\"=-,;|ß漢🌳\u0301"), st.characters(exclude_categories=["Cs", "Cc", "Z"])
    ),
    min_size=1,
    max_size=8,
)


def canonical(text: str) -> str:
    return normalise(text).strip()


LINE = st.lists(WORD, min_size=1, max_size=4).map(" ".join).map(canonical).filter(bool)
PIECE = st.lists(LINE, min_size=1, max_size=3).map("\n\n".join)
WHEN = st.one_of(
    st.none(),
    st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1)),
    st.integers(-2_000_000_000, 4_000_000_000).map(
        lambda n: dt.datetime.fromtimestamp(n + n % 7 / 8, dt.UTC)
    ),
)
BLANK = st.just("")
PARTS: list[list[Part]] = [["text"], ["title"], ["title", "text"]]
ANSWER = st.fixed_dictionaries(
    {
        "restatement": BLANK | PIECE,
        "theme": BLANK | LINE,
        "outcome": st.sampled_from(["", *grid.OUTCOMES]),
        "reason": BLANK | PIECE,
        "provision": BLANK | LINE,
        "decided_at": WHEN,
        "decided_by": BLANK | LINE,
        "milestone": BLANK | LINE,
        "version": st.none() | st.integers(1, 999_999_999),
    }
)


@st.composite
def a_part(draw, name: str, part: Part) -> tuple[str, tuple[GridClaim, ...]]:
    """Draw a title or a text, some of whose pieces are points."""
    pieces = draw(
        st.lists(st.tuples(LINE if part == "title" else PIECE, st.booleans()), min_size=1, max_size=4)
    )
    claims = []
    start = 0
    for number, (words, is_point) in enumerate(pieces):
        end = start + len(words)
        if is_point:
            claims.append(GridClaim(part, start, end, point_ref=f"{name}{part}{number}", **draw(ANSWER)))
        start = end + 1
    return " ".join(words for words, _ in pieces), tuple(claims)


@st.composite
def contributions(draw) -> tuple[GridContribution, ...]:
    """Draw contributions that a grid holds exactly, some of them comments on earlier ones."""
    found: list[GridContribution] = []
    for ref in draw(st.lists(LINE, min_size=1, max_size=4, unique=True)):
        parent = draw(st.sampled_from(["", *(each.ref for each in found)]))
        parts: list[Part] = ["text"] if parent else draw(st.sampled_from(PARTS))
        drawn = {part: draw(a_part(str(len(found)), part)) for part in parts}
        claims = tuple(claim for _, points in drawn.values() for claim in points)
        if not claims:
            end = len(drawn[parts[-1]][0])
            claims = (GridClaim(parts[-1], 0, end, whole=True, point_ref=f"{len(found)}", **draw(ANSWER)),)
        kinds = ["comment"] if parent else [kind for kind in grid.KINDS if kind != "comment"]
        found.append(
            GridContribution(
                ref,
                draw(st.sampled_from(kinds)),
                author=draw(BLANK | LINE),
                category=draw(st.sampled_from(["", *grid.CATEGORIES])),
                date=draw(WHEN),
                language=draw(st.sampled_from(["", "de", "pt-BR"])),
                url=draw(st.sampled_from(["", "https://example.org/a?b=c"])),
                parent=parent,
                relation=draw(st.sampled_from(["", *grid.RELATIONS])) if parent else "",
                claims=claims,
                **{part: words for part, (words, _) in drawn.items()},
            )
        )
    return tuple(found)


@settings(max_examples=150, deadline=None)
@given(contributions(), st.sampled_from([",", ";", "\t"]))
def test_what_is_written_is_read_back_the_same(found, delimiter):
    text, report = written(*found, delimiter=delimiter)
    assert report.respaced == ()
    assert read(text).contributions == found


@settings(max_examples=100, deadline=None)
@given(contributions(), st.randoms(use_true_random=False), st.data())
def test_a_sorted_or_filtered_sheet_brings_each_answer_to_its_point(found, chance, data):
    text, _ = written(*found)
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    kept = [row for row in rows if data.draw(st.booleans())]
    chance.shuffle(kept)
    columns = chance.sample(range(len(header)), len(header))
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";").writerows([[row[at] for at in columns] for row in [header, *kept]])
    claims = {claim.point_ref: (each, claim) for each in found for claim in each.claims}
    if any(claim.version is None for _, claim in claims.values()):
        return
    for answer in read_answers(io.BytesIO(out.getvalue().encode())):
        each, claim = claims[answer.point_ref]
        assert answer.ref == each.ref
        for name in (*grid.ANSWER_COLUMNS, "version"):
            assert getattr(answer, name) == getattr(claim, name)
        if not claim.whole:
            assert answer.verbatim == each.quote(claim)


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="ab.\n \t漢=", min_size=1, max_size=40), st.data())
def test_points_cut_anywhere_keep_their_words_and_are_named_when_spaces_move(raw, data):
    text = raw.strip()
    if not text:
        return
    ends = data.draw(st.lists(st.integers(0, len(text)), max_size=6))
    spans = [(min(pair), max(pair)) for pair in zip(ends[::2], ends[1::2], strict=False)]
    claims = tuple(
        GridClaim("text", start, end, point_ref=f"p{number}", version=1)
        for number, (start, end) in enumerate(sorted(set(spans)))
        if text[start:end].strip()
    )
    found = GridContribution("a", "proposal", text=text, claims=claims)
    sheet, report = written(found)
    answers = {answer.point_ref: answer for answer in read_answers(io.BytesIO(sheet.encode()))}
    assert {ref: answer.verbatim for ref, answer in answers.items()} == {
        claim.point_ref: found.quote(claim).strip() for claim in claims
    }
    again = read(sheet).contributions[0]
    assert report.respaced == ("a",) or (again.text == text and (not claims or again.claims == claims))


def test_points_parted_by_an_empty_line_are_named_as_respaced():
    found = GridContribution(
        "a", "proposal", text="One.\n\nTwo.", claims=(GridClaim("text", 0, 4), GridClaim("text", 6, 10))
    )
    text, report = written(found)
    assert report == Written(1, 2, ("a",))
    assert read(text).contributions[0].text == "One. Two."


def test_words_are_needed_to_write():
    with pytest.raises(ValueError, match="has no words"):
        written(GridContribution("a", "proposal"))
    with pytest.raises(ValueError, match="without words"):
        written(GridContribution("a", "proposal", text="Yes.", claims=(GridClaim("text", 2, 9),)))


def test_a_returned_sheet_needs_only_the_point_and_its_version():
    text = "version,outcome,point_ref,reason\n3,declined,k1,Too dear.\n1,,k2,\n"
    one, two = read_answers(io.BytesIO(text.encode()))
    assert (one.row, one.point_ref, one.version, one.outcome, one.reason) == (
        2,
        "k1",
        3,
        "declined",
        "Too dear.",
    )
    assert (two.outcome, two.reason) == ("", "")


def test_rows_without_a_point_are_context_but_never_lose_an_answer():
    text = "ref,verbatim,point_ref,version,outcome\na,Context.,,,\n"
    text += "a,Lost.,,,adopted\na,x,k1,,noted\na,x,k2,1,\na,x,k2,1,\n"
    with pytest.raises(GridRefused) as caught:
        read_answers(io.BytesIO(text.encode()))
    assert [(problem.row, str(problem.what)) for problem in caught.value.problems] == [
        (3, "This row holds an answer but no point_ref, so we cannot tell its point."),
        (4, "“version” is empty."),
        (6, "This point already stands in row 5."),
    ]


def test_a_sheet_from_a_workspace_is_recognised_and_put_back_to_its_start():
    text, _ = written(
        GridContribution(
            "a", "proposal", text="Yes.", claims=(GridClaim("text", 0, 4, point_ref="k", version=1),)
        )
    )
    source = io.BytesIO(text.encode())
    assert carries_point_refs(source)
    assert read_grid(source).carries_point_refs
    assert not carries_point_refs(io.BytesIO(b"ref,verbatim,point_ref\n1,x,\n"))
    assert not carries_point_refs(io.BytesIO(b""))
