// Text is measured with the bundled typeface, so that nothing is clipped or overlaps.
vega.textMetrics.width = (item, text) => {
  const line = text == null ? '' : String(Array.isArray(text) ? text[0] : text);
  return textWidth(line, vega.textMetrics.height(item), String(item.fontWeight ?? 'normal'));
};

// A static picture does not need the signals for pan and zoom.
const still = (node) => {
  if (Array.isArray(node)) return node.map(still);
  if (node === null || typeof node !== 'object') return node;
  return Object.fromEntries(Object.entries(node).filter(([key]) => key !== 'data' && key !== 'usermeta').map(
    ([key, value]) => [key, key === 'params' ? value.filter((p) => p.bind !== 'scales') : still(value)]));
};

// Draws a spec without loading anything. The host reads the SVG and the remarks, or the error, from the returned object
// after all promises are settled.
globalThis.draw = (specText, configText) => {
  const outcome = { svg: null, remarks: null, error: 'Vega did not finish' };
  const done = (svg, remarks) => Object.assign(outcome, { svg, remarks, error: null });
  const failed = (error) => Object.assign(outcome, { error });
  const remarks = [];
  const remark = (...args) => {
    const text = args.map(String).join(' ');
    if (!text.startsWith('Infinite extent')) remarks.push(text); // a layer without rows
    return logger;
  };
  const quiet = () => logger;
  const logger = { level: () => logger, error: remark, warn: remark, info: quiet, debug: quiet };
  const closed = () => Promise.reject(new Error('a figure may only use the rows of its query'));
  let refused = null;
  const sanitize = async (href, options) => {
    if (options?.context === 'image' && /^data:image\//.test(href)) return { href };
    if (href && href !== 'null') refused ??= String(href).slice(0, 80); // a row may have no picture
    throw new Error('refused');
  };
  const loader = { load: closed, http: closed, file: closed, sanitize };
  try {
    const given = JSON.parse(specText);
    const spec = vegaLite.compile({ ...still(given), data: given.data }, { config: JSON.parse(configText), logger }).spec;
    vega.resetSVGDefIds(); // ids within the SVG do not depend on what was drawn before
    const view = new vega.View(vega.parse(spec), { renderer: 'none', logger, loader });
    view.toSVG().then(
      (svg) => {
        view.finalize();
        if (refused === null) done(svg, remarks.join('\n'));
        else failed(`got the address "${refused}"; expected pictures that begin with data:image/ and no links`);
      },
      (error) => failed(String(error.message ?? error)));
  } catch (error) {
    failed(String(error.message ?? error));
  }
  return outcome;
};
