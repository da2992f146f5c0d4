// Tries a call from the reader's own browser: the gateway is asked directly, and no secret goes anywhere else.
// Without this script the form does the same by way of the server.

const form = document.getElementById("trying");
const tried = document.getElementById("tried");
const pattern = document.getElementById("exchange");
const LONGEST = 262144; // letters of an answer that are shown

const field = (name) => form.elements[name].value.trim();
const laidOut = (text) => {
  try { return JSON.stringify(JSON.parse(text), null, 2); } catch { return text; }
};
const base64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

// One request and its answer, shown as they went; what is secret is dots on the page.
async function exchange(title, path, headers, body, shownHeaders, shownBody, hide = (text) => text) {
  const began = performance.now();
  const answer = await fetch(path, { method: "POST", headers, body, credentials: "omit" });
  const text = await answer.text();
  const took = performance.now() - began;
  const section = pattern.content.cloneNode(true);
  const lines = [`POST ${path} HTTP/1.1`, `Host: ${location.host}`];
  for (const [name, value] of Object.entries(shownHeaders)) lines.push(`${name}: ${value}`);
  section.querySelector("h2").textContent = title;
  section.querySelector(".sent code").textContent = `${lines.join("\n")}\n\n${shownBody}`;
  const came = [...answer.headers].map(([name, value]) => `${name}: ${value}`).join("\n");
  const long = text.length > LONGEST;
  section.querySelector(".answered code").textContent = `${came}\n\n${hide(long ? text.slice(0, LONGEST) : laidOut(text))}`;
  const tag = section.querySelector(".tag");
  tag.textContent = answer.status;
  tag.classList.add(answer.status >= 400 ? "tag-bad" : "tag-added");
  section.querySelector(".took").textContent = `${took.toFixed(1)} ms`;
  const sheet = section.querySelector("section");
  if (long) said(sheet, form.dataset.cut);
  if (answer.status >= 400) cure(sheet, answer.status);
  tried.append(section);
  return { status: answer.status, text };
}

function said(sheet, text) {
  const note = document.createElement("p");
  note.className = "quiet small";
  note.textContent = text;
  sheet.append(note);
}

function cure(sheet, status) {
  const way = document.createElement("a");
  way.href = `${form.dataset.cures}#status-${status}`;
  way.textContent = form.dataset.cure;
  const line = document.createElement("p");
  line.append(way);
  sheet.append(line);
}

const DOTS = "••••••••";
const withoutTokens = (text) => text.replace(/("(?:access|refresh)_token":\s*")[^"]*/g, `$1${DOTS}`);

async function token() {
  if (field("token")) return field("token");
  const basic = base64(`${field("client_id")}:${field("client_secret")}`);
  const asked = new URLSearchParams({ grant_type: "password", username: field("username"), password: field("password") });
  const headers = { Authorization: `Basic ${basic}`, "Content-Type": "application/x-www-form-urlencoded" };
  const shown = { ...headers, Authorization: `Basic ${DOTS}` };
  const hidden = `grant_type=password&username=${DOTS}&password=${DOTS}`;
  const { status, text } = await exchange(form.dataset.login, "/oauth/token", headers, asked.toString(), shown, hidden, withoutTokens);
  return status === 200 ? JSON.parse(text).access_token : "";
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = form.querySelector("button");
  button.disabled = true;
  tried.replaceChildren();
  try {
    const bearer = await token();
    if (bearer) {
      const name = field("function");
      const headers = { Authorization: `Bearer ${bearer}`, pid: field("pid"), "Content-Type": "application/json" };
      const shown = { ...headers, Authorization: `Bearer ${DOTS}` };
      const body = form.elements.body.value;
      await exchange(name, `${form.dataset.base}/${name}`, headers, body, shown, body);
    }
  } catch (error) {
    said(tried, `${form.dataset.failed} ${error.message}`);
  } finally {
    button.disabled = false;
    tried.focus();
  }
});
