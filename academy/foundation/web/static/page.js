// Smooths what works without it: what was typed survives a change of language, and a form is not sent twice.
const KEY = "academy-typed:";
const place = () => location.pathname.replace(/^\/[a-z]{2,3}(-[A-Z]{2})?\//, "/");
const kept = (field) => field.name && field.name !== "form_token" && !["password", "hidden", "file", "submit", "button"].includes(field.type);

const remember = () => {
  const typed = [...document.querySelectorAll("main form")].map((form) =>
    [...form.elements].filter(kept).map((f) => [f.name, f.type === "checkbox" || f.type === "radio" ? f.checked : f.value, f.type === "radio" || f.type === "checkbox" ? f.value : ""]));
  if (typed.some((form) => form.length)) sessionStorage.setItem(KEY + place(), JSON.stringify(typed));
};

const restore = () => {
  const text = sessionStorage.getItem(KEY + place());
  if (!text) return;
  sessionStorage.removeItem(KEY + place());
  const forms = [...document.querySelectorAll("main form")];
  JSON.parse(text).forEach((fields, at) => fields.forEach(([name, value, own]) => {
    const found = forms[at] ? [...forms[at].elements].find((f) => f.name === name && kept(f) && (own === "" || f.value === own)) : null;
    if (!found) return;
    if (typeof value === "boolean") found.checked = value; else found.value = value;
  }));
};

for (const link of document.querySelectorAll("a[data-language]")) {
  link.addEventListener("click", () => { remember(); if (location.hash) link.hash = location.hash; });
}
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    setTimeout(() => delete form.dataset.sent, 4000);
    // What another script has held back was not sent.
    setTimeout(() => { if (event.defaultPrevented) delete form.dataset.sent; });
  });
}
restore();
document.getElementById("errors")?.focus();
