// Search from any page: Ctrl+K opens it, the arrows choose, Enter goes there. "?" shows the keys.
const finding = () => document.getElementById("find");
const hits = () => [...finding().querySelectorAll("#find-found a")];
let findNumber = 0, findTimer = 0;
const openFind = () => {
  const dialog = finding();
  if (!dialog || dialog.open || document.querySelector("dialog[open]")) return;
  dialog.showModal();
  dialog.querySelector("[name=q]").select();
};
const find = async () => {
  const place = document.getElementById("find-found"), typed = finding().querySelector("[name=q]").value.trim(), number = ++findNumber;
  if (typed.length < 2) { place.replaceChildren(); return; }
  try {
    const answer = await fetch(`/search?${new URLSearchParams({ q: typed })}`, { headers: { "HX-Request": "true", "HX-Target": "div#found" } });
    const html = await answer.text();
    if (answer.ok && number === findNumber) place.innerHTML = html;
    hits()[0]?.setAttribute("data-first", "");
  } catch { /* Enter still asks the page */ }
};
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]"), dialog = finding();
  if ((event.ctrlKey || event.metaKey) && event.key === "k" && !event.shiftKey && !event.altKey) { event.preventDefault(); openFind(); return; }
  if (event.key === "?" && !typing && !document.querySelector("dialog[open]") && localStorage.getItem("keys") !== "off") {
    document.getElementById("keys")?.showModal();
    return;
  }
  if (!dialog?.open || !["ArrowDown", "ArrowUp", "Enter"].includes(event.key)) return;
  const all = hits(), at = all.indexOf(document.activeElement);
  if (event.key === "Enter") {
    if (at < 0 && all.length) { event.preventDefault(); window.location.href = all[0].href; }
    return;
  }
  event.preventDefault();
  const next = all[at + (event.key === "ArrowDown" ? 1 : -1)];
  (next || dialog.querySelector("[name=q]")).focus();
});
document.addEventListener("input", (event) => {
  if (!event.target.closest("#find")) return;
  clearTimeout(findTimer);
  findTimer = setTimeout(find, 150);
});
document.addEventListener("click", (event) => { // a press beside it closes it
  const dialog = finding();
  if (event.target === dialog) dialog.close();
  if (event.target.closest(".bar .find") && !event.ctrlKey && !event.metaKey && !event.shiftKey) { event.preventDefault(); openFind(); }
});
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-keys-off]")) localStorage.setItem("keys", event.target.checked ? "off" : "on");
});
document.addEventListener("DOMContentLoaded", () => {
  const off = document.querySelector("[data-keys-off]");
  if (off) off.checked = localStorage.getItem("keys") === "off";
});
