"""What follows what: any graph at all, and the shape of the real links."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schools import published
from schools.lineage import Graph
from schools.lineage.joining import _Sets as Sets
from schools.lineage.links import COLUMNS

CODES = st.sampled_from([str(code) for code in range(900_001, 900_009)])
TYPES = st.sampled_from(
    ["Successor", "Predecessor", "Successor - merged", "Predecessor - Split School", "Other"]
)
LINKS = st.lists(st.tuples(CODES, CODES, TYPES), max_size=25)


def follow(*pairs):
    return Graph((before, after, "Successor") for before, after in pairs)


@given(LINKS, st.randoms(use_true_random=False))
def test_any_graph_is_walked_to_its_end_and_the_same_in_any_order(links, random):
    graph = Graph(links)
    shuffled = Graph(random.sample(links, len(links)))

    for code in {code for link in links for code in link[:2]}:
        assert code not in graph.after(code)
        assert graph.after(code) == shuffled.after(code)
        assert all(code in graph.before(other) for other in graph.after(code))
        assert graph.doubts(code) == shuffled.doubts(code)
    assert graph.conversions() == shuffled.conversions()
    assert set(graph.loops()) == set(shuffled.loops())
    assert graph.depths() == shuffled.depths()


@given(LINKS, st.dictionaries(CODES, st.sets(st.sampled_from("PQR")), max_size=8))
def test_joining_again_joins_no_more_and_nobody_has_two(links, held):
    pairs = Graph(links).conversions()
    sets = Sets(held)
    for pair in pairs:
        sets.join(*pair)
    first = {frozenset(members) for members in sets.joined()}

    for pair in pairs:
        sets.join(*pair)

    assert {frozenset(members) for members in sets.joined()} == first
    for members in first:
        things = [thing for code in members for thing in held.get(code, ())]
        assert len(things) == len(set(things))


def test_a_link_may_be_said_from_either_end():
    graph = Graph([("1", "2", "Successor"), ("3", "2", "Predecessor"), ("3", "3", "Successor")])

    assert graph.conversions() == [("1", "2"), ("2", "3")]
    assert (graph.after("1"), graph.before("3")) == (["2", "3"], ["2", "1"])
    assert (graph.depth("1"), graph.depth("3")) == (2, 0)


def test_what_is_in_doubt_is_named():
    split = follow(("1", "2"), ("1", "3"))
    merge = follow(("1", "3"), ("2", "3"))
    loop = follow(("1", "2"), ("2", "1"))
    named = Graph([("1", "2", "Successor - amalgamated")])

    assert [graph.doubts("1") for graph in (split, merge, loop, named, Graph())] == [
        ["split"],
        ["merge"],
        ["loop"],
        ["merge"],
        ["nothing"],
    ]
    assert not any(graph.conversions() for graph in (split, merge, loop, named))
    assert (split.splits(), merge.merges(), loop.loops()) == ({"1"}, {"3"}, [{"1", "2"}])


def test_no_kind_of_link_but_succession_counts():
    graph = Graph([("1", "2", "Sixth Form Centre Link"), ("1", "3", "Expansion"), ("1", "4", "")])

    assert (graph.successors, graph.predecessors) == ({}, {})


@pytest.fixture(scope="module")
def real_links(real_data):
    path = real_data / "links" / "links_edubasealldata20240129.csv.xz"
    listing = published.read_listing(path, COLUMNS, needed=["code"])
    return [(row["code"], row["linked_code"], row["type"]) for _, row in listing.rows]


def test_the_shape_of_the_real_links(real_links):
    """As the notes on the data have it, which count successor and predecessor rows apart."""
    back = {(linked_code, code) for code, linked_code, _ in real_links}
    said = {
        word: Graph(link for link in real_links if link[2].startswith(word))
        for word in ("Successor", "Predecessor")
    }
    unanswered = {edge for edge in said["Successor"].types if edge not in back}
    graph = Graph(real_links)

    assert (len(real_links), len({type for _, _, type in real_links})) == (32_197, 17)
    assert len(said["Successor"].splits()) == 80
    assert len(said["Predecessor"].merges()) == 2_085
    assert len(unanswered) == 164
    two_way = [loop for loop in said["Successor"].loops() if len(loop) == 2]
    assert len(set().union(*two_way)) == 10
    assert {"101144", "101146"} in two_way
    assert (len(graph.splits()), len(graph.merges()), len(graph.loops())) == (86, 2_140, 11)
    assert sorted(len(loop) for loop in graph.loops()) == [2] * 9 + [3] * 2
    assert max(graph.depths().values()) == 4
    assert Counter(graph.depths().values())[4] == 15
