"""Facts as people read them, in both languages."""

from __future__ import annotations

import datetime as dt

import pytest

from maksa.pages.formatting import Formats
from maksa.pages.wording import wording_of

FA, EN = Formats(wording_of("fa")), Formats(wording_of("en"))


def test_numbers_have_the_digits_and_the_marks_of_the_language():
    """Thousands stand apart in both."""
    assert (FA.number(12597), EN.number(12597)) == ("۱۲٬۵۹۷", "12,597")
    assert (FA.number(0.5), EN.number(0.5)) == ("۰٫۵", "0.5")


@pytest.mark.parametrize(
    ("count", "fa", "en"),
    [(0, "۰ بایت", "0 bytes"), (1024, "۱ کیلوبایت", "1 KB"), (3_407_872, "۳٫۲ مگابایت", "3.2 MB")],
)
def test_sizes_have_a_unit_that_suits_them(count, fa, en):
    """A snapshot of three million bytes is 3.2 MB."""
    assert (str(FA.size(count)), str(EN.size(count))) == (fa, en)


def test_a_day_is_jalali_in_persian_and_gregorian_in_english():
    """The machine's form is the same in both."""
    day = dt.date(2021, 7, 28)

    assert FA.day(day) == '<time datetime="2021-07-28">۶ مرداد ۱۴۰۰</time>'
    assert EN.day(day) == '<time datetime="2021-07-28">28 July 2021</time>'
    assert FA.day(None) == ""


def test_a_moment_is_told_by_the_clock_of_tehran():
    """22:30 of London's winter is two in the morning there, of the next day."""
    moment = dt.datetime(2021, 12, 31, 22, 30, tzinfo=dt.UTC)

    assert "2 January" not in EN.moment(moment)
    assert "1 January 2022, 02:00" in EN.moment(moment)
    assert "۱۱ دی ۱۴۰۰، ۰۲:۰۰" in FA.moment(moment)


def test_a_day_past_the_calendars_end_is_shown_as_it_is():
    """persiantools ends with the year 9377."""
    assert "۹۹۹۹" in FA.day(dt.date(9999, 12, 31))


def test_a_wording_of_a_list_says_its_language_and_is_escaped():
    """A screen reader speaks it in its own tongue."""
    assert FA.wording("دین") == '<bdi lang="fa" dir="rtl">دین</bdi>'
    assert FA.wording("<b>") == '<bdi lang="en" dir="ltr">&lt;b&gt;</bdi>'
    assert FA.wording("x", '"><script>') == '<bdi lang="&#34;&gt;&lt;script&gt;" dir="auto">x</bdi>'


def test_what_a_sentence_quotes_stands_by_itself():
    """A code that ends in a hyphen keeps its order; what is quoted is escaped as all text is."""
    assert FA.sentence("کد «A00.-» نیست") == '<bdi lang="fa" dir="rtl">کد «<bdi>A00.-</bdi>» نیست</bdi>'
    assert "«<bdi>&lt;b&gt;</bdi>»" in FA.sentence("کد «<b>» نیست")
    assert EN.sentence("no code '<b>'") == '<bdi lang="en" dir="ltr">no code &#39;&lt;b&gt;&#39;</bdi>'


def test_a_code_keeps_its_digits_and_stands_left_to_right():
    """In Persian prose too."""
    assert FA.code("60002") == '<code class="code" dir="ltr" translate="no">60002</code>'
    assert "&lt;" in FA.code("<")
