"""Networks and rates as they are typed into a form of the desk."""

from __future__ import annotations

import pytest

from maksa.desk.limits import networks_of, rate_of
from maksa.model.errors import AccountFieldError

NETWORKS = ["10.20.0.0/16", "192.0.2.7"]


@pytest.mark.parametrize("between", [",", ", ", "،", "، ", "؛", ";", " ", "\n", "\r\n", " ،\n"])
def test_networks_stand_apart_by_any_mark(between):
    """Whoever writes Persian has «،» on his keys, and whoever pastes a column has line breaks."""
    assert networks_of(between.join(NETWORKS)) == NETWORKS


@pytest.mark.parametrize(
    "typed", ["۱۰.۲۰.۰.۰/۱۶، ۱۹۲.۰.۲.۷", "١٠.٢٠.٠.٠/١٦؛١٩٢.٠.٢.٧", "\u206610.20.0.0/16\u2069 192.0.2.7"]
)
def test_addresses_are_taken_in_any_digits(typed):
    """Persian and Arabic digits are digits; marks of direction, copied with the form's own hint, are nothing."""
    assert networks_of(typed) == NETWORKS


@pytest.mark.parametrize(
    ("typed", "rate"),
    [
        ("500/minute", "500/minute"),
        ("10 per second", "10 per second"),
        ("۵۰۰/minute", "500/minute"),
        ("٥٠٠/minute", "500/minute"),
        ("\u2066500/minute\u2069", "500/minute"),
        ("۵۰۰ در دقیقه", "500/minute"),
        ("500 در ثانیه", "500/second"),
        ("500 در ثانيه", "500/second"),  # typed on an Arabic keyboard
        ("۱٬۰۰۰ فراخوانی در هر ساعت", "1000/hour"),
        ("۵ در ۲ ساعت", "5/2 hour"),
        ("", ""),
    ],
)
def test_a_rate_is_taken_as_it_is_said(desk, typed, rate):
    """What comes of it is a rate to the accounts too."""
    desk.accounts.add("lab", rate=rate_of(typed))

    assert desk.accounts.list()[0].rate == rate


@pytest.mark.parametrize("typed", ["گاهی", "۵۰۰", "۵۰۰ در هفته‌ای", "۵ در دقیقه؛ ۹ در ساعت", "۰ در دقیقه"])
def test_what_is_no_rate_is_refused(desk, typed):
    """It is not read as another."""
    with pytest.raises(AccountFieldError):
        desk.accounts.add("lab", rate=rate_of(typed))
