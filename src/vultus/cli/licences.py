"""The warning that stands wherever a pack comes into use."""

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vultus.models.packs.manifest import Manifest


def warn_of_licences(manifest: "Manifest") -> None:
    """Say on stderr which networks of a pack may not be used commercially."""
    for key, licence in manifest.non_commercial.items():
        sentence = f"{licence.spdx} forbids commercial use of {key} in the pack {manifest.name}."
        print(f"vultus: warning: {sentence} {licence.notice}".rstrip(), file=sys.stderr)
