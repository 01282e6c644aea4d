// The way back on top of a page leads to exactly where one was: the same filters, the same place in the list.
// Kept for this tab alone, and forgotten once no one is signed in.
{
const KEPT = "where", TO = "back to", MOST = 20;
const kept = () => new Map(JSON.parse(sessionStorage.getItem(KEPT) || "[]"));

if (!document.body.hasAttribute("data-signed-in")) {
  sessionStorage.removeItem(KEPT);
} else {
  window.addEventListener("pagehide", () => {
    const where = kept();
    where.delete(location.pathname);
    where.set(location.pathname, [location.search, Math.round(scrollY)]);
    sessionStorage.setItem(KEPT, JSON.stringify([...where].slice(-MOST)));
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.(".crumb a");
    if (!link || link.search || link.hash || link.origin !== location.origin) return;
    const before = kept().get(link.pathname);
    if (!before) return;
    link.search = before[0];
    sessionStorage.setItem(TO, link.pathname + before[0]);
  });
  const to = sessionStorage.getItem(TO);
  sessionStorage.removeItem(TO);
  const before = kept().get(location.pathname);
  if (before && to === location.pathname + location.search) scrollTo(0, before[1]);
}
}
