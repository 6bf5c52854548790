import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import vultus


def shown(run: Any, subject: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(
        run("subjects", "show", subject, "-g", "staff", "--json")[1]
    )
    return answer


def names(output: str) -> list[str]:
    return [json.loads(line)["name"] for line in output.splitlines()]


def test_subjects_are_listed_page_by_page(run: Any, staff: vultus.OpenGallery) -> None:
    _, out, err = run("subjects", "list", "-g", "staff", "--limit", "1", "--json")
    assert names(out) == ["Ada Lovelace"]
    cursor = err.strip().rpartition(" ")[2]
    _, out, err = run(
        "subjects", "list", "-g", "staff", "--limit", "1", "--cursor", cursor, "--json"
    )
    assert names(out) == ["Bob"]
    assert err == ""


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["lov"], ["Ada Lovelace"]),
        (["lovelase"], ["Ada Lovelace"]),
        (["2576"], ["Ada Lovelace"]),
        (["engines"], ["Ada Lovelace"]),
        (["", "-a", "team=engines"], ["Ada Lovelace"]),
        (["", "-a", "team=stores"], []),
        (["nobody at all"], []),
    ],
)
def test_subjects_are_searched(
    run: Any, staff: vultus.OpenGallery, words: list[str], found: list[str]
) -> None:
    assert names(run("subjects", "search", *words, "-g", "staff", "--json")[1]) == found


def test_an_attribute_is_found_as_it_is_typed_whether_it_is_a_number_or_text(
    run: Any, staff: vultus.OpenGallery
) -> None:
    for subject, attributes in (("2576", '{"age": "42"}'), ("Bob", '{"age": 42}')):
        run("subjects", "set", subject, "-g", "staff", "--attributes", attributes)
    for said, found in (("age=42", ["Ada Lovelace", "Bob"]), ('age="42"', ["Ada Lovelace"])):
        assert names(run("subjects", "list", "-a", said, "-g", "staff", "--json")[1]) == found


def test_show_says_what_is_known(run: Any, staff: vultus.OpenGallery) -> None:
    _, out, _ = run("subjects", "show", "2576", "-g", "staff")
    assert "Ada Lovelace" in out
    assert '{"team": "engines"}' in out
    faces = run("subjects", "faces", "2576", "-g", "staff")[1]
    assert faces.count("one template") == 2


def test_a_subject_is_renamed(run: Any, staff: vultus.OpenGallery) -> None:
    assert run("subjects", "rename", "2576", "عَدَا 🦅", "-g", "staff")[0] == 0
    assert shown(run, "2576")["name"] == "عَدَا 🦅"


def test_details_are_set_kept_and_taken_away(run: Any, staff: vultus.OpenGallery) -> None:
    set_ada = "subjects", "set", "Ada Lovelace", "-g", "staff"
    said = ["--consent", "paper", "--retain-until", "2031-12-31", "-a", "floor=3", "-a", "x=a=b"]
    assert run(*set_ada, *said)[0] == 0
    ada = shown(run, "2576")
    assert ada["attributes"] == {"team": "engines", "floor": 3, "x": "a=b"}
    assert (ada["consent"], ada["retain_until"]) == ("paper", "2031-12-31")
    run(*set_ada, "--consent", "", "--retain-until", "", "--external-id", "", "-a", "team=")
    ada = shown(run, "Ada Lovelace")
    assert ada["attributes"] == {"floor": 3, "x": "a=b"}
    assert (ada["consent"], ada["retain_until"], ada["external_id"]) == (None, None, None)
    run(*set_ada, "--attributes", '{"new": [1]}')
    assert shown(run, "Ada Lovelace")["attributes"] == {"new": [1]}


def test_merge_and_unmerge(run: Any, staff: vultus.OpenGallery) -> None:
    merged = json.loads(run("subjects", "merge", "2576", "Bob", "-g", "staff", "--json")[1])
    assert shown(run, "2576")["faces"] == 3
    assert merged["id"] in run("subjects", "merges", "-g", "staff")[1]
    assert "Bob is back with 1 faces" in run("subjects", "unmerge", merged["id"], "-g", "staff")[1]
    assert shown(run, "2576")["faces"] == 2


def test_faces_are_split_off_and_deleted(run: Any, staff: vultus.OpenGallery) -> None:
    first, second = staff.faces("2576")
    run("subjects", "split", "Augusta", first.id, "-g", "staff")
    assert shown(run, "Augusta")["faces"] == 1
    run("subjects", "delete-face", second.id, "-g", "staff")
    assert shown(run, "2576")["faces"] == 0


def test_who_is_deleted_can_be_restored(run: Any, staff: vultus.OpenGallery) -> None:
    _, out, _ = run("subjects", "delete", "2576", "Bob", "-g", "staff", "--yes")
    assert staff.counts.subjects == 0
    for line in out.splitlines():
        command = line.partition("restore with: vultus ")[2]
        assert run(*command.split(), "-g", "staff")[0] == 0
    assert staff.counts == vultus.GalleryCounts(subjects=2, faces=3)


def test_everybody_can_be_deleted(run: Any, staff: vultus.OpenGallery) -> None:
    assert run("subjects", "delete", "--all", "--yes", "-g", "staff")[1] == (
        "2 subjects are deleted\n"
    )


def test_ready_templates_are_folded_into_a_running_mean(
    run: Any, staff: vultus.OpenGallery, tmp_path: Path
) -> None:
    path = tmp_path / "more.npz"
    np.savez(path, templates=np.eye(128, dtype=np.float32)[3:5], model=np.array("dlib@1"))
    update = "subjects", "update-template", "Bob", "--templates", str(path), "-g", "staff"
    assert run(*update)[1] == "The running mean is now of 2 templates\n"
    assert json.loads(run(*update, "--json")[1])["mean"]["mean_of"] == 2


def templates_file(path: Path, vectors: Any, model: str = "dlib@1") -> str:
    np.savez(path, templates=np.asarray(vectors, np.float32), model=np.array(model))
    return str(path)


@pytest.mark.parametrize(
    ("vectors", "model", "said"),
    [
        (np.full((1, 128), np.nan), "dlib@1", "every number must be finite"),
        (np.zeros((1, 128)), "dlib@1", "has no direction"),
        (np.ones((1, 64)), "dlib@1", "A template of 64 numbers cannot stand"),
        (np.ones((1, 128)), "opencv@1", "A template of opencv@1 cannot be compared"),
    ],
)
def test_templates_that_do_not_belong_are_refused(
    run: Any, staff: vultus.OpenGallery, tmp_path: Path, vectors: Any, model: str, said: str
) -> None:
    path = templates_file(tmp_path / "t.npz", vectors, model)
    code, _, err = run("subjects", "update-template", "Bob", "--templates", path, "-g", "staff")
    assert code == 1
    assert said in err
    assert len(staff.faces("Bob")) == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["show", "nobody"], "There is no subject 'nobody'"),
        (["show", "f" * 32], "There is no subject"),
        (["rename", "Bob", ""], "name is not valid: it is empty"),
        (["rename", "Bob", "x" * 10_000], "name is not valid: it has 10000 characters"),
        (["set", "Bob", "--external-id", "2576"], "The external id '2576' belongs to"),
        (["set", "Bob", "--attributes", "[1]"], "attributes is not valid: a JSON object is needed"),
        (["set", "Bob", "--attributes", "{"], "attributes is not valid: they are no JSON"),
        (["set", "Bob", "-a", "novalue"], "attribute is not valid"),
        (["set", "Bob", "--retain-until", "soon"], "retain_until is not valid"),
        (["merge", "Bob", "Bob"], "cannot be merged"),
        (["unmerge", "0" * 32], "There is no merge"),
        (["delete-face", "0" * 32], "There is no face"),
        (["split", "New", "0" * 32], "There is no face"),
        (["delete", "nobody", "--yes"], "There is no subject 'nobody'"),
        (["restore", "0" * 32], "There is no subject"),
        (["list", "--cursor", "nonsense"], "cursor is not valid"),
        (["update-template", "Bob", "--templates", __file__], "No templates can be taken"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence_and_changes_nothing(
    run: Any, staff: vultus.OpenGallery, words: list[str], said: str
) -> None:
    revision = staff.info.revision
    code, out, err = run("subjects", *words, "-g", "staff")
    assert (code, out) == (1, "")
    assert said in err
    assert err.count("\n") == 1
    assert staff.info.revision == revision


def test_a_name_that_two_have_is_not_guessed(run: Any, staff: vultus.OpenGallery) -> None:
    staff.add_subject(vultus.NewSubject("Bob", "7"))
    code, _, err = run("subjects", "delete", "Bob", "--yes", "-g", "staff")
    assert code == 1
    assert all(each.subject.id in err for each in staff.subjects("Bob").items)


@pytest.mark.parametrize(
    "words",
    [
        ["delete"],
        ["delete", "Bob", "--all"],
        ["update-template", "Bob"],
        ["update-template", "Bob", "--templates", "one.npz", "--face-only"],
        ["update-template", "Bob", "--templates", "one.npz", "--min-face", "20"],
        ["update-template", "Bob", "--templates", "one.npz", "--box", "1,2,3,4"],
        ["update-template", "Bob", __file__, __file__ + "c", "--box", "1,2,3,4"],
        ["show"],
    ],
)
def test_a_command_line_that_says_too_little_or_too_much_is_refused(
    run: Any, staff: vultus.OpenGallery, words: list[str]
) -> None:
    assert run("subjects", *words, "-g", "staff")[0] == 2
