'use strict';
const data = JSON.parse(document.getElementById('data').textContent);

// Figures: drawn anew when the theme changes or the page becomes narrow or wide.
const dark = matchMedia('(prefers-color-scheme: dark)');
const narrow = matchMedia('(max-width: 760px)');

// Sets the value at a JSON pointer, making objects on the way.
function set(root, pointer, value) {
  const keys = pointer.split('/').slice(1);
  const last = keys.pop();
  let node = root;
  for (const key of keys) node = node[key] ??= {};
  node[last] = value;
}

function specFor(name) {
  const spec = structuredClone(data.specs[name]);
  if (narrow.matches) {
    for (const [pointer, value] of Object.entries(spec.usermeta?.ratescope?.narrow ?? {})) set(spec, pointer, value);
  }
  return spec;
}

// Vega warns where the rows of a layer are left out, by the switch of the restarts for example: that is no fault.
const logger = vega.logger(vega.Warn);
const warn = logger.warn;
logger.warn = (...args) => (String(args[0]).startsWith('Infinite extent') ? logger : warn.apply(logger, args));

let drawing = Promise.resolve();
async function drawAll() {
  const theme = dark.matches ? 'dark' : 'light';
  const config = { ...data.themes[theme], background: 'transparent' };
  for (const chart of document.querySelectorAll('.chart')) {
    const name = chart.dataset.figure;
    chart.dataset.drawn = '';
    try {
      chart.finalize?.();
      const result = await vegaEmbed(chart, specFor(name), {
        actions: false, renderer: 'svg', config, logger, tooltip: { theme },
      });
      chart.finalize = result.finalize;
      chart.dataset.drawn = theme;
    } catch (error) {
      chart.textContent = 'This figure cannot be drawn: ' + error.message;
      console.error(error);
    }
  }
}
const redraw = () => { drawing = drawing.then(drawAll); };
dark.addEventListener('change', redraw);
narrow.addEventListener('change', redraw);
redraw();

// Runs: a table that sorts and filters.
const columns = [
  ['split', 'Split'], ['architecture', 'Architecture'], ['latent', 'Latent'], ['beta', 'β'], ['seed', 'Seed'],
  ['outcome', 'Outcome'], ['step', 'Steps'],
  ['test_distortion', 'Test D'], ['test_rate', 'Test R'], ['test_elbo', 'Test ELBO'],
  ['train_distortion', 'Train D'], ['train_rate', 'Train R'], ['train_elbo', 'Train ELBO'],
  ['run', 'Run'], ['message', 'Message'],
].filter(([key]) => key !== 'message' || data.runs.some((run) => run.message));
for (const run of data.runs) {
  run.beta = run.beta_mi === run.beta_kl ? run.beta_kl : `MI ${run.beta_mi}, KL ${run.beta_kl}`;
}
const page = 25;
let sort = { key: null, up: true };
let shown = page;

function cell(value, key) {
  if (value === null || value === undefined) return '';
  return /_(distortion|rate|elbo)$/.test(key) ? value.toFixed(3) : String(value);
}

function compare(a, b) {
  const [x, y] = [a[sort.key], b[sort.key]];
  if (x === y) return 0;
  if (x === null) return 1;
  if (y === null) return -1;
  const order = typeof x === 'number' && typeof y === 'number' ? x - y : String(x).localeCompare(String(y));
  return sort.up ? order : -order;
}

function selected() {
  const outcome = document.getElementById('outcome').value;
  const words = document.getElementById('filter').value.toLowerCase().split(/\s+/);
  const rows = data.runs.filter((run) => {
    const text = columns.map(([key]) => cell(run[key], key)).join(' ').toLowerCase();
    return (!outcome || run.outcome === outcome) && words.every((word) => text.includes(word));
  });
  return sort.key ? rows.sort(compare) : rows;
}

function header() {
  const row = document.createElement('tr');
  for (const [key, title] of columns) {
    const th = document.createElement('th');
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = title + (sort.key === key ? (sort.up ? ' ↑' : ' ↓') : '');
    button.addEventListener('click', () => {
      sort = { key, up: sort.key === key ? !sort.up : true };
      table();
    });
    th.setAttribute('aria-sort', sort.key === key ? (sort.up ? 'ascending' : 'descending') : 'none');
    th.append(button);
    row.append(th);
  }
  return row;
}

function table() {
  const rows = selected();
  document.querySelector('#runs-table thead').replaceChildren(header());
  document.querySelector('#runs-table tbody').replaceChildren(...rows.slice(0, shown).map((run) => {
    const tr = document.createElement('tr');
    if (run.outcome !== 'finished') tr.className = 'bad';
    for (const [key] of columns) {
      const td = document.createElement('td');
      if (typeof run[key] === 'number') td.className = 'number';
      td.textContent = cell(run[key], key);
      tr.append(td);
    }
    return tr;
  }));
  document.getElementById('count').textContent = `${rows.length} of ${data.runs.length} runs`;
  document.getElementById('more').hidden = rows.length <= shown;
}
document.getElementById('outcome').addEventListener('change', () => { shown = page; table(); });
document.getElementById('filter').addEventListener('input', () => { shown = page; table(); });
document.getElementById('more').addEventListener('click', () => { shown += 20 * page; table(); });
table();
