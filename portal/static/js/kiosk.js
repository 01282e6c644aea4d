// A kiosk asks for its code anew, and hides it while there is no connection: an old one would only be refused. What
// someone typed and left goes after a while, so that the next one does not read it.
const EVERY = 5000, LEFT_AFTER = 45000;
let touched = Date.now();

const show = (id, there) => { document.getElementById(id).hidden = !there; };
const showConnection = (there) => { show("kiosk-offline", !there); show("kiosk-code", there); };

const renew = async () => {
  try {
    const answer = await fetch(location.href);
    if (answer.status === 404) { show("kiosk-off", true); show("kiosk-on", false); return; }
    if (!answer.ok) throw new Error(answer.status);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    document.getElementById("kiosk-code").replaceChildren(...page.getElementById("kiosk-code").childNodes);
    showConnection(true);
  } catch { showConnection(false); return; }
  const typed = [...document.querySelectorAll("#kiosk-on input.form-control")].some((field) => field.value);
  const said = document.querySelector(".problems") || document.querySelector("#flash").textContent.trim();
  if ((typed || said) && Date.now() - touched > LEFT_AFTER) location.replace(location.href);
};

addEventListener("input", () => { touched = Date.now(); });
addEventListener("offline", () => showConnection(false));
addEventListener("online", renew);
setInterval(renew, EVERY);
