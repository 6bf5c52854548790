from datetime import date
from pathlib import Path

import pytest

from painted import LIMITS, RED, painted, photo
from vultus.domain.changes import NewSubject
from vultus.domain.face import Box
from vultus.errors import PhotosUnreadable
from vultus.usecases.gallery.intake.listed import listed_photos


def listing(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "list.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_a_row_tells_all_that_is_known_of_a_subject(tmp_path: Path) -> None:
    heading = "path,name,external_id,consent,retain_until,box,department"
    row = "ada.png,Ada Lovelace,2576,on paper,2031-12-31,20 20 80 80,engines"
    (found,) = listed_photos(listing(tmp_path, f"{heading}\n{row}\n"))
    assert found.subject == NewSubject(
        "Ada Lovelace", "2576", {"department": "engines"}, "on paper", date(2031, 12, 31)
    )
    assert found.box == Box(20, 20, 80, 80)


def test_paths_are_relative_to_the_list(tmp_path: Path) -> None:
    painted(tmp_path / "photos" / "ada.png", RED)
    (found,) = listed_photos(listing(tmp_path, "path,name\nphotos/ada.png,Ada\n"))
    assert found.read(LIMITS.max_bytes) == photo(RED)


def test_an_empty_cell_says_nothing(tmp_path: Path) -> None:
    text = "path,name,external_id,consent,retain_until,box,team\na.png,Ada,,,,,\n\n"
    (found,) = listed_photos(listing(tmp_path, text))
    assert found.subject == NewSubject("Ada")
    assert found.box is None


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("path;name\na.png;Ada\n", "utf-8"),
        ("path\tname\r\na.png\tAda\r\n", "utf-8-sig"),
        ('"path", "name"\n"a.png", Ada\n', "utf-8"),
    ],
)
def test_lists_of_other_programs_are_understood(tmp_path: Path, text: str, encoding: str) -> None:
    (found,) = listed_photos(listing(tmp_path, text, encoding))
    assert found.subject == NewSubject("Ada")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "line 0: the heading is not valid: the column 'path' is missing"),
        ("path,who\na.png,Ada\n", "line 1: the heading is not valid: the column 'name' is missing"),
        ("path,name,name\n", "every column needs a name of its own"),
        ("path,name\n", "it lists no photo"),
        ("path,name\na.png,Ada\nb.png\n", "line 3: the row is not valid: it has 1 cells"),
        ("path,name\na.png,\n", "line 2: name is not valid: it is empty"),
        ("path,name\n,Ada\n", "line 2: path is not valid"),
        ("path,name,retain_until\na,Ada,soon\n", "line 2: retain_until is not valid: 'soon'"),
        ("path,name,box\na,Ada,1 2 3\n", "line 2: box is not valid"),
        ("path,name,box\na,Ada,9 9 1 1\n", "line 2: box is not valid"),
        ("path,name\na," + "x" * 10_000 + "\n", "line 2: name is not valid"),
        ('path,name\na,"Ada\n', "line 2: unexpected end of data"),
        ("path,name\na," + "x" * 200_000 + "\n", "line 2: field larger than field limit"),
    ],
)
def test_a_faulty_list_is_refused_with_the_line(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(PhotosUnreadable) as caught:
        listed_photos(listing(tmp_path, text))
    assert problem in caught.value.problem


def test_a_list_that_is_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PhotosUnreadable, match="not UTF-8"):
        listed_photos(listing(tmp_path, "path,name\na,Zoë\n", "latin-1"))
    with pytest.raises(PhotosUnreadable):
        listed_photos(tmp_path / "nowhere.csv")
