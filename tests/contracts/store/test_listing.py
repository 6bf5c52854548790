"""What every store owes about lists of subjects."""

from contextlib import suppress
from typing import Any

import pytest

from stores import ACTOR, enroll, kinds
from vultus.domain.changes import NewSubject, SubjectChange
from vultus.domain.gallery import Gallery
from vultus.domain.subject import Attributes, Typed
from vultus.errors import InvalidValue
from vultus.gallery.store.port import Store
from vultus.gallery.store.requests import Enrolling, NewGallery, SubjectQuery

pytestmark = kinds

CELLS = {"age": "42", "code": "4.20", "card": "12345678901234567890", "vip": "true"}

PEOPLE = (
    NewSubject("Ada Lovelace", "2576", {"department": "engines"}),
    NewSubject("Ådne Løvelund", "N-17", {"department": "Fjord"}),
    NewSubject("John Smith", "J1", {"department": "engines", "floor": 3}),
    NewSubject("Jonathan Smythe-Lovel", attributes={"floor": 3.0, "vip": True}),
    NewSubject("محمد بن موسى الخوارزمي", attributes={"vip": 1}),
    NewSubject("李小龍 🥋", attributes={"vip": None, "tags": ["a", "b"]}),
    NewSubject("STRASSE Müller", attributes={'quo"ted': {"x": 1, "y": [True, 2.0, -0.0]}}),
    NewSubject("Csv", attributes=CELLS),
    NewSubject("Api", attributes={"age": 42, "code": 4.2}),
)


@pytest.fixture
def people(store: Store, gallery: Gallery) -> Gallery:
    store.enroll(gallery.id, [Enrolling(person) for person in PEOPLE], actor=ACTOR)
    return gallery


def found(store: Store, gallery: Gallery, text: str = "", **attributes: Any) -> list[str]:
    page = store.subjects(gallery.id, SubjectQuery(text, attributes))
    assert page.cursor is None
    return [item.subject.name.split()[0] for item in page.items]


def paged(store: Store, gallery: Gallery, query: SubjectQuery, limit: int) -> list[str]:
    names: list[str] = []
    cursor = None
    while True:
        page = store.subjects(gallery.id, query, cursor=cursor, limit=limit)
        assert len(page.items) <= limit
        names += [item.subject.name for item in page.items]
        if page.cursor is None:
            return names
        cursor = page.cursor


def test_everybody_is_listed_in_the_order_they_came(store: Store, people: Gallery) -> None:
    assert paged(store, people, SubjectQuery(), 100) == [person.name for person in PEOPLE]
    assert store.subjects(people.id, SubjectQuery("  ")).items == store.subjects(people.id).items


@pytest.mark.parametrize("limit", [1, 2, 3, len(PEOPLE)])
def test_pages_hold_everybody_once(store: Store, people: Gallery, limit: int) -> None:
    assert paged(store, people, SubjectQuery(), limit) == [person.name for person in PEOPLE]
    similar = SubjectQuery("lavelace")
    assert paged(store, people, similar, limit) == paged(store, people, similar, 100)


def test_pages_stay_in_step_while_others_write(store: Store, people: Gallery) -> None:
    first = store.subjects(people.id, limit=3)
    store.delete_subject(people.id, first.items[0].subject.id, actor=ACTOR)
    enroll(store, people, "Newcomer")
    second = store.subjects(people.id, cursor=first.cursor, limit=100)
    names = [item.subject.name for item in (*first.items, *second.items)]
    assert names == [*(person.name for person in PEOPLE), "Newcomer"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("ada", ["Ada"]),
        ("ADA LOVE", ["Ada"]),
        ("love ada", ["Ada"]),
        ("adne", ["Ådne"]),
        ("2576", ["Ada"]),
        ("n 17", ["Ådne"]),
        ("fjo", ["Ådne"]),
        ("engines", ["Ada", "John"]),
        ("engines john", ["John"]),
        ("محمد", ["محمد"]),
        ("الخوا", ["محمد"]),
        ("李", ["李小龍"]),
        ("🥋", ["李小龍"]),
        ("straße", ["STRASSE"]),
        ("muller", ["STRASSE"]),
        ("'; DROP TABLE subjects; -- \" * : & | ! ( ) \\", []),
        ("!?", []),
        ("x" * 5_000, []),
        (" ".join(f"{n}x" for n in range(3_000)), []),
        ("nul\0 half\ud800", []),
    ],
)
def test_words_are_found_by_their_beginning(
    store: Store, people: Gallery, text: str, names: list[str]
) -> None:
    assert found(store, people, text) == names


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Lovelase", "Ada"),
        ("Lovlace", "Ada"),
        ("ada lovelave", "Ada"),
        ("Jonh Smiht", "John"),
        ("jonatan", "Jonathan"),
        ("engnies", "Ada"),
        ("مخمد موسي", "محمد"),
    ],
)
def test_a_typo_is_forgiven(store: Store, people: Gallery, text: str, first: str) -> None:
    assert found(store, people, text)[0] == first


def test_typos_are_looked_for_where_nobody_has_the_words(store: Store, people: Gallery) -> None:
    assert found(store, people, "smith") == ["John"]
    assert found(store, people, "smyth") == ["Jonathan"]
    assert found(store, people, "smeth") == ["John", "Jonathan"]
    assert found(store, people, "smeth", floor=3, vip=True) == ["Jonathan"]


def test_the_closest_comes_first(store: Store, people: Gallery) -> None:
    for name in ("Lovelance", "Lovelose", "Loveless"):
        enroll(store, people, name)
    found_names = found(store, people, "lovelase")
    assert found_names[:3] == ["Ada", "Lovelose", "Lovelance"]
    assert found_names[-1] == "Loveless"


def test_a_name_is_looked_up_to_the_character(store: Store, people: Gallery) -> None:
    enroll(store, people, "ADA Lovelace")
    enroll(store, people, "!?")
    for name in ("Ada Lovelace", "ADA Lovelace", "!?", "李小龍 🥋"):
        (item,) = store.subjects(people.id, SubjectQuery(name=name)).items
        assert item.subject.name == name
    for name in ("ada lovelace", "Ada", "", "?"):
        assert store.subjects(people.id, SubjectQuery(name=name)).items == ()


def test_nothing_like_it_is_not_found(store: Store, people: Gallery) -> None:
    assert found(store, people, "zzyzx") == []
    assert found(store, people, "ada zzyzx") == []


@pytest.mark.parametrize(
    ("attributes", "names"),
    [
        ({"department": "engines"}, ["Ada", "John"]),
        ({"department": "engines", "floor": 3}, ["John"]),
        ({"floor": 3.0}, ["John", "Jonathan"]),
        ({"floor": "3"}, []),
        ({"vip": True}, ["Jonathan", "Csv"]),
        ({"vip": 1}, ["محمد"]),
        ({"vip": None}, ["李小龍"]),
        ({"tags": ["a", "b"]}, ["李小龍"]),
        ({"tags": ["b", "a"]}, []),
        ({"tags": ["a"]}, []),
        ({'quo"ted': {"y": [True, 2.0, -0.0], "x": 1}}, ["STRASSE"]),
        ({'quo"ted': {"y": [True, 2, 0], "x": 1.0}}, ["STRASSE"]),
        ({'quo"ted': {"y": [1, 2, 0], "x": 1}}, []),
        ({'quo"ted': {"y": [True, 2, False], "x": 1}}, []),
        ({'quo"ted': {"y": [True, 2.5, 0], "x": 1}}, []),
        ({'quo"ted': {"x": 1}}, []),
        ({"nobody": None}, []),
        ({"age": 42}, ["Csv", "Api"]),
        ({"age": "42"}, ["Csv"]),
        ({"age": Typed("42")}, ["Csv", "Api"]),
        ({"age": Typed('"42"')}, ["Csv"]),
        ({"age": Typed("42.0")}, ["Api"]),
        ({"code": Typed("4.20")}, ["Csv", "Api"]),
        ({"code": Typed("4.2")}, ["Api"]),
        ({"code": 4.2}, ["Api"]),
        ({"card": Typed("12345678901234567890")}, ["Csv"]),
        ({"card": Typed("NaN")}, []),
        ({"vip": Typed("true")}, ["Jonathan", "Csv"]),
        ({"vip": Typed("null")}, ["李小龍"]),
        ({"tags": Typed('["a", "b"]')}, ["李小龍"]),
        ({"age": Typed("42"), "code": Typed("4.20"), "vip": True}, ["Csv"]),
        ({"department": "'; --"}, []),
    ],
)
def test_attributes_must_equal(
    store: Store, people: Gallery, attributes: Attributes, names: list[str]
) -> None:
    assert found(store, people, "", **attributes) == names


def test_text_and_attributes_are_asked_together(store: Store, people: Gallery) -> None:
    assert found(store, people, "smith", floor=3) == ["John"]
    assert found(store, people, "smiht", department="engines") == ["John"]


def test_who_was_renamed_is_found_by_the_new_name_alone(store: Store, people: Gallery) -> None:
    ada = store.subject_by_external_id(people.id, "2576").subject
    change = SubjectChange(name="Augusta King", attributes={"department": "poetry"})
    store.update_subject(people.id, ada.id, change, actor=ACTOR)
    assert found(store, people, "augusta") == ["Augusta"]
    assert found(store, people, "poetry") == ["Augusta"]
    assert "Augusta" not in found(store, people, "lovelace") + found(store, people, "engines")


def test_who_is_deleted_is_not_found_until_restored(store: Store, people: Gallery) -> None:
    ada = store.subject_by_external_id(people.id, "2576").subject
    store.delete_subject(people.id, ada.id, actor=ACTOR)
    assert "Ada" not in found(store, people, "ada") + found(store, people, "lovelase")
    store.restore_subject(people.id, ada.id, actor=ACTOR)
    assert found(store, people, "ada") == ["Ada"]


def test_other_galleries_are_not_searched(store: Store, people: Gallery) -> None:
    other = store.create_gallery(NewGallery("other", people.model, people.dim), actor=ACTOR)
    for query in (SubjectQuery(), SubjectQuery("ada"), SubjectQuery("lovelase")):
        assert store.subjects(other.id, query).items == ()


@pytest.mark.parametrize("limit", [0, -1, 1_001, 2**63 - 1, 2**63, 10**20])
def test_a_page_has_a_bounded_number_of_subjects(store: Store, people: Gallery, limit: int) -> None:
    with pytest.raises(InvalidValue, match="limit"):
        store.subjects(people.id, limit=limit)


def test_a_number_that_no_database_holds_is_refused_or_means_nothing(store: Store) -> None:
    with suppress(InvalidValue):
        assert store.events(after=2**70) == ()
    with pytest.raises(InvalidValue):
        store.events(limit=2**70)


def test_a_cursor_belongs_to_its_query(store: Store, people: Gallery) -> None:
    cursor = store.subjects(people.id, SubjectQuery("a"), limit=1).cursor
    assert cursor is not None
    for other in (SubjectQuery("b"), SubjectQuery("a", {"floor": 3})):
        with pytest.raises(InvalidValue, match="another query"):
            store.subjects(people.id, other, cursor=cursor)


@pytest.mark.parametrize(
    "cursor", ["", "nonsense", "WyJhIiwgMWU5OTksIG51bGxd", "W10=", "WyJhIiwgImIiLCBudWxsXQ==", "💥"]
)
def test_a_cursor_that_was_never_given_out_is_refused(
    store: Store, people: Gallery, cursor: str
) -> None:
    with pytest.raises(InvalidValue, match="cursor"):
        store.subjects(people.id, cursor=cursor)
