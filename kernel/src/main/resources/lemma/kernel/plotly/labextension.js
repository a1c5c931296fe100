/** Shows Plotly figures in JupyterLab and Jupyter Notebook 7, by the plotly.js beside this file. */
window._JUPYTERLAB ??= {};
window._JUPYTERLAB['lemma-plotly'] = (() => {
  const MIME = 'application/vnd.plotly.v1+json';
  const url = new URL('plotly.js.gz', document.currentScript.src);
  let shared;
  let loading;

  async function fetchPlotly() {
    const answer = await fetch(url);
    if (!answer.ok) throw new Error(`${url}: ${answer.status} ${answer.statusText}`);
    return unpackPlotly(answer.body);
  }

  function plotly() {
    loading ??= fetchPlotly().catch(error => {
      loading = undefined;
      throw error;
    });
    return loading;
  }

  function showStill(element, data) {
    if (!data['image/png']) {
      element.textContent = data['text/plain'] ?? '';
      return;
    }
    const picture = document.createElement('img');
    picture.src = 'data:image/png;base64,' + data['image/png'];
    picture.style.maxWidth = '100%';
    element.replaceChildren(picture);
  }

  const viewOf = Widget => class extends Widget {
    constructor() {
      super();
      this.live = null;
    }

    async renderModel(model) {
      if (!this.live) showStill(this.node, model.data);
      const lib = await plotly();
      const live = this.live ?? document.createElement('div');
      await drawFigure(lib, live, model.data[MIME]);
      if (this.live) return;
      this.live = live;
      this.node.replaceChildren(live);
      keepFitting(lib, live);
    }

    dispose() {
      if (this.live) window.Plotly.purge(this.live);
      super.dispose();
    }
  };

  return {
    init(scope) {
      shared = scope;
    },
    async get() {
      const [widgets] = Object.values(shared['@lumino/widgets']);
      const View = viewOf((await widgets.get())().Widget);
      const extension = {
        id: 'lemma-plotly:figures',
        description: 'Shows Plotly figures.',
        rendererFactory: {safe: false, mimeTypes: [MIME], createRenderer: () => new View()},
        rank: 0,
        dataType: 'json'
      };
      return () => ({__esModule: true, default: extension});
    }
  };
})();
