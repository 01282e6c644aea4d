"""Files as what they are by their content: a PDF as it is, a picture written anew, or nothing (SECURITY I5).

Writing a picture anew drops what a camera noted: place, time and device.
"""

import io
import struct
import warnings
import zlib
from collections.abc import Sequence

from PIL import Image, ImageOps, UnidentifiedImageError

LARGEST = 10 * 1024 * 1024
MOST_PIXELS = 25_000_000
LONGEST_SIDE = 4000
"""A larger JPEG is read at a half, a quarter or an eighth of its size."""

SIDE = 2000
"""How wide the picture of several sides is at most."""

PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
_ZIP_END = b"PK\x05\x06"
Image.MAX_IMAGE_PIXELS = 4 * MOST_PIXELS
BROKEN = (
    UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning, OSError,
    SyntaxError, EOFError, struct.error, TypeError, KeyError, OverflowError, zlib.error,
)  # fmt: skip
"""What a picture that is none, or is broken on purpose, can make the library raise."""


def judge(data: bytes) -> tuple[str, bytes]:
    """What some bytes are, and themselves cleaned. Raises ValueError for all but a PDF, a JPEG or a PNG."""
    if data.startswith(b"%PDF-"):
        if b"%%EOF" not in data[-2048:] or _ZIP_END in data[-66_000:]:
            raise ValueError("no whole PDF, or an archive beside it")
        return PDF, data
    try:
        with (
            warnings.catch_warnings(action="ignore"),  # about what a broken one says of itself
            Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "MPO")) as picture,
        ):
            kind, made = _written_anew(picture)
    except BROKEN:
        raise ValueError("no picture") from None
    if len(made) > LARGEST:
        raise ValueError("larger than it came")
    return kind, made


def _read_reduced(picture: Image.Image) -> None:
    """Have a large JPEG decoded at a half, a quarter or an eighth of its size, which takes less memory."""
    longest = max(picture.size)
    scale = next((one for one in (1, 2, 4) if longest <= one * LONGEST_SIDE), 8)
    if scale > 1:
        width, height = picture.size
        picture.draft(None, (-(-width // scale), -(-height // scale)))


def _written_anew(picture: Image.Image) -> tuple[str, bytes]:
    """A picture without anything that is not the picture, the right way up."""
    kind = picture.format
    if kind in ("JPEG", "MPO"):
        _read_reduced(picture)
    if picture.width * picture.height > MOST_PIXELS:
        raise ValueError("too many pixels")
    upright = ImageOps.exif_transpose(picture)
    upright.info.clear()
    out = io.BytesIO()
    if kind in (
        "JPEG",
        "MPO",
    ):  # phones write several pictures into one file; the first is the photo
        upright.convert("RGB").save(out, "JPEG", quality=88)
        return JPEG, out.getvalue()
    plain = upright if upright.mode in ("RGB", "RGBA", "L", "P") else upright.convert("RGB")
    plain.save(out, "PNG")
    return PNG, out.getvalue()


def judge_all(files: Sequence[bytes]) -> tuple[str, bytes]:
    """The same for the sides of one paper: several pictures become one, one below the other. Raises
    ValueError for a PDF among several, and for what is no picture."""
    if len(files) == 1:
        return judge(files[0])
    made = [judge(data) for data in files]
    if any(kind == PDF for kind, _ in made):
        raise ValueError("a PDF beside another file")
    sides = [Image.open(io.BytesIO(data)) for _, data in made]
    width = min(SIDE, max(side.width for side in sides))
    fitted = [
        side.convert("RGB").resize((width, max(1, side.height * width // side.width)))
        for side in sides
    ]
    whole = Image.new("RGB", (width, sum(side.height for side in fitted)), "white")
    top = 0
    for side in fitted:
        whole.paste(side, (0, top))
        top += side.height
    out = io.BytesIO()
    whole.save(out, "JPEG", quality=88)
    if out.tell() > LARGEST:
        raise ValueError("larger than it came")
    return JPEG, out.getvalue()
