"""Where resources lie: alone, in a Bundle, in a package; which one is meant; and what must not be trusted."""

from __future__ import annotations

import gzip
import json
import tarfile
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from maksa.loaders.fhir import FhirSource, recognises
from maksa.model.errors import FileUnreadableError, SourceError
from tests.loaders.fhir.conftest import code_system, load_fhir, packed


def as_bytes(resource) -> bytes:
    return json.dumps(resource).encode()


def tastes(**members):
    tasted = {"id": "tastes", "url": "http://example.org/tastes", "concept": [{"code": "sour", "display": "Sour"}]}
    return code_system(**tasted | members)


def bundle(*resources):
    return {"resourceType": "Bundle", "entry": [{"fullUrl": "urn:x"}, *({"resource": each} for each in resources)]}


def package(*resources) -> bytes:
    files = {f"package/{number}.json": as_bytes(each) for number, each in enumerate(resources)}
    return packed({"package/package.json": b'{"name": "x"}', "package/.index.json": b"{}", "README.md": b"#", **files})


@pytest.mark.parametrize("wrapped", [as_bytes, lambda each: as_bytes(bundle(each)), package])
def test_the_only_code_system_is_meant_whatever_it_is_loaded_as(load, wrapped):
    """Alone, in a Bundle or in a package; a mark at the start does no harm."""
    assert load(wrapped(code_system()), "My-Colours").codes == ["red"]


@pytest.mark.parametrize("asked", ["tastes", "TASTES", "http://example.org/tastes"])
@pytest.mark.parametrize("wrapped", [lambda *each: as_bytes(bundle(*each)), package])
def test_of_several_the_one_with_the_asked_id_or_address_is_meant(load, wrapped, asked):
    """In any case, as ids match everywhere."""
    assert load(wrapped(code_system(), tastes()), asked).codes == ["sour"]


def test_of_several_none_of_which_is_asked_for_all_are_listed(load):
    """The message is what to choose from."""
    with pytest.raises(SourceError) as caught:
        load(as_bytes(bundle(code_system(), tastes())), "smells")

    assert "'smells' names none of its resources" in str(caught.value)
    assert "CodeSystem/colours (http://example.org/colours), CodeSystem/tastes" in str(caught.value)


def test_a_code_system_is_meant_before_its_value_set(load):
    """FHIR gives both the same id as a rule: the value set of all its codes."""
    whole = {"resourceType": "ValueSet", "id": "colours", "compose": {"include": [{"system": "x"}]}}

    assert load(as_bytes(bundle(whole, code_system()))).codes == ["red"]


def test_maps_come_with_the_code_system_beside_them(tmp_path):
    """A bundle of both is both."""
    group = {"source": "http://example.org/colours", "target": "http://loinc.org", "element": [{"code": "red"}]}
    (tmp_path / "both").write_bytes(
        as_bytes(bundle(code_system(), {"resourceType": "ConceptMap", "id": "m", "group": [group]}))
    )
    with FhirSource(tmp_path / "both", terminology_id="colours") as source:
        assert [each.target_id for each in source.maps()] == ["LNC"]
        assert [concept.code for concept in source.concepts()] == ["red"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no JSON"),
        (b"{", "no JSON"),
        (b'{"resourceType": 5}', "no FHIR resource"),
        (b'{"resourceType": "Patient"}', "no CodeSystem, no ValueSet"),
        (b'{"resourceType": "CodeSystem", "concept": "red"}', "CodeSystem/"),
        (b'{"resourceType": "CodeSystem", "id": "\xff"}', "no JSON"),
        (as_bytes(code_system(title="\ud800")), "no JSON"),
        (b"\x1f\x8b" + b"broken", "damaged package"),
        (package(code_system())[:200], "damaged package"),
        (gzip.compress(as_bytes(code_system()), mtime=0), "damaged package"),
        (packed({}), "no CodeSystem"),
        (packed({"package/a.json": b'{"resourceType": '}), "package/a.json"),
    ],
)
def test_what_cannot_be_read_is_an_error_that_says_why(load, content, said):
    """Truncated, damaged, of another kind, not JSON: the place is named."""
    with pytest.raises(FileUnreadableError) as caught:
        load(content)

    assert said in str(caught.value)


def test_a_package_that_is_a_bomb_is_refused_before_it_has_unpacked(tmp_path):
    """300 MB of zeros in 300 KB."""
    path = tmp_path / "bomb.tgz"
    with tarfile.open(path, "w:gz") as tar:
        member = tarfile.TarInfo("package/zeros.json")
        member.size = 300 << 20
        with Path("/dev/zero").open("rb") as zeros:
            tar.addfile(member, zeros)

    with pytest.raises(FileUnreadableError, match="that is no package"), FhirSource(path, terminology_id="x"):
        pass
    assert not recognises(path)


def test_names_that_climb_out_climb_nowhere(load, tmp_path):
    """Nothing of a package is written: such a member is read like any other."""
    loaded = load(packed({"../../climbed.json": as_bytes(code_system())}))

    assert loaded.codes == ["red"]
    assert not list(tmp_path.parent.glob("climbed*"))


def test_only_fhir_is_recognised(tmp_path):
    """By content; never an exception."""
    contents = {
        "bare": as_bytes(code_system()),
        "marked": b"\xef\xbb\xbf" + as_bytes(code_system()),
        "packed": package(code_system()),
        "other": b'{"terminology": "x"}',
        "text": b"code,value\n",
        "tarred": packed({"a.txt": b"x"}),
        "cut": package(code_system())[:50],
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)

    recognised = {name for name in (*contents, "absent", ".") if recognises(tmp_path / name)}
    assert recognised == {"bare", "marked", "packed"}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["code", "display", "concept", "property", "designation", "value"]), inner, max_size=5
        )
    ),
    max_leaves=15,
)


@settings(max_examples=150, deadline=None)
@given(st.lists(JSON, max_size=4), st.sampled_from(["complete", "fragment", 1, None]))
@example([{"code": "a", "concept": [{"code": "a"}]}], "complete")
def test_any_concepts_are_kept_or_refused_and_add_up(tmp_path_factory, concepts, content):
    """Whatever JSON stands where concepts should: nothing but a SourceError comes out."""
    path = tmp_path_factory.mktemp("fuzz") / "file"
    path.write_bytes(as_bytes(code_system(concept=concepts, content=content)))
    try:
        with FhirSource(path, terminology_id="colours") as source:
            kept = list(source.concepts())
    except SourceError:
        return
    report = source.report()

    assert report.read == report.kept + report.refused
    assert report.kept == len(kept) == len({each.code for each in kept})
    assert all(each.code and each.display for each in kept)


PACKAGE = package(code_system(), tastes())
TAR = gzip.decompress(PACKAGE)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(["json", "packed", "tar"]), st.integers(0, 3000), st.binary(max_size=20), st.booleans())
def test_any_damage_is_a_source_error(tmp_path_factory, where, at, noise, cut):
    """Bytes thrown into a file, a package, and the tar inside one; or everything after them gone."""
    good = {"json": as_bytes(code_system()), "packed": PACKAGE, "tar": TAR}[where]
    at %= len(good)
    bad = good[:at] + noise + (b"" if cut else good[at + len(noise) :])
    path = tmp_path_factory.mktemp("fuzz") / "file"
    path.write_bytes(gzip.compress(bad) if where == "tar" else bad)
    recognises(path)
    try:
        with FhirSource(path, terminology_id="colours") as source:
            kept = list(source.concepts())
    except SourceError:
        return
    assert source.report().kept == len(kept)


def test_examples_of_other_kinds_are_passed_over(tmp_path):
    """A guide's patients have a `name` that is no text; a code system whose `name` is none is refused."""
    patient = {"resourceType": "Patient", "name": [{"family": "A"}], "publisher": 1}
    package, bundle, wrong = tmp_path / "guide.tgz", tmp_path / "bundle.json", tmp_path / "wrong.json"
    members = {"package/example/a.json": patient, "package/colours.json": code_system()}
    package.write_bytes(packed({name: json.dumps(each).encode() for name, each in members.items()}))
    bundle.write_text(
        json.dumps({"resourceType": "Bundle", "entry": [{"resource": each} for each in members.values()]})
    )
    wrong.write_text(json.dumps(code_system(name=["A"])))

    assert load_fhir(package).codes == load_fhir(bundle).codes == ["red"]
    with pytest.raises(FileUnreadableError, match="it is no FHIR resource"):
        load_fhir(wrong)
