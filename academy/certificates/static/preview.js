// Shows the two lines of the name as they will be printed, while they are typed.
for (const form of document.querySelectorAll("form[data-preview]")) {
  const show = () => {
    for (const line of document.querySelectorAll("[data-shows]")) {
      const field = form.elements.namedItem(line.dataset.shows);
      line.textContent = field ? field.value.normalize("NFC").trim().replace(/\s+/g, " ") : "";
    }
  };
  form.addEventListener("input", show);
  show();
}
