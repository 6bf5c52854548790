"""The page is read as a browser reads it: every element, every attribute."""

import base64
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from evaluations import evaluation, part
from vultus.evaluation.report.evaluation import Peer
from vultus.evaluation.report.page.render import render

LOADING = {"src", "href", "srcset", "data", "action", "poster", "xlink:href"}


class Seen(HTMLParser):
    """The elements of a page, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module")
def page() -> str:
    return render(evaluation())


@pytest.fixture(scope="module")
def seen(page: str) -> Seen:
    return Seen(page)


def test_the_page_asks_nothing_of_the_world_and_runs_no_script(page: str, seen: Seen) -> None:
    addresses = [
        value or ""
        for _, attributes in seen.elements
        for name, value in attributes.items()
        if name in LOADING
    ]
    assert addresses
    assert all(address.startswith(("#", "data:image/jpeg;base64,")) for address in addresses)
    assert {"script", "link", "iframe", "object"}.isdisjoint(tag for tag, _ in seen.elements)
    assert not re.findall(r"url\((?!#)|@import", page)


def test_what_others_wrote_is_text_and_never_markup(page: str, seen: Seen) -> None:
    assert "<ada>" not in page
    assert "Trade-off <ROC>" in seen.text


def test_every_figure_stands_with_its_value_its_interval_and_its_sentence(seen: Seen) -> None:
    for expected in ("99.18 %", "98.93 to 99.40 %", "992 of 1,000 pairs are decided rightly."):
        assert expected in seen.text


def test_what_could_not_be_measured_says_what_it_takes(seen: Seen) -> None:
    assert "It takes 1,000,000 comparisons." in seen.text


def test_pictures_stand_side_by_side_as_they_were_given(seen: Seen) -> None:
    pictures = [attributes for tag, attributes in seen.elements if tag == "img"]
    given = [image.jpeg for image in part().cases[0].cases[0].images]
    shown = [(picture["src"] or "").partition("base64,")[2] for picture in pictures]
    assert shown == given
    assert all(base64.b64decode(each).startswith(b"\xff\xd8") for each in shown)


def test_a_page_without_pictures_names_the_images_all_the_same() -> None:
    bare = Seen(render(evaluation().without_pictures()))
    assert not [tag for tag, _ in bare.elements if tag == "img"]
    assert "<ada>.jpg" in bare.text


def test_enough_is_said_to_do_it_again(seen: Seen) -> None:
    result = evaluation()
    for expected in (
        result.command,
        result.studied.version,
        result.model.networks[0].sha256,
        result.environment.cpu,
    ):
        assert expected in seen.text


def test_every_peer_has_a_cell_for_every_figure_that_some_peer_has() -> None:
    result = evaluation()
    chance, bare = result.parts[0].peers[0], replace(result.parts[0].figures[1], low=None)
    peers = (Peer("blind", "found nobody", ()), chance, Peer("other", "another pack", (bare,)))
    seen = Seen(render(replace(result, parts=(replace(result.parts[0], peers=peers),))))
    table = seen.text.partition("Beside other ways")[2].partition("Misses")[0]
    cells = " ".join(table.split())
    assert "WhatAccuracyTAR at FAR 0.1 %What it is" in cells
    assert "one@1 99.18 %97.10 %the model of this report" in cells
    assert "blind --found nobody" in cells
    assert "chance 50.00 %-a coin" in cells
    assert "other -97.10 %another pack" in cells


def test_what_cannot_be_read_is_told_from_what_shows_no_face(seen: Seen) -> None:
    assert "In 1 no face was found" in seen.text
    assert "cannot be read" not in seen.text
    result = evaluation()
    broken = Seen(render(replace(result, studied=replace(result.studied, unreadable=2)))).text
    assert "2 cannot be read (2.00 %)" in broken


def test_a_report_of_nothing_but_refusals_is_a_page_too() -> None:
    result = evaluation()
    refused = tuple(
        replace(each, value=None, low=None, high=None) for each in result.parts[0].figures
    )
    nothing = replace(result.parts[0], figures=refused, charts=(), peers=(), groupings=(), cases=())
    assert "too little data" in Seen(render(replace(result, parts=(nothing,)))).text
