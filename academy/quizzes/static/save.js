// Saves each answer when it is given. What is not yet on the server waits on this device and is sent again until it is.
const form = document.getElementById("answers");
const ended = document.querySelector("[data-attempt-ended]");
const slot = (attempt, number) => `academy-answer:${attempt}:${number}`;

function forget(attempt) {
  for (const key of Object.keys(localStorage)) if (key.startsWith(slot(attempt, ""))) localStorage.removeItem(key);
}

if (ended) forget(ended.dataset.attemptEnded);
if (form) begin(form);

function begin(form) {
  const words = form.dataset;
  const attempt = words.attempt;
  const items = new Map([...form.querySelectorAll("fieldset[data-number]")].map((field) => [field.dataset.number, field]));
  const saved = document.getElementById("saved");
  const said = document.getElementById("said");
  const waiting = new Map();      // number → {seq, value}: given, but not known to be on the server
  let token = form.elements.form_token.value;
  let sending = null;
  let stopped = false;
  let pause = 0;
  let timer = 0;
  let leaving = false;

  document.getElementById("save").hidden = true;
  const fill = (text, values) => text.replace(/%\((\w+)\)s/g, (_all, name) => values[name]);
  const seen = (field) => field.querySelector('input[type="hidden"]');
  const inputs = (field) => [...field.querySelectorAll("input:not([type=hidden]), select")];

  function read(field) {
    const all = inputs(field);
    switch (field.dataset.kind) {
      case "multiple": return all.filter((one) => one.checked).map((one) => one.value);
      case "ordering": case "matching": return all.map((one) => one.value);
      case "numeric": return all[0].value;
      default: return all.find((one) => one.checked)?.value ?? null;
    }
  }

  function put(field, value) {
    const all = inputs(field);
    switch (field.dataset.kind) {
      case "multiple": for (const one of all) one.checked = value.map(String).includes(one.value); break;
      case "ordering": case "matching": all.forEach((one, at) => { one.value = value?.[at] ?? ""; }); break;
      case "numeric": all[0].value = value ?? ""; break;
      default: for (const one of all) one.checked = value !== null && one.value === String(value);
    }
  }

  function isAnswered(field) {
    if (field.querySelector("[aria-invalid]")) return false;
    const value = read(field);
    if (!Array.isArray(value)) return Boolean(value && value.trim());
    if (field.dataset.kind === "multiple") return value.length > 0;
    return value.every(Boolean) && (field.dataset.kind !== "ordering" || new Set(value).size === value.length);
  }

  function count() {
    const answered = [...items.values()].filter(isAnswered).length;
    document.getElementById("answered").textContent = fill(words.answered, { answered, total: items.size });
  }

  function tell(text, trouble = false) {
    saved.textContent = text;
    saved.classList.toggle("trouble", trouble);
  }

  function fault(field, text, wrong = true) {
    const place = field.querySelector(".error");
    place.textContent = text;
    place.hidden = !text;
    field.closest(".item").classList.toggle("wrong", Boolean(text));
    for (const one of inputs(field)) text && wrong ? one.setAttribute("aria-invalid", "true") : one.removeAttribute("aria-invalid");
  }

  function keep(number, entry) {
    waiting.set(number, entry);
    try { localStorage.setItem(slot(attempt, number), JSON.stringify(entry)); } catch { /* a full or closed store: the answer still waits in this page */ }
  }

  function done(number, entry) {
    if (waiting.get(number) !== entry) return;
    waiting.delete(number);
    localStorage.removeItem(slot(attempt, number));
  }

  function given(field) {
    const number = field.dataset.number;
    const seq = Math.max(Number(seen(field).value), waiting.get(number)?.seq ?? 0) + 1;
    keep(number, { seq, value: read(field) });
    fault(field, "");
    count();
    schedule(0);
  }

  function schedule(milliseconds) {
    clearTimeout(timer);
    timer = setTimeout(send, milliseconds);
  }

  async function renewToken() {
    const answer = await fetch(words.tokenAddress, { headers: { Accept: "application/json" }, cache: "no-store" });
    if (!answer.ok) return false;
    token = (await answer.json()).token;
    for (const field of document.querySelectorAll('input[name="form_token"]')) field.value = token;
    return true;
  }

  function post(number, entry) {
    return fetch(words.address.replace(/0$/, number), {
      method: "PUT",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-Form-Token": token },
      body: JSON.stringify(entry),
      keepalive: true,
    });
  }

  // Whoever asks while answers are on their way waits for them too.
  function send() {
    sending ??= drain().finally(() => { sending = null; });
    return sending;
  }

  async function drain() {
    while (waiting.size && !stopped) {
      const [number, entry] = waiting.entries().next().value;
      if (!pause) tell(words.saving);
      if (!(await sendOne(number, entry))) break;
      pause = 0;
    }
  }

  // True: the entry is dealt with. False: it waits, and is tried again later.
  async function sendOne(number, entry) {
    const field = items.get(number);
    let answer;
    let body = {};
    try {
      answer = await post(number, entry);
      if (answer.status === 400 && await renewToken()) answer = await post(number, entry);
      body = await answer.json();
    } catch {
      return later(words.waiting);
    }
    if (answer.ok && body.saved) {
      seen(field).value = Math.max(Number(seen(field).value), body.seq);
      done(number, entry);
      if (body.time) tell(fill(words.saved, { time: body.time }));
      return true;
    }
    if (answer.ok) return newer(field, number, entry, body);
    if (answer.status === 422) {
      done(number, entry);
      if (!waiting.has(number)) fault(field, (body.error?.fields?.value ?? [body.error?.message ?? words.refused]).join(" "));
      count();
      tell("");
      return true;
    }
    if (answer.status === 401) { later(words.signedOut, 5000); link(words.signIn, words.signInWords).target = "_blank"; return false; }
    if (answer.status === 409) return stop(words.ended);
    if (answer.status === 404 || answer.status === 413) return stop(words.refused);
    return later(words.waiting);
  }

  // Another window or device has saved a newer answer: it stays, and is shown, unless this page was changed again meanwhile.
  function newer(field, number, entry, body) {
    seen(field).value = body.seq;
    const unchanged = waiting.get(number) === entry;
    done(number, entry);
    if (!unchanged) { given(field); return true; }
    put(field, body.value);
    count();
    tell("");
    fault(field, words.newer, false);
    return true;
  }

  function later(text, most = 30_000) {
    pause = Math.min(most, (pause || 1000) * 2);
    tell(text, true);
    schedule(pause * (0.8 + Math.random() * 0.4));
    return false;
  }

  function stop(text) {
    stopped = true;
    forget(attempt);
    waiting.clear();
    tell(text, true);
    link(words.finish, words.show);
    return false;
  }

  // A link after what was told.
  function link(address, text) {
    const made = document.createElement("a");
    Object.assign(made, { href: address, textContent: text });
    saved.append(" ", made);
    return made;
  }

  // Answers that an earlier page of this attempt could not send.
  for (const [number, field] of items) {
    const text = localStorage.getItem(slot(attempt, number));
    if (!text) continue;
    const entry = JSON.parse(text);
    if (entry.seq <= Number(seen(field).value)) { localStorage.removeItem(slot(attempt, number)); continue; }
    put(field, entry.value);
    waiting.set(number, entry);
  }
  if (waiting.size) schedule(0);
  count();

  let typing = 0;
  form.addEventListener("change", (event) => {
    const field = event.target.closest("fieldset[data-number]");
    if (field) { clearTimeout(typing); given(field); }
  });
  form.addEventListener("input", (event) => {
    if (event.target.type !== "text") return;
    clearTimeout(typing);
    typing = setTimeout(() => given(event.target.closest("fieldset[data-number]")), 1200);
  });
  const again = () => { if (waiting.size) { pause = 0; schedule(0); } };
  addEventListener("online", again);
  addEventListener("focus", again);
  addEventListener("beforeunload", (event) => { if (waiting.size && !leaving && !stopped) event.preventDefault(); });

  form.addEventListener("submit", async (event) => {
    if (!waiting.size || stopped) { leaving = true; return; }
    event.preventDefault();
    const then = document.createElement("input");
    Object.assign(then, { type: "hidden", name: "then", value: event.submitter?.name === "then" ? event.submitter.value : "" });
    pause = 0;
    clearTimeout(timer);
    await send();
    if (waiting.size) return;
    leaving = true;
    form.append(then);
    form.submit();
  });

  const left = document.getElementById("left");
  if (left) count_down(left);

  function count_down(left) {
    const over = performance.now() + Number(left.dataset.seconds) * 1000;
    const shown = left.querySelector("span");
    let last = -1;
    const tick = setInterval(async () => {
      const seconds = Math.ceil((over - performance.now()) / 1000);
      const minutes = Math.floor(Math.max(0, seconds) / 60);
      if (minutes !== last) {
        last = minutes;
        shown.textContent = minutes ? fill(words.left, { minutes }) : words.lastMinute;
        if (minutes === 5 || minutes === 0) said.textContent = shown.textContent;
      }
      if (seconds > 0) return;
      clearInterval(tick);
      pause = 0;
      await send();
      leaving = true;
      document.getElementById("finish").requestSubmit();
    }, 1000);
  }
}
