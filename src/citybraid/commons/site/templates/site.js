"use strict";
(() => {
  const page = document.documentElement;
  const data = JSON.parse(document.getElementById("data").textContent);
  const buttons = [...document.querySelectorAll("button[data-to]")];
  const keep = (value) => { try { localStorage.setItem("citybraid-language", value); } catch { /* a page of a stick may keep nothing */ } };
  const kept = () => { try { return localStorage.getItem("citybraid-language"); } catch { return null; } };

  const country = (code, language) => {
    try { return new Intl.DisplayNames([language], { type: "region" }).of(code); } catch { return code; }
  };

  const speak = (language) => {
    page.dataset.lang = language;
    page.lang = language === "zh" ? "zh-Hans" : "en";
    buttons.forEach((each) => each.setAttribute("aria-pressed", String(each.dataset.to === language)));
    document.querySelectorAll("[data-country]").forEach((each) => { each.textContent = country(each.dataset.country, page.lang); });
    const empty = document.getElementById("none");
    if (empty) empty.textContent = data.none[language];
  };
  buttons.forEach((each) => each.addEventListener("click", () => { keep(each.dataset.to); speak(each.dataset.to); }));
  const asked = new URLSearchParams(location.search).get("lang");
  const usual = (navigator.language || "en").startsWith("zh") ? "zh" : "en";
  speak(["zh", "en"].find((each) => each === asked) || ["zh", "en"].find((each) => each === kept()) || usual);

  // Paper has no touch: what is folded is printed, and folded again afterwards.
  let unfolded = [];
  addEventListener("beforeprint", () => {
    unfolded = [...document.querySelectorAll("main details:not([open])")];
    unfolded.forEach((each) => { each.open = true; });
  });
  addEventListener("afterprint", () => unfolded.forEach((each) => { each.open = false; }));

  const search = document.getElementById("search");
  if (!search) return;
  const boxes = [...document.querySelectorAll("input[data-facet]")];
  const cards = [...document.querySelectorAll("li[data-case]")];
  // On a phone the cases come first: what narrows them down is one touch away.
  if (innerWidth < 700) document.querySelector("details.facets").open = false;
  const narrow = () => {
    const words = search.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    const wanted = new Map();
    boxes.filter((each) => each.checked).forEach((each) => {
      wanted.set(each.dataset.facet, [...(wanted.get(each.dataset.facet) || []), each.value]);
    });
    let shown = 0;
    cards.forEach((card) => {
      const about = data.cases[card.dataset.case];
      const fits = words.every((word) => about.words.includes(word)) &&
        [...wanted.values()].every((values) => values.some((value) => about.facets.includes(value)));
      card.hidden = !fits;
      shown += fits;
    });
    document.querySelector("#count b").textContent = String(shown);
    document.getElementById("none").hidden = shown > 0;
  };
  search.addEventListener("input", narrow);
  boxes.forEach((each) => each.addEventListener("change", narrow));
  if (matchMedia("(max-width: 760px)").matches) document.querySelector(".facets").open = false;
  narrow();
})();
