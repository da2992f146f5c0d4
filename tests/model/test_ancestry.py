"""Who is above whom: closures are those of plain sets, and a circle is found wherever there is one."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from maksa.model.ancestry import Ancestry

pairs = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=40)


def ancestry_of(given_pairs: list[tuple[int, int]]) -> Ancestry:
    ancestry = Ancestry()
    for child, parent in given_pairs:
        ancestry.add(child, parent)
    return ancestry


def closure_of(given_pairs: list[tuple[int, int]]) -> list[tuple[int, int, int]]:
    """The closure as pairs with their depth."""
    return [
        (number, ancestor, depth)
        for number, ancestors, depths in ancestry_of(given_pairs).closure()
        for ancestor, depth in zip(ancestors, depths, strict=True)
    ]


def plain_closure(given_pairs: list[tuple[int, int]]) -> list[tuple[int, int, int]]:
    """The closure by its definition: one step more until nothing is new."""
    depths = dict.fromkeys(given_pairs, 1)
    while more := {
        (child, higher): depth + 1
        for (child, parent), depth in depths.items()
        for lower, higher in given_pairs
        if lower == parent and (child, higher) not in depths
    }:
        nearest = min(more.values())
        depths |= {pair: depth for pair, depth in more.items() if depth == nearest}
    return sorted((child, ancestor, depth) for (child, ancestor), depth in depths.items())


@given(pairs)
def test_the_closure_is_that_of_plain_sets_in_key_order(given_pairs):
    """Every pair once, with its shortest way, whatever the order in which parents were added."""
    assert closure_of(given_pairs) == plain_closure(given_pairs)


@given(st.dictionaries(st.integers(0, 12), st.integers(0, 12), max_size=12))
def test_the_closure_where_nothing_has_two_parents_is_the_same(parents):
    """It is walked otherwise, circles too: a tree's numbers have one way up."""
    assert closure_of(list(parents.items())) == plain_closure(list(parents.items()))


@given(pairs)
def test_a_cycle_is_found_exactly_where_a_number_is_above_itself(given_pairs):
    """And what is found is one: each number is followed by a parent of it, back to the first."""
    cycle = ancestry_of(given_pairs).cycle()

    assert bool(cycle) == any(child == ancestor for child, ancestor, _ in plain_closure(given_pairs))
    assert set(pairwise(cycle)) <= set(given_pairs)
    assert cycle[:1] == cycle[-1:]


def test_a_long_chain_is_no_deep_recursion():
    """100,000 above one another: the cycle's search and one walk up both end."""
    chain = ancestry_of([(number, number + 1) for number in range(100_000)])
    number, ancestors, depths = next(chain.closure())

    assert chain.cycle() == []
    assert number == 0
    assert ancestors == depths == list(range(1, 100_001))
