"""Photos of an exact size, for peers that read files."""

from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageOps

from vultus.bootstrap.packs import package_source
from vultus.cli.portraits import obtain_portraits
from vultus.models.packs.sources.port import silent


def sample_photos(data: Path, names: Sequence[str], cache: Path) -> list[Path]:
    """The named samples of the evaluation data; without it, as many portraits of the demo."""
    samples = [data / "samples" / name for name in names]
    if all(sample.is_file() for sample in samples):
        return samples
    print(f"no samples in {data}: public domain portraits take their place", flush=True)
    obtain_portraits(package_source(), cache / "portraits", silent)
    return sorted((cache / "portraits" / "photos").glob("*.jpg"))[: len(names)]


def fitted(photo: Path, width_px: int, height_px: int, cache: Path) -> Path:
    """Write a JPEG of the photo at the given size, scaled as a whole and padded with black."""
    target = cache / "photos" / f"{photo.stem}-{width_px}x{height_px}.jpg"
    target.parent.mkdir(parents=True, exist_ok=True)
    upright = ImageOps.exif_transpose(Image.open(photo)).convert("RGB")
    scaled = ImageOps.pad(upright, (width_px, height_px), Image.Resampling.LANCZOS)
    scaled.save(target, quality=95)
    return target
