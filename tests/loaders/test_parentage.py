"""Parents that are not there, and parents that go round in a circle."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from maksa.loaders.table.parentage import circles
from tests.loaders.conftest import Load

HEADER = "code,value,parent\n"


def test_a_parent_may_come_after_its_children(load: Load) -> None:
    loaded = load(f"{HEADER}0001,اراک,00\n00,مرکزی,\n")

    assert loaded.concepts[0].parents == ("00",)
    assert loaded.report.counts == {}


def test_an_orphan_is_kept_and_told(load: Load) -> None:
    """Its parent may have been refused: the row of the child is what can be mended."""
    loaded = load(f"{HEADER}00,,\n0001,اراک,00\n")

    assert loaded.codes == ["0001"]
    finding = loaded.report.findings[1]
    assert (finding.slug, finding.row, finding.column, finding.value) == ("orphan-parent", 3, "parent", "00")
    assert finding.message == "the parent '00' of '0001' is no code that was kept"


def test_a_circle_blocks_the_draft(load: Load) -> None:
    """Its rows have been kept when it is found: so the report says that nothing may be published."""
    loaded = load(f"{HEADER}a,1,b\nb,2,c\nc,3,a\nd,4,a\n")

    assert loaded.report.blocking == 1
    assert (loaded.only.severity, loaded.only.slug) == ("refusal", "parent-cycle")
    assert sorted(loaded.only.message.split(": ")[1].split(";")[0].split(" → ")[:3]) == ["a", "b", "c"]
    assert (loaded.report.read, loaded.report.kept, loaded.report.refused) == (4, 4, 0)


def test_a_long_circle_is_shown_in_part(load: Load) -> None:
    rows = "".join(f"{at},x,{(at + 1) % 500}\n" for at in range(500))
    loaded = load(HEADER + rows)

    assert loaded.report.counts == {"parent-cycle": 1}
    assert loaded.only.message.count("→") == 10


@given(st.dictionaries(st.integers(0, 12).map(str), st.integers(0, 12).map(str)))
def test_every_circle_is_found_once(parents: dict[str, str]) -> None:
    """Against the slow way: a code is on a circle if walking from it comes back to it."""

    def returns(code: str) -> bool:
        at = parents[code]
        for _ in parents:
            if at == code:
                return True
            if at not in parents:
                return False
            at = parents[at]
        return at == code

    found = [code for circle in circles(parents) for code in circle]
    assert len(found) == len(set(found))
    assert set(found) == {code for code in parents if returns(code)}
