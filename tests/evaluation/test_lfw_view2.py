"""From LFW as it lies to the accuracy of its first fold."""

from pathlib import Path

import numpy as np
import pytest

from vultus.bootstrap.evaluation import load_for_tables, open_datasets, table_of
from vultus.evaluation.datasets.importing import import_source
from vultus.evaluation.datasets.sources.lfw import lfw_source
from vultus.settings import Settings, load_settings


@pytest.mark.data
@pytest.mark.slow
def test_the_people_of_the_first_fold_of_view_2_are_told_apart(
    data_dir: Path, settings: Settings, tmp_path: Path
) -> None:
    own = load_settings(home=tmp_path)
    (tmp_path / "packs").symlink_to(settings.home / "packs")
    library = open_datasets(own)
    whole = import_source(library, lfw_source(data_dir / "lfw"), "lfw", in_place=True).dataset
    assert (len(whole.images), len(whole.pairs)) == (13_233, 6_000)
    fold = [pair for pair in whole.pairs if pair.fold == 0]
    part = whole.only(sorted({row for pair in fold for row in (pair.first, pair.second)}))

    recognizer = load_for_tables(own)
    table = table_of(part, recognizer, own)
    assert table.found.all()
    pairs = [pair for pair in part.pairs if pair.fold == 0]
    scores = np.array([table.vectors[pair.first] @ table.vectors[pair.second] for pair in pairs])
    same = np.array([pair.same for pair in pairs])
    assert max(np.mean((scores >= threshold) == same) for threshold in scores) >= 0.985
    np.testing.assert_array_equal(table_of(part, recognizer, own).vectors, table.vectors)
