"""Files of every form: the same coded texts are found, each with its place, and only what is certain is replaced."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from maksa.check import Columns, FileCheck
from maksa.check.reading.recognition import opened
from maksa.model.errors import ColumnAmbiguousError, ColumnMissingError, FileUnreadableError, StorageError
from tests.check.conftest import MOMETASONE

OLD = "MOMETASONE 0.1 % CREAM"


def found_in(path: Path, **columns: str) -> list[tuple[str, str, str | None, str]]:
    """(terminology, code, display, place) of each coded text."""
    source = opened(path, Columns(**columns))
    return [(each.terminology_id, each.code, each.display, str(each.place)) for each in source.texts()]


TEXTS = [("eRX", "60281", OLD), ("ContactType", "1", "تلفن منزل")]

CSV = f"terminology,code,value\r\neRX,60281,{OLD}\r\n\r\nContactType,1,تلفن منزل\r\n"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1256"])
def test_a_table_is_found_in_any_dress(write, delimiter, encoding):
    """Delimiter and encoding are told by the content; rows are numbered as a spreadsheet shows them."""
    content = (
        CSV.replace(",", delimiter).replace("ی", "ي") if encoding == "windows-1256" else CSV.replace(",", delimiter)
    )

    assert found_in(write(content.encode(encoding))) == [
        ("eRX", "60281", OLD, "row 2"),
        ("ContactType", "1", "تلفن منزل", "row 4"),
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_line_that_tells_excel_the_delimiter_is_no_row(write, delimiter):
    """A spreadsheet does not show it."""
    path = write(f"sep={delimiter}\r\n" + CSV.replace(",", delimiter))

    assert [each[3] for each in found_in(path)] == ["row 2", "row 4"]


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_a_table_of_a_database_in_utf_16_has_no_mark_and_is_read(write, checked, tmp_path, codec):
    """As SQL Server's bulk copy writes it; so is its corrected copy."""
    path = write(CSV.replace(",", "\t").encode(codec))

    assert [each[:3] for each in found_in(path)] == TEXTS
    right = CSV.replace(",", "\t").replace(OLD, MOMETASONE)
    assert corrected(checked(path, keeps_edits=True), tmp_path / "out") == right.encode(codec)


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be"])
def test_json_in_utf_16_is_refused_as_what_it_is(write, codec):
    """It is no table without columns."""
    with pytest.raises(FileUnreadableError, match="it is JSON in UTF-16"):
        found_in(write('{"terminology_idField": "eRX"}'.encode(codec)))


@pytest.mark.parametrize(
    "header",
    [
        "ترمینولوژی,کد,مقدار",
        "terminology_idField,coded_stringField,valueField",
        "Terminology_id,Coded_string,Value",
        "شناسهٔ ترمینولوژي,كد مفهوم,عنوان",
        "x,,\n,,\nsystem,Code,Description",
    ],
)
def test_headers_are_recognised_in_both_languages(write, header):
    """On any keyboard, and below a title."""
    assert [each[:3] for each in found_in(write(f"{header}\neRX,60281,{OLD}\n"))] == [TEXTS[0]]


def test_columns_are_named_by_header_or_number(write):
    """A terminology that is no header is the one of all rows; "-" judges no displays."""
    path = write(f"a,b,c\n60281,{OLD},eRX\n")
    bare = write(f"60281,{OLD}\n", "bare")

    assert found_in(path, terminology="C", code="a", display="b") == [("eRX", "60281", OLD, "row 2")]
    assert found_in(path, terminology="eRX", code="a", display="-") == [("eRX", "60281", None, "row 2")]
    assert found_in(bare, terminology="eRX", code="1", display="2") == [("eRX", "60281", OLD, "row 1")]


def test_a_header_may_name_the_terminology_of_its_codes(write):
    """A pharmacy's own list: eRX and a title."""
    assert found_in(write("eRX;عنوان\n60281;x\n")) == [("eRX", "60281", "x", "row 2")]
    assert found_in(write("60281;x\n60002;y,z\n", "bare"), terminology="eRX", code="1", display="2")[1][2] == "y,z"
    assert found_in(write("eRX;عنوان\n", "empty")) == []


@pytest.mark.parametrize("rows", ["eRX\t60281\tx\nICD10\tA00\ty\n", "eRX\t60281\tx\n"])
def test_a_row_that_begins_with_a_terminology_is_no_header(write, rows):
    """Its first row would be lost, and the others be judged as codes; numbers say how it is read."""
    with pytest.raises(ColumnMissingError, match=r"no column for code; the header reads \['eRX', '60281', 'x'\]"):
        opened(write(rows, "bare"))
    assert found_in(write(rows, "bare"), terminology="1", code="2", display="3")[0] == ("eRX", "60281", "x", "row 1")


def test_a_table_without_its_columns_says_which_it_has(write):
    with pytest.raises(ColumnMissingError, match=r"no column for code; the header reads \['a', 'b'\]"):
        opened(write("a,b\n1,2\n"))
    with pytest.raises(ColumnMissingError, match="no column for terminology"):
        opened(write("code,value\n1,2\n"))
    with pytest.raises(ColumnMissingError, match="display"):
        opened(write("code,value\n1,2\n"), Columns(terminology="eRX", display="nothing"))
    with pytest.raises(ColumnAmbiguousError, match="any of the columns"):
        opened(write("terminology,code,Code,value\n1,2\n"))


def test_a_broken_row_is_told_and_the_next_one_read(write, checked):
    """A quote that is never closed ends the file, and is no silence."""
    check = checked(write(f'terminology,code,value\neRX,60281,"x"y\neRX,60281,{OLD}\n'))

    assert [(str(each.place), each.verdict.slugs) for each in check] == [
        ("row 2", ("unreadable",)),
        ("row 3", ("old-display",)),
    ]
    with pytest.raises(FileUnreadableError, match="line 2 has a quote that is never closed"):
        list(checked(write('terminology,code,value\neRX,60281,"x\neRX,1,y\n')))


def test_a_line_that_would_fill_the_memory_is_refused(write):
    """With a quote around it or none, before and after the columns are known; a cell of a megabyte is named by its line."""
    for content in ("a," * 3_000_000, f'{CSV}eRX,1,"{"x" * 5_000_000}"'):
        with pytest.raises(FileUnreadableError, match=r"line [15] has more than 4 MB"):
            found_in(write(content))
    with pytest.raises(
        FileUnreadableError, match="line 5 has a cell of more than 1 MB, or a quote that is never closed"
    ):
        found_in(write(f'{CSV}eRX,1,"{"x" * 2_000_000}"'))


DITAS = [
    '{"valueField": "V", "terminology_idField": "eRX", "coded_stringField": "1"}',
    '{"Value": "V", "Terminology_id": "eRX", "Coded_string": "1"}',
    '{"VALUE": "V", "terminologyId": "eRX", "codedString": "1", "more": [1, {"a": null}]}',
    '{"display": "V", "terminology_id": "eRX", "code": "1"}',
    '{"display": "V", "system": "eRX", "code": "1"}',
    '{"value": "V", "defining_code": {"terminology_id": {"value": "eRX"}, "code_string": "1"}}',
]


@pytest.mark.parametrize("text", DITAS)
def test_a_coded_text_in_json_is_found_in_every_spelling(write, text):
    """The functions', their .NET classes', FHIR's and openEHR's; at any depth, with its pointer."""
    path = write('{"a/b": [0, {"Diagnosis": ' + text + '}], "rest": {"value": 1, "code": 2}}')

    assert found_in(path) == [("eRX", "1", "V", "/a~1b/1/Diagnosis")]


def test_a_null_member_is_an_absent_one(write):
    """Where the functions want it; FHIR's codings may go without a display."""
    path = write(
        '[{"valueField": null, "terminology_idField": "eRX", "coded_stringField": "1"},'
        ' {"coding": [{"system": "eRX", "code": "1"}, {"code": "2"}]}]'
    )

    assert found_in(path) == [("eRX", "1", "", "/0"), ("eRX", "1", None, "/1/coding/0"), ("", "2", None, "/1/coding/1")]


def test_lines_of_json_are_told_by_their_numbers(write, checked):
    """One that is broken spoils no other."""
    lines = json.dumps({"Terminology_id": "eRX", "Coded_string": "60281", "Value": OLD})
    check = checked(write(f'{lines}\n{{"a": \n\n{{"b":[{lines}]}}'))

    assert [(str(each.place), each.verdict.slugs) for each in check] == [
        ("line 1", ("old-display",)),
        ("line 2", ("unreadable",)),
        ("line 4, /b/0", ("old-display",)),
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('{"a": [1, 2}', "is not expected here"),
        ('{"a" 1}', "is not expected here"),
        ('{"a": nothing}', "is no JSON"),
        ('{"a": "b', "is no JSON"),
        ('{"a": [1', "brackets are not closed"),
        ("[" * 600, "brackets inside each other"),
        ('{"Coded_string": "\\ud8x"}', "not JSON"),
    ],
)
def test_what_is_no_json_is_refused_with_its_place(write, content, reason):
    with pytest.raises(FileUnreadableError, match=reason):
        found_in(write(content))


def test_tokens_across_the_edges_of_pieces_are_whole(write, monkeypatch):
    """A string, an escape, a number: wherever a piece of the file ends."""
    from maksa.check.reading import json_scan

    path = write('[{"Value": "یک \\"دو\\" سه", "Terminology_id": "eRX", "Coded_string": 123456}]')
    for size in range(1, 30):
        monkeypatch.setattr(json_scan, "CHUNK", size)
        assert found_in(path) == [("eRX", "123456", 'یک "دو" سه', "/0")]


XML = """<?xml version="1.0" encoding="{encoding}"?>
<s:Message xmlns:s="urn:sepas"><!-- a comment -->
 <Diagnosis><Status><Coded_string>60281</Coded_string><Terminology_id>eRX</Terminology_id><Value>{old}</Value></Status></Diagnosis>
 <Diagnosis><Status>
  <s:valueField><![CDATA[تلفن منزل]]></s:valueField><s:terminology_idField>ContactType</s:terminology_idField>
  <s:coded_stringField>1</s:coded_stringField></Status></Diagnosis>
</s:Message>"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "windows-1256"])
def test_messages_in_xml_are_read_in_their_encoding(write, encoding):
    """Each text with its line and the way to its element."""
    text = XML.format(encoding=encoding, old=OLD)
    path = write((text.replace("ی", "ي") if encoding == "windows-1256" else text).encode(encoding))

    assert found_in(path) == [
        ("eRX", "60281", OLD, "line 3, /Message/Diagnosis/Status"),
        ("ContactType", "1", "تلفن منزل", "line 4, /Message/Diagnosis[2]/Status"),
    ]


@pytest.mark.parametrize(
    "xml",
    [
        '<Condition><code><coding><system value="eRX"/><code value="1"/><display value="V"/></coding></code></Condition>',
        '<observation><value code="1" codeSystem="eRX" displayName="V"/></observation>',
        "<a><value>V</value><defining_code><terminology_id><value>eRX</value></terminology_id>\n<code_string>1</code_string></defining_code></a>",
    ],
)
def test_other_dialects_of_xml_are_read(write, xml):
    """FHIR's, CDA's, openEHR's."""
    assert [each[:3] for each in found_in(write(xml))] == [("eRX", "1", "V")]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "declares the entity 'b'"),
        ('<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', "declares the entity 'b'"),
        ("<a><b></a>", "line 1: mismatched tag"),
        ("<a>" * 600, "elements inside each other"),
        ('<?xml version="1.0" encoding="no-such"?><a/>', "line 1"),
        (f'<a code="{"x" * 6_000_000}"/>', "a tag, comment or declaration of more than 4 MB"),
    ],
)
def test_what_is_no_xml_to_be_trusted_is_refused(write, content, reason):
    with pytest.raises(FileUnreadableError, match=reason):
        found_in(write(content))


Rows = list[list[object]]


@pytest.fixture
def workbook(tmp_path: Path) -> Callable[[dict[str, Rows]], Path]:
    def written(sheets: dict[str, Rows]) -> Path:
        path = tmp_path / "book.xlsx"
        with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
            for name, rows in sheets.items():
                sheet = book.add_worksheet(name)
                for number, row in enumerate(rows):
                    sheet.write_row(number, 0, row)
        return path

    return written


HEADER = ["terminology", "code", "value"]


def test_every_sheet_with_the_columns_is_read(workbook, checked):
    """Numbers are the codes that were typed; what a spreadsheet has destroyed is told."""
    path = workbook({
        "راهنما": [["فایل"]],
        "پیام‌ها": [HEADER, ["eRX", 60281, OLD], ["eRX", True, OLD], ["IRC", 9154715040124503, "ACA TABLET ORAL"]],
        "b": [["", "", ""], HEADER, ["countryDivisions", 7, "فارس"]],
    })  # fmt: skip
    check = checked(path)

    assert [(str(each.place), each.verdict.slugs) for each in check] == [
        ("sheet 'پیام‌ها', row 2", ("old-display",)),
        ("sheet 'پیام‌ها', row 3", ("boolean-for-code",)),
        ("sheet 'پیام‌ها', row 4", ("digits-lost",)),
        ("sheet 'b', row 3", ("code-zeros",)),
    ]
    assert check.summary.notes[0] == "sheets not read: راهنما"
    assert check.summary.notes[1:] == (
        "columns: terminology from 'terminology', code from 'code', display from 'value'",
    )


def test_a_workbook_that_unpacks_without_end_is_refused_before_it_does(tmp_path):
    """Two gigabytes of blanks are two megabytes when they are packed."""
    path = tmp_path / "bomb.xlsx"
    blanks = b" " * (1 << 20)
    with (
        ZipFile(path, "w", ZIP_DEFLATED) as book,
        book.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet,
    ):
        for _ in range(2_100):
            sheet.write(blanks)

    with pytest.raises(FileUnreadableError, match="it unpacks to 2,100 MB"):
        found_in(path)


def test_a_wide_sheet_comes_in_pieces(workbook):
    """A row of every column that a sheet has, and a cell that is longer than any of Excel's."""
    wide = [*HEADER, *["x"] * 16_000]
    texts = found_in(workbook({"a": [wide, *[["eRX", str(number), "V"] for number in range(5)]]}))

    assert [each[1] for each in texts] == ["0", "1", "2", "3", "4"]


@pytest.mark.parametrize("content", [b"PK\x03\x04 no workbook", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 no workbook"])
def test_a_workbook_that_is_none_is_an_error_and_no_crash(write, content):
    with pytest.raises(FileUnreadableError):
        found_in(write(content))


def test_a_workbook_without_the_columns_says_so(workbook):
    with pytest.raises(ColumnMissingError, match="sheet a: no column for code"):
        found_in(workbook({"a": [["x", "y"], ["1", "2"]]}))


def corrected(check: FileCheck, target: Path) -> bytes:
    for _ in check:
        pass
    check.write_corrected(target)
    return target.read_bytes()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_corrected_table_differs_in_the_corrected_cells_only(write, checked, tmp_path, encoding):
    """Quotes, line ends, blank lines, other cells, the mark before them: byte for byte."""
    text = 'n;terminology;code;value\r\n"a;""b";erx;"۶۰۲۸۱";{0}\n\n1;eRX;99;"x;\ny"\r\n2;ICD10;A00.0;cholera'
    path = write(text.format(OLD).encode(encoding))
    right = 'n;terminology;code;value\r\n"a;""b";eRX;"60281";{0}\n\n1;eRX;99;"x;\ny"\r\n2;ICD10;A00.0;cholera'

    assert corrected(checked(path, keeps_edits=True), tmp_path / "out") == right.format(MOMETASONE).encode(encoding)


def test_a_cell_that_needs_quotes_gets_them(write, checked, tmp_path):
    path = write("terminology,code,value\nICD10,A00.0,CHOLERA due to vibrio cholerae 01 biovar cholerae\n")
    right = b'terminology,code,value\nICD10,A00.0,"Cholera due to Vibrio cholerae 01, biovar cholerae"\n'

    assert corrected(checked(path, keeps_edits=True), tmp_path / "out") == right


def test_an_old_encoding_gets_its_own_letters(write, checked, tmp_path):
    """windows-1256 has no Persian ی: the Arabic one is the same text to the service."""
    path = write(
        'terminology,code,value\nContactType,۶,"پست الکترونيکي شخصي"\n'.replace("۶", "06")
        .replace("ک", "ك")
        .encode("cp1256")
    )
    check = checked(path, keeps_edits=True)
    out = corrected(check, tmp_path / "out").decode("cp1256")

    assert out == 'terminology,code,value\nContactType,6,"پست الكترونيكي شخصي"\n'


def test_corrected_json_differs_in_the_corrected_texts_only(write, checked, tmp_path):
    """Blanks, order, escapes and all that is no coded text stay; a null is filled."""
    text = '{ "x" : 1.0,\n "d": {"Terminology_id" :"%s", "Coded_string": %s, "Value":%s, "e": "\\u0627" } }\n'
    path = write(text % ("erx", "60281", "null"))

    assert corrected(checked(path, keeps_edits=True), tmp_path / "out").decode() == text % (
        "eRX",
        '"60281"',
        json.dumps(MOMETASONE),
    )


@pytest.mark.parametrize(
    ("given", "slugs", "right"),
    [
        (("eRX", "60281", MOMETASONE), ("code-not-text",), ("eRX", '"60281"', MOMETASONE)),
        (("eRX", "60281.0", MOMETASONE), ("code-not-text", "code-number"), ("eRX", '"60281"', MOMETASONE)),
        (("countryDivisions", "7", "فارس"), ("code-not-text", "code-zeros"), ("countryDivisions", '"07"', "فارس")),
        (("eRX", "true", "nothing like it"), ("code-not-text", "unknown-code"), ("eRX", "true", "nothing like it")),
        (("nope", "1", "x"), ("code-not-text", "unknown-terminology"), ("nope", "1", "x")),
    ],
)
def test_a_code_that_is_a_number_in_json_is_no_code(write, checked, tmp_path, given, slugs, right):
    """The gateway answers 400 to the message; in the corrected file it stands between quotes, whatever else it lacked."""
    text = '[{"Terminology_id": "%s", "Coded_string": %s, "Value": "%s"}]'
    check = checked(write(text % given), keeps_edits=True)
    [found] = list(check)

    assert found.verdict.slugs[:2] == slugs
    assert not found.verdict.is_valid
    check = checked(write(text % given), keeps_edits=True)
    assert corrected(check, tmp_path / "out").decode() == text % right


def test_corrected_lines_of_json_keep_the_others(write, checked, tmp_path):
    inner = '{"Value":"x","Terminology_id":"thritaEHR.Religion","Coded_string":"1"}'
    text = (
        '\ufeff{"Terminology_id":"%s","Coded_string":"1","Value":"%s"}\r\nnot json\n'
        '{"Value":"%s","b":' + inner + ',"Terminology_id":"ContactType","Coded_string":"1"}'
    )
    path = write(text % ("contacttype", "تلفن  منزل", json.dumps("تلفن منزل ")[1:-1]))
    right = text % ("ContactType", "تلفن منزل", json.dumps("تلفن منزل")[1:-1])

    assert corrected(checked(path, keeps_edits=True), tmp_path / "out").decode() == right


def test_corrected_xml_differs_in_the_corrected_texts_only(write, checked, tmp_path):
    """Comments, blanks, CDATA and attributes stay; <Value/> has no room and is counted."""
    text = (
        "<?xml version=\"1.0\"?>\n<m a='1'><!-- c --><d><Terminology_id>{0}</Terminology_id><Coded_string>{1}</Coded_string>"
        "<Value>{2}</Value></d>\n<d><Value/><Terminology_id>eRX</Terminology_id><Coded_string>60281</Coded_string></d></m>\n"
    )
    path = write(text.format("erx", " 60281 ", "<![CDATA[MOMETASONE 0.1 % CREAM]]>"))
    check = checked(path, keeps_edits=True)

    assert corrected(check, tmp_path / "out").decode() == text.format("eRX", "60281", MOMETASONE)
    assert check.summary.left_out == 1


def test_an_empty_element_is_filled_and_markup_escaped(write, checked, tmp_path, view):
    path = write("<d><Value></Value><Terminology_id>eRX</Terminology_id><Coded_string>60281</Coded_string></d>")

    assert f"<Value>{MOMETASONE}</Value>".encode() in corrected(checked(path, keeps_edits=True), tmp_path / "out")


def test_a_corrected_workbook_has_the_values_of_the_other(workbook, checked, tmp_path):
    """Every sheet, cells as text; what is no formula stays none."""
    path = workbook({"a": [HEADER, ["erx", 60281, OLD], ["eRX", "99", "=1+1"]], "راهنما": [["x"], [1.5]]})
    check = checked(path, keeps_edits=True)
    corrected(check, tmp_path / "out.xlsx")
    book = CalamineWorkbook.from_path(str(tmp_path / "out.xlsx"))

    assert book.get_sheet_by_name("a").to_python() == [HEADER, ["eRX", "60281", MOMETASONE], ["eRX", "99", "=1+1"]]
    assert book.get_sheet_by_name("راهنما").to_python() == [["x"], ["1.5"]]


def test_a_corrected_file_never_takes_the_place_of_a_file(write, checked, tmp_path):
    """Neither of another, nor of the one that was read; and not of a file that has changed since."""
    path = write(CSV)
    check = checked(path, keeps_edits=True)
    list(check)
    with pytest.raises(StorageError, match="there already"):
        check.write_corrected(path)
    path.write_text(CSV + "\n")
    with pytest.raises(FileUnreadableError, match="has changed"):
        check.write_corrected(tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_the_sums_of_a_file_add_up(write, checked):
    """checked == valid + warned + refused; by finding and by terminology."""
    rows = [*TEXTS, ("erx", "60281", MOMETASONE), ("nope", "1", "x"), ("eRX", "60281", MOMETASONE)]
    check = checked(write("terminology,code,value\n" + "".join(",".join(row) + "\n" for row in rows)))
    told = list(check)
    summary = check.summary

    assert (summary.checked, summary.valid, summary.warned, summary.refused, summary.corrected) == (5, 2, 1, 2, 2)
    assert summary.counts == {"old-display": 1, "terminology-case": 1, "unknown-terminology": 1}
    assert summary.terminologies == {"eRX": (3, 1), "ContactType": (1, 0), "nope": (1, 1)}
    assert len(told) == 3


@pytest.mark.parametrize("content", ["", " \n\t", "\ufeff"])
def test_an_empty_file_says_so(write, content):
    with pytest.raises(FileUnreadableError, match="empty"):
        opened(write(content))


def test_a_file_that_is_not_there_says_so(tmp_path):
    with pytest.raises(FileUnreadableError, match="No such file"):
        opened(tmp_path / "nothing.csv")


@pytest.mark.parametrize(
    ("content", "number"),
    [
        ("eRX\t60281\tx\nICD10\tA00\tCholera\nContactType\t1\tx\n", 0),
        ("ICD10\tA00\tCholera\neRX\t60281\tx\n", 0),
        ("ردیف,کد,نوشته\neRX,60281,x\nICD10,A00,Cholera\n", 0),
        ("Country,IR,Iran\neRX,60281,x\n", 0),
        ("eRX,count\n60281,2\n", 1),
        ("eRX\n60281\n", 1),
        ("کد ICD10,تشخیص\nA00,Cholera\n", 1),
        ("لیست,کد دارو,نام دارو\neRX,60281,x\nICD10,A00,Cholera\n", 2),
    ],
)
def test_a_row_of_data_is_never_taken_for_the_header(write, checked, content, number):
    """Whatever terminologies are named below it: else its own text, and those above it, would not be judged."""
    path = write(content)
    if not number:
        with pytest.raises(ColumnMissingError):
            list(checked(path))
        return
    check = checked(path)
    list(check)

    assert check.summary.checked == number


def test_displays_that_are_not_judged_are_said_to_be_so(write, checked):
    """A false display under a header that nobody knows is not valid without a word."""
    notes = {}
    for name, header, display in (("unknown", "توضیح ما", ""), ("known", "نام دارو", ""), ("without", "توضیح ما", "-")):
        check = checked(write(f"ترمینولوژی,کد دارو,{header}\neRX,60281,HEROIN\n"), columns=Columns(display=display))
        found = list(check)
        notes[name] = check.summary.notes, check.summary.notes_fa, len(found)

    assert "DISPLAYS WERE NOT JUDGED" in notes["unknown"][0][1]
    assert "مقدارها بررسی نشدند" in notes["unknown"][1][1]
    assert notes["known"][0] == (
        "columns: terminology from 'ترمینولوژی', code from 'کد دارو', display from 'نام دارو'",
    )
    assert notes["known"][2] == 1
    assert len(notes["without"][0]) == 1


def test_columns_named_by_numbers_may_have_a_header(write, checked):
    """It is no text to judge; a number too high is named."""
    columns = Columns(terminology="1", code="2", display="3")
    for header in ("terminology,code,value\n", ""):
        check = checked(write(f"{header}eRX,60281,{MOMETASONE}\n"), columns=columns)
        assert list(check) == []
        assert check.summary.checked == 1
    with pytest.raises(ColumnMissingError, match=r"display \(9\)"):
        checked(write("a,b,c\n1,2,3\n"), columns=Columns(terminology="1", code="2", display="9"))


@pytest.mark.parametrize("content", ["{}", "<a><list>eRX</list><number>1</number></a>"])
def test_a_file_in_which_nothing_was_found_says_so(write, checked, content):
    """Whoever has other names for his members must not believe that all is well."""
    check = checked(write(content))
    list(check)

    assert check.summary.notes == ("no coded text was found in it: docs/check.md says what is looked for",)
