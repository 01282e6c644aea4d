// A roster goes on without a connection: what is pressed waits on the device, with when it was, and is sent in its
// order once there is one again. Each entry has an id of its own, so that it arrives once.
const rosterForm = () => document.querySelector("form[data-roster]");
const rosterKey = () => `roster-${rosterForm().dataset.roster}`;
const readQueue = () => JSON.parse(localStorage.getItem(rosterKey()) || "[]");
const writeQueue = (queue) => localStorage.setItem(rosterKey(), JSON.stringify(queue));
const AGAIN_EVERY = 15000;
let sending = false;

const showQueue = () => {
  const queue = readQueue(), waits = document.getElementById("roster-waits");
  waits.hidden = queue.length === 0;
  document.getElementById("roster-count").textContent = queue.length ? `(${queue.length})` : "";
  const waiting = new Set(queue.map((entry) => entry.check.split("-").pop())); // a row that waits takes no second press
  for (const button of rosterForm().querySelectorAll("button[name=check]")) {
    button.disabled = waiting.has(button.value.split("-").pop());
  }
};

// What the server answered takes the place of what is there, with what it says.
const takeOver = (html) => {
  const page = new DOMParser().parseFromString(html, "text/html");
  for (const id of ["roster-state", "flash"]) {
    const [now, then] = [document.getElementById(id), page.getElementById(id)];
    if (now && then) now.replaceChildren(...then.childNodes);
  }
};

const send = async (entry) => {
  const body = new URLSearchParams({ csrf: rosterForm().elements.csrf.value, check: entry.check, once: entry.id });
  body.set("ago", String(Math.max(0, Math.round((Date.now() - entry.at) / 1000))));
  const answer = await fetch(rosterForm().action, { method: "POST", body });
  if (answer.status >= 500 || answer.status === 429) return false; // another time
  const signedOut = answer.status === 401 || answer.status === 403 || new URL(answer.url).pathname.startsWith("/session");
  document.getElementById("roster-sign-in").hidden = !signedOut;
  if (signedOut) return false;
  takeOver(await answer.text()); // a refusal is shown there, too, and is not sent again
  document.querySelector(`#signup-${entry.check.split("-").pop()} button`)?.focus({ preventScroll: true });
  return true;
};

const flush = async () => {
  if (sending || !navigator.onLine) return;
  sending = true;
  try {
    for (let queue = readQueue(); queue.length; queue = readQueue()) {
      if (!(await send(queue[0]))) break;
      writeQueue(readQueue().slice(1));
    }
  } catch { /* no connection: what waits stays */ } finally { sending = false; showQueue(); }
};

document.addEventListener("submit", (event) => {
  if (event.target !== rosterForm() || event.submitter?.name !== "check") return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const check = event.submitter.value;
  writeQueue([...readQueue(), { id: crypto.randomUUID(), check, at: Date.now() }]);
  showQueue();
  flush();
}, true);
window.addEventListener("online", flush);
setInterval(() => { if (rosterForm() && readQueue().length) flush(); }, AGAIN_EVERY);
if (rosterForm()) { showQueue(); flush(); }
