// A file may be dropped anywhere on the form; one that is too large is told before it is sent. The form is whole without this.

const form = document.querySelector("form.checking");
const input = form.elements.file;
const drop = document.getElementById("drop");
const large = document.getElementById("large");

const holdsFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");

form.addEventListener("dragover", (event) => {
  if (!holdsFiles(event)) return;
  event.preventDefault();
  drop.classList.add("is-over");
});
form.addEventListener("dragleave", () => drop.classList.remove("is-over"));
form.addEventListener("drop", (event) => {
  if (!holdsFiles(event)) return;
  event.preventDefault();
  drop.classList.remove("is-over");
  input.files = event.dataTransfer.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
});

const isTooLarge = () => (input.files[0]?.size ?? 0) > Number(form.dataset.limit);

input.addEventListener("change", () => {
  large.hidden = !isTooLarge();
  large.textContent = isTooLarge() ? form.dataset.large : "";
});

form.addEventListener("submit", (event) => {
  if (isTooLarge()) {
    event.preventDefault();
    return;
  }
  const button = form.querySelector("button");
  button.textContent = form.dataset.busy;
  setTimeout(() => { button.disabled = true; }); // once the form has gone
});

// The page may come back from the browser's memory, as it was when it was left.
const label = form.querySelector("button").textContent;
window.addEventListener("pageshow", () => {
  const button = form.querySelector("button");
  button.disabled = false;
  button.textContent = label;
});
