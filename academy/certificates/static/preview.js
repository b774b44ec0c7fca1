// Shows the two lines of the name as they will be printed, while they are typed.
for (const form of document.querySelectorAll("form[data-preview]")) {
  const show = () => {
    for (const line of document.querySelectorAll("[data-shows]")) {
      const field = form.elements.namedItem(line.dataset.shows);
      line.textContent = field ? field.value.normalize("NFC").trim().replace(/\s+/g, " ") : "";
      line.classList.toggle("long", line.textContent.length > 34);
    }
  };
  form.addEventListener("input", show);
  show();
}
