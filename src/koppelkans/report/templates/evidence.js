// Search, filter, sort and deep links of the evidence page. The address keeps the place and the choices behind #, which
// also works from disk: #F-2.4.5-01 opens a row, #section=2.4&status=bounded filters, #F-2.4.5-01&q=post does both.
(() => {
  "use strict";
  const table = document.getElementById("claims-table");
  if (!table) return;
  const body = table.tBodies[0];
  const form = document.getElementById("filters");
  const count = document.getElementById("count");
  const other = document.getElementById("other-edition");
  const FACETS = ["section", "package", "level", "kind", "status", "checkable", "against", "outcome"];
  const folded = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();

  const ranks = {}; // facet -> value -> its place in the list to choose from, which is its order
  for (const facet of FACETS) {
    ranks[facet] = Object.fromEntries([...form.elements[facet].options].map((option, rank) => [option.value, rank]));
  }
  const rows = [...body.rows].map((row, place) => {
    const values = row.dataset.f.split("|");
    const facets = Object.fromEntries(FACETS.map((facet, at) => [facet, values[at]]));
    return { row, place, ...facets, core: values[FACETS.length] === "1", text: "" };
  });
  const groups = table.dataset.synonyms.split("|").map((group) => folded(group.trim()).split(" "));
  const alike = (word) => // the word, and what the field calls it too
    [word, ...(word.length < 4 ? [] : groups.filter((group) => group.some((one) => one.startsWith(word) || word.startsWith(one))).flat())];
  const searched = (row) => // what is said of a statement; what it belongs to has filters of its own
    [...row.querySelectorAll("th, summary, .row-evidence > p, dd:not(.filed)")].map((part) => part.textContent).join(" ").replace(/\s+/g, " ");
  const within = (section, chosen) => section === chosen || section.startsWith(chosen + ".");

  const decoded = (text) => {
    try { return decodeURIComponent(text.replace(/\+/g, " ")); } catch { return text; }
  };

  function read() { // the address -> {id, choices}
    const choices = {};
    let id = "";
    for (const part of location.hash.slice(1).split("&")) {
      const at = part.indexOf("=");
      if (at < 0) id = decoded(part);
      else choices[part.slice(0, at)] = decoded(part.slice(at + 1));
    }
    return { id, choices };
  }

  function chosen() { // the form -> choices, without those that are empty
    const choices = {};
    for (const [name, value] of new FormData(form)) if (value.trim()) choices[name] = value.trim();
    return choices;
  }

  function hashOf(id, choices) {
    const parts = Object.entries(choices).map(([name, value]) => name + "=" + encodeURIComponent(value));
    return [...(id ? [id] : []), ...parts].join("&");
  }

  function write(id, how) {
    const hash = hashOf(id, chosen());
    history[how](null, "", hash ? "#" + hash : location.href.split("#")[0]);
    follow();
  }

  function follow() { // the other edition opens at the same place
    other.hash = location.hash;
  }

  function fill(choices) {
    for (const field of form.elements) {
      if (!field.name) continue;
      const value = choices[field.name] || "";
      if (field.type === "checkbox") field.checked = value === field.value;
      else field.value = value;
      if (field.selectedIndex === -1) field.value = "";
    }
  }

  let order = "";
  function sort(by) {
    if (by === order) return;
    order = by;
    const key = by.replace(/^-/, "");
    const sign = by.startsWith("-") ? -1 : 1;
    const rank = (row) => (key in ranks ? ranks[key][row[key]] ?? 0 : 0);
    const sorted = [...rows].sort((a, b) => sign * (rank(a) - rank(b)) || (key ? 1 : sign) * (a.place - b.place));
    body.append(...sorted.map((row) => row.row));
    for (const head of table.tHead.rows[0].cells) {
      const own = head.dataset.sort !== undefined && head.dataset.sort === key;
      if (own) head.setAttribute("aria-sort", sign < 0 ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    }
  }

  function show() { // hide what the form leaves out, and say how many are left
    const choices = chosen();
    const words = folded(choices.q || "").split(/\s+/).filter(Boolean).map(alike);
    let left = 0;
    for (const row of rows) {
      if (words.length && !row.text) row.text = folded(searched(row.row));
      const fits =
        FACETS.every((facet) => !choices[facet] || row[facet] === choices[facet] ||
          (facet === "section" && within(row.section, choices.section))) &&
        (!choices.ids || choices.ids.split(" ").includes(row.row.id)) && (!choices.core || row.core) && words.every((any) => any.some((word) => row.text.includes(word)));
      row.row.hidden = !fits;
      left += fits;
    }
    sort(choices.sort || "");
    const said = left === rows.length ? count.dataset.all : left ? count.dataset.some : count.dataset.none;
    const text = said.replace("{n}", left).replace("{all}", rows.length);
    if (count.textContent !== text) count.textContent = text;
  }

  function mark(target) {
    for (const row of document.querySelectorAll("tr.at")) row.classList.remove("at");
    if (target) target.classList.add("at");
  }

  // A claim is known by its number; the letter before it says its kind, which an old link may have otherwise.
  function find(id) {
    return id && (document.getElementById(id) || rows.map(({ row }) => row).find((row) => row.id.slice(1) === id.slice(1)));
  }

  function goTo(target) {
    mark(target && target.matches("tr") ? target : null);
    if (!target) return;
    const details = target.querySelector("details") || target.closest("details");
    if (details) details.open = true;
    target.scrollIntoView();
    (details ? details.querySelector("summary") : target).focus({ preventScroll: true });
  }

  function apply() { // the address decides
    const { id, choices } = read();
    const target = find(id);
    fill(choices);
    show();
    if (target && target.hidden) { // a link to a row wins from what was chosen
      fill({});
      show();
    }
    if (target) write(target.id, "replaceState");
    else if (id) count.textContent = count.dataset.unknown.replace("{id}", id) + " " + count.textContent;
    follow();
    goTo(target);
  }

  let waiting = 0;
  form.addEventListener("input", (event) => {
    clearTimeout(waiting);
    const typed = event.target.type === "search";
    form.elements.ids.value = ""; // a choice of one's own goes over all statements
    const act = () => { show(); mark(null); write("", typed ? "replaceState" : "pushState"); };
    if (typed) waiting = setTimeout(act, 150);
    else act();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(() => { form.elements.ids.value = ""; show(); mark(null); write("", "pushState"); }));
  window.addEventListener("hashchange", apply);

  document.addEventListener("click", (event) => {
    const summary = event.target.closest("tr[id] summary");
    if (summary) { // the address follows what is opened, so that it can be handed on
      const row = summary.closest("tr");
      const opening = !summary.parentElement.open;
      mark(opening ? row : null);
      write(opening ? row.id : "", "replaceState");
      return;
    }
    const link = event.target.closest('a[href^="#"]');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault(); // keep what was chosen
    const hash = "#" + hashOf(decoded(link.hash.slice(1)), chosen());
    if (hash === location.hash) apply();
    else location.hash = hash;
  });

  for (const head of table.tHead.rows[0].cells) {
    if (head.dataset.sort === undefined) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    button.addEventListener("click", () => {
      const key = head.dataset.sort;
      const by = order === key ? "-" + key : key;
      form.elements.sort.value = by;
      show();
      write("", "replaceState");
    });
    head.append(button);
    form.elements.sort.add(new Option(button.textContent + " ↓", "-" + head.dataset.sort));
  }
  form.hidden = false;
  if (matchMedia("(max-width: 40rem)").matches) document.querySelector(".meanings").open = false;
  apply();
  // once loaded, the browser goes to the place itself, and takes the focus from the row
  if (find(read().id)) window.addEventListener("load", () => setTimeout(() => goTo(find(read().id))));
})();
