"""By keyboard: focus is seen on every control, and never under a bar. Every twentieth page here, each of
the others in `make soak`."""

import pytest
from playwright.sync_api import Page

from tests.journeys.test_access import NOT_THERE, PAGES

LOOKED_AT = [
    (role, path)
    for role, paths in PAGES.items()
    for path in paths
    if not path.startswith(NOT_THERE) and path != "/design"
]

FOCUSED = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const shown = one.matches("input[type=radio], input[type=checkbox]") && one.nextElementSibling ? [one, one.nextElementSibling] : [one];
  const ring = shown.some((each) => {
    const style = getComputedStyle(each);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 && style.outlineColor !== "rgba(0, 0, 0, 0)";
  });
  const box = one.getBoundingClientRect();
  const y = Math.min(Math.max(box.top + Math.min(box.height, 40) / 2, 0), window.innerHeight - 1);
  const top = document.elementFromPoint(Math.min(Math.max(box.left + Math.min(box.width, 40) / 2, 1), window.innerWidth - 1), y);
  const bar = top && top.closest(".bar, .tabs");
  const covered = bar && !bar.contains(one) ? bar.className : "";
  const outside = box.bottom < 0 || box.top > window.innerHeight;
  return {what: `${one.tagName}.${one.className} ${(one.getAttribute("name") || one.textContent || "").trim().slice(0, 40)}`, ring, covered, outside};
}"""


def walk(page: Page, most: int = 200) -> list[str]:
    """Press Tab through a page; gives what is wrong with each control that gets the focus."""
    wrong, seen = [], 0
    page.evaluate("() => { document.activeElement?.blur(); window.scrollTo(0, 0); }")
    while seen < most:
        page.keyboard.press("Tab")
        found = page.evaluate(FOCUSED)
        if found is None:
            break
        seen += 1
        if not found["ring"]:
            wrong.append(f"no focus seen on {found['what']}")
        if found["covered"]:
            wrong.append(f"{found['what']} lies under {found['covered']}")
        if found["outside"]:
            wrong.append(f"{found['what']} is not on the screen")
    assert seen, "nothing can be reached by Tab"
    return wrong


@pytest.mark.parametrize(("role", "path"), LOOKED_AT[::40])
def test_focus_is_seen_on_every_control_and_never_under_a_bar(as_role, ids, role, path):
    focus_is_seen(as_role, ids, role, path)


def focus_is_seen(as_role, ids, role, path) -> None:
    """Walk one page, in one of the three ways colors can be."""
    page = as_role(role).go(path.format(**ids))
    page.set_viewport_size({"width": 390, "height": 844})
    number = LOOKED_AT.index((role, path))
    scheme, forced = (("light", "none"), ("dark", "none"), ("light", "active"))[number // 12 % 3]
    page.emulate_media(color_scheme=scheme, forced_colors=forced, reduced_motion="reduce")
    assert walk(page) == []
