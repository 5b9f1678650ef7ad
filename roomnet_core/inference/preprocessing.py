"""Decoded photo to network input: the one pre-processing of training, evaluation and inference."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from PIL import Image

from roomnet_core.network.card import Preprocessing
from roomnet_core.photos.decode import DecodedPhoto
from roomnet_core.photos.orientation import Frame

Pixels = np.ndarray[Any, np.dtype[np.uint8]]


def prepare(photo: DecodedPhoto | Pixels, spec: Preprocessing) -> Pixels:
    """Crop and resize one photo, which may be `(H, W, 3) uint8 RGB`, to `(V, S, S, 3) uint8 RGB`.

    V = 1 view, 2 with crop `two`.
    """
    if isinstance(photo, DecodedPhoto):
        image, frame = photo.image, photo.frame
    else:
        image, frame = Image.fromarray(photo), (0.0, 0.0, float(photo.shape[1]), float(photo.shape[0]))
    views = [_resize(image, box, spec) for box in _boxes(frame, spec)]
    return views[0][None] if len(views) == 1 else np.stack(views)


def scale_pixels(pixels: Pixels, spec: Preprocessing) -> np.ndarray[Any, np.dtype[np.float32]]:
    """`(..., 3) uint8 RGB` to the float32 values and colour order that the network takes."""
    ordered = pixels if spec.color_order == "RGB" else pixels[..., ::-1]
    scaled = ordered.astype(np.float32)
    scaled *= np.float32(spec.scale)
    scaled += np.float32(spec.offset)
    return scaled


def _boxes(frame: Frame, spec: Preprocessing) -> list[Frame]:
    """The (left, top, right, bottom) rectangles of the views, all within `frame`."""
    left, top, right, bottom = frame
    width, height = right - left, bottom - top
    short, long = min(width, height), max(width, height)
    if spec.crop == "two":
        # The two squares at the ends; a square photo gives the same view twice, which does no harm.
        return [(left, top, left + short, top + short), (right - short, bottom - short, right, bottom)]
    keep = short if spec.crop == "center" else min(long, short * spec.max_aspect)
    cut = (long - keep) / 2
    return [(left + cut, top, right - cut, bottom) if width >= height else (left, top + cut, right, bottom - cut)]


def _resize(image: Image.Image, box: Frame, spec: Preprocessing) -> Pixels:
    size = spec.input_size
    left, top, right, bottom = math.floor(box[0]), math.floor(box[1]), math.floor(box[2]), math.floor(box[3])
    if spec.resize == "antialias":
        if all(edge.is_integer() for edge in box) and right - left == bottom - top == size:
            return np.asarray(image.crop((left, top, right, bottom)))
        return np.asarray(image.resize((size, size), Image.Resampling.BILINEAR, box=box))
    # Between the four nearest pixels only, sampled at pixel centres, as OpenCV's INTER_LINEAR does.
    return _bilinear(np.asarray(image)[top:bottom, left:right], spec.input_size)


def _bilinear(rgb: Pixels, size: int) -> Pixels:
    """Bilinear resize without antialiasing, half-pixel centres, clamped at the border."""
    low_y, high_y, mix_y = _neighbours(rgb.shape[0], size)
    low_x, high_x, mix_x = _neighbours(rgb.shape[1], size)
    mix_x, mix_y = mix_x[None, :, None], mix_y[:, None, None]

    def row(index: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        left, right = rgb[index[:, None], low_x].astype(np.float32), rgb[index[:, None], high_x].astype(np.float32)
        return np.asarray(left + (right - left) * mix_x)

    top, bottom = row(low_y), row(high_y)
    return np.asarray(np.rint(top + (bottom - top) * mix_y), dtype=np.uint8)


def _neighbours(in_size: int, out_size: int) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    position = np.clip((np.arange(out_size) + 0.5) * (in_size / out_size) - 0.5, 0, in_size - 1)
    low = position.astype(np.intp)
    return low, np.minimum(low + 1, in_size - 1), (position - low).astype(np.float32)
