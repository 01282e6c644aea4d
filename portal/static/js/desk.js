// What the coordinator's desk adds to portal.js: the list of unfilled shifts, and the grid of a week.

// Unfilled shifts: Enter in a line's field adds its first person; 1, 2 and 3 note how the call with that person
// went, or with the one whose buttons have focus. When a line is done, the next one has focus.
const SETTLE = 350; // milliseconds in which the Enter of the line before is not taken for this one's
const gapOf = (event) => event.target.closest?.("form.short-shift");
let gapsAfter = [], firstBefore = "";
const firstOf = (form) => form?.elements.first?.value || "";
const placeIn = (form) => form?.querySelector(matchMedia("(pointer: fine)").matches ? "[name=who]" : "h3 a"); // a field would open a phone's keyboard
document.addEventListener("keydown", (event) => {
  const form = gapOf(event), field = event.target.name === "who";
  if (!form || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Enter" && field && (event.repeat || form.dataset.fresh)) { event.preventDefault(); return; }
  if (!["0", "1", "2", "3"].includes(event.key) || (field ? event.target.value : event.target.type !== "submit")) return;
  const row = field ? form.querySelector(".caller:not(.found)") : event.target.closest(".caller");
  const button = event.key === "0" ? document.querySelector("#flash .undo button") || lastCall() : row?.querySelector(`[data-key="${event.key}"]`);
  if (!button) return;
  event.preventDefault();
  if (!event.repeat && !form.dataset.fresh) button.click();
});
const lastCall = () => [...document.querySelectorAll("[data-call]")].sort((a, b) => b.dataset.call - a.dataset.call)[0];
document.addEventListener("change", (event) => { // how people say yes holds at once for every line
  if (event.target.name !== "asked" || !document.querySelector("[data-gaps]")) return;
  document.querySelectorAll("form.short-shift [name=asked]").forEach((one) => { one.value = event.target.value; });
});
document.addEventListener("submit", (event) => {
  const form = gapOf(event) || event.target.closest?.(".after-no")?.previousElementSibling;
  const all = [...document.querySelectorAll("form.short-shift")];
  gapsAfter = form ? all.slice(all.indexOf(form)).map((one) => one.id) : [];
  firstBefore = firstOf(form);
}, true);
const toNextGap = () => {
  const form = gapsAfter.map((id) => document.getElementById(id)).find((one) => one?.querySelector("[name=who]")), moved = form && form.id !== gapsAfter[0];
  const another = form && (moved || firstOf(form) !== firstBefore);
  gapsAfter = [];
  if (!form || document.querySelector(".problems")) return;
  if (another) { form.dataset.fresh = "yes"; setTimeout(() => delete form.dataset.fresh, SETTLE); }
  if (moved || !form.contains(document.activeElement)) (placeIn(form) || form.querySelector("h3 a")).focus();
  const field = form.querySelector("[name=who]");
  if (field && !moved) field.value = field.defaultValue;
};
document.addEventListener("htmx:after:swap", () => { toNextGap(); tellOfAsking(); });

// Whoever a coordinator has open is shown to the others as being called.
let opened = "", acted = false;
const openFrom = (place) => {
  const form = place.closest?.("form.short-shift"), row = place.closest?.(".caller:not(.found)") || form?.querySelector(".caller:not(.found)");
  const person = row?.querySelector("[data-key]")?.value.split("-")[1];
  if (!acted || !form || !person || opened === person) return;
  opened = person;
  const body = new URLSearchParams({ csrf: form.elements.csrf.value, person });
  fetch(`${form.getAttribute("action").split("?")[0]}/open`, { method: "POST", body })
    .then((answer) => (answer.ok ? answer.text() : ""))
    .then((said) => { const calling = row.querySelector(".calling"); if (calling && said.trim()) calling.innerHTML = said; })
    .catch(() => {});
};
["keydown", "pointerdown"].forEach((kind) => document.addEventListener(kind, (event) => { // looking at the list calls no one
  acted = true;
  openFrom(event.target);
}));
document.addEventListener("focusin", (event) => openFrom(event.target));
document.addEventListener("htmx:after:swap", () => openFrom(document.activeElement));
window.addEventListener("pagehide", () => {
  const csrf = opened && document.querySelector("form.short-shift [name=csrf]")?.value;
  if (csrf) navigator.sendBeacon("/gaps/open/end", new URLSearchParams({ csrf }));
});

// Who would be asked about the selected shifts stands beside the button before it is pressed.
const tellOfAsking = () => {
  const boxes = [...document.querySelectorAll("form.short-shift .pick:checked")], place = document.getElementById("asking");
  if (!window.htmx || !place || (!boxes.length && !place.querySelector("[name=seen]"))) return;
  const query = new URLSearchParams(window.location.search);
  query.delete("slots");
  boxes.forEach((box) => query.append("slots", box.value));
  if (boxes.map((box) => box.value).join() === place.dataset.of) return;
  htmx.ajax("GET", `/gaps?${query}`, { source: place, target: "#asking", swap: "outerHTML" });
};
document.addEventListener("change", (event) => { if (event.target.closest(".pick")) tellOfAsking(); });
document.addEventListener("DOMContentLoaded", () => {
  if (!document.querySelector(".problems, #flash p")) placeIn(document.querySelector("form.short-shift [name=who]")?.form)?.focus({ preventScroll: true });
});

// The grid: an open spot becomes a field when one presses it; the arrows move between cells as in a spreadsheet;
// Delete on a name asks before anyone is removed.
let added = "", asking = 0;
const listOf = (form) => form.querySelector("[role=listbox]");
const choose = (form, option) => {
  listOf(form).querySelectorAll("[role=option]").forEach((one) => one.setAttribute("aria-selected", one === option));
  form.elements.who.setAttribute("aria-activedescendant", option?.id || "");
};
const suggestIn = async (form) => {
  const number = ++asking, typed = form.elements.who.value.trim();
  const query = new URLSearchParams({ slot: form.dataset.slot, q: typed });
  try {
    const answer = await fetch(`/schedule/people?${query}`, { headers: { "HX-Request": "true" } });
    if (!answer.ok || number !== asking || !form.isConnected) return;
    listOf(form).innerHTML = await answer.text();
    form.dataset.of = typed;
    listOf(form).scrollIntoView({ block: "nearest" });
    choose(form, typed ? listOf(form).querySelector("[role=option]:not(.no)") : null); // nobody is added by a bare Enter
  } catch { /* the name alone can be sent, too */ }
};
const closeCell = (form, back) => {
  const link = form.previousElementSibling;
  form.dataset.sent = "no"; // taking it away takes its focus, which must not close it once more
  link.hidden = false;
  form.remove();
  if (back) link.focus();
};
document.addEventListener("click", (event) => {
  const link = event.target.closest(".grid a.add");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  suggestIn(openIn(link));
});
const openIn = (link) => {
  document.querySelectorAll("form.adding").forEach((form) => closeCell(form));
  const form = document.getElementById("adding").content.firstElementChild.cloneNode(true), list = listOf(form);
  form.action = `/schedule/${link.dataset.slot}/people${window.location.search}`;
  form.dataset.slot = link.dataset.slot;
  list.id = `people-${link.dataset.slot}`;
  form.elements.who.setAttribute("aria-controls", list.id);
  link.after(form);
  link.hidden = true;
  form.elements.who.focus();
  return form;
};

// A name is copied from one cell and pasted into an open spot of another.
let copied = null;
const inGrid = (event, kind) => {
  const link = document.activeElement?.closest?.(kind);
  return link && window.getSelection().isCollapsed && !event.defaultPrevented ? link : null;
};
document.addEventListener("copy", (event) => {
  const link = inGrid(event, ".grid a.n[data-signup]");
  if (!link) return;
  copied = { person: link.getAttribute("href").split("/").pop(), name: link.firstChild.textContent.trim() };
  event.clipboardData.setData("text/plain", copied.name);
  event.preventDefault();
  document.querySelectorAll(".grid .copied").forEach((one) => one.classList.remove("copied"));
  link.classList.add("copied");
});
document.addEventListener("paste", (event) => {
  const link = inGrid(event, ".grid a.add");
  if (!link || !copied) return;
  event.preventDefault();
  const form = openIn(link);
  form.elements.who.value = form.dataset.of = copied.name;
  form.elements.person.value = copied.person;
  form.dataset.pasted = "yes";
  form.requestSubmit();
});
document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form.adding");
  if (!form) return;
  clearTimeout(form.timer);
  form.timer = setTimeout(() => suggestIn(form), 150);
});
document.addEventListener("focusout", (event) => {
  const form = event.target.closest?.("form.adding");
  if (form && !form.dataset.sent && !form.contains(event.relatedTarget) && !form.elements.who.value) closeCell(form);
});
document.addEventListener("mousedown", (event) => {
  const option = event.target.closest("form.adding [role=option]");
  if (!option || event.button) return;
  event.preventDefault();
  if (option.classList.contains("no")) return;
  const form = option.closest("form");
  choose(form, option);
  form.dataset.of = form.elements.who.value.trim();
  form.requestSubmit();
});
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.classList.contains("adding")) return;
  const option = form.querySelector("[aria-selected=true]"), fresh = form.dataset.of === form.elements.who.value.trim();
  if (!form.dataset.pasted) form.elements.person.value = option && fresh ? option.dataset.person : "";
  added = form.dataset.slot;
}, true);
const arrowIn = (form, key) => {
  const options = [...listOf(form).querySelectorAll("[role=option]:not(.no)")];
  const at = options.findIndex((one) => one.getAttribute("aria-selected") === "true");
  if (options.length) choose(form, options[(at + (key === "ArrowDown" ? 1 : options.length - 1)) % options.length]);
};
const nextIn = (link, key) => {
  const day = link.closest(".day"), sheet = day.parentElement, links = [...day.querySelectorAll(".cell a:not([hidden], .move)")];
  if (key === "ArrowDown") return links[links.indexOf(link) + 1];
  if (key === "ArrowUp") return links[links.indexOf(link) - 1];
  const days = [...sheet.querySelectorAll(".day")], row = [...link.closest(".cell").classList].find((name) => /^r\d+$/.test(name));
  const step = (key === "ArrowRight") === (document.documentElement.dir !== "rtl") ? 1 : -1;
  for (let at = days.indexOf(day) + step; days[at]; at += step) {
    const found = days[at].querySelector(`.${row} a`);
    if (found) return found;
  }
  return null;
};
document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.("form.adding"), link = event.target.closest?.(".grid .cell a:not(.move)");
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.repeat && event.key === "Enter" && (form || link)) { event.preventDefault(); return; }
  if (form && event.key === "Escape") return closeCell(form, true);
  if (!event.key.startsWith("Arrow")) {
    if (link && ["Delete", "Backspace"].includes(event.key)) askToRemove(event, link);
    return;
  }
  if (form && ["ArrowDown", "ArrowUp"].includes(event.key)) { event.preventDefault(); arrowIn(form, event.key); }
  if (!link || form) return;
  const next = nextIn(link, event.key);
  if (next) { event.preventDefault(); next.focus(); }
});
const askToRemove = (event, link) => {
  const dialog = document.getElementById("removing");
  if (!link.dataset.signup || !dialog || link.closest(".over, .off")) return;
  event.preventDefault();
  const form = dialog.querySelector("form"), head = dialog.querySelector("h2");
  head.dataset.words ||= head.textContent;
  head.textContent = head.dataset.words.replace("…", link.firstChild.textContent.trim());
  dialog.querySelector("[data-shift-of]").textContent = `${link.closest(".block").querySelector(".when").textContent.trim()}, ${link.closest(".day").querySelector("h2 span").textContent.trim()}`;
  form.action = `/schedule/signups/${link.dataset.signup}/removal${window.location.search}`;
  form.reset();
  dialog.showModal();
  form.elements.reason.focus();
};
document.addEventListener("click", (event) => { if (event.target.closest("[data-does=close]")) event.target.closest("dialog").close(); });
document.addEventListener("htmx:after:swap", () => {
  const place = added && document.querySelector(`.grid [data-slot="${added}"]`), refused = document.getElementById("refused");
  added = "";
  if (refused && window.htmx) { // what was typed stays in its cell
    const link = document.querySelector(`.grid [data-slot="${refused.dataset.slot}"]`);
    if (!link) return;
    const form = openIn(link);
    form.elements.who.value = refused.dataset.who;
    suggestIn(form);
    document.querySelector(".problems")?.focus({ preventScroll: true });
    return;
  }
  if (place && !document.querySelector(".problems")) place.focus();
});

// Two coordinators at one week see each other's changes: while the page is in sight, it asks for the week's mark.
const LOOK_EVERY = 5000; // milliseconds
let looks = 0;
const lookAtWeek = async () => {
  const grid = document.querySelector("[data-board].grid");
  clearTimeout(looks);
  if (!grid || !window.htmx || document.visibilityState === "hidden") return;
  try {
    const headers = { "HX-Request": "true", "If-None-Match": `"${grid.dataset.mark}"` };
    const answer = await fetch(`/schedule/revision${window.location.search}`, { headers, redirect: "manual", cache: "no-store" });
    if (answer.status === 401) { document.getElementById("signed-out").hidden = false; return; }
    if (answer.ok && (await answer.text()) !== grid.dataset.mark) {
      if (document.querySelector("form.adding, dialog[open], [data-shift].going")) document.getElementById("changed").hidden = false;
      else {
        const said = document.querySelector("#flash:has(.undo)")?.innerHTML; // what can be undone stays in sight
        await htmx.ajax("GET", window.location.href, { target: document.body, swap: "outerMorph" });
        const place = document.getElementById("flash");
        if (said && place && !place.children.length) place.innerHTML = said;
      }
    }
  } catch { /* no network: the next look may find it */ }
  looks = setTimeout(lookAtWeek, LOOK_EVERY);
};
document.addEventListener("DOMContentLoaded", lookAtWeek);
document.addEventListener("visibilitychange", lookAtWeek);
