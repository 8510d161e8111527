"use strict";
(() => {
  const SVG = "http://www.w3.org/2000/svg";
  const PAGE = 50;
  const byId = (id) => document.getElementById(id);
  const fold = (text) => text.toLowerCase().normalize("NFKD").replace(/[\u0300-\u036f\u064b-\u065f\u0670\u0640]/g, "")
    .replace(/[\u0622\u0623\u0625\u0671]/g, "\u0627").replace(/\u0649/g, "\u064a").replace(/\u0629/g, "\u0647");

  // ---- table
  const rows = [...byId("events").tBodies[0].rows];
  const order = rows.map((_, n) => n);
  const texts = rows.map(() => null);
  const query = byId("query"), type = byId("type"), country = byId("country"), grade = byId("grade");
  let chosen = null, period = null, at = 0, matching = order;

  const matches = (n, wanted) => {
    const data = rows[n].dataset;
    if (chosen && !chosen.has(n)) return false;
    if (period && (data.date < period[0] || data.date > period[1])) return false;
    if (type.value && data.type !== type.value) return false;
    if (country.value && data.country !== country.value) return false;
    if (grade.value && data.grade !== grade.value) return false;
    texts[n] ??= wanted.length ? fold(rows[n].textContent) : null;
    return wanted.every((word) => texts[n].includes(word));
  };
  const show = () => {
    const pages = Math.max(1, Math.ceil(matching.length / PAGE));
    at = Math.min(Math.max(at, 0), pages - 1);
    for (const row of rows) row.hidden = true;
    const body = byId("events").tBodies[0];
    for (const n of matching.slice(at * PAGE, (at + 1) * PAGE)) { rows[n].hidden = false; body.append(rows[n]); }
    byId("at").textContent = `page ${at + 1} of ${pages}`;
    byId("before").disabled = at === 0;
    byId("after").disabled = at === pages - 1;
    const limits = [chosen && "of the circle chosen on the map", period && `from ${period[0]} to ${period[1]}`];
    byId("found").textContent = `${matching.length.toLocaleString("en")} of ${rows.length.toLocaleString("en")} events ` + limits.filter(Boolean).join(", ");
  };
  const search = () => {
    const wanted = fold(query.value).split(/\s+/).filter(Boolean);
    matching = order.filter((n) => matches(n, wanted));
    at = 0;
    show();
  };
  const go = () => { byId("table").scrollIntoView(); byId("found").focus?.(); };
  let waiting = 0;
  query.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(search, 120); });
  for (const select of [type, country, grade]) select.addEventListener("change", search);
  byId("filters").addEventListener("submit", (event) => event.preventDefault());
  byId("filters").addEventListener("reset", () => { chosen = period = null; setTimeout(search); });
  byId("before").addEventListener("click", () => { at -= 1; show(); });
  byId("after").addEventListener("click", () => { at += 1; show(); });
  [...byId("events").tHead.rows[0].cells].forEach((cell, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = cell.textContent;
    cell.replaceChildren(button);
    const value = (n) => rows[n].cells[column].dataset.value ?? rows[n].cells[column].textContent;
    button.addEventListener("click", () => {
      const down = cell.getAttribute("aria-sort") === "ascending";
      for (const other of cell.parentNode.cells) other.removeAttribute("aria-sort");
      cell.setAttribute("aria-sort", down ? "descending" : "ascending");
      const keys = new Map(order.map((n) => [n, cell.dataset.sort === "number" ? Number(value(n)) : value(n)]));
      order.sort((a, b) => (keys.get(a) < keys.get(b) ? -1 : keys.get(a) > keys.get(b) ? 1 : a - b) * (down ? -1 : 1));
      search();
    });
  });
  const revealTarget = () => {
    const n = rows.findIndex((row) => row.id && `#${row.id}` === location.hash);
    if (n < 0) return;
    byId("filters").reset();
    setTimeout(() => { at = Math.floor(matching.indexOf(n) / PAGE); show(); rows[n].scrollIntoView({ block: "center" }); });
  };
  window.addEventListener("hashchange", revealTarget);

  // ---- timeline
  for (const bar of document.querySelectorAll(".bar")) {
    bar.setAttribute("tabindex", "0");
    bar.setAttribute("role", "button");
    const choose = () => { period = [bar.dataset.from, bar.dataset.to]; search(); go(); };
    bar.addEventListener("click", choose);
    bar.addEventListener("keydown", (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); choose(); } });
  }

  // ---- map
  const atlas = byId("atlas"), layer = byId("clusters");
  const { cell, points } = JSON.parse(byId("points").textContent);
  const count = points.length / 4;
  const [, , width, drawn] = atlas.getAttribute("viewBox").split(" ").map(Number);
  const narrow = atlas.clientWidth < 600, height = narrow ? width * 0.95 : drawn;
  const first = { x: 0, y: (drawn - height) / 2, zoom: 1 }, view = { ...first };
  const scale = () => Math.min(Math.max(width / (atlas.clientWidth || width), 1), 2.3);
  const kinds = [...document.querySelectorAll(".legend li")].map((item) => item.textContent.trim());
  const node = (name, attributes, parent) => {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    parent?.append(made);
    return made;
  };
  const draw = () => {
    const pixel = scale(), size = cell * pixel / view.zoom, squares = new Map();
    for (let n = 0; n < count; n += 1) {
      const key = `${Math.floor(points[4 * n] / size)} ${Math.floor(points[4 * n + 1] / size)}`;
      if (squares.has(key)) squares.get(key).push(n); else squares.set(key, [n]);
    }
    const centre = (members) => {
      let x = 0, y = 0;
      for (const n of members) { x += points[4 * n] / members.length; y += points[4 * n + 1] / members.length; }
      return [x, y];
    };
    const radius = (members) => Math.min(4 + 2.2 * Math.sqrt(members.length), cell * 0.72) * pixel / view.zoom;
    const joined = [];
    for (const [key, members] of [...squares].sort((a, b) => b[1].length - a[1].length)) {
      if (!squares.delete(key)) continue;
      const [column, row] = key.split(" ").map(Number), [x, y] = centre(members), own = radius(members);
      const all = [...members];
      for (let i = -1; i <= 1; i += 1) for (let j = -1; j <= 1; j += 1) {
        const near = squares.get(`${column + i} ${row + j}`);
        if (!near) continue;
        const [nx, ny] = centre(near);
        if (Math.hypot(x - nx, y - ny) < own + radius(near) / 2) { all.push(...near); squares.delete(`${column + i} ${row + j}`); }
      }
      joined.push(all);
    }
    const made = joined.map((members) => {
      const [x, y] = centre(members);
      const types = new Map(), precisions = [0, 0, 0];
      for (const n of members) {
        types.set(points[4 * n + 2], (types.get(points[4 * n + 2]) ?? 0) + 1);
        precisions[points[4 * n + 3] - 1] += 1;
      }
      const kind = [...types].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0][0], all = members.length;
      const exactness = precisions[2] * 2 > all ? "region" : precisions[0] * 2 < all ? "near" : "exact";
      const link = node("a", { href: "#table", class: `k${kind} ${exactness}` });
      link.spots = members;
      node("circle", { cx: x, cy: y, r: radius(members) }, link);
      if (all > 1) {
        const label = node("text", { transform: `translate(${x} ${y}) scale(${pixel / view.zoom})` }, link);
        label.textContent = all;
      }
      const words = `${all} event${all > 1 ? "s" : ""}, mostly ${kinds[kind]}: ${precisions[0]} at the place, ${precisions[1]} near it, ${precisions[2]} somewhere in the region`;
      node("title", {}, link).textContent = words;
      link.setAttribute("aria-label", words);
      return link;
    });
    layer.replaceChildren(...made);
  };
  const look = () => {
    const w = width / view.zoom, h = height / view.zoom;
    atlas.setAttribute("viewBox", `${view.x} ${view.y} ${w} ${h}`);
  };
  const zoom = (factor) => {
    const next = Math.min(Math.max(view.zoom * factor, 1 / 16), 64);
    view.x += (width / view.zoom - width / next) / 2;
    view.y += (height / view.zoom - height / next) / 2;
    view.zoom = next;
    look();
    draw();
  };
  const reset = () => { Object.assign(view, first); look(); draw(); };
  const move = (dx, dy) => { view.x += dx / view.zoom; view.y += dy / view.zoom; look(); };
  for (const button of document.querySelectorAll("[data-zoom]")) {
    button.addEventListener("click", () => ({ in: () => zoom(2), out: () => zoom(0.5), reset })[button.dataset.zoom]());
  }
  const keys = { "+": () => zoom(2), "=": () => zoom(2), "-": () => zoom(0.5), 0: reset, ArrowLeft: () => move(-80, 0), ArrowRight: () => move(80, 0), ArrowUp: () => move(0, -80), ArrowDown: () => move(0, 80) };
  atlas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });
  let drag = null, dragged = false;
  atlas.addEventListener("pointerdown", (event) => { drag = [event.clientX, event.clientY]; dragged = false; });
  atlas.addEventListener("pointermove", (event) => {
    if (!drag || !event.buttons) return;
    const [dx, dy] = [event.clientX - drag[0], event.clientY - drag[1]];
    if (!dragged && Math.hypot(dx, dy) < 5) return;
    dragged = true;
    const unit = width / atlas.clientWidth;
    move(-dx * unit, -dy * unit);
    drag = [event.clientX, event.clientY];
  });
  window.addEventListener("pointerup", () => { drag = null; });
  layer.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    event.preventDefault();
    if (!link || dragged) return;
    chosen = new Set(link.spots);
    search();
    go();
  });

  document.querySelector(".controls").hidden = false;
  document.querySelector(".pages").hidden = false;
  byId("filters").hidden = false;
  reset();
  search();
  if (location.hash) revealTarget();
})();
