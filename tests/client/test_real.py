"""The library and a real maksa, over a socket: the seven functions, and what a maksa has beyond the guide."""

from __future__ import annotations

import datetime as dt

import pytest

from maksa.client import Account, CodedText, Found, Maksa, NothingFound, UnknownTerminology
from maksa.home import Home
from maksa.model.concept import Concept
from tests.client.conftest import BRISK, Either
from tests.simulator import guide_lists
from tests.web.conftest import Service, put, running

LARGE = 5_000

pytestmark = pytest.mark.xdist_group("client")  # one service is enough


@pytest.fixture(scope="module")
def service(tmp_path_factory) -> Service:
    """A few of the guide's samples, and a list that takes many pieces of the line."""
    home = Home.of(tmp_path_factory.mktemp("client") / "home")
    for terminology_id in ("thritaEHR.Religion", "ContactType", "eRX"):
        for edition in guide_lists().editions[terminology_id]:
            put(
                home, terminology_id, edition.label, [Concept(*pair) for pair in edition.texts.items()], at="1400/05/06"
            )
    put(home, "Large", "1", [Concept(f"{code:06}", f"نمایش {code}") for code in range(LARGE)], at="1401/01/01")
    with running(home) as started:
        yield started


@pytest.fixture
def account(service) -> Account:
    """The account that the operator made."""
    given = {name: service.credentials[name] for name in ("client_id", "client_secret", "username", "password")}
    return Account(**given, pid=service.pid)


@pytest.fixture
def ask(made, service, account) -> Either:
    return made(f"http://127.0.0.1:{service.port}", account)


def test_every_function_answers(ask):
    """As the guide's gateway does."""
    assert ask.display_of("thritaEHR.Religion", "1") == Found("اسلام")
    assert ask.display_of("eRX", "60281", "10000").value.startswith("MOMETASONE")
    assert ask.display_of("eRX", "0") == NothingFound("eRX", code="0")
    assert ask.validate_code("thritaEHR.Religion", "1", "اسلام") == Found(True)
    assert [row.label for row in ask.versions("eRX").value] == ["1000", "10000"]
    assert ask.versions("x") == UnknownTerminology("x")
    assert ask.terminologies_since()[:3] == ("thritaEHR.Religion", "ContactType", "eRX")
    assert [each.code for each in ask.listed(ask.concepts("eRX", "10000"))] == ["60002", "60281"]
    assert ask.concepts("eRX", "77").nothing == NothingFound("eRX", "77")


def test_a_whole_version_arrives_compressed_and_in_order(ask):
    """Each concept once, as it was published."""
    concepts = ask.listed(ask.concepts("Large", "1"))

    assert concepts == [CodedText("Large", f"{code:06}", f"نمایش {code}") for code in range(LARGE)]


def test_a_version_that_is_the_same_still_is_not_sent_again(ask):
    """By its etag; another's is no reason to keep it."""
    first = ask.concepts("Large", "1")
    again = ask.concepts("Large", "1", if_none_match=first.etag)
    other = ask.concepts("Large", "1", if_none_match='"x"')

    assert len(ask.listed(first)) == LARGE
    assert (again.is_unchanged, again.nothing, ask.listed(again)) == (True, None, [])
    assert (again.etag, other.is_unchanged) == (first.etag, False)
    ask.left(other)


def test_what_is_published_between_two_questions_is_in_the_second(ask, service):
    """A caller who goes on from `asked_at` misses nothing."""
    name = type(ask.client).__name__
    put(service.home, name, "1", [Concept("1", "کهنه")], at="1402/01/01")
    asked_at = ask.concepts_since("ContactType", "1500/01/01").asked_at
    put(service.home, name, "2", [Concept("1", "کهنه"), Concept("2", "تازه")])
    until = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=20)
    changes: list[CodedText] = []
    while not changes and dt.datetime.now(dt.UTC) < until:  # the service looks at its shelf now and then
        changes = ask.listed(ask.concepts_since(name, asked_at))

    assert changes == [CodedText(name, "2", "تازه")]


def test_a_prefix_before_the_functions_path_is_kept(service, account):
    """Behind a server that has more than one service."""
    with Maksa(f"http://127.0.0.1:{service.port}/", account, patience=BRISK) as maksa:
        assert maksa.display_of("thritaEHR.Religion", "1") == Found("اسلام")
        assert repr(maksa).startswith(f"Maksa('http://127.0.0.1:{service.port}/', Account(client_id=")
