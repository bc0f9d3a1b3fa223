'use strict';
// What figures can do beyond tooltips. Vega keeps the item that an SVG element shows, with its row, in __data__.
const rowOf = (element) => element?.__data__?.datum ?? {};
const marksOf = (chart) => chart.querySelectorAll('svg .role-mark > :not(g)');
const legendOf = (chart) => chart.querySelectorAll('svg .role-legend-symbol > *, svg .role-legend-label > *');

// A click on an entry of a legend dims everything else that belongs to another entry; a second click ends this.
function emphasise(chart, value) {
  chart.emphasised = value;
  const entries = new Set([...legendOf(chart)].map((element) => rowOf(element).value));
  for (const element of marksOf(chart)) {
    const values = Object.values(rowOf(element));
    const dimmed = value !== undefined && !values.includes(value) && values.some((v) => typeof v === 'string' && entries.has(v));
    element.style.opacity = dimmed ? 0.1 : '';
  }
  for (const element of legendOf(chart)) {
    const chosen = rowOf(element).value === value;
    element.style.opacity = value === undefined || chosen ? '' : 0.35;
    if (element.hasAttribute('aria-pressed')) element.setAttribute('aria-pressed', String(chosen));
  }
}

function addLegend(chart) {
  for (const element of legendOf(chart)) {
    const { value } = rowOf(element);
    const toggle = () => emphasise(chart, chart.emphasised === value ? undefined : value);
    element.style.cursor = 'pointer';
    element.style.pointerEvents = 'all';
    element.addEventListener('click', toggle);
    if (element.tagName !== 'text') continue;
    element.setAttribute('role', 'button');
    element.setAttribute('tabindex', '0');
    element.setAttribute('aria-pressed', 'false');
    element.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' && event.key !== ' ') return;
      event.preventDefault();
      toggle();
    });
  }
  emphasise(chart, undefined);
}

// The point under the pointer gets a ring, and so do the points of the same β, data set and model in all other figures.
// A figure that names fewer settings (no training and test set, say) matches all points that agree in those.
// Holes and stars in points are hidden from screen readers, and get no ring of their own.
const labelsOf = (row) => [row.row_label, row.column_label, row.colour_label].filter((label) => label && label.trim());
function isSame(a, b) {
  if (a.weight === undefined || a.weight !== b.weight) return false;
  const [few, many] = [labelsOf(a), labelsOf(b)].sort((x, y) => x.length - y.length);
  return few.length > 0 && few.every((label) => many.includes(label));
}
let ringed = [];
function ring(row) {
  for (const element of ringed) element.style.stroke = element.style.strokeWidth = element.style.strokeOpacity = '';
  ringed = row === null ? [] : [...document.querySelectorAll('.chart svg .mark-symbol.role-mark:not([aria-hidden]) > path')]
    .filter((element) => isSame(row, rowOf(element)));
  for (const element of ringed) {
    element.style.stroke = 'var(--text)';
    element.style.strokeWidth = '2.5px';
    element.style.strokeOpacity = 1;
  }
}
document.addEventListener('pointerover', (event) => {
  const point = event.target.closest?.('.chart .mark-symbol.role-mark > path');
  if (point) ring(rowOf(point));
  else if (ringed.length > 0) ring(null);
});

// The line of controls above a figure.
function controlsOf(chart) {
  const scroll = chart.parentElement;
  let controls = scroll.previousElementSibling;
  if (!controls?.classList.contains('controls')) {
    controls = document.createElement('div');
    controls.className = 'controls';
    scroll.before(controls);
  }
  return controls;
}

// Axes that can be dragged and zoomed have a button that draws the figure again.
function addReset(chart, redraw) {
  if (chart.reset) {
    chart.reset.hidden = true;
    return;
  }
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = 'Reset zoom';
  button.hidden = true;
  button.addEventListener('click', redraw);
  controlsOf(chart).append(button);
  chart.reset = button;
  const moved = () => { button.hidden = false; };
  chart.addEventListener('wheel', (event) => { if (event.shiftKey) moved(); }, { passive: true });
  chart.addEventListener('pointermove', (event) => { if (event.buttons === 1 && event.target.closest('svg')) moved(); });
}

// Figures of images have a slider: all β beside each other, or one. All such figures show the same β.
let shownBeta = null;
const sliders = new Map();
function addSlider(chart, spec) {
  const betas = [...new Set(spec.data.values.map((row) => row.weight).filter((weight) => typeof weight === 'number'))]
    .sort((a, b) => a - b);
  if (!sliders.has(chart)) {
    const several = JSON.stringify(spec.transform ?? []).includes('picked') && betas.length > 3 ? 'three β' : 'all β';
    const label = document.createElement('label');
    const input = Object.assign(document.createElement('input'), { type: 'range', min: 0, max: betas.length, step: 1, value: 0 });
    const output = document.createElement('output');
    label.append('Show ', input, ' ', output);
    controlsOf(chart).append(label);
    input.addEventListener('input', () => {
      shownBeta = betas[input.value - 1] ?? null;
      for (const other of sliders.values()) other();
    });
    sliders.set(chart, () => {
      input.value = betas.indexOf(shownBeta) + 1;
      output.textContent = betas[input.value - 1] === undefined ? several : 'β = ' + betas[input.value - 1];
      input.setAttribute('aria-valuetext', output.textContent);
      return chart.images?.signal('beta', betas[input.value - 1] ?? null).runAsync();
    });
  }
  return sliders.get(chart)();
}

// What a figure that has just been drawn can do.
async function addInteraction(chart, spec, view, redraw) {
  const has = (name) => (spec.params ?? []).some((param) => param.name === name);
  chart.images = has('beta') ? view : null;
  if (chart.images) await addSlider(chart, spec);
  if (JSON.stringify({ ...spec, data: null }).includes('"bind":"scales"')) addReset(chart, redraw);
  addLegend(chart);
}
