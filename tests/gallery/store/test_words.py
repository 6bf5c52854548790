import pytest
from hypothesis import given
from hypothesis import strategies as st

from vultus.gallery.store.sql.words import (
    CLOSE,
    LONGEST_WORD,
    likeness,
    search_text,
    trigrams_of,
    words_of,
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Ada Lovelace", ("ada", "lovelace")),
        ("  tabs\tand\nlines ", ("tabs", "and", "lines")),
        ("Ådne O'Brien-Smythe", ("adne", "o", "brien", "smythe")),
        ("Straße ﬁn İstanbul", ("strasse", "fin", "istanbul")),
        ("مُحَمَّد", ("محمد",)),
        ("שָׁלוֹם", ("שלום",)),
        ("李小龍 🥋", ("李小龍", "🥋")),
        ("ada ADA Ada", ("ada",)),
        ("x" * 100, ("x" * LONGEST_WORD,)),
        ("'\"*:();--", ()),
        ("", ()),
    ],
)
def test_a_word_has_one_form(text: str, words: tuple[str, ...]) -> None:
    assert words_of(text) == words


@given(st.text())
def test_words_of_words_are_the_same(text: str) -> None:
    words = words_of(text)
    assert words_of(" ".join(words)) == words


@given(st.text())
def test_a_word_has_nothing_that_means_something_in_a_query(text: str) -> None:
    assert not set("".join(words_of(text))) & set("\"'\\*:()& \0")


def test_a_subject_is_found_by_name_external_id_and_attribute_values() -> None:
    attributes = {"key": "Value", "floor": 3, "yes": True, "no": None, "tags": ["a", {"b": 1.5}]}
    assert search_text("Ada King", "N-1", attributes) == "ada king n 1 value 3 a 5"


def test_trigrams_know_where_a_word_begins_and_ends() -> None:
    assert trigrams_of(("ab", "abc")) == (" ab", "ab ", "abc", "bc ")


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("lovelase", "ada lovelace"),
        ("jonh", "john"),
        ("lovle", "lovelace"),
        ("smiht jonh", "john smith"),
    ],
)
def test_a_mistyped_word_is_close(query: str, text: str) -> None:
    assert CLOSE <= likeness(words_of(query), text) < 1


@pytest.mark.parametrize(
    ("query", "text"), [("ada", "bob"), ("lovelace bob", "ada lovelace"), ("x", "")]
)
def test_another_word_is_not(query: str, text: str) -> None:
    assert likeness(words_of(query), text) < CLOSE


@given(st.text(min_size=1).filter(words_of))
def test_nothing_is_closer_than_the_same(text: str) -> None:
    assert likeness(words_of(text), " ".join(words_of(text))) == 1
