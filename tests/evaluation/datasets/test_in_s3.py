"""Datasets in a bucket of a real server, from a folder to a check and to nothing."""

from pathlib import Path
from uuid import uuid4

import pytest

from libraries import painted_people
from painted import BLUE, CRIMSON, GREEN, LIME, RED, square_recognizer
from vultus.blobs.s3 import connect
from vultus.bootstrap.evaluation import open_datasets
from vultus.evaluation.datasets.check.check import Asked, check_dataset
from vultus.evaluation.datasets.check.finding import Kind
from vultus.evaluation.datasets.dataset import Dataset
from vultus.evaluation.datasets.diff import diff
from vultus.evaluation.datasets.importing import import_source
from vultus.evaluation.datasets.sources.folder import folder_source
from vultus.evaluation.datasets.split import split_people
from vultus.evaluation.templates.cache import TemplateCache
from vultus.evaluation.templates.making import template_table
from vultus.evaluation.templates.table import TemplateTable
from vultus.settings import Settings, load_settings

PEOPLE = {"Ann": (RED, CRIMSON), "Ben": (GREEN, LIME), "Cid": (BLUE,)}


@pytest.fixture
def bucket(s3_url: str, s3_keys: None, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Settings of blobs: an empty bucket of the server."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    name = f"datasets-{uuid4().hex}"
    client = connect(endpoint_url=s3_url, region="us-east-1", timeout_s=10)
    client.create_bucket(Bucket=name)
    client.close()
    return {"url": f"s3://{name}/vultus", "endpoint_url": s3_url}


@pytest.mark.service
def test_a_dataset_lives_in_a_bucket_that_machines_share(
    bucket: dict[str, str], tmp_path: Path
) -> None:
    def machine(name: str) -> Settings:
        return load_settings(home=tmp_path / name, blobs=bucket)

    folder = painted_people(tmp_path / "people", PEOPLE)
    whole = import_source(open_datasets(machine("one")), folder_source(folder), "people").dataset

    other = open_datasets(machine("other"))
    assert other.get("people") == whole
    assert sorted(other.read(image.digest) for image in whole.images) == sorted(
        path.read_bytes() for path in folder.rglob("*.png")
    )

    divided = split_people(whole, {"fit": 0.5, "test": 0.5})
    other.derive(divided)
    assert open_datasets(machine("one")).get("people") == divided
    assert len(diff(whole, divided).moved) == len(whole.images)

    recognizer, cache = square_recognizer(), TemplateCache(tmp_path / "templates.sqlite")

    def table_of(part: Dataset) -> TemplateTable:
        return template_table(part, recognizer, cache, other.read)

    (found,) = check_dataset(divided, recognizer, other.read, table_of, Asked(least=0.95))
    assert found.kind is Kind.FEW_IMAGES

    assert other.remove("people") == {image.digest for image in whole.images}
    assert open_datasets(machine("one")).known() == []
