'use strict';
// Blocks of JSON are parsed when they are needed, so that a large report opens as fast as a small one.
const blocks = new Map();
function block(id) {
  if (!blocks.has(id)) blocks.set(id, JSON.parse(document.getElementById(id).textContent));
  return blocks.get(id);
}

// Figures are drawn when they come near the visible area, and again when the theme or the narrow layout changes.
const dark = matchMedia('(prefers-color-scheme: dark)');
const narrow = matchMedia('(max-width: 760px)');
const charts = [...document.querySelectorAll('.chart')];
const restarts = document.getElementById('restarts');

// Sets the value at a JSON pointer, creating objects if necessary.
function set(root, pointer, value) {
  const keys = pointer.split('/').slice(1);
  const last = keys.pop();
  let node = root;
  for (const key of keys) node = node[key] ??= {};
  node[last] = value;
}

function specFor(name) {
  const spec = structuredClone(block('spec-' + name));
  if (narrow.matches) {
    for (const [pointer, value] of Object.entries(spec.usermeta?.ratescope?.narrow ?? {})) set(spec, pointer, value);
  }
  return spec;
}

// Vega warns if a layer has no rows, for example because of the switch of the restarts. This is not an error.
const logger = vega.logger(vega.Warn);
const warn = logger.warn;
logger.warn = (...args) => (String(args[0]).startsWith('Infinite extent') ? logger : warn.apply(logger, args));

// A figure shows only data of this page: every address except pictures in it is refused.
const closed = () => Promise.reject(new Error('a figure cannot access files or the network'));
const sanitize = (href, options) => (options?.context === 'image' && /^data:image\//.test(href) ? Promise.resolve({ href }) : closed());
const loader = { load: closed, http: closed, file: closed, sanitize };

const showsRestarts = (spec) => (spec.params ?? []).some((param) => param.name === 'restarts');
const setting = () => (dark.matches ? 'dark' : 'light') + (narrow.matches ? ', narrow' : '');

async function draw(chart) {
  const now = setting();
  if (chart.dataset.drawn === now) return;
  const theme = dark.matches ? 'dark' : 'light';
  const config = { ...block('themes')[theme], background: 'transparent' };
  try {
    chart.finalize?.();
    const spec = specFor(chart.dataset.figure);
    const { usermeta, ...drawn } = spec; // usermeta could set options of vega-embed
    const result = await vegaEmbed(chart, drawn, {
      mode: 'vega-lite', ast: true, actions: false, renderer: 'svg', loader, config, logger, tooltip: { theme },
    });
    chart.finalize = result.finalize;
    chart.view = showsRestarts(spec) ? result.view : null;
    if (chart.view) {
      document.getElementById('restarts-label').hidden = false;
      await chart.view.signal('restarts', restarts.checked).runAsync();
    }
    await addInteraction(chart, spec, result.view, () => { chart.dataset.drawn = ''; enqueue(chart); });
    chart.style.minHeight = '';
  } catch (error) {
    chart.textContent = 'This figure cannot be drawn: ' + error.message;
    console.error(error);
  }
  chart.dataset.drawn = now;
}

let drawing = Promise.resolve();
const near = new Set();
const enqueue = (chart) => { drawing = drawing.then(() => draw(chart)); return drawing; };
const sight = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    near[entry.isIntersecting ? 'add' : 'delete'](entry.target);
    if (entry.isIntersecting) enqueue(entry.target);
  }
}, { rootMargin: '300px' });
charts.forEach((chart) => sight.observe(chart));

const redraw = () => near.forEach(enqueue); // the others are drawn when they become visible
dark.addEventListener('change', redraw);
narrow.addEventListener('change', redraw);
addEventListener('beforeprint', () => charts.forEach(enqueue));
restarts.addEventListener('change', () => {
  document.getElementById('single').hidden = !restarts.checked;
  for (const chart of charts) chart.view?.signal('restarts', restarts.checked).runAsync().then(() => emphasise(chart, chart.emphasised));
});

// The index shows the current section; on narrow pages it is a drop-down list.
const goto = document.getElementById('goto');
const links = new Map([...document.querySelectorAll('#index a')].map((a) => [a.getAttribute('href').slice(1), a]));
// In the order of the page, which differs from that of the index. `hash` would encode spaces and other characters.
const places = [...links.keys()].map((id) => document.getElementById(id)).filter(Boolean)
  .sort((a, b) => (a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1));
// Scrolls only the index: scrollIntoView would also scroll the page.
function show(link) {
  const index = document.getElementById('index');
  const bounds = index.getBoundingClientRect();
  const { top, bottom } = link.getBoundingClientRect();
  if (top < bounds.top) index.scrollTop += top - bounds.top - 12;
  if (bottom > bounds.bottom) index.scrollTop += bottom - bounds.bottom + 12;
}
function here() {
  const reached = places.filter((place) => place.getBoundingClientRect().top < innerHeight / 3);
  const current = (reached.at(-1) ?? places[0])?.id;
  for (const [id, link] of links) {
    if (id === current && !link.hasAttribute('aria-current')) {
      link.setAttribute('aria-current', 'true');
      show(link);
    } else if (id !== current) {
      link.removeAttribute('aria-current');
    }
  }
  if (document.activeElement !== goto) goto.value = current;
}
let asked = false;
addEventListener('scroll', () => {
  if (asked) return;
  asked = true;
  requestAnimationFrame(() => { asked = false; here(); });
}, { passive: true });
goto.addEventListener('change', () => {
  document.getElementById(goto.value).scrollIntoView();
  goto.blur();
});

// Tables. The page contains the fields of a run: column, title, whether it is a number. A column of a field is omitted if
// all rows have the same value, except these.
const ALWAYS = ['split', 'architecture', 'beta', 'seed'];
const TITLES = {
  studies: 'Study', beta: 'β', outcome: 'Outcome', step: 'Steps', convergence: 'Training', loss_fall: 'Fall',
  test_distortion: 'Test D', test_rate: 'Test R', test_elbo: 'Test ELBO',
  train_distortion: 'Train D', train_rate: 'Train R', train_elbo: 'Train ELBO', run: 'Run', message: 'Message',
  subset: 'Subset', mean: 'Mean', sd: 'SD', restarts: 'Restarts', unit: 'Unit', settings: 'How',
};
const titleOf = (key) => TITLES[key] ?? block('fields-data').find(([column]) => column === key)[1];
// The two weights of the objective are one column.
const fieldColumns = () => block('fields-data').map(([column]) => column).filter((column) => column !== 'beta_kl')
  .map((column) => (column === 'beta_mi' ? 'beta' : column));
const isNumeric = (key) => /^(beta|step|loss_fall|(test|train)_)/.test(key) || block('fields-data').some(([column, , number]) => number && column === key);

// Rows as objects; the weights of the objective become one column.
function rowsOf(id) {
  const { columns, rows } = block(id);
  return rows.map((values) => {
    const row = Object.fromEntries(columns.map((column, i) => [column, values[i]]));
    row.beta = row.beta_mi === row.beta_kl || row.beta_mi === 0 ? row.beta_kl
      : row.beta_kl === 0 ? row.beta_mi : `MI ${row.beta_mi}, KL ${row.beta_kl}`;
    return row;
  });
}

function columnsOf(rows, keys) {
  const varies = (key) => rows.some((row) => row[key] !== rows[0][key]);
  const settings = ['studies', ...fieldColumns().filter((key) => !ALWAYS.includes(key))];
  return keys.filter((key) => rows.length === 0 || key in rows[0]).filter((key) => !settings.includes(key) || varies(key))
    .filter((key) => !['message', 'settings', 'convergence', 'loss_fall'].includes(key) || rows.some((row) => row[key]));
}

function element(tag, text, className) {
  const node = document.createElement(tag);
  if (text !== undefined) node.textContent = text;
  if (className) node.className = className;
  return node;
}

function cell(value, key) {
  if (value === null || value === undefined) return '';
  if (/^(loss_fall|(test|train)_(distortion|rate|elbo))$/.test(key)) return value.toFixed(key === 'loss_fall' ? 2 : 3);
  return /^(mean|sd)$/.test(key) ? String(Number(value.toPrecision(5))) : String(value);
}

function rowElement(row, columns) {
  const tr = element('tr');
  for (const key of columns) tr.append(element('td', cell(row[key], key), typeof row[key] === 'number' ? 'number' : ''));
  return tr;
}

// Estimates: each table is filled when it is opened.
for (const details of document.querySelectorAll('[data-estimate]')) {
  details.addEventListener('toggle', () => {
    const target = details.querySelector('table');
    if (target.rows.length > 0) return;
    const rows = rowsOf('estimates-data').filter((row) => row.estimate === details.dataset.estimate);
    const columns = columnsOf(rows, [...fieldColumns(), 'subset', 'mean', 'sd', 'restarts', 'unit', 'settings']);
    const head = element('tr');
    columns.forEach((key) => head.append(element('th', titleOf(key))));
    target.append(head, ...rows.map((row) => rowElement(row, columns)));
  });
}

// Runs: a table that sorts and filters, and opens the pictures of a run.
const PAGE = 25;
let runs = null;
let runColumns = [];
let sort = { key: null, up: true };
let shown = PAGE;

function loadRuns() {
  if (runs) return;
  runs = rowsOf('runs-data');
  runColumns = columnsOf(runs, ['studies', ...fieldColumns(), 'outcome', 'step', 'convergence', 'loss_fall',
    'test_distortion', 'test_rate', 'test_elbo', 'train_distortion', 'train_rate', 'train_elbo', 'run', 'message']);
  for (const run of runs) run.text = runColumns.map((key) => cell(run[key], key)).join(' ').toLowerCase();
  table();
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
  const rows = runs.filter((run) => (!outcome || run.outcome === outcome) && words.every((word) => run.text.includes(word)));
  return sort.key ? rows.sort(compare) : rows;
}

function header() {
  const row = element('tr');
  for (const key of runColumns) {
    const th = element('th', undefined, isNumeric(key) ? 'number' : '');
    const button = element('button', titleOf(key) + (sort.key === key ? (sort.up ? ' ↑' : ' ↓') : ''));
    button.type = 'button';
    button.addEventListener('click', () => {
      sort = { key, up: sort.key === key ? !sort.up : true };
      table();
      document.querySelectorAll('#runs-table thead button')[runColumns.indexOf(key)].focus();
    });
    th.setAttribute('aria-sort', sort.key === key ? (sort.up ? 'ascending' : 'descending') : 'none');
    th.append(button);
    row.append(th);
  }
  return row;
}

function picture(address, caption) {
  const figure = element('span', undefined, 'picture');
  const image = element('img');
  image.src = address;
  image.alt = caption;
  figure.append(image, element('small', caption));
  return figure;
}

// One line for each exemplar: the image, its neighbour, the reconstruction.
function pictures(run) {
  const { images, runs: byRun } = block('pictures-data');
  const box = element('div', undefined, 'pictures');
  const picked = byRun[run.run];
  if (!picked) {
    box.textContent = run.outcome !== 'finished' ? 'Only finished runs have pictures.'
      : 'No pictures: in a large report only first restarts have them.';
    return box;
  }
  for (const [name, subset, index, distance, original, neighbour, reconstruction] of picked) {
    const line = element('div');
    line.title = `${subset} image ${index}, ${distance.toFixed(2)} from its nearest training image`;
    line.append(element('small', name), picture(images[original], subset + ' image'), picture(images[reconstruction], 'reconstruction'),
      picture(images[neighbour], 'nearest training image'));
    box.append(line);
  }
  return box;
}

function runRow(run) {
  const tr = rowElement(run, runColumns);
  if (run.outcome !== 'finished') tr.className = 'bad';
  const place = tr.children[runColumns.indexOf('run')];
  const button = element('button', run.run);
  button.type = 'button';
  button.setAttribute('aria-expanded', 'false');
  place.replaceChildren(button);
  const toggle = () => {
    const open = button.getAttribute('aria-expanded') === 'true';
    button.setAttribute('aria-expanded', String(!open));
    if (open) {
      tr.nextElementSibling.remove();
      return;
    }
    const detail = element('tr', undefined, 'detail');
    const td = element('td');
    td.colSpan = runColumns.length;
    td.append(pictures(run));
    detail.append(td);
    tr.after(detail);
  };
  tr.addEventListener('click', toggle);
  return tr;
}

function table() {
  const rows = selected();
  document.querySelector('#runs-table thead').replaceChildren(header());
  document.querySelector('#runs-table tbody').replaceChildren(...rows.slice(0, shown).map(runRow));
  document.getElementById('count').textContent = `${rows.length} of ${runs.length} runs`;
  document.getElementById('more').hidden = rows.length <= shown;
}
document.getElementById('outcome').addEventListener('change', () => { shown = PAGE; table(); });
document.getElementById('filter').addEventListener('input', () => { shown = PAGE; table(); });
document.getElementById('more').addEventListener('click', () => { shown += 20 * PAGE; table(); });
new IntersectionObserver((entries, observer) => {
  if (!entries.some((entry) => entry.isIntersecting)) return;
  observer.disconnect();
  loadRuns();
}, { rootMargin: '600px' }).observe(document.getElementById('runs'));
// The file's date, as far as the browser knows it.
const written = new Date(document.lastModified);
if (location.protocol === 'file:' && !isNaN(written)) {
  document.getElementById('written').textContent = ` on ${written.toISOString().slice(0, 10)}`;
}
here();
