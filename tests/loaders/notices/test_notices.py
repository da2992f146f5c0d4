"""A letter's table as notices, whichever way round number and date stand."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maksa.loaders.notices import NoticeSource, recognises
from maksa.model.errors import FileUnreadableError, SourceError
from maksa.model.terminology import Notice
from maksa.wire.dates import read_calendar_date

LETTER = Path(__file__).parents[4] / "shared" / "spec" / "seed.fa.txt"
SPECIMEN = Path(__file__).parent / "specimens" / "letter.csv"


def load(path: Path):
    with NoticeSource(path, day_of=read_calendar_date) as source:
        return list(source.notices()), source.report()


def test_a_row_is_a_notice():
    """Number as written, the day by the Jalali calendar, title and remarks."""
    notices, _ = load(SPECIMEN)

    assert notices[0] == Notice(
        number="20/128",
        date=dt.date(2011, 7, 28),
        title="زمان آبیاری",
        remarks="بنا بر درخواست میراب، برگهٔ روش آبیاری نیز افزوده شد.",
    )


def test_number_and_date_in_each_others_column_are_told_apart_by_row():
    """The letter's header says date, number; most of its rows say number, date."""
    notices, report = load(SPECIMEN)

    assert [(each.number, each.date and each.date.isoformat()) for each in notices] == [
        ("20/128", "2011-07-28"),
        ("20/124", "2011-07-27"),  # 1390/05/5, as the letter writes it
        ("20/120", "2011-07-20"),  # where its header says
        ("20/100", "2011-07-07"),  # in Persian digits
        ("", None),  # neither yet
    ]
    assert report.counts["swapped-cells"] == 4


@pytest.mark.skipif(not LETTER.exists(), reason="the letter's text lies beside the repository, in ../shared/spec")
def test_the_letter_itself_is_read_as_it_lists_its_codings(tmp_path):
    """110/130: seven codings, the last of them without number and date."""
    text = LETTER.read_text("utf-8")
    table = text[text.index("ردیف\tعنوان\tتاریخ\tشماره") :].partition("\n\n")[0]
    (tmp_path / "letter.tsv").write_text(table, "utf-8")
    notices, report = load(tmp_path / "letter.tsv")

    assert [each.number for each in notices] == ["110/128", "110/124", "110/120", "110/100", "110/90", "110/40", ""]
    assert notices[1].date == dt.date(2021, 7, 27)  # 1400/05/5
    assert notices[5].title == "eRX و IRC دارو"
    assert (report.read, report.refused) == (7, 0)


def test_a_row_without_title_or_with_a_day_that_is_none_is_refused():
    """Month 13; the rows add up and are numbered as the file has them."""
    _, report = load(SPECIMEN)

    assert (report.read, report.kept, report.refused) == (7, 5, 2)
    assert [(each.slug, each.row) for each in report.findings if each.severity == "refusal"] == [
        ("blank-title", 8),
        ("malformed-date", 9),
    ]


def test_every_sheet_with_the_columns_is_read_hidden_ones_too(workbook):
    """Others are left out."""
    header = ["عنوان", "شماره", "تاريخ", "ملاحظات"]  # an Arabic ي
    path = workbook(
        {
            "آشکار": [header, ["بذر", "20/1", "1390/01/01", ""]],
            "فهرست": [["کد", "عنوان", "شماره", "تاریخ"], ["1", "a", "b", "c"]],
            "پنهان": [["title", "number", "date"], ["کود", 20, dt.date(2011, 3, 21)]],
        },
        hidden=["پنهان"],
    )
    notices, _ = load(path)

    assert [(each.title, each.number, each.date) for each in notices] == [
        ("بذر", "20/1", dt.date(2011, 3, 21)),
        ("کود", "20", dt.date(2011, 3, 21)),
    ]


def test_only_a_table_of_notices_is_recognised(tmp_path):
    """A list of codes with a number and a date is a list."""
    (tmp_path / "list.csv").write_text("code,title,number,date\n1,a,b,c\n")
    (tmp_path / "cut.xlsx").write_bytes(b"PK\x03\x04 cut")

    assert recognises(SPECIMEN)
    assert not any(map(recognises, [*tmp_path.iterdir(), tmp_path, tmp_path / "absent"]))
    with pytest.raises(FileUnreadableError, match="no sheet has columns for title, number and date"):
        load(tmp_path / "list.csv")


def test_an_unclosed_quote_is_an_error_with_its_row(tmp_path):
    """What follows is lost with it."""
    (tmp_path / "file.csv").write_text('title,number,date\nx,"20/1,1390/01/01\n')

    with pytest.raises(FileUnreadableError, match="row 2: a quote"):
        load(tmp_path / "file.csv")


CELL = st.sampled_from(["", " ", "20/1", "1390/01/01", "1390/13/01", "بذر", "a\tb", "\u200f", '"', "\x07"]) | st.text(
    max_size=6
)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(CELL, max_size=5), max_size=6))
def test_whatever_the_rows_they_add_up(tmp_path_factory, rows):
    """Nothing but a SourceError comes out."""
    path = tmp_path_factory.mktemp("fuzz") / "file.csv"
    lines = ["title,number,date,remarks", *(",".join(row) for row in rows)]
    path.write_text("\n".join(lines), "utf-8", errors="replace")
    try:
        notices, report = load(path)
    except SourceError:
        return
    assert report.read == report.kept + report.refused
    assert report.kept == len(notices)
    assert all(each.title for each in notices)
