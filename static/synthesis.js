/* Cutting a text by selecting its words, with the mouse, a finger or the keyboard (Shift and arrows).
   Without this file the check-boxes of the sentences do the same work. */
(() => {
  "use strict";
  const desk = document.querySelector("[data-cut]");
  if (!desk) return;
  const places = desk.querySelector("[data-cut-places]");
  const said = desk.querySelector("[data-cut-said]");
  const more = desk.querySelector("[data-cut-more]");
  const clear = desk.querySelector("[data-cut-clear]");
  const points = (text) => Array.from(text).length;
  let kept = [];
  let current = null;

  /* The words without the blank around them, counted in code points as the server does. */
  const read = (area) => {
    const text = area.value;
    let [start, end] = [area.selectionStart, area.selectionEnd];
    while (start < end && /\s/.test(text[start])) start += 1;
    while (end > start && /\s/.test(text[end - 1])) end -= 1;
    if (start >= end) return null;
    const words = text.slice(start, end);
    const from = points(text.slice(0, start));
    return { place: `${area.dataset.cutPart}-${from}-${from + points(words)}`, words };
  };
  const field = (name, value) => {
    const input = document.createElement("input");
    Object.assign(input, { type: "hidden", name, value });
    return input;
  };
  const show = () => {
    const all = current ? [...kept, current] : kept;
    places.replaceChildren(...all.flatMap((one) => [field("selection", one.place), field("selected", one.words)]));
    said.textContent = all.length ? all.map((one) => `“${one.words}”`).join(" … ") : said.dataset.none;
    more.hidden = !current;
    clear.hidden = !all.length;
  };
  const follow = (event) => {
    const area = event.target.closest?.("[data-cut-part]");
    if (!area) return;
    const found = read(area);
    if (!found || kept.some((one) => one.place === found.place)) return;
    current = found;
    show();
  };
  for (const name of ["select", "keyup", "mouseup", "touchend"]) desk.addEventListener(name, follow);
  /* Not "readonly": browsers then show no caret, and the keyboard could not select. Nothing can be changed. */
  desk.addEventListener("beforeinput", (event) => event.preventDefault());
  more.addEventListener("click", () => { kept = [...kept, current]; current = null; show(); });
  clear.addEventListener("click", () => { kept = []; current = null; show(); });
  for (const pair of places.querySelectorAll("[name=selection]")) {
    kept.push({ place: pair.value, words: pair.nextElementSibling.value });
  }
  desk.hidden = false;
  show();
})();
