"""Tables of changes: every row judged, and the rows that are good done in their order."""

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maksa.loaders.changes import ChangeSource
from maksa.model.change import ACTIONS
from maksa.model.concept import Concept, Designation
from maksa.model.errors import ColumnMissingError

DRAFT = {
    "1": Concept("1", "حاد", "fa"),
    "11": Concept("11", "درد حاد", "fa", parents=("1",)),
    "12": Concept("12", "درد مزمن", "fa", parents=("1",)),
}
CHILDREN = {"1": ["11", "12"]}


@pytest.fixture
def change(tmp_path):
    """Applies the lines of a table to the draft above: (what the changed codes are now, the report)."""

    def done(*lines, header="action,code,display,parent,language,use"):
        file = tmp_path / "changes.csv"
        whole = [line + "," * (header.count(",") - line.count(",")) for line in lines]
        file.write_text("\n".join([header, *whole]) + "\n", encoding="utf-8")
        with ChangeSource(file, terminology_id="Pain") as source:
            after = source.applied(source.changes(), DRAFT, CHILDREN)
        return after, source.report()

    return done


def test_each_action_does_what_it_says(change):
    """In English or Persian words; a language that is not said is read from the letters."""
    after, report = change(
        "add,13,درد نوزاد,1", "relabel,11,Acute pain", "جابه‌جایی,12,,11", "add-designation,1,Acute,,en", "حذف,12"
    )

    assert after == {
        "13": Concept("13", "درد نوزاد", "", parents=("1",)),
        "11": Concept("11", "Acute pain", "en", parents=("1",)),
        "12": None,
        "1": Concept("1", "حاد", "fa", designations=(Designation("en", "Acute", "synonym"),)),
    }
    assert (report.read, report.kept, report.refused) == (5, 5, 0)


@pytest.mark.parametrize(
    ("line", "slug", "column"),
    [
        ("rename it,1,x", "unknown-action", "action"),
        ("add,1,دوباره", "code-exists", "code"),
        ("relabel,99,x", "code-not-there", "code"),
        ("relabel,1,", "blank-display", "display"),
        ("move,11,,99", "parent-not-there", "parent"),
        ("move,11,,11", "own-parent", "parent"),
        ("retire,1,", "children-left", "code"),
        ("retire,,", "blank-code", "code"),
        ("add-designation,99,x", "code-not-there", "code"),
        ("add,1\u200b4,x", "invisible-in-code", "code"),
        ("add,14,x,,,,,one too many", "too-many-cells", ""),
    ],
)
def test_a_row_that_cannot_be_done_is_refused_with_its_place(change, line, slug, column):
    """Row 3, whatever the row before it; the other row is judged too."""
    _, report = change("add,13,خوب", line)

    (finding,) = [each for each in report.findings if each.severity == "refusal"]
    assert (finding.slug, finding.row, finding.column) == (slug, 3, column)
    assert finding.message_fa
    assert (report.read, report.kept, report.refused) == (2, 1, 1)


def test_a_parent_may_come_in_a_later_row(change):
    """Whether it is there is asked when all rows are done; so are children that a later row moves."""
    after, report = change("move,11,,20", "retire,1", "retire,12", "add,20,درد")

    assert report.refused == 0
    assert after["11"].parents == ("20",)
    assert after["1"] is None


def test_a_parent_that_a_later_row_retires_is_refused(change):
    """The row that names it."""
    _, report = change("add,13,x,12", "retire,12")

    assert [(each.slug, each.row) for each in report.findings] == [("parent-not-there", 2)]


def test_what_changes_nothing_is_said(change):
    """A warning: the row does no harm."""
    _, report = change("relabel,11,درد حاد", "move,11,,1")

    assert [(each.slug, each.row) for each in report.findings] == [("no-effect", 2), ("no-effect", 3)]
    assert report.refused == 0


def test_blank_rows_are_skipped_and_counted(change):
    """Read is kept, refused and skipped."""
    _, report = change("add,13,x", ",,,", "retire,12")

    assert (report.read, report.kept, report.skipped, report.refused) == (3, 2, 1, 0)


def test_a_table_without_actions_is_no_table_of_changes(change):
    """The header that was read is shown."""
    with pytest.raises(ColumnMissingError, match="no column for action"):
        change("1,x", header="code,display")


rows = st.lists(
    st.tuples(
        st.sampled_from(ACTIONS),
        st.sampled_from(["1", "11", "12", "13"]),
        st.sampled_from(["", "a", "b"]),
        st.sampled_from(["", "1", "13"]),
    ),
    max_size=6,
)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(rows)
def test_what_is_not_refused_is_what_the_rows_say_one_by_one(change, given_rows):
    """A dictionary, changed row by row, has the same codes, displays, parents and further wordings."""
    after, report = change(*(",".join(row) for row in given_rows))
    list_ = dict(DRAFT)
    for action, code, display, parent in given_rows if not report.refused else ():
        by_hand(list_, action, code, display, parent)

    if not report.refused:
        now = {code: concept for code, concept in (DRAFT | after).items() if concept is not None}
        assert {code: plain(concept) for code, concept in now.items()} == {
            code: plain(concept) for code, concept in list_.items()
        }
        assert all(parent in now for concept in now.values() for parent in concept.parents)


def by_hand(list_, action, code, display, parent):
    parents = (parent,) if parent else ()
    if action == "add":
        assert code not in list_
        list_[code] = Concept(code, display, parents=parents)
    elif action == "relabel":
        list_[code] = msgspec.structs.replace(list_[code], display=display)
    elif action == "move":
        list_[code] = msgspec.structs.replace(list_[code], parents=parents)
    elif action == "retire":
        del list_[code]
    else:
        wordings = dict.fromkeys([*list_[code].designations, Designation("en", display)])
        list_[code] = msgspec.structs.replace(list_[code], designations=tuple(wordings))


def plain(concept):
    return concept.display, concept.parents, concept.designations
