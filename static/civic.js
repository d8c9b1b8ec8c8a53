/* Extras of the pages; every page works without them. No page needs this file to be read, written or sent. */
(() => {
  "use strict";
  const root = document.documentElement;
  const all = (selector, from = document) => Array.from(from.querySelectorAll(selector));
  const KEPT_FOR = 30 * 24 * 3600 * 1000;

  /* The device may refuse to keep anything (private window, full disk): then nothing is promised. */
  const read = (key) => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } };
  const write = (key, value) => { try { localStorage.setItem(key, JSON.stringify(value)); return true; } catch { return false; } };
  const forget = (key) => { try { localStorage.removeItem(key); } catch { /* nothing was kept */ } };
  const draftKey = (area) => `civic-draft:${area.dataset.draft}`;

  /* Number of signs under a text. */
  const count = (area) => {
    const line = document.getElementById(area.dataset.count);
    if (!line) return;
    const signs = Array.from(area.value).length;
    const one = signs === 1 || (root.lang === "fr" && signs === 0);
    line.hidden = false;
    line.textContent = (one ? line.dataset.one : line.dataset.many).replace("#", signs.toLocaleString(root.lang));
  };

  /* A text that was begun stays on this device until it is sent or erased. */
  const showKept = (area, kept) => {
    const line = area.closest(".field")?.querySelector("[data-draft-line]");
    if (line) line.hidden = !kept;
  };
  const keep = (area) => {
    if (!area.value.trim()) { forget(draftKey(area)); showKept(area, false); return; }
    showKept(area, write(draftKey(area), { text: area.value, at: Date.now() }));
  };
  const bringBack = (area) => {
    const kept = read(draftKey(area));
    if (!kept) return;
    if (Date.now() - kept.at > KEPT_FOR) { forget(draftKey(area)); return; }
    if (!area.value) { area.value = kept.text; }
    showKept(area, area.value === kept.text);
  };
  /* A sent text is dropped once the next page shows that it arrived; coming back to the form keeps it. */
  const dropSent = () => {
    const sent = read("civic-sent") || [];
    forget("civic-sent");
    if (!document.querySelector("[data-focus], [data-unsent]")) sent.forEach(forget);
  };

  const prepare = () => {
    all("textarea[data-draft]").forEach(bringBack);
    all("textarea[data-count]").forEach(count);
    all("[data-copy], [data-keys-line]").forEach((element) => { element.hidden = false; });
    if (keysOn() && !document.querySelector("[data-keys] .at")) document.querySelector(".queue[data-keys] .qrow, .ptable[data-keys] > li")?.classList.add("at");
    document.querySelector("[data-focus]")?.focus();
    saySwitch();
  };

  let waiting;
  document.addEventListener("input", ({ target }) => {
    if (!(target instanceof HTMLTextAreaElement)) return;
    if (target.dataset.count) count(target);
    if (target.dataset.draft) { clearTimeout(waiting); waiting = setTimeout(() => keep(target), 400); }
  });

  document.addEventListener("submit", (event) => {
    const drafts = all("textarea[data-draft]", event.target);
    drafts.forEach(keep);
    if (!navigator.onLine) {
      const words = document.getElementById("offline");
      if (!words) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      event.target.querySelector("[data-offline]")?.remove();
      event.target.append(words.content.cloneNode(true));
      event.target.querySelector("[data-offline]")?.focus();
      return;
    }
    if (drafts.length) write("civic-sent", drafts.map(draftKey));
  }, true);

  document.addEventListener("click", async (event) => {
    const menu = document.querySelector("details.menu[open]");
    if (menu && !menu.contains(event.target)) menu.open = false;
    const button = event.target.closest?.("button");
    if (!button) return;
    if (button.dataset.copy) {
      try {
        await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
        button.querySelector(".lbl").textContent = button.dataset.done;
      } catch { button.hidden = true; }
    }
    if ("draftClear" in button.dataset) {
      const area = button.closest(".field").querySelector("textarea");
      area.value = "";
      keep(area);
      count(area);
      area.focus();
    }
    if ("keysSwitch" in button.dataset) { write("civic-keys", !keysOn()); saySwitch(); }
  });

  /* Keys of a queue: outside fields, without modifiers, and only while they are on. */
  const keysOn = () => read("civic-keys") !== false;
  const saySwitch = () => all("[data-keys-switch]").forEach((button) => {
    button.textContent = keysOn() ? button.dataset.off : button.dataset.on;
  });
  const ROWS = ".qrow, .ptable[data-keys] > li";
  const typing = (element) => element.closest?.("textarea, select, [contenteditable], input:not([type=radio], [type=checkbox])");
  /* What an answer still needs: its next empty field, its next group without a choice; any next group; the tick of a row. */
  const CHOICES = "input[type=checkbox], input[type=radio]";
  const here = (key) => {
    const one = document.activeElement;
    return one.matches(CHOICES) && one.closest("#needs") && /^[1-9]$/.test(key)
      ? all(CHOICES, one.closest("#needs")).filter(({ name }) => name === one.name)[key - 1] : null;
  };
  /* A field that is needed unless a box beside it is ticked says which. */
  const isNeeded = (one) => !one.value && !/^(radio|checkbox|file)$/.test(one.type) && !document.getElementById(one.dataset.unless)?.checked;
  const open = (one, selector) => {
    const found = one?.querySelector(selector);
    if (found?.closest("details")) found.closest("details").open = true;
    found?.focus();
    found?.select?.();
    return Boolean(found);
  };
  let left = null, coming = false;
  const focusOn = (key) => {
    if (key === "f") return open(document, "[data-find]");
    if (key === "d") return open(document.querySelector(".ptable[data-keys] > li.at"), "details select");
    const form = document.querySelector("form[data-keys]"), needs = form?.querySelector("#needs");
    if (key === "x") { const tick = document.querySelector(".ptable[data-keys] > li.at input[type=checkbox]"); tick?.click(); return Boolean(tick); }
    if (!needs || !/^(e|r|f2)$/.test(key)) return false;
    const groups = all(".opts", needs).filter((one) => key === "r" || (("needed" in one.dataset || one.closest("[data-expected]")) && !one.querySelector(":checked")));
    const empty = key === "r" ? [] : all("textarea[aria-required], input[aria-required], [data-unless]", form).filter(isNeeded);
    const fields = [...groups.map((one) => one.querySelector("input")), ...empty].filter((one) => one?.offsetParent && (one.checkVisibility?.() ?? true))
      .sort((one, other) => (one.compareDocumentPosition(other) & 4 ? -1 : 1));
    const from = document.activeElement === document.body ? left : document.activeElement;
    const inside = from?.isConnected && form.contains(from) ? from.closest(".opts") || from : null;
    const field = (inside && fields.find((one) => inside.compareDocumentPosition(one) & 4 && !inside.contains(one))) || fields[0];
    field?.focus();
    return Boolean(field);
  };
  const send = (form) => (form?.querySelector('.formfoot [name="next"]') || form?.querySelector(".formfoot button"))?.click();
  const step = (by) => {
    const rows = all(ROWS);
    if (!rows.length) return false;
    const at = rows.findIndex((row) => row.contains(document.activeElement));
    const from = at < 0 ? rows.findIndex((row) => row.classList.contains("at")) : at;
    const next = rows[Math.min(rows.length - 1, Math.max(0, from + by))];
    rows.forEach((row) => row.classList.toggle("at", row === next));
    (next.querySelector("a") || next.querySelector("input"))?.focus();
    return true;
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      const menu = document.querySelector("details.menu[open]");
      if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
    }
    if (event.repeat || event.altKey || !document.querySelector("[data-keys]") || !keysOn()) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { send(document.querySelector("form[data-keys]")); return; }
    if (event.key === "Escape" && typing(event.target)) { left = event.target; left.blur(); return; }
    if (event.key === "F2" && focusOn("f2")) { event.preventDefault(); return; }
    if (event.ctrlKey || event.metaKey || typing(event.target)) return;
    /* A digit is a place on the keyboard: AZERTY types it with Shift only. Caps Lock changes no key. */
    const key = /^Digit\d$/.test(event.code) && !event.shiftKey ? event.code.at(-1) : event.key.toLowerCase();
    /* The first of a queue is one key away: nothing needs to be chosen before it is opened. */
    if (key === "enter" && event.target === document.body) { document.querySelector(".qrow.at a, .ptable[data-keys] > li.at a")?.click(); return; }
    const choice = here(key);
    if (choice) { choice.focus(); choice.click(); event.preventDefault(); return; }
    /* Outside fields one key keeps the answer to a point; while one writes, Ctrl and Enter do. */
    const form = document.querySelector("form[data-keep]");
    if (key === "s" && form) { send(form); event.preventDefault(); return; }
    const acts = all("[data-keys] [data-key]").filter((button) => button.dataset.key === key);
    const act = acts.at(document.querySelector(".ptable[data-keys] input:checked") ? -1 : 0);
    if (act?.name === "outcome") { coming = !act.checked; if (act.checked) focusOn("f2"); }
    if (act ? (act.click(), true) : (key === "j" && step(1)) || (key === "k" && step(-1)) || focusOn(key)) event.preventDefault();
  });

  /* A part that is refused asks for its reason: the fold opens, and closes again for one that is adopted. */
  document.addEventListener("change", ({ target }) => {
    const fold = target.matches('#needs .card [name$="_is"]') && target.closest(".card").querySelector("details");
    if (fold) fold.open = target.value === "refused";
  });

  /* Words written while an answer was on its way are newer than those it brings back. */
  const written = new Map();
  document.addEventListener("input", ({ target, timeStamp }) => {
    if (target.id && /^(textarea|text|number|date)$/.test(target.type)) {
      written.set(target.id, { value: target.value, at: timeStamp });
    }
  });
  const bringNewer = (asked) => written.forEach(({ value, at }, id) => {
    const field = document.getElementById(id);
    if (field && at > asked && field.value !== value) field.value = value;
  });

  /* Whoever chooses before the page listens is heard as soon as it does. */
  let heard = false, tries = 0;
  document.addEventListener("change", ({ target }) => {
    if (heard || !target.closest("#outcome-choice") || (tries += 1) > 40) return;
    setTimeout(() => heard || target.dispatchEvent(new Event("change", { bubbles: true })), 300);
  });
  document.addEventListener("htmx:before:request", ({ detail, timeStamp }) => { heard = true; detail.ctx.asked = timeStamp; });
  document.addEventListener("htmx:after:swap", ({ detail }) => {
    bringNewer(detail.ctx.asked);
    dropSent();
    prepare();
    /* Whoever chose the outcome by its digit goes on writing, unless they already are elsewhere. */
    if (coming && !typing(document.activeElement)) focusOn("f2");
    coming = false;
  });
  const early = document.querySelector("#outcome-choice :checked");
  if (early && !document.querySelector("#needs [name]")) early.dispatchEvent(new Event("change", { bubbles: true }));
  if (performance.getEntriesByType("navigation")[0]?.type === "navigate") dropSent();
  prepare();
  all(".toast").forEach((toast) => setTimeout(() => toast.remove(), 12000));
})();
