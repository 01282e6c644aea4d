"""What a page looks like at twice the text and four times the size."""

from playwright.sync_api import Page

WIDE = """() => {
  const wide = document.documentElement.scrollWidth;
  if (wide <= window.innerWidth) return "";
  const out = [...document.querySelectorAll("main *, header *, nav *, footer *")].filter((one) => {
    const box = one.getBoundingClientRect();
    return box.width && box.right > window.innerWidth + 1 && !one.closest(".scroll, details.menu > div");
  });
  return `${wide}: ` + out.slice(0, 3).map((one) => `${one.tagName}.${one.className} ${one.textContent.trim().slice(0, 40)}`).join(" | ");
}"""
"""What reaches beyond the right edge, or nothing."""

BARS = """() => [...document.querySelectorAll("body *")].filter((one) => ["sticky", "fixed"].includes(getComputedStyle(one).position))
  .filter((one) => !one.closest("table") && one.getBoundingClientRect().height)
  .reduce((sum, one) => sum + one.getBoundingClientRect().height, 0) / window.innerHeight"""
"""Which part of the screen is taken by what stays in place."""

SETTLED = """() => document.fonts.ready.then(
  () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))"""
"""Fonts are there and the page was laid out with them."""

SIZES = (("text 200%", 390, 844, "200%"), ("zoom 400%", 320, 256, "100%"))


def too_large(page: Page) -> list[str]:
    """What is wider than the screen, or takes over a third of it while one scrolls."""
    found = []
    for name, width, height, size in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate("size => { document.documentElement.style.fontSize = size; }", size)
        page.evaluate("() => window.dispatchEvent(new Event('resize'))")
        page.evaluate(SETTLED)
        if wide := page.evaluate(WIDE):
            found.append(f"{name}: {wide}")
        if (part := page.evaluate(BARS)) > 0.34:
            found.append(f"{name}: what stays in place takes {part:.0%}")
    return found
