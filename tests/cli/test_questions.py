"""terminologies, versions, lookup, validate, since, search: what they print, and the exit code of a no."""

from __future__ import annotations

import functools

import pytest

from tests.cli.conftest import released, run_in

ERX = ("code,value,value_en,form", "60000,استامینوفن,ACETAMINOPHEN,قرص", "60001,آسپیرین,ASPIRIN,قرص")


@pytest.fixture(scope="module")
def maksa(tmp_path_factory):
    """Runs `maksa …` in a home with two lists, which nobody changes."""
    folder = tmp_path_factory.mktemp("lists")
    released(folder, "eRX", "9999", *ERX[:2], at="1400/02/07")
    released(folder, "eRX", "10000", *ERX, at="1401/12/01")
    released(folder, "thritaEHR.Religion", "1", "code,value", "1,اسلام", at="1402/01/01")
    return functools.partial(run_in, folder / "home")


def test_terminologies_are_in_order_of_definition(maksa):
    """The first version defines; the last one is shown. [contract §4]"""
    rows = maksa("terminologies").rows
    told = maksa("terminologies", "--json").json

    assert [row[:4] for row in rows] == [
        ["eRX", "10000", "2", "1401/12/01"],
        ["thritaEHR.Religion", "1", "1", "1402/01/01"],
    ]
    assert [(each["terminology_id"], each["versions"], each["last"]["label"]) for each in told] == [
        ("eRX", 2, "10000"),
        ("thritaEHR.Religion", 1, "1"),
    ]
    assert told[0]["defined_at"] == "2021-04-26T19:30:00Z"


def test_versions_are_in_order_of_publication(maksa):
    """With the numbers of the wire, in any case of the id."""
    told = maksa("versions", " erx ", "--json").json

    assert [(each["label"], each["id"], each["version_id"], each["is_last"]) for each in told] == [
        ("9999", 1, 1, False),
        ("10000", 2, 2, True),
    ]
    assert [row[-1] for row in maksa("versions", "eRX").rows] == ["", "*"]


def test_lookup_shows_all_of_a_concept(maksa):
    """As lines and as JSON."""
    told = maksa("lookup", "eRX", "60001", "--json").json

    assert maksa("lookup", "eRX", "60001").rows == [
        ["code", "60001"], ["display", "آسپیرین"], ["status", "active"], ["designation (en)", "ASPIRIN"], ["form", "قرص"],
        ["created", "1401/12/01"], ["changed", "1401/12/01"],
    ]  # fmt: skip
    assert (told["code"], told["display"], told["language"]) == ("60001", "آسپیرین", "fa")
    assert [(each["language"], each["value"]) for each in told["designations"]] == [("en", "ASPIRIN")]
    assert maksa("lookup", "eRX", "60000", "--version", "9999", "--json").json["display"] == "استامینوفن"


@pytest.mark.parametrize(
    ("arguments", "slug", "said"),
    [
        (("lookup", "eRX", "9"), "unknown-code", "eRX 10000 has no code '9'"),
        (("lookup", "eRX", "60001", "--version", "9999"), "unknown-code", "eRX 9999 has no code '60001'"),
        (("lookup", "eRX", "60000", "--version", "1"), "unknown-version", "eRX has no version '1'; it has 9999, 10000"),
        (("lookup", "ATC", "1"), "unknown-terminology", "there is no terminology 'ATC'"),
        (("versions", "ATC"), "unknown-terminology", "there is no terminology 'ATC'"),
        (("validate", "ATC", "1", "x"), "unknown-terminology", "there is no terminology 'ATC'"),
        (("search", "x", "--terminology", "ATC"), "unknown-terminology", "there is no terminology 'ATC'"),
        (("since", "1400/01/01", "ATC"), "unknown-terminology", "there is no terminology 'ATC'"),
    ],
)
def test_what_is_not_there_is_a_no(maksa, arguments, slug, said):
    """Exit code 1; a line on standard error, or with --json a document with a slug."""
    plain, told = maksa(*arguments), maksa(*arguments, "--json")

    assert (plain.code, plain.out, plain.err) == (1, "", f"maksa: {said}\n")
    assert (told.code, told.json, told.err) == (1, {"error": slug, "message": said}, "")


@pytest.mark.parametrize(("code", "display"), [("60000", "استامینوفن"), (" 60000 ", " استامينوفن ")])
def test_validate_says_yes(maksa, code, display):
    """Exit code 0, for the same text typed on another keyboard too. [contract §2]"""
    plain, told = maksa("validate", "erx", code, display), maksa("validate", "eRX", code, display, "--json")

    assert (plain.code, plain.out) == (0, "yes\n")
    assert (told.code, told.json) == (0, {"valid": True, "display": "استامینوفن"})


@pytest.mark.parametrize(
    ("code", "display", "actual", "said"),
    [("1", "مسیحی", "اسلام", "no: 1 is 'اسلام'"), ("2", "اسلام", None, "no: there is no code '2'")],
)
def test_validate_says_no_and_what_is_true(maksa, code, display, actual, said):
    """Exit code 1."""
    plain = maksa("validate", "thritaEHR.Religion", code, display)
    told = maksa("validate", "thritaEHR.Religion", code, display, "--json")

    assert (plain.code, plain.out, plain.err) == (1, "", f"maksa: {said}\n")
    assert (told.code, told.json) == (1, {"valid": False, "display": actual})


@pytest.mark.parametrize("date", ["1401/12/01", "2023-02-20", "2023-02-20T00:00:00+03:30", "۱۴۰۱/۱۲/۰۱"])
def test_since_gives_what_changed(maksa, date):
    """At the date or after it, by the clock of Tehran; Jalali or ISO."""
    assert maksa("since", date, "eRX").rows == [["60001", "1401/12/01", "آسپیرین"]]
    assert maksa("since", date, "erx", "--json").json == [
        {"code": "60001", "display": "آسپیرین", "changed": "2023-02-19T20:30:00Z"}
    ]


def test_since_without_an_id_gives_what_was_defined(maksa):
    """In order of definition."""
    assert maksa("since", "1390/01/01").rows == [["eRX"], ["thritaEHR.Religion"]]
    assert maksa("since", "1401/12/01", "--json").json == ["thritaEHR.Religion"]


@pytest.mark.parametrize(
    "arguments", [("since", "1404/01/01"), ("since", "1404/01/01", "eRX"), ("search", "ibuprofen"), ("search", "")]
)
def test_an_empty_list_is_a_no(maksa, arguments):
    """Exit code 1, the header or an empty array, and a word on standard error."""
    plain, told = maksa(*arguments), maksa(*arguments, "--json")

    assert (plain.code, plain.rows, told.code, told.json) == (1, [], 1, [])
    assert plain.err.startswith("maksa: nothing ")


@pytest.mark.parametrize("date", ["", "1403/07/31", "1400/1/1/1", "2021-02-29", "yesterday", "1400/01/01T24:00"])
def test_a_date_that_does_not_exist_is_refused(maksa, date):
    """Exit code 2, with the date as it was given; never another date."""
    done = maksa("since", date)

    assert (done.code, done.out) == (2, "")
    assert "Invalid value for 'DATE': " in done.err


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("aspi", ["60001"]), ("آسپ", ["60001"]), ("اسپيرين", ["60001"]), ("60", ["60000", "60001"]), ("۶۰۰۰۱", ["60001"]),
        ("islam", None), ("اسلام", ["1"]), ("ACETAMINOPHEN", ["60000"]),
    ],
)  # fmt: skip
def test_search_forgives_the_keyboard(maksa, text, codes):
    """Beginnings of words and of codes, in Persian and English."""
    done = maksa("search", text)

    assert ([row[1] for row in done.rows] or None) == codes
    assert [match["code"] for match in maksa("search", text, "--json").json] == (codes or [])


def test_search_may_be_narrowed(maksa):
    """To a terminology and a number."""
    assert [row[1] for row in maksa("search", "60", "--limit", "1").rows] == ["60000"]
    assert maksa("search", "1", "--terminology", "THRITAEHR.RELIGION").rows == [
        ["thritaEHR.Religion", "1", "اسلام", "1"]
    ]
    assert maksa("search", "60", "--limit", "0").code == 2


def test_a_home_without_a_shelf_has_nothing(maksa, tmp_path):
    """Nothing is published yet, and nothing is made for asking."""
    empty = tmp_path / "empty"
    empty.mkdir()

    assert maksa("terminologies", "--home", empty).rows == []
    assert maksa("lookup", "eRX", "1", "--home", empty).err == "maksa: there is no terminology 'eRX'\n"
    assert list(empty.iterdir()) == []


READING = """
terminologies · versions eRX · lookup eRX 1 · validate eRX 1 a · since 1400/05/06 · search a · compare eRX 1 2 · tree eRX
history eRX 1 · changes --since 1400/05/06 · export eRX · notices · state · verify · verify --json · mirror sync · mirror status
mirror verify · mirror remove hq · draft list · draft review eRX 1 · draft drop eRX 1 · draft start eRX 1 · publish eRX 1 · map list
map show eRX 1 --to ATC · map check m · key show · key sign · account list · account rotate a · operator list · operator reset a
desk audit · desk verify
"""


@pytest.mark.parametrize("command", [each.strip() for each in READING.replace("\n", " · ").split("·") if each.strip()])
def test_a_home_that_is_not_there_is_told_and_not_made(maksa, tmp_path, command):
    """A mistyped one must not look like one that is empty, or whole."""
    done = maksa(*command.split(), "--home", tmp_path / "hoem")

    said = f"there is no home at {tmp_path / 'hoem'} (maksa load makes one; --home or MAKSA_HOME names it)"
    assert done.code == 1
    assert (done.json["message"] if "--json" in command else done.err.removeprefix("maksa: ").rstrip()) == said
    assert not (tmp_path / "hoem").exists()
