"use strict";
(function () {
  const root = document.documentElement;
  const words = JSON.parse(document.getElementById("table-words").textContent);
  const say = (text) => text[root.dataset.lang];
  const narrow = window.matchMedia("(max-width:760px)");
  const relabel = [];
  const LEAST = 8, FEW = 3;

  const shown = (node) => {
    const spans = [...node.querySelectorAll("[lang]")].filter((span) => span.lang === root.lang);
    return (spans.length ? spans.map((span) => span.textContent).join(" ") : node.textContent).trim();
  };
  const amount = (text) => {
    const found = text.replace(/,/g, "").replace(/\u2212/g, "-").match(/[-+]?\d+(\.\d+)?/);
    return found ? Number(found[0]) : NaN;
  };

  function sortable(table) {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, at) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      const arrow = document.createElement("span"), unit = button.querySelector(".unit");
      arrow.className = "arrow";
      if (unit) unit.before(arrow); else button.append(arrow);
      head.append(button);
      relabel.push(() => { button.title = say(words.sort); });
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        heads.forEach((each) => each.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const body = table.tBodies[0];
        const rows = [...body.rows].map((row) => { const text = shown(row.cells[at]); return { row: row, text: text, amount: amount(text) }; });
        const numbers = rows.some((each) => !Number.isNaN(each.amount)) && rows.every((each) => !Number.isNaN(each.amount) || each.text === "–" || each.text === "");
        const order = (one, other) => {
          if (!numbers) return one.text.localeCompare(other.text, root.lang, { numeric: true });
          if (Number.isNaN(one.amount) || Number.isNaN(other.amount)) return Number.isNaN(one.amount) - Number.isNaN(other.amount);
          return one.amount - other.amount;
        };
        rows.sort((one, other) => (down ? -1 : 1) * order(one, other));
        body.append(...rows.map((each) => each.row));
      });
    });
  }

  function filterable(figure, table) {
    const rows = [...table.tBodies[0].rows];
    if (rows.length < LEAST) return;
    const input = document.createElement("input");
    const told = document.createElement("span");
    const label = document.createElement("label");
    const name = document.createElement("span");
    input.type = "search";
    label.className = "filter";
    told.setAttribute("role", "status");
    label.append(name, input, told);
    figure.querySelector(".scroll").before(label);
    const apply = () => {
      const sought = input.value.trim().toLowerCase();
      rows.forEach((row) => { row.hidden = sought !== "" && ![...row.cells].some((each) => shown(each).toLowerCase().includes(sought)); });
      const count = rows.filter((row) => !row.hidden).length;
      told.textContent = sought ? `${count} / ${rows.length} ${say(words.found)}` : "";
    };
    input.addEventListener("input", apply);
    relabel.push(() => { name.textContent = say(words.filter); apply(); });
  }

  function fit(table) {
    table.classList.remove("tight", "squeezed", "cards");
    const box = table.parentElement;
    if (!box.clientWidth) return;
    const heads = [...table.tHead.rows[0].cells].map(shown);
    if (narrow.matches && heads.length > FEW) {
      [...table.tBodies[0].rows].forEach((row) => [...row.cells].forEach((each, at) => { each.dataset.label = heads[at]; }));
      table.classList.add("cards");
    } else if (table.scrollWidth > box.clientWidth + 1) {
      table.classList.add("tight");
      if (table.scrollWidth > box.clientWidth + 1) table.classList.add("squeezed");
    }
  }

  const tables = [];
  document.querySelectorAll("figure.table").forEach((figure) => {
    const table = figure.querySelector("table");
    sortable(table);
    filterable(figure, table);
    tables.push(table);
  });
  const fitAll = () => tables.forEach(fit);
  const tell = () => { relabel.forEach((each) => each()); fitAll(); };
  new MutationObserver(tell).observe(root, { attributes: true, attributeFilter: ["data-lang"] });
  window.addEventListener("resize", fitAll);
  document.querySelectorAll("details").forEach((part) => part.addEventListener("toggle", fitAll));
  window.addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((part) => { part.open = true; }));
  const reveal = () => {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const part = target && target.querySelector("details");
    if (part) part.open = true;
  };
  window.addEventListener("hashchange", reveal);
  reveal();
  tell();
  if (document.fonts) document.fonts.ready.then(fitAll);
})();
