"""Who issues a list and under which licence, as the portal tells it: what the version says, else what the registry knows."""

from __future__ import annotations

import re
from html import unescape

import pytest

from maksa.home import Home
from maksa.model.concept import Concept
from maksa.model.terminology import Imprint
from tests.portal.conftest import HOSTILE, PORTAL, as_json, shown
from tests.web.conftest import put, running

ONE = [Concept("1", "یک")]


@pytest.fixture(scope="module")
def portal(tmp_path_factory):
    """Lists that nobody knows, and two of the registry's: one says whose it is, the other not."""
    home = Home.of(tmp_path_factory.mktemp("imprint") / "home")
    put(home, "Mine", "1", ONE, imprint=Imprint("انجمن پرستاری", "آزاد"))
    put(home, "Mine", "2", [*ONE, Concept("2", "دو")], imprint=Imprint("انجمن پرستاری", HOSTILE))
    put(home, "Bare", "1", ONE)
    put(home, "ICD10", "1", [Concept("I10", "Essential hypertension")], imprint=Imprint(licence="قرارداد ۱۴۰۵"))
    put(home, "LNC", "1", ONE)
    with running(home, environment=PORTAL) as started:
        yield started


def facts(portal, path):
    """The names and texts of the facts on a page."""
    body = shown(portal, path).body.decode()
    pairs = re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", body, re.DOTALL)
    return {name: unescape(re.sub("<[^>]+>", "", text)).strip() for name, text in pairs}


def test_a_list_that_nobody_knows_says_it_itself(portal):
    """On its page what the last version says; on the page of a version what that one says."""
    now, then = facts(portal, "/Mine"), facts(portal, "/Mine/versions/1")

    assert (now["ناشر"], now["مجوز"]) == ("انجمن پرستاری", HOSTILE)
    assert (then["ناشر"], then["مجوز"]) == ("انجمن پرستاری", "آزاد")
    assert b"<script>alert(1)" not in shown(portal, "/Mine").body


def test_programs_have_them_too(portal):
    """As they were said, of the terminology and of the version; what the registry knows is beside."""

    def told(path):
        return as_json(portal, path).json()

    assert told("/Mine")["imprint"] == {"issuer": "انجمن پرستاری", "licence": HOSTILE}
    assert told("/Mine/versions/1")["imprint"] == {"issuer": "انجمن پرستاری", "licence": "آزاد"}
    assert told("/LNC")["imprint"] == {"issuer": "", "licence": ""}
    assert told("/LNC")["terminology"]["known"]["issuer"] == "Regenstrief Institute"


def test_what_nobody_said_is_not_shown(portal):
    """No empty lines."""
    assert {"ناشر", "مجوز"} & facts(portal, "/Bare").keys() == set()


@pytest.mark.parametrize(
    ("path", "issuer", "licence"),
    [
        ("/ICD10", "سازمان جهانی بهداشت", "قرارداد ۱۴۰۵"),
        ("/LNC", "مؤسسهٔ رگنستریف", "مجوز LOINC: رایگان، با ذکر نام"),
    ],
)
def test_what_a_version_says_is_before_what_the_registry_knows(portal, path, issuer, licence):
    """Each of the two by itself."""
    told = facts(portal, path)

    assert (told["ناشر"], told["مجوز"]) == (issuer, licence)
