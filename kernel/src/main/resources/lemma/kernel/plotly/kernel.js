/** Shows Plotly figures in the classic notebook, which loads this file with the kernel. */
define(['module', 'base/js/namespace', 'notebook/js/outputarea'], (module, Jupyter, outputs) => ({
  onload() {
    const MIME = 'application/vnd.plotly.v1+json';
    const url = new URL('plotly.js.gz', new URL(module.uri, location.href));
    let plotly;
    outputs.OutputArea.prototype.register_mime_type(MIME, function (figure, metadata, element) {
      const output = this.create_output_subarea(metadata, 'output_plotly', MIME);
      element.append(output);
      plotly ??= fetch(url).then(answer => unpackPlotly(answer.body));
      plotly.then(lib => drawFigure(lib, output[0], figure)).catch(error => output.text('The figure cannot be shown: ' + error));
      return output;
    }, {safe: false, index: 0});
    for (const cell of Jupyter.notebook.get_cells()) {
      const area = cell.output_area;
      // what is shown anew counts as trusted: a cell of somebody else's keeps its pictures
      if (!area || !area.trusted || !area.outputs.some(output => output.data && output.data[MIME])) continue;
      const shown = area.toJSON();
      area.clear_output(false, true);
      area.fromJSON(shown);
    }
  }
}));
