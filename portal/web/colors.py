"""The agency's one color, and what follows from it: ink on it, a soft tint, and a dark-theme twin.

Contrast is computed as WCAG 2.2 defines it, so any color an agency sets stays readable.
"""

import colorsys

Rgb = tuple[float, float, float]
WHITE: Rgb = (255, 255, 255)
DARK_INK: Rgb = (11, 35, 32)
DARK_CARD: Rgb = (27, 37, 36)
READABLE = 4.6
"""The least contrast of text on its ground; WCAG asks for 4.5."""


def brand_css(color: str) -> str:
    """Style rules that set the brand's variables for the light and the dark theme."""
    light = _until_readable(_rgb(color), WHITE, toward=(0, 0, 0))
    dark = _until_readable(_lit(_rgb(color)), DARK_CARD, toward=WHITE)
    for_light = _rules(light, soft=_mix(light, WHITE, 0.88))
    for_dark = _rules(dark, soft=_mix(DARK_CARD, dark, 0.2))
    return (
        f":root{{{for_light}}}\n"
        f"@media (prefers-color-scheme:dark){{:root:not([data-bs-theme=light]){{{for_dark}}}}}\n"
        f":root[data-bs-theme=dark]{{{for_dark}}}\n"
    )


def contrast(one: Rgb, other: Rgb) -> float:
    """The contrast ratio of two colors, from 1 to 21."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _rules(brand: Rgb, soft: Rgb) -> str:
    ink = max((WHITE, DARK_INK), key=lambda candidate: contrast(candidate, brand))
    return (
        f"--brand:{_hex(brand)};--brand-rgb:{','.join(str(round(part)) for part in brand)};"
        f"--brand-ink:{_hex(ink)};--brand-soft:{_hex(soft)}"
    )


def _until_readable(color: Rgb, ground: Rgb, toward: Rgb) -> Rgb:
    for _ in range(20):
        if contrast(color, ground) >= READABLE:
            break
        color = _mix(color, toward, 0.1)
    return color


def _lit(color: Rgb) -> Rgb:
    """The same hue, as light as words on a dark ground need, and not glaring."""
    red, green, blue = (part / 255 for part in color)
    hue, _, saturation = colorsys.rgb_to_hls(red, green, blue)
    red, green, blue = colorsys.hls_to_rgb(hue, 0.63, min(saturation, 0.42))
    return (red * 255, green * 255, blue * 255)


def _rgb(color: str) -> Rgb:
    return (int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16))


def _hex(color: Rgb) -> str:
    return "#" + "".join(f"{round(part):02x}" for part in color)


def _mix(one: Rgb, other: Rgb, share: float) -> Rgb:
    red, green, blue = (a + (b - a) * share for a, b in zip(one, other, strict=True))
    return (red, green, blue)


def _luminance(color: Rgb) -> float:
    parts = [part / 255 for part in color]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
