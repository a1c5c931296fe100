/** Runs plotly.js, which comes packed by gzip, and answers with it. */
async function unpackPlotly(packed) {
  const plain = await new Response(packed.pipeThrough(new DecompressionStream('gzip'))).blob();
  const script = document.createElement('script');
  script.src = URL.createObjectURL(new Blob([plain], {type: 'text/javascript'}));
  await new Promise((done, failed) => {
    script.onload = done;
    script.onerror = () => failed(new Error('plotly.js cannot be run'));
    document.head.append(script);
  });
  URL.revokeObjectURL(script.src);
  return window.Plotly;
}

/** Plotly's data keep what Plotly notes in them, so it gets a copy. */
function drawFigure(plotly, element, figure) {
  const {data, layout, config} = structuredClone(figure);
  element.fullWidth = layout.width;
  layout.width = fittingWidth(element);
  return plotly.react(element, data, layout, config);
}

/** A page narrower than the figure makes the figure narrower. */
function fittingWidth(element) {
  const room = element.parentElement?.clientWidth;
  return room ? Math.min(room, element.fullWidth) : element.fullWidth;
}

function keepFitting(plotly, element) {
  const fit = () => {
    const width = fittingWidth(element);
    if (element.layout && width !== element.layout.width) plotly.relayout(element, {width});
  };
  new ResizeObserver(fit).observe(element.parentElement);
}
