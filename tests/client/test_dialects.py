"""Gateways that are not maksa: every shape of an answer and every way to a function that they are known to have."""

from __future__ import annotations

import pytest

from maksa.client import (
    AccessRefusedError,
    CodedText,
    Found,
    NothingFound,
    Patience,
    RequestRefusedError,
    ServiceFaultError,
    TransportError,
    UnknownTerminology,
    UnreadableAnswerError,
)
from tests.simulator import Altered, Cut, Dialect, Refuse

RELIGION = ("thritaEHR.Religion", "1")
DIALECTS = {
    "the guide's samples": Dialect(),
    "table 6's names of a token": Dialect(token_names="camel", expires_in=str),
    "values encoded once": Dialect(texts="once"),
    "lists inside a text": Dialect(lists="twice"),
    "data null": Dialect(nothing="null"),
    "data null inside a text": Dialect(nothing="null in a text"),
    "data empty": Dialect(nothing="empty"),
    "words beside a 404": Dialect(nothing="words"),
    "no result": Dialect(nothing="no result"),
    "chunked": Dialect(coding="chunked"),
    "the end of the connection is the end": Dialect(coding="close"),
    "written for people": Dialect(indent=2),
    "written for people, lists inside a text": Dialect(indent=2, lists="twice"),
}


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=DIALECTS)
def test_every_shape_of_an_answer_is_read(ask, ministry, dialect):
    """The same calls, the same answers."""
    ministry.dialect = dialect
    version = ministry.lists.last_of("eRX")

    assert ask.display_of(*RELIGION) == Found("اسلام")
    assert ask.display_of("eRX", "60281", "10000") == Found(version.texts["60281"])
    assert ask.display_of("eRX", "1", "10000") == NothingFound("eRX", "10000", "1")
    assert ask.validate_code(*RELIGION, "اسلام") == Found(True)
    assert [row.number for row in ask.versions("eRX").value] == [each.number for each in ministry.lists.editions["eRX"]]
    assert ask.versions("x") == UnknownTerminology("x")
    assert ask.terminologies_since() == tuple(ministry.lists.editions)
    assert ask.listed(ask.concepts("eRX", "10000")) == [CodedText("eRX", *row) for row in version.since()]
    assert ask.concepts("eRX", "77").nothing == NothingFound("eRX", "77")


@pytest.mark.parametrize("flat", ["guide", "all", "none"])
def test_both_shapes_of_a_401_have_the_token_renewed(ask, ministry, flat):
    """The flat one of TerminologyValueByVersion, and the envelope of the others."""
    ministry.dialect = Dialect(flat_401=flat)
    ask.versions("eRX")
    for call in (lambda: ask.display_of("eRX", "60281", "10000"), lambda: ask.versions("eRX")):
        ministry.tokens.expire()
        assert isinstance(call(), Found)

    assert ministry.count("token") == 3


PAGES = (200, 400, 403, 405, 408, 411, 413, 415, 500, 501, 502, 503, 504)


@pytest.mark.parametrize("status", PAGES)
def test_a_get_whose_body_is_refused_with_a_page_goes_by_post(ask, ministry, status):
    """Whatever a proxy thinks that it is called: some have 200 for "the requested URL was rejected"."""
    ministry.dialect = Dialect(get_body="refused", page_status=status)
    answers = [ask.display_of(*RELIGION) for _ in range(2)]

    assert answers == [Found("اسلام")] * 2
    assert [request.method for request in ministry.asked("Terminology")] == ["GET", "POST", "POST"]


@pytest.mark.parametrize("status", [413, 500])
def test_a_get_whose_body_is_lost_on_a_gateway_goes_by_post(ask, ministry, status):
    """In its own words: it stumbles over what it was not given."""
    ministry.plan("Terminology", Refuse(status))

    assert ask.display_of(*RELIGION) == Found("اسلام")
    assert [request.method for request in ministry.asked("Terminology")] == ["GET", "POST"]


def test_a_get_whose_body_is_waited_for_goes_by_post(made, ministry):
    """A proxy that drops the body and leaves its length has the gateway wait for it for ever."""
    ministry.dialect = Dialect(get_body="waits")
    ask = made(patience=Patience(read_s=0.3))

    assert ask.display_of(*RELIGION) == Found("اسلام")
    assert [request.method for request in ministry.asked("Terminology")] == ["GET", "POST"]


def test_a_page_that_says_too_fast_is_of_no_way(ask, ministry):
    """Other ways tried at once would be faster still."""
    ministry.plan("Terminology", Refuse(429, retry_after="0", body=b"<html>slow down</html>"))

    assert ask.display_of(*RELIGION) == Found("اسلام")
    assert [request.method for request in ministry.asked("Terminology")] == ["GET", "GET"]


def test_a_page_for_every_way_settles_none(ask, ministry):
    """As of a network that wants a login first: afterwards the guide's own way is still the first."""
    ministry.plan("Terminology", *[Altered(lambda _: b"<html>welcome</html>")] * 3)
    with pytest.raises(UnreadableAnswerError):
        ask.display_of(*RELIGION)
    ministry._planned.clear()
    ministry.forget()

    assert ask.display_of(*RELIGION) == Found("اسلام")
    assert [request.method for request in ministry.requests] == ["GET"]


def test_a_byte_order_mark_is_read_over(ask, ministry):
    """.NET writes one before UTF-8 where nobody tells it not to: on tokens, answers and lists."""
    ministry.always["*"] = Altered(lambda body: b"\xef\xbb\xbf" + body)

    assert ask.display_of(*RELIGION) == Found("اسلام")
    assert isinstance(ask.versions("eRX"), Found)
    assert len(ask.listed(ask.concepts("eRX", "10000"))) == 2


def test_a_page_in_the_place_of_an_answer_is_told_by_its_kind(ask, ministry):
    """With the function and the requestId, where there is one: all that whoever mends it will ask for."""
    ministry.plan("TerminologyVersions", Refuse(200, body=b"<html>secret</html>"))
    with pytest.raises(UnreadableAnswerError) as raised:
        ask.versions("eRX")

    said = "TerminologyVersions: the answer cannot be read: JSON is malformed: invalid character (byte 0); its kind is text/html"
    assert str(raised.value) == f"{said} (requestId {ministry.requests[-1].request_id})"


def test_the_flat_401_is_said_in_the_guides_words(ask, ministry):
    """It has none of its own."""
    ministry.dialect = Dialect(flat_401="all")
    ask.versions("eRX")
    ministry.tokens.admits = lambda _: False
    with pytest.raises(AccessRefusedError, match="TerminologyVersions is refused: 401 Credential is not valid!"):
        ask.versions("eRX")


@pytest.mark.parametrize(
    "path", ["/api/client/apim/v1/maksaservice/gwmaksa", "/api/client/apim/v1/maksaservice/gw/maksa/"]
)
def test_the_address_may_be_the_functions_own(made, ministry, path):
    """As it stands in the guide: the token's is beside it, not below."""
    assert isinstance(made(ministry.url + path).versions("eRX"), Found)


@pytest.mark.parametrize("way", ["refused", "dropped", "hangs up"])
def test_a_get_that_may_have_no_body_goes_by_post_and_stays_there(ask, ministry, way):
    """By a proxy's page, by a body that is lost, by a connection that is ended."""
    ministry.dialect = Dialect(get_body=way)
    assert ask.display_of(*RELIGION) == Found("اسلام")
    ministry.forget()

    assert ask.display_of(*RELIGION) == Found("اسلام")
    assert [request.method for request in ministry.requests] == ["POST"]


@pytest.mark.parametrize("way", ["dropped", "hangs up"])
def test_where_post_is_refused_too_the_fields_go_in_the_address(ask, ministry, way):
    """A gateway that knows only GET, behind a proxy that lets no body through with it."""
    ministry.dialect = Dialect(get_body=way, other_method=False)
    assert ask.display_of(*RELIGION) == Found("اسلام")
    ministry.forget()

    assert ask.display_of(*RELIGION) == Found("اسلام")
    assert [(request.method, request.body) for request in ministry.requests] == [("GET", b"")]
    assert ministry.requests[0].query == "terminologyId=thritaEHR.Religion&codedString=1"


def test_a_get_that_works_is_kept_to(ask, ministry):
    """A refusal later on is the call's own, and is not asked again in other ways."""
    ask.display_of(*RELIGION)
    ministry.plan("Terminology", Refuse(400))

    with pytest.raises(RequestRefusedError):
        ask.display_of(*RELIGION)
    assert [request.method for request in ministry.asked("Terminology")] == ["GET", "GET"]


def test_the_first_refusal_is_told_where_every_way_is_refused(ask, ministry):
    """Each was tried once; what the gateway says of the guide's own way is the most telling."""
    ministry.plan("Terminology", Refuse(400), Refuse(405), Refuse(501))

    with pytest.raises(RequestRefusedError) as refused:
        ask.display_of(*RELIGION)
    assert refused.value.status == 400
    assert [request.method for request in ministry.asked("Terminology")] == ["GET", "POST", "GET"]


@pytest.mark.parametrize("call", [("versions", "eRX"), ("display_of", *RELIGION)])
def test_the_guides_other_path_is_found_and_kept_to(ask, ministry, call):
    """`…/gw/maksa`, as its curl samples have it; a path that is not there is asked once."""
    name, *arguments = call
    ministry.plan("*", None, Refuse(404))  # the token, then the first path
    getattr(ask, name)(*arguments)
    ask.terminologies_since()

    paths = [request.path.split("/maksaservice/")[1].rpartition("/")[0] for request in ministry.requests[1:]]
    assert paths == ["gwmaksa", "gw/maksa", "gw/maksa"]


def test_a_path_that_is_named_is_the_only_one(made, ministry):
    """Nobody else's is tried."""
    ask = made(base="/other/place/")

    with pytest.raises(RequestRefusedError, match="404"):
        ask.versions("eRX")
    assert [request.path for request in ministry.requests[1:]] == ["/other/place/TerminologyVersions"]


def test_a_refusal_inside_a_200_is_a_refusal(ask, ministry):
    """Some gateways never say anything else than 200 in HTTP."""
    ministry.plan("TerminologyVersions", Altered(lambda _: b'{"status":{"statusCode":400,"message":"Bad request."}}'))
    with pytest.raises(RequestRefusedError, match="TerminologyVersions is refused: 400 Bad request"):
        ask.versions("eRX")


@pytest.mark.parametrize("body", [
    b'{"status":0,"code":401,"msg":"","violations":[]}',
    b'{"status":{"statusCode":401,"message":"Credential is not valid!"}}',
])  # fmt: skip
def test_a_401_inside_a_200_has_the_token_renewed(ask, ministry, body):
    """Of a short answer and of a list; the call goes on with the new one."""
    for function in ("TerminologyVersions", "TerminologiesTermByVersion"):
        ministry.plan(function, Altered(lambda _: body))
    ask.versions("eRX")
    assert len(ask.listed(ask.concepts("eRX", "10000"))) == 2

    assert ministry.count("token") > 2


def test_a_redirection_is_told_and_not_followed(ask, ministry):
    """A token sent after it would be somebody else's; what is asked stays out of the message."""
    location = (("Location", "https://elsewhere.example/x?codedString=1"),)
    ministry.plan("TerminologyVersions", Refuse(301, body=b"", headers=location))
    with pytest.raises(RequestRefusedError, match=r'301 it is at "https://elsewhere\.example/x"; no credentials'):
        ask.versions("eRX")
    assert ministry.count("TerminologyVersions") == 1


def test_a_provider_that_failed_is_no_absence(ask, ministry):
    """500 in `result.status` is not 404 there."""
    body = b'{"result":{"status":{"statusCode":500}},"status":{"statusCode":200,"message":"OK"}}'
    ministry.always["TerminologyVersions"] = Altered(lambda _: body)
    with pytest.raises(ServiceFaultError, match="500"):
        ask.versions("eRX")


def test_a_line_that_is_down_is_no_refused_way(made, ministry):
    """Where POST is not heard either, the line is to blame, and GET is still the first to be tried."""
    ask = made(patience=Patience(attempts=1))
    ministry.plan("Terminology", Cut("before", rst=True), Cut("before", rst=True))

    with pytest.raises(TransportError):
        ask.display_of(*RELIGION)
    assert ask.display_of(*RELIGION) == Found("اسلام")
    assert [request.method for request in ministry.asked("Terminology")] == ["GET", "POST", "GET"]
