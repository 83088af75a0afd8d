// The map: all points drawn pixel by pixel into one picture, names over it, and what is selected on it.
// A hundred thousand points take some ten milliseconds a frame, on any machine, with no graphics card.

const NORMAL = 0, OUT = 1, LIT = 2;
const NEAR_PX = 9, HOVER_MS = 120, MOST_ZOOM = 400;

export default ({ parentElement, data, setTriggerValue }) => {
  const root = parentElement.querySelector(".pm");
  root.map ??= makeMap(root);
  root.map.update(data, setTriggerValue);
};

const bytesOf = text => Uint8Array.from(atob(text), letter => letter.charCodeAt(0));

function makeMap(root) {
  const canvas = root.querySelector(".pm-points"), over = root.querySelector(".pm-over");
  const pen = canvas.getContext("2d"), ink = over.getContext("2d");
  const view = { x: 0, y: 0, zoom: 1 };  // of the middle, in the units of the points, 0 to 1
  let data = null, send = () => {}, codes, states, outline = [], mode = "lasso", drag = null, frame = 0, timer = 0;

  const points = () => window.prodsimPoints?.length === 2 * data?.n ? window.prodsimPoints : null;
  const size = () => ({ w: canvas.clientWidth, h: canvas.clientHeight, dpr: devicePixelRatio || 1 });
  const toScreen = (x, y) => {
    const { w, h } = size(), [sx, sy] = scale();
    return [(x - view.x) * sx + w / 2, h / 2 - (y - view.y) * sy];
  };
  const toMap = (left, top) => {
    const { w, h } = size(), [sx, sy] = scale();
    return [(left - w / 2) / sx + view.x, (h / 2 - top) / sy + view.y];
  };
  const scale = () => {
    const { w, h } = size(), [x0, y0, x1, y1] = data.frame;
    return [0.9 * w * view.zoom / (x1 - x0), 0.9 * h * view.zoom / (y1 - y0)];
  };
  const home = () => {
    const [x0, y0, x1, y1] = data.frame;
    Object.assign(view, { x: (x0 + x1) / 2, y: (y0 + y1) / 2, zoom: 1 });
  };
  const redraw = () => { frame ||= requestAnimationFrame(() => { frame = 0; draw(); }); };

  function draw() {
    const xy = data && points(), { w, h, dpr } = size();
    if (!xy || !w || !h) return;
    for (const each of [canvas, over]) {
      if (each.width !== Math.round(w * dpr)) each.width = Math.round(w * dpr);
      if (each.height !== Math.round(h * dpr)) each.height = Math.round(h * dpr);
    }
    drawPoints(xy, dpr);
    drawOver(dpr);
  }

  function drawPoints(xy, dpr) {
    const W = canvas.width, H = canvas.height, image = pen.createImageData(W, H);
    const pixels = new Uint32Array(image.data.buffer), [paper, textColour] = colours();
    pixels.fill(packed(paper));
    const [sx, sy] = scale(), ax = sx * dpr / 65535, ay = sy * dpr / 65535;
    const bx = W / 2 - view.x * sx * dpr, by = H / 2 + view.y * sy * dpr;
    const base = Math.max(2, Math.min(9, 300 / Math.sqrt(data.n))) * dpr * Math.min(2.4, view.zoom ** 0.3);
    const palette = data.palette.map(rgb), edge = rgb(textColour);
    const passes = [[OUT, base * 0.8, 0.22], [NORMAL, base, 0.82], [LIT, Math.max(base * 1.6, 7 * dpr), 1]];
    for (const [state, width, opacity] of passes) {
      const dot = dotOf(width, opacity, state === LIT);
      for (let n = 0; n < data.n; n++) {
        if (states[n] !== state) continue;
        const x = Math.round(ax * xy[2 * n] + bx), y = Math.round(by - ay * xy[2 * n + 1]);
        if (x < -12 || y < -12 || x > W + 12 || y > H + 12) continue;
        put(pixels, W, H, x, y, dot, state === OUT ? data.grey : palette[codes[n]], edge);
      }
    }
    pen.putImageData(image, 0, 0);
  }

  function drawOver(dpr) {
    const { w, h } = size(), [paper, textColour] = colours(), taken = [];
    ink.setTransform(dpr, 0, 0, dpr, 0, 0);
    ink.clearRect(0, 0, w, h);
    if (outline.length) drawOutline(textColour);
    ink.textAlign = "center";
    ink.textBaseline = "middle";
    ink.lineJoin = "round";
    for (const [text, x, y, px] of data.labels) {  // the most important first: it keeps its place
      const [left, middleOfCluster] = toScreen(x, y), top = middleOfCluster - px;  // above it: a small one is seen, too
      if (left < 0 || left > w || top < 8 || top > h - 8) continue;
      ink.font = `600 ${px}px ${getComputedStyle(root).fontFamily}`;
      const half = ink.measureText(text).width / 2 + 5, high = px / 2 + 4;
      const middle = Math.min(Math.max(left, half), w - half);
      if (taken.some(([m, t, a, b]) => Math.abs(m - middle) < a + half && Math.abs(t - top) < b + high)) continue;
      taken.push([middle, top, half, high]);
      ink.strokeStyle = paper;
      ink.lineWidth = 4;
      ink.strokeText(text, middle, top);
      ink.fillStyle = textColour;
      ink.fillText(text, middle, top);
    }
  }

  function drawOutline(colour) {
    ink.beginPath();
    outline.forEach(([x, y], n) => ink[n ? "lineTo" : "moveTo"](...toScreen(x, y)));
    ink.closePath();
    ink.strokeStyle = colour;
    ink.lineWidth = 1.5;
    ink.setLineDash([5, 4]);
    ink.stroke();
    ink.setLineDash([]);
    ink.globalAlpha = 0.06;
    ink.fillStyle = colour;
    ink.fill();
    ink.globalAlpha = 1;
  }

  const colours = () => {
    const style = getComputedStyle(root);
    return [style.getPropertyValue("--st-background-color").trim(), style.getPropertyValue("--st-text-color").trim()];
  };

  function nearest(left, top) {
    const xy = points(), [sx, sy] = scale(), [x, y] = toMap(left, top);
    let best = -1, least = NEAR_PX * NEAR_PX;
    for (let n = 0; n < data.n; n++) {
      if (states[n] === OUT) continue;
      const dx = (xy[2 * n] / 65535 - x) * sx, dy = (xy[2 * n + 1] / 65535 - y) * sy, far = dx * dx + dy * dy;
      if (far < least) [best, least] = [n, far];
    }
    return best;
  }

  const place = event => {
    const box = over.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const hover = (row, event) =>
    dispatchEvent(new CustomEvent("prodsim-map-hover", { detail: { row, x: event.clientX, y: event.clientY } }));
  const select = selection => send("selected", selection);
  const zoomAt = (left, top, factor) => {
    const [x, y] = toMap(left, top), zoom = Math.min(Math.max(view.zoom * factor, 0.5), MOST_ZOOM);
    view.x = x - (x - view.x) * view.zoom / zoom;
    view.y = y - (y - view.y) * view.zoom / zoom;
    view.zoom = zoom;
    redraw();
  };

  over.onwheel = event => {
    event.preventDefault();
    zoomAt(...place(event), Math.exp(-event.deltaY / 300));
  };
  over.onpointerdown = event => {
    over.setPointerCapture(event.pointerId);
    hover(-1, event);
    const pans = mode === "pan" || event.button !== 0 || event.shiftKey;
    drag = { from: place(event), pans, at: [view.x, view.y], trail: [toMap(...place(event))], moved: false };
  };
  over.onpointermove = event => {
    const [left, top] = place(event);
    clearTimeout(timer);
    if (!drag) {
      timer = setTimeout(() => points() && hover(nearest(left, top), event), HOVER_MS);
      return;
    }
    drag.moved ||= Math.hypot(left - drag.from[0], top - drag.from[1]) > 4;
    if (!drag.moved) return;
    if (drag.pans) {
      const [sx, sy] = scale();
      [view.x, view.y] = [drag.at[0] - (left - drag.from[0]) / sx, drag.at[1] + (top - drag.from[1]) / sy];
    } else if (mode === "box") {
      const [[x0, y0], [x1, y1]] = [drag.trail[0], toMap(left, top)];
      outline = [[x0, y0], [x1, y0], [x1, y1], [x0, y1]];
    } else outline = drag.trail = [...drag.trail, toMap(left, top)];
    redraw();
  };
  over.onpointerup = event => {
    const ended = drag;
    drag = null;
    if (!ended || !points()) return;
    if (!ended.moved) {
      const row = nearest(...place(event));
      if (row < 0 && !outline.length) return;
      outline = [];
      redraw();
      select({ outline: [], rows: row < 0 ? [] : [row] });
    } else if (!ended.pans) select({ outline, rows: [] });
  };
  over.onpointerleave = event => { clearTimeout(timer); hover(-1, event); };
  over.oncontextmenu = event => event.preventDefault();
  const use = tool => {
    const { w, h } = size();
    if (tool === "home") home();
    else if (tool === "in" || tool === "out") zoomAt(w / 2, h / 2, tool === "in" ? 1.6 : 0.625);
    else if (tool === "none") select({ outline: outline = [], rows: [] });
    else {
      mode = tool;
      over.style.cursor = tool === "pan" ? "grab" : "crosshair";
      root.querySelectorAll(".pm-tools button").forEach((each, n) => each.ariaPressed = data.tools[n][0] === mode);
    }
    redraw();
  };
  addEventListener("prodsim-points", redraw);
  new ResizeObserver(redraw).observe(canvas);

  return {
    update(newer, trigger) {
      const isOther = data?.version !== newer.version;
      data = newer;
      send = trigger;
      codes = bytesOf(data.codes);
      states = bytesOf(data.states);
      outline = data.outline;
      if (isOther) home();
      root.querySelector(".pm-legend").innerHTML = data.legend;
      over.setAttribute("aria-label", data.alt);
      root.querySelector(".pm-tools").replaceChildren(...data.tools.map(([tool, icon, name]) =>
        Object.assign(document.createElement("button"),
          { textContent: icon, title: name, ariaLabel: name, ariaPressed: tool === mode, onclick: () => use(tool) })));
      redraw();
    },
  };
}

function dotOf(width, opacity, isEdged) {
  const reach = Math.ceil(width / 2), found = [];
  for (let y = -reach; y <= reach; y++) for (let x = -reach; x <= reach; x++) {
    const inside = Math.min(Math.max(width / 2 - Math.hypot(x, y) + 0.5, 0), 1);
    const isEdge = isEdged && Math.hypot(x, y) > width / 2 - Math.max(1.5, width / 7);
    if (inside > 0) found.push([x, y, Math.round(256 * inside * opacity), isEdge]);
  }
  const column = (n, Kind) => Kind.from(found, pixel => pixel[n]);
  return [column(0, Int8Array), column(1, Int8Array), column(2, Int16Array), column(3, Uint8Array)];
}

function put(pixels, W, H, x, y, dot, colour, edge) {
  const [dx, dy, alphas, isEdge] = dot;
  for (let n = 0; n < dx.length; n++) {
    const px = x + dx[n], py = y + dy[n];
    if (px < 0 || py < 0 || px >= W || py >= H) continue;
    const at = py * W + px, old = pixels[at], to = isEdge[n] ? edge : colour, alpha = alphas[n];
    const r = old & 255, g = (old >> 8) & 255, b = (old >> 16) & 255;
    pixels[at] = 0xff000000 | (b + ((to[2] - b) * alpha >> 8)) << 16 | (g + ((to[1] - g) * alpha >> 8)) << 8
      | (r + ((to[0] - r) * alpha >> 8));
  }
}

const rgb = colour => {
  const hex = colour.replace("#", "");
  if (!colour.startsWith("#")) return colour.match(/\d+/g).slice(0, 3).map(Number);
  return [0, 2, 4].map(at => parseInt(hex.slice(at, at + 2), 16));
};
const packed = colour => {
  const [r, g, b] = rgb(colour);
  return (255 << 24 | b << 16 | g << 8 | r) >>> 0;
};
