// The search box as a combobox (ARIA Authoring Practices, editable combobox with list autocomplete): htmx brings the options,
// this file moves through them. Without it the form goes to its page of results.

for (const list of document.querySelectorAll("form.searching [role=listbox]")) {
  const form = list.closest("form");
  const input = form.querySelector("input");
  const said = document.getElementById("said");
  let active = -1;

  const options = () => [...list.querySelectorAll("a[role=option]")];
  const isOpen = () => !list.hidden;

  const choose = (index) => {
    const all = options();
    all[active]?.setAttribute("aria-selected", "false");
    active = all.length ? (index + all.length + 1) % (all.length + 1) : -1;
    if (active === all.length) active = -1; // past an end: back in the box, as typed
    const option = all[active];
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
  };

  const show = (open) => {
    list.hidden = !open;
    input.setAttribute("aria-expanded", String(open));
    if (!open) choose(-1);
  };

  // An answer may come after one has begun to move through the one before it: what was chosen stays so if it was found again.
  let chosen = null;
  form.addEventListener("htmx:beforeSwap", () => { chosen = options()[active]?.href ?? null; });

  form.addEventListener("htmx:afterSwap", () => {
    active = -1;
    const count = options().length;
    show(list.childElementCount > 0 && document.activeElement === input);
    choose(isOpen() && chosen ? options().findIndex((option) => option.href === chosen) : -1);
    said.textContent = count ? form.dataset.some.replace("#", count) : input.value.trim() ? form.dataset.none : "";
  });

  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!isOpen() && list.childElementCount) show(true);
      if (!options().length) return;
      event.preventDefault();
      choose(active + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && isOpen() && active >= 0) {
      event.preventDefault();
      options()[active].click();
    } else if (event.key === "Escape" && isOpen()) {
      event.preventDefault();
      show(false);
    }
  });

  input.addEventListener("focus", () => { if (options().length && input.value.trim()) show(true); });
  form.addEventListener("focusout", (event) => { if (!form.contains(event.relatedTarget)) show(false); });
  list.addEventListener("mousedown", (event) => event.preventDefault()); // a click keeps the box's focus, and so the list
}

// «/» goes to the box, as in many places where people search.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const input = document.querySelector("form.searching input");
  if (!input) return;
  event.preventDefault();
  input.focus();
  input.select();
});
