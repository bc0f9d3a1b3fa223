'use strict';
// Load all typefaces at once: the server may have stopped when they are needed later.
document.fonts.forEach((face) => face.load());
// The state from the server: the whole state at first and after a lost connection, then changes.
const live = { study: {}, stage: {}, cohorts: new Map(), points: new Map(), failures: new Map(), traces: new Map(), notes: [], over: null };
const $ = (id) => document.getElementById(id);

function merge(news) {
  live.stage = news.stage;
  for (const cohort of news.cohorts) live.cohorts.set(cohort.id, cohort);
  for (const point of news.points) live.points.set(point.run, point);
  for (const failure of news.failures) live.failures.set(failure.run, failure);
  for (const run of news.forgotten ?? []) live.traces.delete(run);
  for (const trace of news.traces) {
    const known = live.traces.get(trace.run);
    if (known) for (const key of ['step', 'distortion', 'rate']) known[key].push(...trace[key]);
    else live.traces.set(trace.run, trace);
  }
  live.notes.push(...news.notes);
  if (live.notes.length > 100) live.notes.splice(0, live.notes.length - 100);
  if (news.cohorts.length) stale.cohorts = true;
  if (news.points.length) stale.curves = true;
  if (news.failures.length) stale.failures = true;
  if (news.traces.length || news.forgotten?.length) stale.losses = true;
  if (news.notes.length) stale.notes = true;
}

const stale = { cohorts: true, curves: true, failures: true, losses: true, notes: true };

// The browser connects again by itself after a lost connection, but not after an HTTP error, which closes the source.
let source;
function connect() {
  source = new EventSource('/events');
  source.addEventListener('state', (event) => {
    const whole = JSON.parse(event.data);
    for (const kind of ['cohorts', 'points', 'failures', 'traces']) live[kind].clear();
    live.notes.length = 0;
    live.study = whole.study;
    document.documentElement.classList.remove('lost');
    for (const kind of Object.keys(stale)) stale[kind] = true;
    merge(whole);
    header();
  });
  source.addEventListener('change', (event) => { merge(JSON.parse(event.data)); header(); });
  source.addEventListener('end', (event) => {
    live.over = JSON.parse(event.data);
    source.close();
    header();
  });
  source.addEventListener('error', () => {
    if (live.over) return;
    document.documentElement.classList.add('lost');
    banner();
    if (source.readyState === EventSource.CLOSED) setTimeout(connect, 5000);
  });
}
connect();

// Numbers for display.
const count = (number) => number.toLocaleString('en-US');
function duration(seconds) {
  const [d, h, m, s] = [Math.floor(seconds / 86400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, Math.round(seconds) % 60];
  const two = (n) => String(n).padStart(2, '0');
  return d ? `${d} d ${two(h)}:${two(m)}` : h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

function setText(id, text) {
  if ($(id).textContent !== text) $(id).textContent = text;
}

function header() {
  const { stage, study, over } = live;
  const share = over?.finished ? 1 : stage.share ?? 0;
  const percent = Math.floor(100 * share);
  document.documentElement.classList.toggle('finished', !!over?.finished);
  document.documentElement.classList.toggle('stopped', !!over && !over.finished);
  document.title = `${over ? (over.finished ? 'done' : 'stopped') : percent + ' %'} · ${study.name}`;
  setText('title', study.title || study.name);
  setText('subtitle', study.title ? `${study.name}, ${study.data}` : study.data);
  $('bar').firstElementChild.style.width = `${100 * share}%`;
  $('bar').setAttribute('aria-valuenow', percent);
  setText('stage', over ? (over.finished ? ['finished', ...wrong(stage)].join(', ') : `stopped at ${percent} %`)
    : stage.what ? `${stage.what}, ${percent} %` : 'starting');
  facts(stage, over);
  banner();
  if (!drawing) draw();
}

function banner() {
  const lost = document.documentElement.classList.contains('lost');
  $('banner').hidden = !live.over && !lost;
  setText('banner', live.over ? live.over.words : lost ? 'The connection is lost. This page reconnects automatically when the program answers.' : '');
}

function wrong(stage) {
  return ['diverged', 'failed'].filter((kind) => stage[kind]).map((kind) => `${count(stage[kind])} ${kind}`);
}

function facts(stage, over) {
  const rows = [];
  if (stage.runs) {
    rows.push(['runs done', `${count(stage.finished)} / ${count(stage.runs)}`]);
    rows.push(['running', count(over ? 0 : stage.running)]);
    if (stage.diverged) rows.push(['diverged', count(stage.diverged), 'bad']);
    rows.push(['failed', count(stage.failed), stage.failed ? 'bad' : '']);
  } else if (stage.what) {
    rows.push(['done', `${count(stage.done)} / ${count(stage.total)}`]);
  }
  if (!over) {
    rows.push(['left', stage.remaining === null ? '–' : duration(stage.remaining)]);
    if (stage.runs) rows.push(['steps/s', stage.stepsPerSecond ? count(stage.stepsPerSecond) : '–']);
  }
  rows.push(['so far', duration(stage.elapsed)]);
  const list = $('facts');
  while (list.children.length > rows.length) list.lastElementChild.remove();
  rows.forEach(([name, value, className = ''], i) => {
    let row = list.children[i];
    if (!row) {
      row = element('div');
      row.append(element('dt'), element('dd'));
      list.append(row);
    }
    row.className = className;
    if (row.children[0].textContent !== name) row.children[0].textContent = name;
    if (row.children[1].textContent !== value) row.children[1].textContent = value;
  });
}

// Tables and lists: rebuilt when their content has changed, at most once a second.
let drawing = false;
async function draw() {
  drawing = true;
  try {
    if (stale.cohorts) { stale.cohorts = false; cohorts(); }
    if (stale.failures) { stale.failures = false; failures(); }
    if (stale.notes) { stale.notes = false; notes(); }
    if (stale.curves) { stale.curves = false; await curves(); }
    if (stale.losses) { stale.losses = false; await losses(); }
  } catch (error) {
    console.error(error);
  }
  setTimeout(() => {
    drawing = false;
    if (Object.values(stale).includes(true)) draw();
  }, 1000);
}

function later(kind) {
  stale[kind] = true;
  if (!drawing) draw();
}

const order = { training: 0, estimating: 0, waiting: 2, done: 3 };
function cohorts() {
  const all = [...live.cohorts.values()];
  const shown = $('all-cohorts').checked ? all
    : all.filter((c) => order[c.state] === 0 || c.unfinished).concat(all.filter((c) => c.state === 'done' && !c.unfinished).slice(-3), all.filter((c) => c.state === 'waiting').slice(0, 3));
  shown.sort((a, b) => order[a.state] - order[b.state]);
  $('cohorts').hidden = all.length === 0;
  document.querySelector('#cohort-table tbody').replaceChildren(...shown.map((c) => {
    const row = element('tr', undefined, c.unfinished ? `${c.state} bad` : c.state);
    const step = element('td', `${count(c.step)} of ${count(c.iterations)}`, 'number');
    const track = element('div', undefined, 'track');
    track.append(element('div'));
    track.firstElementChild.style.width = `${100 * Math.min(1, c.step / c.iterations)}%`;
    step.append(track);
    const state = c.unfinished ? `${c.state}, ${c.unfinished} not finished` : c.state;
    row.append(element('td', c.what), element('td', count(c.runs), 'number'), step, element('td', state));
    return row;
  }));
  const rest = all.length - shown.length;
  setText('hidden-cohorts', rest ? `${count(rest)} more cohorts, waiting or done.` : '');
  $('all-cohorts').parentElement.hidden = !rest && !$('all-cohorts').checked;
}
$('all-cohorts').addEventListener('change', () => later('cohorts'));

let shownFailures = 10;
function failures() {
  const all = [...live.failures.values()];
  $('failures').hidden = all.length === 0;
  document.querySelector('#failures h2').textContent = `Failures (${count(all.length)})`;
  document.querySelector('#failures ul').replaceChildren(...all.slice(0, shownFailures).map((f) => {
    const item = element('li');
    item.append(element('div', f.message, 'message'), element('div', `run ${f.run} ${f.outcome} at step ${count(f.step)}`, 'run'), element('div', f.spec, 'spec'));
    return item;
  }));
  const more = document.querySelector('#failures .more');
  more.hidden = all.length <= shownFailures;
  more.textContent = `Show ${count(Math.min(50, all.length - shownFailures))} more of ${count(all.length)}`;
}
document.querySelector('#failures .more').addEventListener('click', () => { shownFailures += 50; later('failures'); });

function notes() {
  $('notes').hidden = live.notes.length === 0;
  document.querySelector('#notes ul').replaceChildren(...live.notes.map((note) => element('li', note)));
}

// Choices: options are rebuilt without losing the selection; a choice of one is not shown.
function choices(select, options, preferred) {
  const keys = options.map(([key]) => key);
  if (select.options.length !== keys.length || keys.some((key, i) => key !== select.options[i].value)) {
    const before = select.value;
    select.replaceChildren(...options.map(([key, text]) => { const o = element('option', text); o.value = key; return o; }));
    select.value = select.dataset.chosen && keys.includes(before) ? before : preferred;
  }
  select.parentElement.hidden = options.length < 2;
  return select.value;
}
for (const [id, kind] of [['group', 'curves'], ['cohort', 'losses']]) {
  $(id).addEventListener('change', () => { $(id).dataset.chosen = 'yes'; later(kind); });
}

// Charts: one Vega view each, rebuilt when the theme or the type of axis changes; otherwise it gets new rows.
const dark = matchMedia('(prefers-color-scheme: dark)');
const themes = fetch('/themes.json').then((answer) => answer.json());
const charts = new Map();
async function chart(id, spec, rows) {
  const theme = dark.matches ? 'dark' : 'light';
  const key = theme + JSON.stringify(spec);
  let made = charts.get(id);
  if (made?.key !== key) {
    made?.result.finalize();
    const config = { ...(await themes)[theme], background: 'transparent' };
    const full = { ...spec, data: { name: 'rows', values: rows } };
    const result = await vegaEmbed($(id), full, { mode: 'vega-lite', ast: true, actions: false, renderer: 'canvas', config, tooltip: { theme } });
    made = { key, result };
    charts.set(id, made);
  } else {
    await made.result.view.change('rows', vega.changeset().remove(vega.truthy).insert(rows)).runAsync();
  }
  $(id).dataset.rows = rows.length;
  $(id).dataset.theme = theme;
}
dark.addEventListener('change', () => { later('curves'); later('losses'); });

// Key, title and phrase of each field by which curves can be told apart.
const dimensions = () => live.study.fields ?? [];
const weightName = (p) => p.betaMi === p.betaKl ? `β = ${p.betaKl}` : `β_MI = ${p.betaMi}, β_KL = ${p.betaKl}`;

function curveRows(keys) {
  const rows = [];
  const phrases = new Map(dimensions().map(([key, , phrase]) => [key, phrase]));
  for (const point of live.points.values()) {
    const group = keys.map((key) => phrases.get(key).replace('%s', point[key])).join(', ') || 'all runs';
    // Of two weights that both vary, a curve is along β_KL.
    const mi = point.betaMi && point.betaKl && point.betaMi !== point.betaKl ? point.betaMi : '';
    const curve = [...dimensions().map(([key]) => point[key]), mi].join(';');
    for (const subset of ['test', 'train']) {
      const value = point[subset];
      if (value && value.rate !== null && value.distortion !== null) {
        rows.push({ group, curve, subset, rate: value.rate, distortion: value.distortion, weight: point.weight, beta: weightName(point), seed: point.seed,
          architecture: point.architecture, split: point.split, run: point.run });
      }
    }
  }
  return rows;
}

function curveSpec() {
  const legend = { columns: innerWidth < 760 ? 1 : 3, labelLimit: 320, symbolType: 'circle' };
  const colour = { field: 'group', type: 'nominal', title: null, legend };
  const axis = (field, title) => ({ field, type: 'quantitative', title, scale: { zero: false, nice: true }, axis: { tickCount: 6 } });
  const tooltip = ['subset', 'beta', 'rate', 'distortion', 'architecture', 'split', 'seed', 'run'].map((field) =>
    ['rate', 'distortion'].includes(field) ? { field, type: 'quantitative', format: '.3f' } : { field, type: 'nominal', title: field === 'beta' ? 'β' : field });
  const marks = (subset, filled) => ({
    transform: [{ filter: `datum.subset === '${subset}'` }],
    mark: { type: 'point', shape: 'circle', filled, strokeWidth: filled ? 0 : 1.4, size: filled ? 55 : 42, opacity: 1 },
    encoding: { x: axis('rate', 'Rate (nats per example)'), y: axis('distortion', 'Distortion (nats per example)'), color: colour, tooltip },
  });
  return {
    width: 'container', height: innerWidth < 760 ? 300 : 400, autosize: { type: 'fit', contains: 'padding' },
    layer: [
      {
        transform: [
          { aggregate: [{ op: 'mean', field: 'rate', as: 'rate' }, { op: 'mean', field: 'distortion', as: 'distortion' }], groupby: ['group', 'curve', 'subset', 'weight'] },
        ],
        mark: { type: 'line', strokeWidth: 1.2, opacity: 0.55 },
        encoding: {
          x: axis('rate', 'Rate (nats per example)'), y: axis('distortion', 'Distortion (nats per example)'),
          color: colour, detail: { field: 'curve' }, order: { field: 'weight' },
          strokeDash: { field: 'subset', type: 'nominal', scale: { domain: ['test', 'train'], range: [[1, 0], [4, 3]] }, legend: null },
        },
      },
      marks('train', false),
      marks('test', true),
    ],
  };
}

async function curves() {
  const varying = dimensions().filter(([key]) => new Set([...live.points.values()].map((p) => p[key])).size > 1);
  const options = varying.map(([key, text]) => [key, text]);
  if (varying.length > 1) options.unshift([varying.map(([key]) => key).join('+'), varying.map(([, text]) => text).join(' and ')]);
  if (!options.length) options.push(['', 'nothing']);
  const combinations = new Set([...live.points.values()].map((p) => varying.map(([key]) => p[key]).join()));
  const preferred = combinations.size <= 6 ? options[0][0] : options[Math.min(1, options.length - 1)][0];
  const keys = choices($('group'), options, preferred).split('+').filter((key) => key);
  const rows = curveRows(keys);
  const runs = new Set(rows.map((row) => row.run)).size;
  setText('points', runs ? `${count(runs)} run${runs === 1 ? '' : 's'}` : '');
  const empty = document.querySelector('#curves .empty');
  empty.hidden = rows.length > 0;
  if (!rows.length && live.points.size) empty.textContent = 'The study estimates neither rate nor distortion, so there are no points.';
  for (const part of document.querySelectorAll('#curves .chart, #curves .chart ~ .note, #curves .controls')) part.hidden = rows.length === 0;
  if (rows.length) await chart('rate-distortion', curveSpec(), rows);
}

function lossSpec(field, title, axis) {
  return {
    width: 'container', height: 240, autosize: { type: 'fit', contains: 'padding' },
    mark: { type: 'line', strokeWidth: 1.2, opacity: 0.9, clip: true },
    encoding: {
      x: { field: 'step', type: 'quantitative', title: 'Step', axis: { tickCount: 4, format: ',d', labelFlush: true } },
      y: { field, type: 'quantitative', title, ...axis },
      detail: { field: 'run' },
      color: { field: 'label', type: 'ordinal', title: null, sort: { field: 'weight' }, legend: { symbolType: 'stroke', symbolStrokeWidth: 2, columns: innerWidth < 760 ? 4 : 6 } },
      tooltip: [{ field: 'label', title: 'β' }, { field: 'step', type: 'quantitative' }, { field, type: 'quantitative', format: '.3f' }, { field: 'what', title: 'run' }],
    },
  };
}

async function losses() {
  const traces = [...live.traces.values()];
  const ids = new Set(traces.map((trace) => trace.cohort));
  const known = [...ids].filter((id) => live.cohorts.has(id)).map((id) => [id, live.cohorts.get(id).what]);
  const options = [['', 'all cohorts'], ...(known.length > 1 ? known : [])];
  const chosen = choices($('cohort'), options, '');
  const rows = [];
  let members = 0;
  for (const trace of traces) {
    if (chosen && trace.cohort !== chosen) continue;
    members++;
    const what = `${trace.architecture}, ${trace.split}, seed ${trace.seed}`;
    trace.step.forEach((step, i) => rows.push({ run: trace.run, step, distortion: trace.distortion[i], rate: trace.rate[i], label: weightName(trace).replace(/^β = /, 'β '), weight: trace.weight, what }));
  }
  setText('members', members ? `${count(members)} run${members === 1 ? '' : 's'}${traces.length >= 200 ? ', the first of many' : ''}` : '');
  document.querySelector('#losses .empty').hidden = rows.length > 0;
  for (const part of document.querySelectorAll('#losses .pair, #losses .pair ~ .note, #losses .controls')) part.hidden = rows.length === 0;
  if (!rows.length) return;
  const distortion = live.study.logDistortion
    ? { scale: { type: 'log', nice: false }, axis: { tickCount: 5, format: ',.3~f' } } : { scale: { zero: false }, axis: { tickCount: 5, format: ',.3~f' } };
  await chart('distortion', lossSpec('distortion', 'Distortion (nats)', distortion), rows);
  await chart('rate', lossSpec('rate', 'Rate (nats)', { scale: { zero: true, nice: false }, axis: { tickCount: 5, format: ',.3~f' } }), rows);
}
