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
  const said = document.getElementById("flash"); // the success of before is not about this press, unless it undoes that
  if (!said?.contains(form)) said?.replaceChildren();
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
const readResult = () => document.querySelector(".problems, .preview, #flash p")?.focus();
document.addEventListener("DOMContentLoaded", readResult);
// In place, only what went wrong takes one there. A success is said (role=status) and stays in sight; focus
// moves to it only if the pressed button is gone. Where another one stands in its place, a second press must
// not be its press.
const isAnother = (now) => now.type === "submit" && (now.getAttribute("formaction") || now.form?.getAttribute("action")) !== pressed;
const readInPlace = () => {
  const wrong = document.querySelector(".problems");
  if (wrong) { wrong.focus({ preventScroll: true }); wrong.scrollIntoView({ behavior: "instant", block: "center" }); return; }
  const now = document.activeElement, preview = now.name === "look" && now.form?.querySelector(".preview");
  if (preview) { preview.focus({ preventScroll: true }); preview.scrollIntoView({ behavior: "instant", block: "start" }); return; }
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
  const path = `/shifts/${slip.dataset.shift}/move`, draft = new URLSearchParams(window.location.search).get("draft");
  // Where people would be told, or the day is closed, a page asks first.
  if ((!draft && slip.querySelector("[data-signup]")) || day.classList.contains("shut")) { window.location.href = `${path}?day=${day.dataset.day}${draft ? `&draft=${draft}` : ""}`; return; }
  const form = document.getElementById("dragged");
  form.action = draft ? `${path}?draft=${draft}` : path;
  form.elements.day.value = day.dataset.day;
  form.elements.was.value = slip.closest(".day").dataset.day;
  form.requestSubmit();
});

// The time that is left to undo something counts down; then the button goes, and a word says why.
const overNow = (form) => {
  const had = form.contains(document.activeElement), note = form.querySelector(".quiet");
  form.querySelector("button").remove();
  note.textContent = form.dataset.over;
  if (had) { note.tabIndex = -1; note.focus(); }
};
setInterval(() => document.querySelectorAll("[data-until]").forEach((left) => {
  const seconds = Math.ceil((new Date(left.dataset.until) - Date.now()) / 1000);
  if (seconds <= 0) overNow(left.closest("form"));
  else left.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}), 1000);
document.addEventListener("keydown", (event) => {
  const button = document.querySelector("#flash .undo button");
  if (event.key !== "z" || !(event.ctrlKey || event.metaKey) || event.shiftKey || !button || event.target.closest("input, textarea, select")?.value) return;
  event.preventDefault();
  button.click();
});
