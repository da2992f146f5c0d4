// How much of a file has been sent. Without a script the browser's own sign does, and the page comes all the same.

const form = document.querySelector("form.upload");
const box = form.querySelector(".sending");
const bar = box.querySelector("progress");
const text = box.querySelector(".sending-text");
const button = form.querySelector("button");
const drop = form.querySelector(".drop");
const file = form.querySelector("input[type=file]");

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (file.files[0]?.size > Number(form.dataset.limit)) return failed(form.dataset.tooLarge); // else it is sent to be refused
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.upload.addEventListener("progress", (sent) => {
    const percent = Math.floor((sent.loaded * 100) / sent.total);
    bar.value = percent;
    text.textContent = `${form.dataset.sending} ${percent.toLocaleString(document.documentElement.lang)}٪`.replace("٪", document.documentElement.lang === "fa" ? "٪" : "%");
  });
  request.addEventListener("load", () => {
    if (request.status === 200) return location.assign(request.responseURL); // where the form led to
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    const said = page.querySelector(".note-bad") ?? page.querySelector(".lead");
    failed(said ? said.textContent.trim() : form.dataset.failed);
  });
  request.addEventListener("error", () => failed(form.dataset.failed));
  box.hidden = false;
  button.disabled = true;
  request.send(new FormData(form));
});

function failed(why) {
  box.hidden = true;
  button.disabled = false;
  let note = form.querySelector(".note-bad");
  if (!note) {
    note = document.createElement("p");
    note.className = "note note-bad";
    note.setAttribute("role", "alert");
    button.before(note);
  }
  note.textContent = why;
  note.scrollIntoView({ block: "nearest" });
}

// A file may be dropped on its field.
for (const name of ["dragenter", "dragover"]) drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add("is-over"); });
for (const name of ["dragleave", "drop"]) drop.addEventListener(name, () => drop.classList.remove("is-over"));
drop.addEventListener("drop", (event) => {
  event.preventDefault();
  if (!event.dataTransfer.files.length) return;
  file.files = event.dataTransfer.files;
  file.dispatchEvent(new Event("change", { bubbles: true }));
});
