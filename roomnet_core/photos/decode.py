"""Photo file to RGB pixels: reduced-size decode, upright, any mode, every failure a reason."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from PIL import Image, UnidentifiedImageError

from roomnet_core.errors import PhotoError
from roomnet_core.photos.formats import SIGNATURE_BYTES, sniff

MAX_PIXELS = 300_000_000
"""The largest photo that is decoded: room for stitched panoramas, not for decompression bombs."""

# Formats that the decoder cannot reduce while it reads must fit into memory whole: about 1 GB at 4 bytes a pixel.
_MAX_PIXELS_WHOLE = 200_000_000

_ORIENTATION_TAG = 0x0112
# How to make a photo upright, by its EXIF orientation; 1 and everything invalid need nothing.
_TRANSPOSE = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SIXTEEN_BIT = {"I;16", "I;16L", "I;16B", "I;16N"}

# Pillow warns above its process-wide limit and raises at twice that. Ours is checked against the header of each photo
# before a pixel is decoded; theirs stays finite behind it, but must not warn of panoramas that we accept.
Image.MAX_IMAGE_PIXELS = 2 * MAX_PIXELS


@dataclass(frozen=True, slots=True, eq=False)
class DecodedPhoto:
    """`rgb` is `(H, W, 3) uint8`, upright, possibly reduced; `width` and `height` are the upright full size in pixels."""

    rgb: np.ndarray[Any, np.dtype[np.uint8]]
    width: int
    height: int


def decode_photo(path: Path, *, min_side: int | None = None) -> DecodedPhoto:
    """Decode the photo at `path`, upright, in RGB. Safe to call from many threads at once.

    Args:
        path: the file.
        min_side: the photo may be reduced as long as its short side keeps at least this many pixels (photos that
            are smaller stay as they are). None decodes at full size.

    Raises:
        PhotoError: the file cannot be read; its `kind` and message say why.
    """
    try:
        with path.open("rb") as stream:
            return _decode(stream, path.name, min_side)
    except PhotoError:
        raise
    except FileNotFoundError as error:
        raise PhotoError("missing", f"{path.name} is not there any more. Was it moved or deleted?") from error
    except PermissionError as error:
        raise PhotoError("permission", f"{path.name} may not be read. Check the file's permissions.") from error
    except MemoryError as error:
        raise PhotoError("too_large", f"{path.name} needs more memory than there is. Close other programs.") from error
    except Image.DecompressionBombError as error:
        raise PhotoError("too_large", _too_large(path.name, 0)) from error
    except OSError as error:
        if error.errno is not None:  # the system's own error: a drive that went away, a lock
            raise PhotoError("unreadable", f"{path.name} cannot be read: {error.strerror or error}.") from error
        raise _damaged(path.name, error) from error  # Pillow's word for truncated and broken files
    except Exception as error:  # struct.error, SyntaxError, ValueError, zlib.error ...: whatever a parser trips over
        raise _damaged(path.name, error) from error


def _decode(stream: BinaryIO, name: str, min_side: int | None) -> DecodedPhoto:
    head = stream.read(SIGNATURE_BYTES)
    stream.seek(0)
    if not head:
        raise PhotoError("empty", f"{name} is empty (0 bytes). Copy it again from the camera.")
    format_name = sniff(head)
    if format_name is None:
        raise PhotoError("unsupported", f"{name} is not a photo in a format that RoomNet reads, whatever its name says.")
    if format_name == "HEIF":
        _register_heif()
    try:
        image = Image.open(stream, formats=[format_name])
    except UnidentifiedImageError as error:
        # The signature is right, so it is this format, and its header is broken.
        raise _damaged(name, error) from error
    with image:
        width, height = image.size
        limit = MAX_PIXELS if format_name == "JPEG" and min_side is not None else _MAX_PIXELS_WHOLE
        if width * height > limit:
            raise PhotoError("too_large", _too_large(name, width * height))
        orientation = _orientation(image)
        if min_side is not None:
            # JPEG only: the decoder leaves out frequencies. It never goes below the size asked for.
            image.draft("RGB" if image.mode in ("RGB", "YCbCr") else image.mode, _at_least(image.size, min_side))
        image.load()
        if format_name == "TIFF":
            width, height = image.size  # Pillow has turned it
        reduced = _reduce(image, min_side)
        upright = _to_rgb(reduced)
    if orientation in _TRANSPOSE:
        upright = upright.transpose(_TRANSPOSE[orientation])
    if orientation in (5, 6, 7, 8):
        width, height = height, width
    return DecodedPhoto(np.array(upright), width, height)


def _at_least(size: tuple[int, int], min_side: int) -> tuple[int, int]:
    """The size to ask the decoder for: `size` scaled so that its short side is `min_side`."""
    scale = min_side / min(size)
    return max(1, int(size[0] * scale)), max(1, int(size[1] * scale))


def _reduce(image: Image.Image, min_side: int | None) -> Image.Image:
    """Shrink by a whole factor (box average) before the pixels are converted, where that leaves enough of them."""
    factor = 1 if min_side is None else min(image.size) // min_side
    # Indices of a palette cannot be averaged, nor can bits; they are converted first, which costs little memory.
    if factor < 2 or image.mode in ("1", "P", "PA") or image.mode in _SIXTEEN_BIT:
        return image if factor < 2 else _to_rgb(image).reduce(factor)
    return image.reduce(factor)


def _to_rgb(image: Image.Image) -> Image.Image:
    """Any mode to RGB; transparency is laid on white, 16 bits are scaled down to 8."""
    if image.mode == "RGB" and "transparency" not in image.info:
        return image
    if image.mode in _SIXTEEN_BIT:
        return Image.fromarray((np.asarray(image) >> 8).astype(np.uint8)).convert("RGB")
    if image.mode in ("I", "F"):
        return _scale_to_bytes(np.asarray(image)).convert("RGB")
    if image.mode in ("RGBA", "RGBa", "LA", "La", "PA") or "transparency" in image.info:
        with_alpha = image.convert("RGBA")
        white = Image.new("RGBA", with_alpha.size, "white")
        return Image.alpha_composite(white, with_alpha).convert("RGB")
    return image.convert("RGB")


def _scale_to_bytes(values: np.ndarray[Any, Any]) -> Image.Image:
    """Wide integers and floats carry no range of their own: 0..1, 0..255 and 0..65535 are told apart by the maximum."""
    finite = np.nan_to_num(values.astype(np.float32), posinf=0.0, neginf=0.0)
    highest = float(finite.max(initial=0.0))
    top = next((limit for limit in (1.0, 255.0, 65535.0) if highest <= limit), highest)
    if values.dtype.kind != "f" and top == 1.0:
        top = 255.0
    return Image.fromarray(np.clip(finite * (255.0 / top), 0, 255).astype(np.uint8))


def _orientation(image: Image.Image) -> int:
    """The EXIF orientation, or 1 where it is missing or broken. HEIF and TIFF decoders turn the photo themselves."""
    if image.format in ("HEIF", "TIFF"):
        return 1
    try:
        value = image.getexif().get(_ORIENTATION_TAG, 1)
        return int(value[0] if isinstance(value, tuple) else value)
    except Exception:  # corrupt EXIF fails in a dozen ways, and a photo is worth more than its tags
        return 1


@functools.cache
def _register_heif() -> None:
    try:
        import pillow_heif
    except ImportError as error:
        raise PhotoError(
            "unsupported", "HEIC photos cannot be read: the package pillow-heif is not installed."
        ) from error
    pillow_heif.register_heif_opener()


def _damaged(name: str, error: Exception) -> PhotoError:
    return PhotoError(
        "damaged", f"{name} is damaged or cut short. Copy it again from the camera or open it in an editor. ({error})"
    )


def _too_large(name: str, pixels: int) -> str:
    size = f" ({pixels / 1e6:,.0f} megapixels)" if pixels else ""
    return f"{name} is too large{size}. The limit is {MAX_PIXELS // 10**6} megapixels; save a smaller copy."
