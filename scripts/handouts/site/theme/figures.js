// Draws figures of notebooks when a reader comes near them, and makes what scrolls a tab stop. An
// ordinary script, not a module, so that it also runs in pages from a disk.
/* global addEventListener, clearTimeout, console, document, getComputedStyle */
/* global IntersectionObserver, MutationObserver, setTimeout, URL, window */
(() => {
  const site = new URL(".", document.currentScript.src).href;

  /** Loads a script of the site once. */
  const loading = new Map();
  function load(file) {
    if (!loading.has(file)) {
      loading.set(
        file,
        new Promise((resolve, reject) => {
          const script = document.createElement("script");
          script.src = site + file;
          script.onload = resolve;
          script.onerror = () => {
            loading.delete(file);
            reject(new Error(`${file} could not be loaded`));
          };
          document.head.append(script);
        }),
      );
    }
    return loading.get(file);
  }

  /** Figures by element: `plot` once it is drawn. */
  const figures = new Map();

  /** Draws a figure once. One that cannot be drawn keeps its image or text. */
  async function draw(element) {
    const figure = figures.get(element);
    if (figure.drawing) return;
    figure.drawing = true;
    const key = element.dataset.figure;
    const plot = document.createElement("div");
    plot.className = "plot";
    try {
      await Promise.all([load("plotly.js"), load(`figures/${key}.js`)]);
      const { data, layout, frames, config } = window.convnotesFigures[key];
      if (!element.isConnected) return;
      plot.hidden = true;
      element.append(plot);
      await window.Plotly.newPlot(plot, {
        data,
        layout,
        frames,
        config: { displaylogo: false, ...config, showSendToCloud: false },
      });
      plot.setAttribute("role", "figure");
      plot.setAttribute(
        "aria-label",
        figure.still.alt ?? figure.still.textContent,
      );
      figure.plot = plot;
      arrange(element);
    } catch (error) {
      plot.remove();
      console.warn(error);
    }
  }

  /** Shows a figure as a drawing where it fits, else as its image, else as a smaller drawing. */
  function arrange(element) {
    const figure = figures.get(element);
    const width = Number(element.dataset.width);
    const available = element.clientWidth;
    const wanted = available >= width || figure.still.tagName !== "IMG";
    if (wanted && figure.near && figure.plot === undefined) void draw(element);
    if (figure.plot === undefined) return;
    figure.plot.hidden = !wanted;
    figure.still.hidden = wanted;
    figure.plot.style.zoom = available < width ? available / width : "";
  }

  const nearby = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (!isIntersecting || !figures.has(target)) continue;
        figures.get(target).near = true;
        nearby.unobserve(target);
        arrange(target);
      }
    },
    { rootMargin: "100% 0px" },
  );

  /** Finds the figures of a page, which VitePress may have exchanged. */
  function find() {
    for (const element of figures.keys()) {
      if (element.isConnected) continue;
      const { plot } = figures.get(element);
      if (plot !== undefined) window.Plotly.purge(plot);
      nearby.unobserve(element);
      figures.delete(element);
    }
    for (const element of document.querySelectorAll("[data-figure]")) {
      if (figures.has(element)) continue;
      figures.set(element, { still: element.firstElementChild });
      nearby.observe(element);
    }
  }

  /** What may scroll sideways. */
  const scrolling =
    ".vp-doc :is(table, pre, .output, .katex-display, div[class*='language-'])";

  /** Only what scrolls is a tab stop. */
  function markScrolling() {
    for (const place of document.querySelectorAll(scrolling)) {
      if (place.closest(".plot")) continue;
      const scrolls =
        place.scrollWidth > place.clientWidth + 1 &&
        /auto|scroll/.test(getComputedStyle(place).overflowX);
      if (scrolls) place.tabIndex = 0;
      else place.removeAttribute("tabindex");
    }
  }

  function update() {
    find();
    for (const element of figures.keys()) arrange(element);
    markScrolling();
    document.documentElement.dataset.arranged = document.title;
  }

  let waiting;
  function soon() {
    clearTimeout(waiting);
    waiting = setTimeout(update, 100);
  }
  addEventListener("resize", soon);
  document.addEventListener("toggle", soon, true);
  // A new page, or one that was exchanged.
  new MutationObserver((changes) => {
    const outside = ({ target }) =>
      !(target instanceof window.Element && target.closest(".plot"));
    if (changes.some(outside)) soon();
  }).observe(document.body, { childList: true, subtree: true });

  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll(".vp-doc details:not([open])")];
    for (const details of opened) details.open = true;
  });
  addEventListener("afterprint", () => {
    for (const details of opened) details.open = false;
  });
  update();
})();
