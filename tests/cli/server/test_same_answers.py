"""Every command says of a server what it says of this machine's store."""

import json
import re
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from PIL import Image as pillow

from compreface_server import KEY, compreface_server

Said = tuple[str, int, str, str]
Run = Callable[..., tuple[int, str, str]]

ID = re.compile(r"\b[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}\b")
CURSOR = re.compile(r"--cursor \S+")
MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(\+00:00)?")


class Side:
    """One way to work: on the store or on the server, in a gallery of its own."""

    def __init__(self, run: Run, gallery: str, *options: str) -> None:
        self.said: list[Said] = []
        self.gallery = gallery
        self._run = run
        self._options = options
        self._ids: dict[str, str] = {}

    def __call__(self, *words: str) -> str:
        """Run a command on the gallery, remember what it said, and give its output."""
        code, out, err = self._run(*words, *self._options)
        self.said.append((self._alike(" ".join(words)), code, self._alike(out), self._alike(err)))
        return out

    def of(self, *words: str) -> str:
        """The same for a command that takes `--gallery`."""
        return self(*words, "--gallery", self.gallery)

    def _alike(self, text: str) -> str:
        """A text without what differs from run to run: ids, moments, and the gallery's name."""
        numbers = count(len(self._ids))
        for found in ID.findall(text):
            if found not in self._ids:
                self._ids[found] = f"id{next(numbers)}"
        text = ID.sub(lambda match: self._ids[match[0]], text)
        text = CURSOR.sub("--cursor", MOMENT.sub("moment", text))
        # Columns are as wide as what stands in them.
        return re.sub(r" +", " ", text.replace(self.gallery, "GALLERY"))


@pytest.fixture
def photos(portraits: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two people, photos of one of them and a stranger, and a file that is none."""
    for name in ("people", "photos"):
        (tmp_path / name).symlink_to(portraits / name)
    (tmp_path / "broken.jpg").write_bytes((portraits / "photos" / "address.jpg").read_bytes()[:999])
    pillow.new("RGB", (200, 200), "grey").save(tmp_path / "noface.png")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def both(run: Run, server: str, request: pytest.FixtureRequest) -> tuple[Side, Side]:
    name = re.sub(r"\W", "-", request.node.name)
    return Side(run, f"{name}-here"), Side(run, f"{name}-there", "--server", server)


def alike(both: tuple[Side, Side], work: Callable[[Side], None]) -> list[Said]:
    """Do the same work on both sides, and see that each command said the same."""
    for side in both:
        work(side)
    here, there = both
    for said_here, said_there in zip(here.said, there.said, strict=True):
        assert said_here == said_there
    return here.said


def test_enrolling_says_the_same(both: Any, photos: Path) -> None:
    def work(side: Side) -> None:
        side.of("enroll", "--folder", "people", "--json")
        side.of("enroll", "--folder", "people")
        side.of("enroll", "photos/address.jpg", "--subject", "Barack Obama")
        side.of("enroll", "photos/stranger.jpg", "broken.jpg", "--subject", "New", "--json")
        side.of("enroll", "broken.jpg", "--subject", "Nobody")
        side.of("enroll", "nobody.jpg", "--subject", "Nobody")
        side.of(
            "enroll", "photos/blue_room.jpg", "--subject", "New/er", "--external-id", "77", "--json"
        )
        side.of("subjects", "list", "--json")

    said = alike(both, work)
    assert [code for _, code, _, _ in said] == [0, 0, 0, 3, 1, 1, 0, 0]


def test_a_list_of_photos_enrolls_the_same(both: Any, photos: Path) -> None:
    rows = ["path,name,external_id,consent,retain_until,box,team"]
    rows += ["photos/address.jpg,Ada & Co?,A/7,on paper,2031-12-31,,7"]
    rows += ["photos/stranger.jpg,Somebody,,,,1 1 30 30,"]
    (photos / "list.csv").write_text("\n".join(rows))

    def work(side: Side) -> None:
        side.of("enroll", "--csv", "list.csv", "--json")
        side.of("subjects", "show", "A/7", "--json")
        side.of("subjects", "search", "ada", "-a", 'team="7"', "--json")
        side.of("subjects", "search", "ada", "-a", "team=7", "--json")

    said = alike(both, work)
    assert "Ada & Co?" in said[1][2]
    assert said[2][2]
    assert said[3][2] == said[2][2]


@pytest.mark.slow
def test_recognition_says_the_same(both: Any, photos: Path) -> None:
    def work(side: Side) -> None:
        side.of("enroll", "--folder", "people")
        side.of("identify", "photos", "--json")
        side.of("identify", "photos", "--top-k", "1")
        side.of("identify", "photos", "broken.jpg", "--draw", "drawn")
        side("embed", "photos", "--npz", "templates.npz", "--json")
        side.of("identify", "--templates", "templates.npz", "--json")
        side("detect", "photos", "broken.jpg", "--json")
        side("detect", "photos/address.jpg", "--face-only", "--json")
        side("verify", "photos/address.jpg", "photos/blue_room.jpg", "--json")
        side("verify", "photos/address.jpg", "photos/stranger.jpg")
        side("verify", "photos/address.jpg", "broken.jpg")
        side.of("verify", "photos/address.jpg", "--subject", "Barack Obama", "--json")
        side.of("verify", "photos/stranger.jpg", "--subject", "Barack Obama")
        side.of("verify", "photos/stranger.jpg", "--subject", "Nobody")
        side("verify", "noface.png", "photos/address.jpg", "--json")
        side.of("verify", "noface.png", "--subject", "Barack Obama")

    said = alike(both, work)
    assert [code for _, code, _, _ in said] == [0, 0, 0, 3, 0, 0, 3, 0, 0, 4, 1, 0, 4, 1, 1, 1]
    assert len(list((photos / "drawn").iterdir())) == 2 * 5
    assert all("noface.png" in out + err for *_, out, err in said[-2:])


@pytest.mark.slow
def test_subjects_are_handled_the_same(both: Any, photos: Path) -> None:
    def work(side: Side) -> None:
        side.of("enroll", "--folder", "people")
        side.of("enroll", "photos/stranger.jpg", "--subject", "Stranger")
        side.of("subjects", "list")
        side.of("subjects", "list", "--limit", "1")
        side.of("subjects", "search", "obma", "--json")
        side.of("subjects", "rename", "Stranger", "A/B ?#%")
        side.of("subjects", "show", "A/B ?#%")
        side.of("subjects", "set", "A/B ?#%", "--external-id", "7", "-a", "n=1", "--json")
        side.of("subjects", "set", "7", "--consent", "paper", "--retain-until", "2031-12-31")
        side.of("subjects", "set", "7", "--external-id", "", "--attributes", "{}", "--json")
        side.of("subjects", "set", "Barack Obama", "--external-id", "1")
        side.of("subjects", "set", "A/B ?#%", "--external-id", "1")
        side.of("subjects", "update-template", "A/B ?#%", "photos/stranger.jpg", "--json")
        side.of("subjects", "update-template", "A/B ?#%", "broken.jpg")
        beside = "photos/stranger.jpg", "--box", "0,0,1,1"
        side.of("subjects", "update-template", "A/B ?#%", *beside)
        side("embed", "photos/stranger.jpg", "--npz", "one.npz")
        side.of("subjects", "update-template", "A/B ?#%", "--templates", "one.npz")
        faces = side.of("subjects", "faces", "A/B ?#%", "--json").splitlines()
        side.of("subjects", "faces", "A/B ?#%")
        side.of("subjects", "split", "Half", json.loads(faces[0])["id"])
        merged = json.loads(side.of("subjects", "merge", "Half", "A/B ?#%", "--json"))
        side.of("subjects", "merges")
        side.of("subjects", "unmerge", merged["id"])
        side.of("subjects", "unmerge", merged["id"])
        side.of("subjects", "delete-face", json.loads(faces[1])["id"])
        side.of("subjects", "delete-face", json.loads(faces[1])["id"])
        shown = json.loads(side.of("subjects", "show", "Half", "--json"))
        side.of("subjects", "delete", "Half", "--yes")
        side.of("subjects", "restore", shown["id"])
        side.of("subjects", "show", "")
        side.of("subjects", "show", "..")
        side.of("subjects", "delete", "--all", "--yes")
        side.of("subjects", "list")

    said = alike(both, work)
    failed = [words for words, code, _, _ in said if code]
    assert len(failed) == 7, failed


def test_galleries_are_handled_the_same(both: Any, photos: Path) -> None:
    def work(side: Side) -> None:
        side("gallery", "create", side.gallery)
        side("gallery", "create", side.gallery)
        side("gallery", "set", side.gallery, "--policy", "fpir", "--fpir", "0.02")
        side("gallery", "show", side.gallery, "--json")
        side("gallery", "set", side.gallery, "--policy", "default")
        side("gallery", "set", side.gallery, "--policy", "fixed")
        side("gallery", "show", side.gallery)
        side.of("enroll", "--folder", "people")
        side("gallery", "show", side.gallery, "--json")
        side("gallery", "duplicates", side.gallery, "--least", "-1", "--limit", "3", "--json")
        side("gallery", "duplicates", side.gallery)
        side("gallery", "delete", side.gallery, "--yes")
        side("gallery", "show", side.gallery)
        side("gallery", "list", "--json")

    codes = [code for _, code, _, _ in alike(both, work)]
    assert codes == [0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0]


def test_advice_on_a_gallery_says_the_same(both: Any, photos: Path) -> None:
    def work(side: Side) -> None:
        side.of("thresholds", "advise", "--json")
        side.of("enroll", "--folder", "people")
        side.of("enroll", "photos/blue_room.jpg", "--subject", "Barack Obama")
        side("gallery", "set", side.gallery, "--policy", "fixed")
        side.of("thresholds", "advise", "--json")
        side("gallery", "set", side.gallery, "--policy", "fpir", "--fpir", "0.05")
        side.of("thresholds", "advise", "--json")
        side.of("thresholds", "advise", "--fpir", "0.02")

    said = alike(both, work)
    assert [code for _, code, _, _ in said] == [1, 0, 0, 0, 0, 0, 0, 0]
    before, after = json.loads(said[4][2]), json.loads(said[6][2])
    assert (before["subjects"], after["subjects"]) == (2, 2)
    assert (before["fpir"], after["fpir"]) == (
        pytest.approx(0.01, rel=0.05),
        pytest.approx(0.05, rel=0.05),
    )


def test_by_what_a_gallery_decides_is_told_only_where_its_settings_are_known(
    both: Any, photos: Path
) -> None:
    for side in both:
        side.of("enroll", "--folder", "people")
        side.of("thresholds", "advise", "--json")
    here, there = (json.loads(side.said[-1][2]) for side in both)
    assert here["gallery"]["policy"]["kind"] == "fixed"
    assert there["gallery"] is None
    assert (here["threshold"], here["fnir"]) == (there["threshold"], there["fnir"])


def test_people_of_compreface_come_the_same_way(both: Any, photos: Path) -> None:
    with compreface_server() as theirs:
        for name in ("address", "blue_room"):
            theirs.add("Barack/Obama", (photos / "photos" / f"{name}.jpg").read_bytes())
        theirs.add("Nobody", b"", (photos / "broken.jpg").read_bytes())
        theirs.faceless.append("Eve")

        def work(side: Side) -> None:
            side.of("import", "compreface", theirs.url, "--key", KEY, "--json")
            side.of("import", "compreface", theirs.url, "--key", KEY)
            side.of("subjects", "list", "--json")

        said = alike(both, work)
    assert [code for _, code, _, _ in said] == [3, 3, 0]
    assert "2 subjects were created without faces" in said[0][3]
    assert "created" not in said[1][3]
    found = [json.loads(line) for line in said[2][2].splitlines()]
    assert {each["name"]: each["faces"] for each in found} == {
        "Barack/Obama": 2,
        "Nobody": 0,
        "Eve": 0,
    }


def test_archives_are_handled_the_same(both: Any, photos: Path) -> None:
    def work(side: Side) -> None:
        side.of("enroll", "--folder", "people")
        side("gallery", "export", side.gallery, "all.vultus")
        side("gallery", "export", "nowhere", "all.vultus")
        side("gallery", "export", side.gallery, "no/such/folder")
        side("gallery", "import", "all.vultus")
        side.of("subjects", "delete", "Barack Obama", "--yes")
        side("gallery", "delete", side.gallery, "--yes")
        side("gallery", "import", "all.vultus", "--as", f"{side.gallery}")
        side.of("subjects", "list")
        side("gallery", "import", "broken.jpg")
        side("gallery", "import", "nowhere.vultus")
        side("gallery", "import", "all.vultus", "--as", "x" * 10_000)

    codes = [code for _, code, _, _ in alike(both, work)]
    assert codes == [0, 0, 1, 1, 0, 0, 0, 0, 0, 1, 1, 1]


def test_an_index_is_looked_after_the_same(both: Any, photos: Path) -> None:
    def work(side: Side) -> None:
        side("index", "status", side.gallery)
        side.of("enroll", "--folder", "people")
        side("index", "rebuild", side.gallery)
        side("index", "check", side.gallery)
        side("index", "check", side.gallery, "--json")

    assert [code for _, code, _, _ in alike(both, work)] == [1, 0, 0, 0, 0]


def test_a_purge_says_the_same(run: Run, both: Any, photos: Path) -> None:
    run("gallery", "purge", "--days", "0", "--yes")

    def work(side: Side) -> None:
        side.of("enroll", "--folder", "people")
        side.of("subjects", "delete", "Barack Obama", "--yes")
        side("gallery", "purge", "--yes")
        side("gallery", "purge", "--days", "0", "--yes")

    said = alike(both, work)
    assert "0 galleries, 0 subjects" in said[2][2]
    assert "0 galleries, 1 subjects" in said[3][2]
