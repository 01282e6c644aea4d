// A kiosk asks for its code anew, and hides it while there is no connection: an old one would only be refused.
const EVERY = 5000;

const showConnection = (there) => {
  document.getElementById("kiosk-offline").hidden = there;
  document.getElementById("kiosk-code").hidden = !there;
};

const renew = async () => {
  try {
    const answer = await fetch(location.href);
    if (!answer.ok) throw new Error(answer.status);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    document.getElementById("kiosk-code").replaceChildren(...page.getElementById("kiosk-code").childNodes);
    showConnection(true);
  } catch { showConnection(false); }
};

addEventListener("offline", () => showConnection(false));
addEventListener("online", renew);
setInterval(renew, EVERY);
