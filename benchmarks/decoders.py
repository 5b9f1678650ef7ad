"""JPEG decoders side by side at equal work: from the file's bytes to the network's 224 x 224 input.

    pip install simplejpeg PyTurboJPEG "pyvips[binary]"   (those that are not installed are left out)
    python -m benchmarks.decoders [--photos 24]

Processor time, of all threads. `difference` is the mean absolute difference of the input from that of a whole decode.
"""

from __future__ import annotations

import argparse
import io
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from benchmarks.photos import make_photos

MIN_SIDE, INPUT = 256, 224
ROUNDS = 4
Decoder = Callable[[bytes], Any]


def decoders() -> dict[str, Decoder]:
    """What is installed; each gives `(H, W, 3) uint8 RGB` or a Pillow image, its short side at least `MIN_SIDE`."""
    found: dict[str, Decoder] = {"Pillow, pieces of 64 KB": _pillow(1 << 16), "Pillow, whole file": _pillow(1 << 24)}
    try:
        import simplejpeg
    except ImportError:
        pass
    else:
        options = {"min_height": MIN_SIDE, "min_width": MIN_SIDE, "min_factor": 1}
        found["simplejpeg"] = lambda content: simplejpeg.decode_jpeg(content, "RGB", **options)
    try:
        import cv2
    except ImportError:
        pass
    else:
        cv2.setNumThreads(1)
        flags = {1: cv2.IMREAD_COLOR, 2: cv2.IMREAD_REDUCED_COLOR_2, 4: cv2.IMREAD_REDUCED_COLOR_4}

        def opencv(content: bytes) -> Any:
            flag = flags.get(_factor(content), cv2.IMREAD_REDUCED_COLOR_8) | cv2.IMREAD_IGNORE_ORIENTATION
            return cv2.cvtColor(cv2.imdecode(np.frombuffer(content, np.uint8), flag), cv2.COLOR_BGR2RGB)

        found["OpenCV"] = opencv
    try:
        import turbojpeg

        library = turbojpeg.TurboJPEG(os.environ.get("TURBOJPEG"))
    except (ImportError, RuntimeError, OSError):
        pass
    else:
        found["PyTurboJPEG"] = lambda content: library.decode(
            content, pixel_format=turbojpeg.TJPF_RGB, scaling_factor=(1, _factor(content))
        )
    os.environ.setdefault("VIPS_CONCURRENCY", "1")
    try:
        import pyvips
    except (ImportError, OSError):
        pass
    else:
        found["libvips"] = lambda content: pyvips.Image.jpegload_buffer(content, shrink=_factor(content)).numpy()
    return found


def _pillow(piece: int) -> Decoder:
    def decode(content: bytes) -> Image.Image:
        image = Image.open(io.BytesIO(content))
        image.draft(None, (MIN_SIDE, MIN_SIDE))
        image.decodermaxblock = piece
        image.load()
        return image

    return decode


def _factor(content: bytes) -> int:
    with Image.open(io.BytesIO(content)) as image:
        return max(factor for factor in (1, 2, 4, 8) if factor == 1 or min(image.size) // factor >= MIN_SIDE)


def _to_input(decoded: Any) -> np.ndarray[Any, Any]:
    image = decoded if isinstance(decoded, Image.Image) else Image.fromarray(decoded)
    return np.asarray(image.resize((INPUT, INPUT), Image.Resampling.BILINEAR))


def measure(contents: list[bytes]) -> None:
    whole = [_to_input(Image.open(io.BytesIO(content))).astype(int) for content in contents]
    found = decoders()
    best = {name: [float("inf")] * len(contents) for name in found}
    difference = dict.fromkeys(found, 0.0)
    for _ in range(ROUNDS):
        for number, content in enumerate(contents):
            for name, decode in found.items():
                started = time.process_time()
                result = _to_input(decode(content))
                best[name][number] = min(best[name][number], time.process_time() - started)
                difference[name] += np.abs(result - whole[number]).mean() / len(contents) / ROUNDS
    base = sum(best["Pillow, whole file"])
    for name, seconds in best.items():
        mean = 1000 * sum(seconds) / len(seconds)
        print(f"  {name:26}{mean:7.2f} ms{sum(seconds) / base:7.2f}{difference[name]:8.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=int, default=24)
    options = parser.parse_args()
    for megapixels in (12.0, 1.0):
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary) / "photos"
            make_photos(folder, options.photos, megapixels)
            print(f"{megapixels:g} MP            to the network's input  ratio  difference")
            measure([path.read_bytes() for path in sorted(folder.iterdir())])


if __name__ == "__main__":
    main()
