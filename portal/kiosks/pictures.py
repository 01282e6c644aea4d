"""QR codes as they stand in a page."""

import segno
from markupsafe import Markup


def qr_picture(link: str) -> Markup:
    """A QR code of a link of ours as an inline picture, black on white in dark pages, too."""
    made = segno.make(link, error="m", micro=False)
    svg = made.svg_inline(
        scale=8,
        border=3,
        omitsize=True,
        light="#ffffff",
        dark="#000000",
        svgclass="qr",
        lineclass=None,
    )
    return Markup(svg)  # noqa: S704 - segno draws it
