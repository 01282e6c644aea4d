// What the portal adds to plain pages. Everything works without it.

// Without a connection a press says so at once, and what was typed stays.
const offline = () => document.getElementById("offline");
const tellOffline = () => {
  const note = offline();
  if (!note) return;
  note.hidden = navigator.onLine;
  if (!navigator.onLine) note.focus();
};
window.addEventListener("online", tellOffline);
document.addEventListener("htmx:error", () => {
  if (!navigator.onLine) return tellOffline();
  const note = document.getElementById("unsure"); // sent or not: nobody knows
  if (!note) return;
  note.hidden = false;
  note.focus();
});

// A form that is on its way says so, and cannot be sent a second time by an impatient press.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  document.getElementById("flash")?.replaceChildren(); // the success of before is not about this press
  if (!navigator.onLine) { event.preventDefault(); event.stopImmediatePropagation(); tellOffline(); return; }
  if (event.submitter?.hasAttribute("data-plain")) { event.preventDefault(); keepDraft(form); return; }
  if (form.hasAttribute("hx-post") || form.dataset.plain) return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "yes";
  form.querySelectorAll("button[type=submit], button:not([type])").forEach((button) => {
    button.classList.add("working");
    button.setAttribute("aria-disabled", "true");
  });
  const kind = event.submitter?.formEnctype || form.enctype;
  if (window.htmx && form.closest("main") && kind !== "multipart/form-data") stay(event, form);
});

// What a form changes on its page is changed in place: scroll, focus and what is typed elsewhere stay. The
// server sends the browser on when the form leads to another page (web/page.py: redirect).
let pressed = "";
const stay = (event, form) => {
  event.preventDefault();
  const to = event.submitter?.getAttribute("formaction") || form.getAttribute("action");
  pressed = to;
  htmx.ajax("POST", to, { source: form, event, target: document.body, swap: "outerMorph" });
};
const settled = (form) => {
  delete form.dataset.sent;
  form.querySelectorAll(".working").forEach((button) => {
    button.classList.remove("working");
    button.removeAttribute("aria-disabled");
  });
};

// An answer that is no page of ours, or one that only says what is wrong, is left to the browser: Back then
// leads to the form as it was typed. What was committed is not sent again.
document.addEventListener("htmx:before:response", (event) => {
  const { sourceElement: form, response, request } = event.detail.ctx;
  if (!(form instanceof HTMLFormElement) || request.method !== "POST") return;
  const page = (response.headers.get("content-type") || "").startsWith("text/html");
  if (response.headers.has("hx-redirect") || (page && !response.headers.has("portal-error"))) return;
  event.preventDefault();
  settled(form);
  if (response.raw.redirected) { window.location.href = response.raw.url; return; }
  form.dataset.plain = "yes";
  form.requestSubmit(event.detail.ctx.sourceEvent?.submitter || undefined);
});

// What is typed into the other forms of a page belongs to them, and not to whatever stands in their place
// afterward: a list may have lost a row.
const fieldsOf = (form) => [...form.elements].filter((one) => one.name && !["hidden", "file", "submit", "button"].includes(one.type));
const keyOf = (one, all) => {
  const boxes = one.type === "checkbox" || one.type === "radio";
  return `${one.name}|${boxes ? one.value : all.filter((other) => other.name === one.name).indexOf(one)}`;
};
const typedInto = (one) => {
  if (one.type === "checkbox" || one.type === "radio") return one.checked !== one.defaultChecked;
  if (one.options) { // where no option says that it is selected, the first one is
    const options = [...one.options], given = options.filter((option) => option.defaultSelected);
    const before = given.length || one.multiple ? given : options.slice(0, 1);
    return options.some((option) => option.selected !== before.includes(option));
  }
  return one.value !== one.defaultValue;
};
const formsHere = () => [...document.querySelectorAll("main form")].filter((form) => form.enctype !== "multipart/form-data");
let typed = new Map();
document.addEventListener("htmx:before:swap", (event) => {
  const sent = event.detail.ctx.sourceElement;
  if (!(sent instanceof HTMLFormElement) || event.detail.ctx.request.method !== "POST") return;
  typed = new Map();
  formsHere().forEach((form) => {
    const all = fieldsOf(form), changed = form === sent ? [] : all.filter(typedInto);
    if (changed.length) typed.set(form.getAttribute("action"), changed.map((one) => [keyOf(one, all), one.value, one.checked]));
    HTMLFormElement.prototype.reset.call(form);
  });
});
const giveBack = () => {
  formsHere().forEach((form) => {
    const kept = typed.get(form.getAttribute("action")), all = fieldsOf(form);
    (kept || []).forEach(([key, value, checked]) => {
      const one = all.find((other) => keyOf(other, all) === key);
      if (!one) return;
      if (one.type === "checkbox" || one.type === "radio") one.checked = checked; else one.value = value;
    });
  });
  typed = new Map();
};
document.addEventListener("htmx:error", (event) => {
  const form = event.detail.ctx.sourceElement;
  if (form instanceof HTMLFormElement) settled(form);
});

// A page that the browser brings back from its memory can be sent again.
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  document.querySelectorAll("form[data-sent]").forEach(settled);
});

// A menu closes when one presses elsewhere, or Escape.
document.addEventListener("click", (event) => {
  document.querySelectorAll("details.menu[open]").forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  document.querySelectorAll("details.menu[open]").forEach((menu) => {
    menu.open = false;
    menu.querySelector("summary").focus();
  });
});

// Looking at a password while typing it.
document.addEventListener("change", (event) => {
  const box = event.target.closest("[data-shows]");
  if (box) document.getElementById(box.dataset.shows).type = box.checked ? "text" : "password";
});

// With very large text, bars that stay in place would cover what is read: then they scroll with the page.
const giveRoom = () => {
  const root = document.documentElement;
  root.classList.remove("roomy");
  const bars = [...document.querySelectorAll(".bar, .tabs")].filter((bar) => getComputedStyle(bar).position === "sticky");
  const height = bars.reduce((sum, bar) => sum + bar.offsetHeight, 0);
  root.classList.toggle("roomy", height > window.innerHeight / 3);
};
document.addEventListener("DOMContentLoaded", giveRoom);
window.addEventListener("resize", giveRoom);
document.fonts?.ready.then(giveRoom);

// Buttons that only make sense with a script: print, copy.
const setUp = () => document.querySelectorAll("[data-does]").forEach((button) => { button.hidden = false; });
document.addEventListener("DOMContentLoaded", setUp);
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-does]");
  if (!button) return;
  if (button.dataset.does === "print") window.print();
  if (button.dataset.does === "copy") navigator.clipboard.writeText(document.getElementById(button.dataset.from).textContent.trim());
});

// One box that checks all boxes of its table, or none.
document.addEventListener("change", (event) => {
  const all = event.target.closest("[data-does=check-all]");
  if (!all) return;
  all.closest("table").querySelectorAll("tbody input[type=checkbox]").forEach((box) => { box.checked = event.target.checked; });
});

// After acting, the first thing read is what came of it: what went wrong, or that it is done.
const readResult = () => document.querySelector(".problems, #flash p")?.focus();
document.addEventListener("DOMContentLoaded", readResult);
// In place, only what went wrong takes one there. A success is said (role=status) and stays in sight; focus
// moves to it only if the pressed button is gone. Where another one stands in its place, a second press must
// not be its press.
const isAnother = (now) => now.type === "submit" && (now.getAttribute("formaction") || now.form?.getAttribute("action")) !== pressed;
const readInPlace = () => {
  const wrong = document.querySelector(".problems");
  if (wrong) { wrong.focus({ preventScroll: true }); wrong.scrollIntoView({ behavior: "instant", block: "center" }); return; }
  const now = document.activeElement;
  if (now === document.body || isAnother(now)) document.querySelector("#flash p")?.focus({ preventScroll: true });
};
const keepRoot = () => { // a page that is changed in place keeps its <html>
  const root = document.documentElement, { language, theme } = document.body.dataset;
  root.lang = language;
  if (theme) root.dataset.bsTheme = theme; else delete root.dataset.bsTheme;
};
document.addEventListener("htmx:after:swap", () => { giveBack(); keepRoot(); setUp(); giveRoom(); readInPlace(); });

// An unsent application is saved while one types, at most once in ten seconds, and when the page is left.
const SAVE_EVERY = 10000;
const saving = new WeakMap();
const LARGEST_LAST_SAVE = 60000; // bytes that a browser sends of a page that is left
const saveDraft = (form, last) => {
  const state = saving.get(form);
  if (!state || !state.dirty || (state.busy && !last) || form.dataset.sent) return;
  Object.assign(state, { dirty: false, busy: true, at: Date.now() });
  const body = new URLSearchParams(new FormData(form));
  body.set("quiet", "yes");
  const keepalive = Boolean(last) && body.toString().length < LARGEST_LAST_SAVE;
  const failed = (final) => {
    const note = document.getElementById("unsure");
    if (note && (final || state.pressed)) { note.hidden = false; note.focus(); }
    state.over = final; // a draft that is over or too long is not sent again and again
    state.dirty = !final;
    if (!final) state.timer = setTimeout(() => saveDraft(form), SAVE_EVERY);
  };
  fetch(form.dataset.saves, { method: "POST", body, keepalive }).then((answer) => {
    state.busy = false;
    const note = form.querySelector("[data-saved]");
    if (note) note.hidden = !answer.ok || state.dirty;
    if (!answer.ok) failed(answer.status < 500 && answer.status !== 429); else if (state.dirty) state.timer = setTimeout(() => saveDraft(form), SAVE_EVERY);
  }).catch(() => { state.busy = false; failed(false); });
};
document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-saves]");
  if (!form) return;
  const state = saving.get(form) || { at: 0 };
  state.dirty = true;
  saving.set(form, state);
  clearTimeout(state.timer);
  state.timer = setTimeout(() => saveDraft(form), Math.max(800, state.at + SAVE_EVERY - Date.now()));
});
const keepDraft = (form) => { saving.set(form, { at: 0, dirty: true, pressed: true }); saveDraft(form); };
const saveOnLeaving = () => document.querySelectorAll("form[data-saves]").forEach((form) => saveDraft(form, true));
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") saveOnLeaving(); });
window.addEventListener("pagehide", saveOnLeaving);

// "Leave this site now" puts another page in the place of this one, so that Back does not lead here.
document.addEventListener("click", (event) => {
  const way = event.target.closest("a[data-leaves]");
  if (!way) return;
  event.preventDefault();
  window.location.replace(way.href);
});

// A photo is made smaller before it is sent: no more than 2,000 pixels on a side.
const LONGEST = 2000;
const smaller = async (file) => {
  if (!file.type.startsWith("image/") || file.size < 300000 || !window.createImageBitmap) return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const made = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    return made && made.size < file.size ? new File([made], "photo.jpg", { type: "image/jpeg" }) : file;
  } catch { return file; } // the server looks at it as it is
};
document.addEventListener("change", async (event) => {
  const input = event.target.closest("input[type=file][data-shrinks]");
  if (!input || !input.files.length) return;
  const button = input.form.querySelector("button[type=submit]");
  button.classList.add("working");
  button.disabled = true;
  const files = new DataTransfer();
  for (const file of input.files) files.items.add(await smaller(file));
  input.files = files.files;
  button.disabled = false;
  button.classList.remove("working");
});

// A shift on the week board can be dragged to another day; "Move" on it does the same by keyboard.
const slipOf = (event) => event.target.closest?.("[data-shift][draggable]");
document.addEventListener("dragstart", (event) => {
  const slip = slipOf(event);
  if (!slip) return;
  slip.classList.add("going");
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", slip.dataset.shift);
});
document.addEventListener("dragend", (event) => slipOf(event)?.classList.remove("going"));
const dayOf = (event) => document.querySelector("[data-shift].going") && event.target.closest?.("[data-board] .day");
document.addEventListener("dragover", (event) => {
  const day = dayOf(event);
  document.querySelectorAll(".day.over").forEach((other) => { if (other !== day) other.classList.remove("over"); });
  if (!day) return;
  event.preventDefault();
  day.classList.add("over");
});
document.addEventListener("drop", (event) => {
  const day = dayOf(event), slip = document.querySelector("[data-shift].going");
  if (!day) return;
  event.preventDefault();
  day.classList.remove("over");
  if (day.contains(slip)) return;
  const form = document.getElementById("dragged");
  form.action = `/shifts/${slip.dataset.shift}/move`;
  form.elements.day.value = day.dataset.day;
  form.requestSubmit();
});

// Unfilled shifts: Enter in a line's field adds its first person; 1, 2 and 3 note how the call with that person
// went, or with the one whose buttons have focus. When a line is done, the next one has focus.
const SETTLE = 500; // milliseconds in which the Enter of the line before is not taken for this one's
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
  const button = event.key === "0" ? lastCall() : row?.querySelector(`[data-key="${event.key}"]`);
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
      else htmx.ajax("GET", window.location.href, { target: document.body, swap: "outerMorph" });
    }
  } catch { /* no network: the next look may find it */ }
  looks = setTimeout(lookAtWeek, LOOK_EVERY);
};
document.addEventListener("DOMContentLoaded", lookAtWeek);
document.addEventListener("visibilitychange", lookAtWeek);
