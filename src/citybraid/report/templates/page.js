"use strict";
(function () {
  const root = document.documentElement;
  const tags = { zh: "zh-CN", en: "en" };
  const listeners = [];
  const places = [];
  const language = () => root.dataset.lang;
  const say = (text) => (text && typeof text === "object" ? text[language()] : text);

  function setLanguage(next) {
    root.dataset.lang = next;
    root.lang = tags[next];
    document.title = document.querySelector("h1 [lang='" + tags[next] + "']").textContent;
    document.querySelectorAll("[data-set-lang]").forEach((button) => {
      button.setAttribute("aria-pressed", String(button.dataset.setLang === next));
    });
    document.querySelectorAll("img[data-alt-" + next + "]").forEach((image) => { image.alt = image.getAttribute("data-alt-" + next); });
    listeners.forEach((listen) => listen());
  }
  document.querySelectorAll("[data-set-lang]").forEach((button) => {
    button.addEventListener("click", () => setLanguage(button.dataset.setLang));
  });
  const asked = location.hash.replace(/^#lang=/, "");
  if (asked in tags && asked !== language()) setLanguage(asked);

  const el = (name, attributes, children) => {
    const node = document.createElement(name);
    Object.entries(attributes || {}).forEach(([key, value]) => node.setAttribute(key, value));
    (children || []).forEach((child) => node.append(child));
    return node;
  };
  const fill = (node, children) => { node.replaceChildren(...children); return node; };
  const options = (select, entries, chosen) => fill(select, entries.map(([value, text]) => {
    const option = el("option", { value: value }, [say(text)]);
    option.selected = value === chosen;
    return option;
  }));
  const grouped = (select, entries, chosen) => {
    const groups = new Map();
    entries.forEach((entry) => groups.set(say(entry[2]), [...(groups.get(say(entry[2])) || []), entry]));
    return fill(select, [...groups].map(([title, members]) => options(el("optgroup", { label: title }), members, chosen)));
  };
  const points = (flat) => {
    const out = [];
    for (let i = 0; i < flat.length; i += 2) out.push([flat[i + 1] / 10, flat[i] / 10]);
    return out;
  };
  const swatch = (colour) => {
    const space = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(space, "svg");
    svg.setAttribute("width", "26"); svg.setAttribute("height", "15"); svg.setAttribute("aria-hidden", "true");
    const box = document.createElementNS(space, "rect");
    box.setAttribute("x", "0.5"); box.setAttribute("y", "0.5"); box.setAttribute("width", "25"); box.setAttribute("height", "14");
    box.setAttribute("fill", colour); box.setAttribute("stroke", "#777");
    svg.append(box);
    return svg;
  };

  function explorer(host) {
    const data = JSON.parse(document.getElementById(host.dataset.map).textContent);
    const words = JSON.parse(document.getElementById("map-words").textContent);
    const keys = data.alternatives.map((alternative) => alternative.key);
    const state = { layer: data.layers[0].name, opacity: 0.85, picked: null, compare: keys.length > 1 && !window.matchMedia("(max-width:760px)").matches };
    const alternativeNames = () => data.alternatives.map((alternative) => [alternative.key, alternative.name]);

    const layerSelect = el("select", {});
    const opacity = el("input", { type: "range", min: "0", max: "100", value: "85" });
    const compare = el("button", { type: "button" });
    const parcels = el("select", {});
    const bar = el("div", { class: "ex-bar" });
    const maps = el("div", { class: "ex-maps" });
    const legend = el("div", { class: "ex-legend" });
    const detail = el("div", { class: "ex-detail", "aria-live": "polite", tabindex: "-1" });
    host.append(bar, maps, el("div", { class: "ex-below" }, [legend, detail]));

    const box = [[0, 0], [data.size[1], data.size[0]]];
    const layerNow = () => data.layers.find((layer) => layer.name === state.layer);

    function pane(chosen) {
      const choose = el("select", {});
      const ground = el("div", { class: "ex-map" });
      const frame = el("div", { class: "ex-pane" }, [choose, ground]);
      maps.append(frame);
      const map = L.map(ground, { crs: L.CRS.Simple, minZoom: -8, maxZoom: 4, zoomSnap: 0.25, attributionControl: false, preferCanvas: true });
      map.createPane("below").style.zIndex = 250;
      L.control.scale({ imperial: false, maxWidth: 160 }).addTo(map);
      const drawn = {};
      const below = L.canvas({ padding: 0.3, pane: "below" });
      const above = L.canvas({ padding: 0.3 });
      Object.entries(data.shapes).forEach(([name, set]) => {
        drawn[name] = set.ids.map((id, at) => {
          const picked = name === data.picked;
          const renderer = picked ? below : above;
          const shape = set.areas[at].length
            ? L.polygon(set.areas[at].map((rings) => rings.map(points)), { renderer: renderer, pane: picked ? "below" : "overlayPane", weight: 0.7, color: set.edge, fillColor: "#efede8", fillOpacity: 0.6, interactive: false })
            : set.dots[at].length
              ? L.circleMarker(points(set.dots[at])[0], { renderer: renderer, radius: 3, weight: 1, color: "#ffffff", fillColor: set.edge, fillOpacity: 1, interactive: false })
              : L.polyline(set.lines[at].map(points), { renderer: renderer, weight: set.width, color: set.edge, interactive: false });
          return shape.addTo(map);
        });
      });
      map.on("click", (event) => pick(event.latlng));
      const self = { map: map, frame: frame, choose: choose, chosen: chosen, drawn: drawn, image: null, ring: null };
      choose.addEventListener("change", () => { self.chosen = choose.value; draw(self); });
      map.fitBounds(box);
      return self;
    }

    function draw(self) {
      const layer = layerNow();
      const content = layer.by[self.chosen];
      if (self.image) { self.image.remove(); self.image = null; }
      Object.entries(self.drawn).forEach(([name, shapes]) => {
        const where = data.shapes[name].in;
        const here = !where.length || where.includes(self.chosen);
        shapes.forEach((shape) => { if (here !== self.map.hasLayer(shape)) { if (here) shape.addTo(self.map); else shape.remove(); } });
        if (!here) return;
        const fills = content && content.shapes === name ? content : null;
        shapes.forEach((shape, at) => {
          if (!data.shapes[name].areas[at].length) return;
          const place = fills ? fills.fill[at] : -1;
          const plain = name === data.picked ? "#efede8" : "#c9c4bd";
          if (fills) shape.setStyle({ fillColor: place < 0 ? "#ffffff" : fills.colours[place], fillOpacity: place < 0 ? 0 : state.opacity });
          else shape.setStyle({ fillColor: plain, fillOpacity: name === data.picked ? 0.6 : 0.45 });
        });
      });
      if (content && content.box) {
        const corners = [[content.box[1], content.box[0]], [content.box[3], content.box[2]]];
        self.image = L.imageOverlay(data.pictures[content.picture], corners, { opacity: state.opacity, pane: "tilePane" }).addTo(self.map);
        self.image.getPane().style.zIndex = 300;
      }
    }

    const inside = (point, flat) => {
      let hit = false;
      for (let i = 0, j = flat.length - 2; i < flat.length; j = i, i += 2) {
        const [xi, yi, xj, yj] = [flat[i], flat[i + 1], flat[j], flat[j + 1]];
        if (yi > point[1] !== yj > point[1] && point[0] < ((xj - xi) * (point[1] - yi)) / (yj - yi) + xi) hit = !hit;
      }
      return hit;
    };
    function pick(latlng) {
      const set = data.shapes[data.picked];
      if (!set) return;
      const point = [latlng.lng * 10, latlng.lat * 10];
      const at = set.areas.findIndex((areas) => areas.some((rings) => rings.filter((ring) => inside(point, ring)).length % 2 === 1));
      select(at < 0 ? null : at);
    }
    function select(at) {
      state.picked = at;
      panes.forEach((self) => {
        if (self.ring) { self.ring.remove(); self.ring = null; }
        if (at !== null) {
          const rings = data.shapes[data.picked].areas[at].map((parts) => parts.map(points));
          self.ring = L.polygon(rings, { color: "#b3261e", weight: 3, fill: false, interactive: false }).addTo(self.map);
        }
      });
      tell();
    }

    function zoomTo(at) {
      const corners = L.latLngBounds(data.shapes[data.picked].areas[at].flatMap((rings) => points(rings[0])));
      panes.forEach((self) => self.map.fitBounds(corners.pad(2), { animate: false }));
    }
    function rowsOf(id) {
      const links = [...document.querySelectorAll("[data-place]")].filter((link) => link.dataset.place === id);
      return links.map((link) => {
        const row = link.closest("tr");
        const title = link.closest("figure").querySelector("figcaption [lang='" + root.lang + "']").textContent;
        const go = el("a", { href: "#" }, [title]);
        go.addEventListener("click", (event) => {
          event.preventDefault();
          document.querySelectorAll("tr.found").forEach((each) => each.classList.remove("found"));
          for (let part = row.closest("details"); part; part = part.parentElement.closest("details")) part.open = true;
          row.hidden = false;
          row.classList.add("found");
          row.scrollIntoView({ block: "center" });
          link.focus({ preventScroll: true });
        });
        return el("li", {}, [go]);
      });
    }
    places.push((id) => {
      const set = data.shapes[data.picked];
      const at = set ? set.ids.indexOf(id) : -1;
      if (at < 0) return false;
      select(at);
      zoomTo(at);
      host.scrollIntoView({ block: "start" });
      detail.focus({ preventScroll: true });
      return true;
    });

    function tell() {
      parcels.value = state.picked === null ? "" : String(state.picked);
      if (state.picked === null) { fill(detail, data.shapes[data.picked] ? [el("p", {}, [say(words.click)])] : []); return; }
      const at = state.picked;
      const id = data.shapes[data.picked].ids[at];
      const nodes = [el("h4", {}, [say(words.parcel) + " " + (data.names[id] || id)])];
      if (data.reasons[id]) nodes.push(el("p", { class: "why" }, [say(data.reasons[id])]));
      const head = el("tr", {}, [el("th", { scope: "col" }, [say(words.item)]), ...data.alternatives.map((a) => el("th", { scope: "col", class: "number" }, [say(a.name)])), el("th", { scope: "col" }, [say(words.unit)])]);
      const rows = data.details.map((row) => el("tr", {}, [
        el("th", { scope: "row" }, [say(row.title)]),
        ...keys.map((key) => el("td", { class: "number" }, [row.by[key] ? String(say(row.by[key][at])) : "–"])),
        el("td", {}, [say(row.unit)]),
      ]));
      nodes.push(el("div", { class: "scroll" }, [el("table", {}, [el("thead", {}, [head]), el("tbody", {}, rows)])]));
      const found = rowsOf(id);
      if (found.length) nodes.push(el("p", {}, [say(words.rows)]), el("ul", { class: "ex-rows" }, found));
      fill(detail, nodes);
    }

    function label() {
      grouped(layerSelect, data.layers.map((layer) => [layer.name, layer.title, layer.group]), state.layer);
      panes.forEach((self) => {
        options(self.choose, alternativeNames(), self.chosen);
        self.choose.setAttribute("aria-label", say(words.alternative));
        self.map.getContainer().setAttribute("aria-label", say(words.map));
      });
      opacity.setAttribute("aria-label", say(words.opacity));
      compare.textContent = say(words.compare);
      compare.setAttribute("aria-pressed", String(state.compare));
      const set = data.shapes[data.picked];
      const named = set ? set.ids.map((id, at) => [String(at), String(data.names[id] || id)]).filter(([at]) => set.areas[at].length) : [];
      named.sort((one, other) => one[1].localeCompare(other[1], root.lang, { numeric: true }));
      options(parcels, [["", say(words.choose)], ...named], state.picked === null ? "" : String(state.picked));
      fill(bar, [el("label", {}, [say(words.layer), layerSelect]), ...(named.length ? [el("label", {}, [say(words.parcel), parcels])] : []), el("label", {}, [say(words.opacity), opacity]), ...(keys.length > 1 ? [compare] : [])]);
      const layer = layerNow();
      const lines = layer.legend.map(([text, colour]) => el("li", {}, [swatch(colour), say(text)]));
      fill(legend, [el("strong", {}, [say(layer.title)]), el("ul", {}, lines), ...(say(layer.note) ? [el("p", { class: "note" }, [say(layer.note)])] : [])]);
      tell();
    }

    const panes = [pane(keys[0])];
    if (keys.length > 1) {
      panes.push(pane(keys[keys.length - 1]));
      panes[1].frame.hidden = !state.compare;
      const follow = (from, to) => from.map.on("move", () => {
        if (from.busy || from.frame.hidden || to.frame.hidden) return;
        to.busy = true;
        to.map.setView(from.map.getCenter(), from.map.getZoom(), { animate: false });
        to.busy = false;
      });
      follow(panes[0], panes[1]);
      follow(panes[1], panes[0]);
    }
    layerSelect.addEventListener("change", () => { state.layer = layerSelect.value; panes.forEach(draw); label(); });
    opacity.addEventListener("input", () => { state.opacity = opacity.value / 100; panes.forEach(draw); });
    parcels.addEventListener("change", () => { const at = parcels.value === "" ? null : Number(parcels.value); select(at); if (at !== null) zoomTo(at); });
    compare.addEventListener("click", () => {
      state.compare = !state.compare;
      panes[1].frame.hidden = !state.compare;
      panes.forEach((self) => self.map.invalidateSize());
      if (state.compare) panes[1].map.setView(panes[0].map.getCenter(), panes[0].map.getZoom(), { animate: false });
      label();
    });
    listeners.push(label);
    label();
    panes.forEach((self) => { self.map.invalidateSize(false); self.map.fitBounds(box, { animate: false }); draw(self); });
    host.dataset.ready = "yes";
  }

  document.querySelectorAll("figure > img, .paper > img").forEach((image) => {
    const button = el("button", { type: "button", class: "picture", "aria-pressed": "false", ...(image.lang ? { lang: image.lang } : {}) });
    image.replaceWith(button);
    button.append(image);
    button.addEventListener("click", () => {
      const large = button.getAttribute("aria-pressed") === "false";
      button.setAttribute("aria-pressed", String(large));
      if (button.closest(".panel")) button.closest(".panel").classList.toggle("large", large);
    });
  });
  document.querySelectorAll(".tap").forEach((each) => { each.hidden = false; });
  document.querySelectorAll("[data-map]").forEach(explorer);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-place]");
    if (link && places.some((lead) => lead(link.dataset.place))) event.preventDefault();
  });
})();
