/* The map of schools: drawn on the National Grid from their places alone, without any other host. */
(() => {
  const box = document.getElementById("map");
  const told = document.getElementById("map-drawing");
  if (!box || !told || !window.L) return;
  const drawing = JSON.parse(told.textContent);
  const METRES = 1024; // one pixel at zoom 0
  const REACH = 14; // pixels from the pointer within which a school is meant
  const ENGLAND = [[5000, 80000], [660000, 656000]];
  const theme = getComputedStyle(box);
  const colour = (name) => theme.getPropertyValue(name).trim();

  const map = L.map(box, {
    crs: L.extend({}, L.CRS.Simple, { transformation: new L.Transformation(1 / METRES, 0, -1 / METRES, 0) }),
    minZoom: -1,
    maxZoom: 7,
    zoomSnap: 0.5,
    attributionControl: false,
    maxBounds: [[-200000, -200000], [900000, 900000]],
  }).fitBounds(ENGLAND);
  L.control.scale({ maxWidth: 140 }).addTo(map);
  const start = map.getZoom();

  const all = { ids: [], e: [], n: [] }; // metres, west first
  const ours = drawing.ours.map(([id, e, n, kind]) => ({ id, e, n, kind }));
  let matches = null; // a Set of ids, or null where nothing is asked for

  const firstFrom = (east) => {
    let low = 0;
    let high = all.e.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (all.e[middle] < east) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  const shapes = {
    both: (pen, x, y, r) => {
      pen.moveTo(x, y - r * 1.3);
      pen.lineTo(x + r * 1.3, y);
      pen.lineTo(x, y + r * 1.3);
      pen.lineTo(x - r * 1.3, y);
      pen.closePath();
    },
    hub: (pen, x, y, r) => pen.rect(x - r, y - r, 2 * r, 2 * r),
    targeted: (pen, x, y, r) => pen.arc(x, y, r, 0, 7),
    other: (pen, x, y, r) => pen.arc(x, y, r * 0.8, 0, 7),
  };

  const isShown = (id) => matches === null || matches.has(id);

  const Dots = L.GridLayer.extend({
    createTile(coords) {
      const size = this.getTileSize();
      const tile = L.DomUtil.create("canvas", "leaflet-tile");
      const sharp = window.devicePixelRatio || 1;
      tile.width = size.x * sharp;
      tile.height = size.y * sharp;
      const pen = tile.getContext("2d");
      pen.scale(sharp, sharp);
      const corner = coords.scaleBy(size);
      this.drawAll(pen, corner, size, coords.z);
      this.drawOurs(pen, corner, size, coords.z);
      return tile;
    },
    drawAll(pen, corner, size, zoom) {
      const scale = map.getZoomScale(zoom, 0) / METRES;
      const radius = Math.max(0.8, Math.min(4, 0.9 + zoom * 0.45));
      const west = (corner.x - 8) / scale;
      const east = (corner.x + size.x + 8) / scale;
      const plain = new Path2D();
      const fitting = new Path2D();
      for (let at = firstFrom(west); at < all.e.length && all.e[at] <= east; at += 1) {
        const x = all.e[at] * scale - corner.x;
        const y = -all.n[at] * scale - corner.y;
        if (y < -8 || y > size.y + 8) continue;
        const path = matches && matches.has(all.ids[at]) ? fitting : plain;
        const r = path === fitting ? radius + 1 : radius;
        path.moveTo(x + r, y);
        path.arc(x, y, r, 0, 7);
      }
      pen.fillStyle = colour("--fb-grey-mid");
      pen.globalAlpha = 0.6;
      pen.fill(plain);
      pen.globalAlpha = 1;
      pen.fillStyle = colour("--fb-accent-mid");
      pen.fill(fitting);
    },
    drawOurs(pen, corner, size, zoom) {
      const scale = map.getZoomScale(zoom, 0) / METRES;
      const radius = Math.max(2.5, Math.min(8, 2.5 + zoom * 1.2));
      for (const school of ours) {
        if (!isShown(school.id)) continue;
        const x = school.e * scale - corner.x;
        const y = -school.n * scale - corner.y;
        if (x < -12 || y < -12 || x > size.x + 12 || y > size.y + 12) continue;
        pen.beginPath();
        shapes[school.kind](pen, x, y, radius);
        pen.lineWidth = radius > 4 ? 2 : 1;
        pen.strokeStyle = colour(school.kind === "other" ? "--fb-accent" : "--fb-sheet");
        pen.fillStyle = colour(school.kind === "other" ? "--fb-sheet" : "--fb-accent");
        pen.fill();
        pen.stroke();
      }
    },
  });
  const dots = new Dots({ minZoom: -1, maxZoom: 7, tileSize: 256, updateWhenIdle: false }).addTo(map);

  if (drawing.near) {
    const [east, north, reach] = drawing.near;
    const line = { color: colour("--fb-ink"), weight: 2, fill: false, interactive: false };
    L.circleMarker([north, east], { ...line, radius: 5 }).addTo(map);
    if (reach) L.circle([north, east], { ...line, radius: reach, dashArray: "6 6" }).addTo(map);
  }

  const nearest = (point, candidates) => {
    let best = null;
    let least = REACH * REACH;
    for (const school of candidates) {
      const there = map.latLngToContainerPoint([school.n, school.e]);
      const away = (there.x - point.x) ** 2 + (there.y - point.y) ** 2;
      if (away < least) {
        least = away;
        best = school;
      }
    }
    return best;
  };

  const around = function* (place) {
    const reach = (REACH * METRES) / map.getZoomScale(map.getZoom(), 0);
    for (let at = firstFrom(place.lng - reach); at < all.e.length && all.e[at] <= place.lng + reach; at += 1) {
      if (Math.abs(all.n[at] - place.lat) <= reach) yield { id: all.ids[at], e: all.e[at], n: all.n[at] };
    }
  };

  const card = (about) => {
    const made = document.createElement("div");
    made.className = "fb-map-card";
    const link = document.createElement("a");
    link.href = about.url;
    link.textContent = about.name;
    const facts = document.createElement("div");
    facts.textContent = about.facts.join(" · ");
    made.append(link, facts);
    return made;
  };

  const show = (school) => {
    const popup = L.popup().setLatLng([school.n, school.e]).setContent("Loading…").openOn(map);
    fetch(drawing.card.replace("/0/", `/${school.id}/`))
      .then((answer) => (answer.ok ? answer.json() : Promise.reject(answer)))
      .then((about) => popup.setContent(card(about)))
      .catch(() => popup.setContent("This school cannot be shown now. Try again, or use the list."));
  };

  map.on("click", (event) => {
    const candidates = [...around(event.latlng)];
    const school =
      nearest(event.containerPoint, ours.filter((one) => isShown(one.id))) ||
      nearest(event.containerPoint, candidates.filter((one) => isShown(one.id))) ||
      nearest(event.containerPoint, candidates);
    if (school) show(school);
  });

  map.on("moveend", () => {
    const view = map.getBounds();
    const edges = [view.getWest(), view.getSouth(), view.getEast(), view.getNorth()].map(Math.round);
    const inView = map.getZoom() > start ? `&box=${edges.join(",")}` : "";
    window.htmx.ajax("GET", drawing.list + inView, { target: "#map-list", swap: "outerHTML" });
  });

  const fit = () => {
    if (!matches) return;
    const chosen = all.ids.flatMap((id, at) => (matches.has(id) ? [[all.n[at], all.e[at]]] : []));
    if (chosen.length) map.fitBounds(L.latLngBounds(chosen).pad(0.1), { maxZoom: 5, animate: false });
  };

  const ourPlaces = L.latLngBounds(ours.map((school) => [school.n, school.e]));
  const toOurs = document.querySelector("[data-map-ours]");
  if (toOurs && ours.length) {
    toOurs.hidden = false;
    toOurs.addEventListener("click", () => map.fitBounds(ourPlaces.pad(0.1), { maxZoom: 5 }));
  }

  const fail = () => {
    const sentence = document.createElement("p");
    sentence.className = "fb-map-fault";
    sentence.textContent = "The map could not be loaded. Load the page again, or use the list.";
    box.append(sentence);
  };

  const read = (url) => fetch(url).then((answer) => (answer.ok ? answer.json() : Promise.reject(answer)));
  Promise.all([read(drawing.places), drawing.matches ? read(drawing.matches) : null])
    .then(([places, found]) => {
      all.ids = places.ids;
      all.e = places.e.map((tens) => tens * 10);
      all.n = places.n.map((tens) => tens * 10);
      matches = found && new Set(found.ids);
      dots.redraw();
      fit();
      box.dataset.drawn = String(all.ids.length);
    })
    .catch(fail);
})();
