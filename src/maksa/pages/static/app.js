// What makes the pages quicker where there is a script; each page is whole without it.

const said = document.getElementById("said");

// The switch of appearance: at once, without asking the server. The cookie is what the server would have set.
document.addEventListener("submit", (event) => {
  if (!event.target.matches("form.theme")) return;
  event.preventDefault();
  const theme = event.submitter.value;
  document.getElementById("dark").media = theme === "dark" ? "screen" : "not all";
  document.querySelector("meta[name=color-scheme]").content = theme;
  document.cookie = `theme=${theme}; path=/; max-age=31536000; samesite=lax`;
  document.querySelector(theme === "dark" ? ".theme-light" : ".theme-dark").focus();
});

// Copy buttons: only a script can copy, so they are hidden until there is one.
const reveal = (root) => {
  for (const button of root.querySelectorAll(".copy[hidden]")) button.hidden = false;
};

document.addEventListener("click", async (event) => {
  const button = event.target.closest(".copy");
  if (!button) return;
  await copy(button.dataset.copy);
  said.textContent = button.dataset.copied;
  button.classList.add("is-done");
  setTimeout(() => { button.classList.remove("is-done"); said.textContent = ""; }, 1500);
});

async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text); // over HTTPS and on this machine only
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "visually-hidden";
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
}

// A choice that sends its form when it is made, for forms that say so.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
});

// The browser's own control for a file speaks the browser's language: where there is a script the page's words stand for it.
for (const picking of document.querySelectorAll(".picking")) {
  const input = picking.parentElement.querySelector("input[type=file]");
  const picked = picking.querySelector(".picked");
  const tell = () => { picked.textContent = input.files[0]?.name ?? picked.dataset.none; };
  picking.parentElement.classList.add("is-live");
  picking.hidden = false;
  input.addEventListener("change", tell);
  window.addEventListener("pageshow", tell); // it may come back from the browser's memory
}

reveal(document);
document.addEventListener("htmx:afterSwap", (event) => reveal(event.target));
