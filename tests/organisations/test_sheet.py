"""Sheets of comments as standards bodies exchange them: read as they are, or refused row by row."""

from __future__ import annotations

import io

import pytest
from openpyxl import Workbook, load_workbook

from civic.organisations.sheet import MAX_ROWS, Row, SheetRefused, csv_of, read_sheet, type_of, xlsx_of

ISO = (
    "MB/NC",
    "Line number",
    "Clause/ Subclause",
    "Paragraph/ Figure/ Table",
    "Type of comment",
    "Comments",
    "Proposed change",
    "Observations of the secretariat",
)


def a_workbook(*rows) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def problems(data: bytes) -> list[tuple[int, str]]:
    with pytest.raises(SheetRefused) as refused:
        read_sheet(data)
    return [(one.row, str(one.what)) for one in refused.value.problems]


def test_the_template_of_standards_bodies_is_read_as_it_is():
    data = a_workbook(
        ("Template for comments", "", ""),
        (),
        ISO,
        ("FR", 12, "5.2", "§ 3", "te", "Too narrow.", "Three metres.", "Accepted"),
        (),
        ("FR", None, 7, None, "ed.", "“Must” should be “shall”.", None, None),
    )
    assert read_sheet(data) == (
        Row("5.2 · § 3", "te", "Too narrow.", "Three metres."),
        Row("7", "ed", "“Must” should be “shall”.", ""),
    )


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_csv_of_any_office_is_read_in_french_too(delimiter: str):
    lines = [
        ("Article", "Type de commentaire", "Commentaire", "Modification proposée"),
        ("2", "technique", "“Trop étroit”", "Trois mètres"),
        ("", "", "Merci.", ""),
    ]
    data = "\r\n".join(delimiter.join(line) for line in lines).encode("utf-8-sig")
    assert read_sheet(data) == (
        Row("2", "te", "“Trop étroit”", "Trois mètres"),
        Row("", "ge", "Merci.", ""),
    )


def test_every_problem_is_said_with_the_row_a_spreadsheet_shows():
    data = (
        "Clause,Type,Comment,Proposed change\n"
        "1,te,Fine.,\n"
        '2,te,"Over\ntwo lines.",\n'
        "3,zz,Wrong type.,\n"
        "\n"
        "4,te,,Only a change.\n"
        f"5,te,{'x' * 4001},\n"
    ).encode()
    found = problems(data)
    assert [row for row, _ in found] == [4, 6, 7]
    assert "zz" in found[0][1]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "No column"),
        (b"PK\x03\x04 not a zip", "neither a spreadsheet"),
        ("Commentaire\nété".encode("latin-1"), "neither a spreadsheet"),
        (b"Name,Town\nAda,Here\n", "No column"),
        (b"Comment\n\n", "no row"),
        (b"Comment,Comments\na,b\n", "Two columns"),
        (b"Comment\n" + b"a\n" * (MAX_ROWS + 1), "more than"),
        (b"Comment\n" + b"a" * 3_000_000, "too large"),
    ],
)
def test_what_is_no_sheet_of_comments_is_refused_in_words(data: bytes, said: str):
    assert any(said in what for _, what in problems(data))


def test_a_workbook_that_swells_is_refused():
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/worksheets/sheet1.xml", b" " * 40_000_000)
    assert len(out.getvalue()) < 200_000
    assert problems(out.getvalue()) == [(0, "This file is too large for a sheet of comments.")]


@pytest.mark.parametrize(
    ("said", "kind"),
    [("", "ge"), ("GE", "ge"), ("General", "ge"), ("Technical", "te"), ("éditorial", "ed"), ("x", None)],
)
def test_types_are_known_by_letters_or_words(said: str, kind: str | None):
    assert type_of(said) == kind


def test_no_cell_is_run_by_a_spreadsheet_and_reading_gives_it_back():
    rows = [("Comment", "Proposed change"), ("=1+1", "-2 metres"), ("a\x07bell", "@home")]
    text = csv_of(rows).decode("utf-8-sig")
    assert "\n'=1+1,'-2 metres" in text
    assert read_sheet(csv_of(rows)) == (
        Row("", "ge", "=1+1", "-2 metres"),
        Row("", "ge", "abell", "@home"),
    )
    sheet = load_workbook(io.BytesIO(xlsx_of(rows, "points"))).active
    assert sheet["A2"].data_type == "s"
    assert read_sheet(xlsx_of(rows, "points"))[0].comment == "=1+1"
