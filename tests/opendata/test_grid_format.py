"""The grid, read and written: docs/grid.md as sentences."""

from __future__ import annotations

import csv
import datetime as dt
import inspect
import io
import re
import time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.contributions.models import Kind, Relation
from civic.decisions.models import Outcome
from civic.foundation.languages import catalogue, translate
from civic.opendata import grid, grid_reading, grid_sheet
from civic.opendata.grid import GridClaim, GridContribution, GridRefused
from civic.opendata.grid_reading import read_grid
from civic.opendata.grid_writing import write_grid
from civic.processes.models import Category


def read(text: str | bytes, **options):
    source = text if isinstance(text, bytes) else text.encode("utf-8")
    return read_grid(io.BytesIO(source), **options)


def only(text: str, **options) -> GridContribution:
    (found,) = read(text, **options).contributions
    return found


def refused(text: str | bytes, **options) -> list[tuple[int | None, str]]:
    with pytest.raises(GridRefused) as caught:
        read(text, **options)
    return [(problem.row, str(problem.what)) for problem in caught.value.problems]


def written(*contributions: GridContribution) -> str:
    out = io.StringIO(newline="")
    write_grid(contributions, out)
    return out.getvalue()


def a_sheet(*rows: dict[str, str], columns: tuple[str, ...] = grid.COLUMNS) -> str:
    out = io.StringIO(newline="")
    sheet = csv.DictWriter(out, columns, lineterminator="\r\n")
    sheet.writeheader()
    sheet.writerows(rows)
    return out.getvalue()


# The words of the format


def test_the_codes_are_those_of_the_rooms():
    assert set(grid.KINDS) == set(Kind)
    assert set(grid.RELATIONS) == set(Relation)
    assert set(grid.OUTCOMES) == set(Outcome)
    assert set(grid.CATEGORIES) == set(Category)


# Reading contributions


def test_only_ref_and_verbatim_are_needed_and_the_whole_text_is_one_claim():
    found = only("ref,verbatim\n1,A bench under the lime tree.\n")
    assert found == GridContribution(
        "1",
        "proposal",
        text="A bench under the lime tree.",
        claims=(GridClaim("text", 0, 28, whole=True),),
    )
    assert (found.row_numbers, found.claims[0].row) == ((2,), 2)


def test_columns_stand_in_any_order_and_headers_are_read_kindly():
    assert only("Verbatim, Decided-At ,REF\nYes.,2026-11-22,7\n").claims[0].decided_at == dt.date(
        2026, 11, 22
    )


def test_rows_of_one_ref_are_joined_with_one_space_wherever_they_stand():
    found = only("ref,verbatim,part\na,One.,text\na,Two.,\na,Bench,title\na,Three.,text\n")
    assert (found.title, found.text) == ("Bench", "One. Two. Three.")


def test_contributions_stand_in_the_order_of_their_first_row():
    found = read("ref,verbatim\nb,1\na,2\nb,3\n").contributions
    assert [(each.ref, each.text, each.row_numbers) for each in found] == [
        ("b", "1 3", (2, 4)),
        ("a", "2", (3,)),
    ]


def test_points_are_claims_with_their_place_in_code_points():
    found = only(
        "ref,part,point,verbatim\n"
        "a,title,1,Mehr Grün 🌳\na,text,,Die Straße ist heiß.\na,text,1,Pflanzt Bäume!\na,text,0,Danke.\n"
    )
    assert [(claim.part, claim.start, claim.end, claim.row) for claim in found.claims] == [
        ("title", 0, 11, 2),
        ("text", 21, 35, 4),
    ]
    assert [found.quote(claim) for claim in found.claims] == ["Mehr Grün 🌳", "Pflanzt Bäume!"]


def test_a_title_alone_is_claimed_as_a_whole():
    (claim,) = only("ref,part,verbatim\na,title,Benches\n").claims
    assert (claim.part, claim.end, claim.whole) == ("title", 7, True)


def test_decomposed_letters_are_composed_before_spans_are_counted():
    found = only("ref,point,verbatim\na,1,Cafe\u0301.\na,1,Oui.\n")
    assert found.text == "Café. Oui."
    assert found.quote(found.claims[1]) == "Oui."


def test_what_only_supports_or_answers_opens_no_claim_unless_the_sheet_says_so():
    text = (
        "ref,parent,relation,point,verbatim,outcome\n"
        "p,,,,A bench.,\nc,p,supports,,Yes.,\nd,p,answers,1,Where?,\n"
        "e,p,supports,,Oh.,noted\nf,p,asks,,Why?,\n"
    )
    assert [len(found.claims) for found in read(text).contributions] == [1, 0, 1, 1, 1]


def test_the_kind_is_comment_under_a_parent_and_proposal_otherwise():
    assert [each.kind for each in read("ref,parent,verbatim\nc,p,Yes.\np,,Bench.\n").contributions] == [
        "comment",
        "proposal",
    ]


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_commas_semicolons_and_tabs_are_told_apart(sign):
    text = f'ref{sign}author{sign}verbatim\n1{sign}Ada{sign}"Yes, and; no\tor"\n'
    assert only(text).text == "Yes, and; no\tor"


def test_a_mark_of_utf8_a_separator_line_and_windows_line_ends_do_not_disturb():
    assert only("\ufeffsep=;\r\nref;verbatim\r\n1;Yes.\r\n").text == "Yes."


def test_a_cell_may_hold_line_ends_and_rows_are_numbered_as_a_spreadsheet_does():
    text = 'ref,verbatim,outcome\n1,"One\r\n\r\ntwo",\n\n,,\n2,Three.,perhaps\n'
    assert refused(text)[0][0] == 5
    assert only('ref,verbatim\n1,"One\r\n\r\ntwo"\n').text == "One\n\ntwo"


def test_columns_can_be_renamed_and_left_out_on_the_way_in():
    mapping = grid.parse_mapping(["Nr.=ref", "Text = der Bürger=verbatim", "kind="])
    found = read("Nr.;Text = der Bürger;kind;Farbe\n1;Ja.;Idee;rot\n", mapping=mapping)
    assert found.contributions[0].text == "Ja."
    assert found.ignored == ("Farbe",)


def test_a_bad_renaming_is_refused():
    with pytest.raises(GridRefused) as caught:
        grid.parse_mapping(["noequals", "a=colour"])
    assert [str(problem.what) for problem in caught.value.problems] == [
        "“noequals” should read theirs=ours.",
        "The grid has no column “colour”.",
    ]
    assert refused("ref,verbatim\n1,x\n", mapping={"words": "verbatim"})[0] == (
        1,
        "The file has no column “words” to rename.",
    )


def test_dates_are_days_or_moments_in_utc():
    text = "ref,verbatim,date\n1,x,2026-11-22\n2,x,2026-07-01 10:30\n"
    text += "3,x,2026-07-01T10:30:05+02:00\n4,x,2026-07-01T10:30Z\n"
    assert [each.date for each in read(text, zone=ZoneInfo("Europe/Paris")).contributions] == [
        dt.date(2026, 11, 22),
        dt.datetime(2026, 7, 1, 8, 30, tzinfo=dt.UTC),
        dt.datetime(2026, 7, 1, 8, 30, 5, tzinfo=dt.UTC),
        dt.datetime(2026, 7, 1, 10, 30, tzinfo=dt.UTC),
    ]


def test_language_codes_are_written_one_way():
    text = "ref,verbatim,language\n1,x,DE\n2,x,pt_br\n3,x,zh-hant\n"
    assert [each.language for each in read(text).contributions] == ["de", "pt-BR", "zh-Hant"]


def test_facts_may_stand_on_one_row_or_on_all():
    found = only("ref,verbatim,author\n1,One.,\n1,Two.,Ada\n1,Three.,Ada\n")
    assert found.author == "Ada"


def test_the_answer_of_a_whole_text_may_stand_on_any_of_its_rows():
    found = only(
        "ref,part,verbatim,outcome,reason\n1,title,Bench,,\n1,text,One.,adopted,Good.\n1,text,Two.,,\n"
    )
    assert found.claims == (GridClaim("text", 0, 9, whole=True, outcome="adopted", reason="Good."),)
    assert found.claims[0].row == 3


def test_a_parent_may_come_later_or_have_come_before():
    text = "ref,parent,verbatim\nc,p,Yes.\np,,Bench.\nd,old,No.\n"
    found = read(text, known_refs={"old"}).contributions
    assert [each.ref for each in grid.parents_first(found)] == ["p", "c", "d"]


def test_progress_is_told():
    told = []
    read("ref,verbatim\n" + "1,x\n" * 2_500, progress=told.append)
    assert told == [1_000, 2_000]


# Problems


ONE_ROW = [
    ({"ref": ""}, "“ref” is empty."),
    ({"verbatim": " "}, "“verbatim” is empty."),
    ({"part": "body"}, "“body” is none of the codes of this column: title, text."),
    ({"point": "yes"}, "“point” is 1 for a point and empty for any other row, not “yes”."),
    ({"kind": "idea"}, "“idea” is none of the codes of this column: proposal, comment"),
    ({"category": "citizens"}, "“citizens” is none of the codes of this column: users, neighbours"),
    ({"relation": "likes"}, "“likes” is none of the codes of this column: supports"),
    ({"outcome": "accepted"}, "“accepted” is none of the codes of this column: adopted"),
    ({"date": "22/11/2026"}, "“22/11/2026” is not a date. Write year-month-day"),
    ({"date": "2026-02-30"}, "“2026-02-30” is not a date."),
    ({"decided_at": "0001-01-01T00:00+14:00"}, "“0001-01-01T00:00+14:00” is not a date."),
    ({"language": "german"}, "“german” is not a language code."),
    ({"url": "javascript:alert(1)"}, "This is not a web address"),
    ({"url": "https://[::1"}, "This is not a web address"),
    ({"version": "1.0"}, "“1.0” is not the version the export wrote."),
    ({"relation": "supports"}, "A relation needs a parent"),
    ({"kind": "comment"}, "A comment needs a parent"),
    ({"kind": "proposal", "parent": "b"}, "Only a comment answers a parent"),
    ({"parent": "b", "part": "title"}, "A comment has no title"),
    ({"parent": "nowhere"}, "The parent “nowhere” is in no row of this file."),
    ({"parent": "a"}, "“a” answers itself"),
    ({"verbatim": "a\0b"}, "This cell holds a NUL character."),
    ({"reason": "x" * 20_001}, "This cell is longer than 20000 characters."),
    ({"verbatim": "x" * 100_001}, "This cell is longer than 100000 characters."),
    ({"part": "title", "verbatim": "x" * 301}, "The title is longer than 300 characters."),
]


@pytest.mark.parametrize(("cells", "sentence"), ONE_ROW)
def test_a_wrong_cell_is_refused_with_its_row(cells, sentence):
    fine = {"ref": "b", "verbatim": "Fine."}
    found = refused(a_sheet(fine, {"ref": "a", "verbatim": "Words."} | cells))
    assert len(found) == 1
    assert found[0][0] == 3
    assert found[0][1].startswith(sentence)


@pytest.mark.parametrize(
    ("text", "row", "sentence"),
    [
        ("", None, "The first row should hold the names of the columns."),
        ("ref\n1\n", 1, "The column “verbatim” is missing"),
        ("ref,verbatim,Ref\n1,x,2\n", 1, "The column “ref” stands twice."),
        ("ref,verbatim\n1,x,y\n", 2, "This row has 3 cells, the header 2"),
        (
            'ref,verbatim\n1,"x\n2,y\n',
            2,
            "A cell of this row is too long, or its quotation mark is never closed.",
        ),
        ('ref,verbatim\n1,"x" y\n', 2, "A cell in quotes goes on after its closing quotation mark."),
        ("ref,verbatim\n1,x\n1,caf\xe9\n".encode("latin-1"), 3, "The file is not written in UTF-8."),
        ("ref,verbatim\n1,x\n".encode("utf-16"), 1, "The file is not written in UTF-8."),
        (b"ref,verbatim\n1,\xed\xa0\x80\n", 2, "The file is not written in UTF-8."),
        (",".join(["ref", "verbatim", *"x" * 199]) + "\n", 1, "The file has more than 200 columns."),
        ("ref,verbatim\n1,x" + "x" * 1_000_001, None, "The file is too large"),
        ("ref,author,verbatim\n1,Ada,x\n1,Bo,y\n", 3, "“author” differs from row 2 of the same ref."),
        (
            "ref,point,verbatim,outcome\n1,1,x,\n1,,y,noted\n",
            3,
            "“outcome” stands on a row that is not a point",
        ),
        ("ref,verbatim,theme\n1,x,Green\n1,y,Grey\n", 3, "“theme” differs from row 2"),
        ("ref,verbatim,parent\n1,x,2\n2,x,3\n3,x,1\n", 2, "“1” answers itself"),
        ("ref,verbatim\n" + f"1,{'x' * 60_000}\n" * 2, 2, "The rows of this ref make a text longer than"),
        ("ref,point,verbatim\n" + "1,1,x\n" * 1_001, 2, "This ref has more than 1000 points."),
    ],
)
def test_a_wrong_file_is_refused_with_its_row(text, row, sentence):
    found = refused(text)
    assert len(found) == 1
    assert found[0][0] == row
    assert found[0][1].startswith(sentence)


def test_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr(grid, "MAX_ROWS", 3)
    assert refused("ref,verbatim\n1,x\n2,x\n3,x\n")[0] == (4, "The file has more than 3 rows.")


def test_all_problems_are_found_at_once_in_the_order_of_rows():
    found = refused("ref,verbatim,outcome,parent\n1,x,no,9\n,x,,\n3,,,\n")
    assert [row for row, _ in found] == [2, 2, 3, 4]


def test_the_list_of_problems_is_bounded_and_their_number_is_not():
    with pytest.raises(GridRefused) as caught:
        read("ref,verbatim\n" + ",x\n" * 5_000)
    assert (len(caught.value.problems), caught.value.total) == (100, 5_000)
    assert (
        str(caught.value) == "The file has 5000 problems; nothing was imported."
        or caught.value.message.count == 5_000
    )
    assert str(caught.value.problems[0].sentence) == "Row 2: “ref” is empty."


def test_every_sentence_has_its_french():
    french = catalogue("fr")
    for module in (grid, grid_reading, grid_sheet):
        for sentence in re.findall(r'N_\(\s*"([^"]+)"\s*\)', inspect.getsource(module)):
            said = french[None, sentence][0]
            assert sorted(re.findall(r"%\(\w+\)s", said)) == sorted(re.findall(r"%\(\w+\)s", sentence))


def test_a_problem_is_told_in_the_language_of_its_reader():
    with pytest.raises(GridRefused) as caught:
        read("ref,verbatim\n,x\n")
    (problem,) = caught.value.problems
    assert translate("fr", problem.sentence) == "Ligne 2\u00a0: «\u00a0ref\u00a0» est vide."
    assert translate("fr", caught.value.message) == (
        "Le fichier contient 1 erreur\u00a0; rien n’a été importé."
    )


# Formulas


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@a", "\t=1", "\r=1", "＝1", "'=1", "''-"])
def test_a_formula_is_neutralised_and_given_back(cell):
    safe = grid.neutralise(cell)
    assert safe == "'" + cell
    assert grid.restore(safe) == cell


@given(st.text(alphabet="'=+-@\t\r\n＝a "))
def test_any_cell_comes_back_from_neutralising(cell):
    assert grid.restore(grid.neutralise(cell)) == cell
    assert grid.neutralise(cell)[:1] not in {*"=+-@\t\r"} - {""}


def test_every_column_of_an_export_is_neutralised():
    evil = GridContribution(
        "=r",
        "proposal",
        title="=t",
        text="-x",
        author="@a",
        claims=(GridClaim("text", 0, 2, whole=True, reason="+b", theme="'=c", provision="=d"),),
    )
    text = written(evil)
    cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
    assert not [cell for cell in cells if cell[:1] in set("=+-@")]
    assert read(text).contributions == (evil,)


# Small readings and speed


def test_lists_and_promises_are_parted():
    assert grid.listed(" Art. 1 | Art. 2 |") == ("Art. 1", "Art. 2")
    assert grid.promise("2027-03-01 – Two benches") == (dt.date(2027, 3, 1), "Two benches")
    assert grid.promise("2027-13-01 Two benches") == (None, "2027-13-01 Two benches")
    assert grid.promise("Two benches") == (None, "Two benches")


@pytest.mark.clock
def test_a_hundred_thousand_rows_are_read_in_seconds():
    rows = "".join(
        f"{number // 5},text,{number % 2},proposal,Ada,2026-11-22,de,https://example.org/a,Satz {number}.,\n"
        for number in range(100_000)
    )
    source = ("ref,part,point,kind,author,date,language,url,verbatim,outcome\n" + rows).encode()
    started = time.perf_counter()
    found = read(source)
    assert len(found.contributions) == 20_000
    assert time.perf_counter() - started < 15


def test_a_chain_of_replies_as_long_as_a_file_is_no_trouble():
    rows = "".join(f"{number},{number + 1},x\n" for number in range(20_000))
    found = read("ref,parent,verbatim\n" + rows + "20000,,x\n").contributions
    assert next(grid.parents_first(found)).ref == "20000"
