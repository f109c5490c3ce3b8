// What was typed into a form comes back with Back. It stays with this entry of the tab's history: in no storage, and gone with
// the tab. Pages work without it. Nothing secret and no file is kept.
(() => {
  const fields = () => [...document.querySelectorAll("main form[method=post] [name]")].filter(
    (field) => field.matches("input, select, textarea") && !["hidden", "password", "file"].includes(field.type)
      && field.autocomplete !== "one-time-code" && field.name !== "secret");
  const keep = () => history.replaceState(
    { ...history.state, typed: fields().map((field) => (field.matches("[type=checkbox], [type=radio]") ? field.checked : field.value)) }, "");
  let waiting;
  addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(keep, 250); });
  addEventListener("change", keep);
  addEventListener("focusout", () => { if (waiting) { clearTimeout(waiting); waiting = undefined; keep(); } });
  const typed = history.state && history.state.typed, shown = fields();
  const [came] = performance.getEntriesByType("navigation");
  if (!typed || typed.length !== shown.length || !came || came.type !== "back_forward") return;
  shown.forEach((field, place) => {
    if (typeof typed[place] === "boolean") field.checked = typed[place];
    else field.value = typed[place];
  });
})();
