import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

import vultus
from vultus.domain.gallery import ThresholdPolicy


def test_a_gallery_is_created_listed_shown_and_deleted(run: Any) -> None:
    assert run("gallery", "create", "staff", "--keep-crops")[0] == 0
    assert "staff" in run("gallery", "list")[1]
    shown = json.loads(run("gallery", "show", "staff", "--json")[1])
    assert shown["keep_crops"]
    assert shown["model"] == {"pack": "dlib", "version": "1"}
    assert (shown["subjects"], shown["faces"], shown["dim"]) == (0, 0, 128)
    assert run("gallery", "delete", "staff", "--yes")[0] == 0
    assert run("gallery", "list", "--json")[1] == ""


def test_show_says_what_is_in_a_gallery(run: Any, staff: vultus.OpenGallery) -> None:
    code, out, _ = run("gallery", "show", "staff")
    assert code == 0
    assert "2 subjects, 3 faces" in out
    assert "templates of dlib@1, 128 numbers each" in out


def test_nothing_is_deleted_before_somebody_agrees(
    run: Any, staff: vultus.OpenGallery, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("typer.confirm", lambda question, abort: _abort())
    assert run("gallery", "delete", "staff")[0] == 1
    assert run("subjects", "delete", "--all", "-g", "staff")[0] == 1
    assert staff.counts.subjects == 2


def _abort() -> None:
    import typer

    raise typer.Abort


def test_an_export_is_imported_under_another_name(
    run: Any, staff: vultus.OpenGallery, tmp_path: Path
) -> None:
    archive = str(tmp_path / "staff.vultus")
    assert run("gallery", "export", "staff", archive)[1] == f"Subjects in {archive}: 2\n"
    assert "restored: 2\n" in run("gallery", "import", archive, "--as", "restored")[1]
    assert (
        "restored: 0, already there: 2" in run("gallery", "import", archive, "--as", "restored")[1]
    )
    original, restored = (run("subjects", "list", "-g", name)[1] for name in ("staff", "restored"))
    assert original == restored


def test_duplicates_are_listed_with_what_tells_them(run: Any, staff: vultus.OpenGallery) -> None:
    staff.enroll_templates(vultus.NewSubject("Augusta"), [[1, 0.1] + [0] * 126])
    (line,) = run("gallery", "duplicates", "staff", "--least", "0.9", "--json")[1].splitlines()
    pair = json.loads(line)
    assert {subject["name"] for subject in pair["subjects"]} == {"Ada Lovelace", "Augusta"}
    assert pair["similarity"] == pytest.approx(0.995, abs=1e-3)
    assert run("gallery", "duplicates", "staff", "--least", "0.999")[1] == ""


def test_who_is_past_the_date_of_retention_goes_for_good_with_a_purge(
    run: Any, staff: vultus.OpenGallery
) -> None:
    run("subjects", "set", "Ada Lovelace", "-g", "staff", "--retain-until", "2020-12-31")
    out = run("gallery", "purge", "--yes")[1]
    assert "1 subjects, 2 faces" in out
    assert "past their date of retention: 1" in out
    assert [found.subject.name for found in staff.subjects().items] == ["Bob"]


def test_what_was_deleted_goes_for_good_with_a_purge(run: Any, staff: vultus.OpenGallery) -> None:
    ada = staff.subject("2576").subject.id
    assert run("subjects", "delete", "2576", "-g", "staff", "--yes")[0] == 0
    assert "0 subjects" in run("gallery", "purge", "--yes")[1]
    assert "1 subjects, 2 faces" in run("gallery", "purge", "--days", "0", "--yes")[1]
    code, _, err = run("subjects", "restore", ada, "-g", "staff")
    assert code == 1
    assert "There is no subject" in err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["show", "nowhere"], "There is no gallery 'nowhere'."),
        (["create", "staff"], "There is a gallery 'staff' already."),
        (["import", "nowhere.vultus"], "nowhere.vultus cannot be read: "),
        (["export", "staff", "no/such/folder"], "no/such/folder cannot be written: "),
        (["create", " "], "name is not valid: it is empty."),
        (["create", "x" * 10_000], "name is not valid: it has 10000 characters"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    run: Any, staff: vultus.OpenGallery, words: list[str], said: str
) -> None:
    code, out, err = run("gallery", *words)
    assert (code, out) == (1, "")
    assert err.startswith("vultus: ")
    assert said in err
    assert err.count("\n") == 1


def test_a_store_of_a_newer_version_is_left_alone(
    run: Any, staff: vultus.OpenGallery, store_url: str
) -> None:
    if not store_url.startswith("sqlite"):
        pytest.skip("the version is written by hand, in a file")
    with sqlite3.connect(store_url.removeprefix("sqlite:///")) as file:
        file.execute("UPDATE alembic_version SET version_num = '9999'")
    code, _, err = run("gallery", "list")
    assert code == 1
    assert "9999" in err


def test_a_store_that_cannot_be_written_still_answers(
    run: Any, staff: vultus.OpenGallery, store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not store_url.startswith("sqlite"):
        pytest.skip("a file is opened for reading only")
    path = store_url.removeprefix("sqlite:///")
    monkeypatch.setenv("VULTUS_STORE__URL", f"sqlite:///file:{path}?mode=ro&uri=true")
    assert run("subjects", "show", "2576", "-g", "staff")[0] == 0
    code, _, err = run("subjects", "rename", "2576", "Countess", "-g", "staff")
    assert code == 1
    assert "written" in err
    assert staff.subject("2576").subject.name == "Ada Lovelace"


@pytest.mark.parametrize("url", ["nonsense", "mysql://u:secret@host/db", "sqlite://"])
def test_an_address_that_is_no_store_is_refused_and_not_repeated(
    run: Any, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("VULTUS_STORE__URL", url)
    code, _, err = run("gallery", "list")
    assert code == 1
    assert "secret" not in err


def test_a_policy_is_set_shown_and_taken_back(run: Any, staff: vultus.OpenGallery) -> None:
    assert run("gallery", "set", "staff", "--policy", "fpir", "--fpir", "0.01")[0] == 0
    shown = json.loads(run("gallery", "show", "staff", "--json")[1])
    assert shown["policy"] == {"kind": "fpir", "fpir": 0.01}
    assert "at most 1.00% of strangers are named" in run("gallery", "show", "staff")[1]
    assert run("gallery", "set", "staff", "--policy", "fixed")[0] == 0
    assert staff.info.policy is not None
    assert run("gallery", "set", "staff", "--policy", "default")[0] == 0
    assert staff.info.policy is None


def test_without_a_share_the_settings_one_is_meant(run: Any, staff: vultus.OpenGallery) -> None:
    assert run("gallery", "set", "staff", "--policy", "fpir")[0] == 0
    assert staff.info.policy == ThresholdPolicy("fpir", 0.01)


def test_a_share_without_the_policy_is_refused(run: Any, staff: vultus.OpenGallery) -> None:
    assert run("gallery", "set", "staff", "--policy", "fixed", "--fpir", "0.01")[0] == 2
    assert run("gallery", "set", "staff", "--policy", "fpir", "--fpir", "2")[0] == 1
    assert staff.info.policy is None
