// The script of a page: draws figures, makes what scrolls a tab stop, opens answers in print.
/* global addEventListener, clearTimeout, console, document, getComputedStyle, innerWidth */
/* global requestAnimationFrame, setTimeout, window */
(() => {
  const figures = [...document.querySelectorAll(".convnotes-figure")]
    .map((element) => ({
      element,
      plot: element.querySelector(".convnotes-plot"),
      still: element.querySelector(".convnotes-image, .convnotes-text"),
      data: element.querySelector("script"),
    }))
    .filter(({ plot }) => plot !== null);

  /** Starts plotly.js, which is in the page as text so that the page is painted first. */
  let plotly;
  function startPlotly() {
    if (plotly !== undefined) return plotly;
    const script = document.createElement("script");
    script.textContent =
      document.getElementById("convnotes-plotly").textContent;
    document.head.append(script);
    return (plotly = window.Plotly);
  }

  /** Draws a figure once. One that cannot be drawn keeps its image or text. */
  async function draw(figure) {
    if (figure.drawn !== undefined) return;
    figure.drawn = false;
    const { data, layout, frames, config } = JSON.parse(
      figure.data.textContent,
    );
    try {
      figure.plot.hidden = false;
      await startPlotly().newPlot(figure.plot, {
        data,
        layout,
        frames,
        config: {
          displaylogo: false,
          responsive: true,
          ...config,
          showSendToCloud: false,
        },
      });
      figure.plot.setAttribute("role", "figure");
      figure.plot.setAttribute(
        "aria-label",
        figure.still.alt ?? figure.still.textContent,
      );
      figure.drawn = true;
    } catch (error) {
      figure.failed = true;
      console.warn(error);
    }
  }

  /** Shows each figure as a drawing where it fits, else as its image, else as a smaller drawing. */
  async function arrange() {
    for (const figure of figures) {
      const { layout = {} } = (figure.parsed ??= JSON.parse(
        figure.data.textContent,
      ));
      const width = layout.width ?? 450;
      const room = figure.element.clientWidth;
      const isImage = figure.still.tagName === "IMG";
      const live = room >= width || !isImage;
      if (live) await draw(figure);
      const shown = live && figure.drawn === true;
      figure.plot.hidden = !shown;
      figure.still.hidden = shown;
      figure.plot.style.zoom = shown && room < width ? room / width : "";
      figure.plot.style.setProperty(
        "--print-zoom",
        Math.min(1, 640 / width, 860 / (layout.height ?? 450)),
      );
    }
    markScrolling();
    document.body.dataset.arranged = "";
  }

  /** Only what scrolls is a tab stop. */
  function markScrolling() {
    const places = document.querySelectorAll(
      "[tabindex='0']:not(.convnotes-plot *), .highlight, .jp-OutputArea-output, .jp-RenderedHTMLCommon table, .katex-display",
    );
    for (const place of places) {
      const scrolls =
        place.scrollWidth > place.clientWidth + 1 &&
        /auto|scroll/.test(getComputedStyle(place).overflowX);
      if (scrolls) place.tabIndex = 0;
      else place.removeAttribute("tabindex");
    }
  }

  const closed = () => document.querySelectorAll("main details:not([open])");
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...closed()];
    for (const details of opened) details.open = true;
  });
  addEventListener("afterprint", () => {
    for (const details of opened) details.open = false;
  });

  const contents = document.querySelector(".convnotes-contents details");
  if (contents && innerWidth < 1200) contents.open = false;
  markScrolling();
  let waiting;
  addEventListener("resize", () => {
    clearTimeout(waiting);
    waiting = setTimeout(arrange, 200);
  });
  // After the first painting.
  requestAnimationFrame(() => setTimeout(arrange, 0));
})();
