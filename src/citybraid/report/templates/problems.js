"use strict";
(function () {
  const root = document.documentElement;
  const say = (text) => (text && typeof text === "object" ? text[root.dataset.lang] : text);
  const el = (name, attributes, children) => {
    const node = document.createElement(name);
    Object.entries(attributes || {}).forEach(([key, value]) => node.setAttribute(key, value));
    (children || []).forEach((child) => node.append(child));
    return node;
  };
  const points = (flat) => {
    const out = [];
    for (let i = 0; i < flat.length; i += 2) out.push([flat[i + 1] / 10, flat[i] / 10]);
    return out;
  };
  const svg = (name, attributes) => {
    const node = document.createElementNS("http://www.w3.org/2000/svg", name);
    Object.entries(attributes).forEach(([key, value]) => node.setAttribute(key, value));
    return node;
  };
  const swatch = (colour, kind) => {
    const picture = svg("svg", { width: "22", height: "14", "aria-hidden": "true" });
    if (kind === "dot") picture.append(svg("circle", { cx: "11", cy: "7", r: "6", fill: colour, stroke: "#fff" }));
    else if (kind === "line") picture.append(svg("rect", { x: "1.5", y: "1.5", width: "19", height: "11", fill: "none", stroke: colour, "stroke-width": "2" }));
    else picture.append(svg("rect", { x: "0.5", y: "0.5", width: "21", height: "13", fill: colour, stroke: "#777" }));
    return picture;
  };
  const LEAST = 15;

  function problems(host) {
    const data = JSON.parse(document.getElementById(host.dataset.problems).textContent);
    const words = JSON.parse(document.getElementById("problem-words").textContent);
    const relabel = [];
    const label = (node, text) => { relabel.push(() => { node.textContent = say(text); }); return node; };

    const ground = el("div", { class: "ex-map" });
    const layers = el("ul", {});
    const kinds = el("ul", {});
    const list = el("ol", {});
    const side = el("div", { class: "pm-side" }, [kinds, list]);
    const whole = label(el("button", { type: "button" }), words.whole);
    const legend = el("div", { class: "pm-legend" }, [label(el("strong", {}), words.layers), layers, whole]);
    host.append(el("div", { class: "pm-main" }, [ground, side]), legend);

    const map = L.map(ground, { crs: L.CRS.Simple, minZoom: -8, maxZoom: 5, zoomSnap: 0.25, attributionControl: false, preferCanvas: true });
    L.control.scale({ imperial: false, maxWidth: 160 }).addTo(map);
    const box = [[0, 0], [data.size[1], data.size[0]]];
    map.createPane("pictures").style.zIndex = 210;
    map.createPane("grounds").style.zIndex = 250;
    const below = L.canvas({ padding: 0.3, pane: "grounds" });
    const above = L.canvas({ padding: 0.3 });

    data.grounds.forEach((layer) => {
      const group = L.layerGroup();
      if (layer.picture) {
        L.imageOverlay(layer.picture, [[layer.box[1], layer.box[0]], [layer.box[3], layer.box[2]]], { pane: "pictures", opacity: 0.8 }).addTo(group);
      } else {
        const style = { renderer: below, pane: "grounds", weight: 0.8, color: layer.edge, fillColor: layer.fill || "#fff", fillOpacity: layer.fill ? 0.55 : 0, fill: Boolean(layer.fill), interactive: false };
        layer.areas.forEach((areas) => { if (areas.length) L.polygon(areas.map((rings) => rings.map(points)), style).addTo(group); });
        layer.lines.forEach((lines) => { if (lines.length) L.polyline(lines.map(points), { ...style, weight: 1.2, fill: false }).addTo(group); });
      }
      const tick = el("input", { type: "checkbox" });
      tick.checked = layer.shown;
      const colours = el("ul", { class: "pm-colours" });
      const show = () => { if (tick.checked) group.addTo(map); else group.remove(); colours.hidden = !tick.checked; };
      tick.addEventListener("change", show);
      const single = layer.legend.length === 1;
      if (!single) layer.legend.forEach(([text, colour]) => colours.append(el("li", {}, [swatch(colour), label(el("span", {}), text)])));
      layers.append(el("li", {}, [el("label", {}, [tick, ...(single ? [swatch(layer.legend[0][1], layer.fill || layer.picture ? "area" : "line")] : []), label(el("span", {}), layer.title)]), colours]));
      show();
    });

    const state = { picked: null };
    const buttons = [];
    const drawn = data.marks.map((mark, at) => {
      const colour = data.kinds[mark.kind].colour;
      const group = L.layerGroup();
      if (!mark.at) return group;
      const style = { renderer: above, color: colour, weight: mark.mended ? 1.5 : 3, opacity: mark.mended ? 0.6 : 1, fillColor: colour, fillOpacity: mark.mended ? 0.15 : 0.35, interactive: false };
      if (mark.areas.length) L.polygon(mark.areas.map((rings) => rings.map(points)), style).addTo(group);
      if (mark.lines.length) L.polyline(mark.lines.map(points), { ...style, fill: false }).addTo(group);
      L.circleMarker([mark.at[1], mark.at[0]], { renderer: above, radius: mark.mended ? 5 : 7, color: "#fff", weight: 1.5, fillColor: colour, fillOpacity: mark.mended ? 0.6 : 1 })
        .on("click", () => pick(at, false)).addTo(group);
      return group;
    });

    let ring = null;
    function pick(at, move) {
      if (ring) { ring.remove(); ring = null; }
      if (state.picked !== null) buttons[state.picked].removeAttribute("aria-current");
      state.picked = at;
      const mark = data.marks[at];
      buttons[at].setAttribute("aria-current", "true");
      if (mark.at) {
        ring = L.circleMarker([mark.at[1], mark.at[0]], { renderer: above, radius: 14, color: "#1d2126", weight: 3, fill: false, interactive: false }).addTo(map);
        if (move) {
          const [west, south, east, north] = mark.box;
          const pad = Math.max(LEAST, (east - west) * 0.4, (north - south) * 0.4);
          map.fitBounds([[south - pad, west - pad], [north + pad, east + pad]]);
        }
      }
      if (!move) list.scrollTo({ top: buttons[at].offsetTop - list.offsetTop - 8, behavior: "smooth" });
    }

    const items = data.marks.map((mark, at) => {
      const text = label(el("span", {}), mark.text);
      const button = el("button", { type: "button", class: mark.mended ? "mended" : "open" }, [swatch(data.kinds[mark.kind].colour, "dot"), text]);
      if (mark.mended) button.append(label(el("em", {}), words.mended));
      if (!mark.at) button.append(label(el("em", {}), words.nowhere));
      relabel.push(() => button.setAttribute("title", say(mark.at ? words.zoom : words.nowhere)));
      button.addEventListener("click", () => pick(at, true));
      buttons.push(button);
      return el("li", {}, [button]);
    });
    data.kinds.forEach((kind, index) => {
      const members = data.marks.map((mark, at) => at).filter((at) => data.marks[at].kind === index);
      const tick = el("input", { type: "checkbox" });
      tick.checked = true;
      const show = () => members.forEach((at) => { items[at].hidden = !tick.checked; if (tick.checked) drawn[at].addTo(map); else drawn[at].remove(); });
      tick.addEventListener("change", show);
      kinds.append(el("li", {}, [el("label", {}, [tick, swatch(kind.colour, "dot"), label(el("span", {}), kind.title), el("b", {}, [String(members.length)])])]));
      show();
    });
    list.append(...items);
    if (!items.length) list.append(el("li", {}, [label(el("p", { class: "note" }), words.none)]));
    relabel.push(() => map.getContainer().setAttribute("aria-label", say(words.map)));
    whole.addEventListener("click", () => map.fitBounds(box));
    const tell = () => relabel.forEach((each) => each());
    new MutationObserver(tell).observe(root, { attributes: true, attributeFilter: ["data-lang"] });
    tell();
    map.fitBounds(box, { animate: false });
    const part = host.closest("details");
    if (part) part.addEventListener("toggle", () => { map.invalidateSize(false); map.fitBounds(box, { animate: false }); }, { once: true });
    host.dataset.ready = "yes";
  }

  document.querySelectorAll("[data-problems]").forEach(problems);
})();
