"""`maksa changes`: a table, JSON or Atom, page by page."""

from xml.etree.ElementTree import fromstring

import pytest


@pytest.fixture(autouse=True)
def lists(release):
    release("eRX", "1", "code,value", "1,ASPIRIN", "2,ACA", at="1400/01/01")
    release("IRC", "1", "code,value", "9,ACA TABLET", at="1400/06/01")
    release("eRX", "2", "code,value", "1,ASA", at="1401/01/01")


def test_every_list_is_told(maksa):
    """By date; what is retired too."""
    assert maksa("changes", "--since", "1400/01/01").rows == [
        ["1400/06/01", "IRC", "1", "added", "9", "ACA TABLET"],
        ["1401/01/01", "eRX", "2", "relabelled", "1", "ASA"],
        ["1401/01/01", "eRX", "2", "retired", "2", "ACA"],
    ]


def test_pages_follow_one_another(maksa):
    """Each with the token of the one before."""
    codes, token = [], None
    for _ in range(3):
        page = maksa(
            "changes", "--since", "1400/01/01", "--limit", "1", "--json", *(["--page", token] if token else [])
        )
        codes += [each["code"] for each in page.json["changes"]]
        token = page.json["cursor"]

    assert (codes, page.json["more"]) == (["9", "1", "2"], False)


def test_atom_is_one_document(maksa):
    """For a feed reader."""
    feed = fromstring(maksa("changes", "--since", "1401/01/01", "--atom").out)

    assert len(feed.findall("{http://www.w3.org/2005/Atom}entry")) == 2


def test_a_token_that_is_none_is_refused(maksa):
    """Exit code 9, and the token."""
    done = maksa("changes", "--since", "1400/01/01", "--page", "zzz")

    assert (done.code, "'zzz' is no page of a feed" in done.err) == (9, True)
