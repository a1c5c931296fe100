/** Puts a live figure in the place of every picture of one. */
(async () => {
  const packed = Uint8Array.from(atob(document.getElementById('plotly-js').textContent), letter => letter.charCodeAt(0));
  const plotly = await unpackPlotly(new Blob([packed]).stream());
  for (const place of document.querySelectorAll('.plotly-figure')) {
    const live = document.createElement('div');
    place.append(live);
    try {
      await drawFigure(plotly, live, JSON.parse(place.querySelector('script').textContent));
      place.querySelector('.still').remove();
      keepFitting(plotly, live);
    } catch (error) {
      console.error(error);
      live.remove();
    }
  }
})();
