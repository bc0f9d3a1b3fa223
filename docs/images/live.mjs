// Draws docs/images/live.png and live-narrow.png again, in the folder of a checkout or a release, with Chromium:
//   node --experimental-websocket docs/images/live.mjs [./ratescope [CHROMIUM]]
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, existsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [ratescope = './ratescope', chromium = 'chromium'] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'live-'));
const port = 18080;
const page = `http://127.0.0.1:${port}/`;
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

const sweep = spawn(ratescope, ['run', 'docs/images/live.yaml', '--workers', '2', '--results', folder, '--serve', port], { stdio: 'inherit' });
const browser = spawn(chromium, ['--headless=new', '--no-sandbox', '--hide-scrollbars', '--remote-debugging-port=0', `--user-data-dir=${folder}/browser`, 'about:blank'],
  { stdio: 'ignore' });
const address = join(folder, 'browser/DevToolsActivePort');
while (!existsSync(address) || !readFileSync(address, 'utf8').includes('\n')) await pause(100);
const devtools = readFileSync(address, 'utf8').split('\n')[0];
const target = (await (await fetch(`http://127.0.0.1:${devtools}/json`)).json()).find((t) => t.type === 'page');
const socket = new WebSocket(target.webSocketDebuggerUrl);
await new Promise((open) => socket.addEventListener('open', open));
let last = 0;
const send = (method, params = {}) => new Promise((done) => {
  const id = ++last;
  const listen = (event) => {
    const answer = JSON.parse(event.data);
    if (answer.id !== id) return;
    socket.removeEventListener('message', listen);
    done(answer.result);
  };
  socket.addEventListener('message', listen);
  socket.send(JSON.stringify({ id, method, params }));
});

const half = async () => {
  try {
    return (await (await fetch(`${page}state.json`)).json()).points.length >= 20;
  } catch {
    return false; // the page is not served yet
  }
};
while (!await half()) await pause(200);
await send('Page.navigate', { url: page });
for (const [file, width, height, beyond] of [['live.png', 1280, 900, true], ['live-narrow.png', 390, 1000, false]]) {
  await send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: width < 500 });
  await pause(1500);
  const shot = await send('Page.captureScreenshot', { format: 'png', captureBeyondViewport: beyond });
  writeFileSync(join('docs/images', file), Buffer.from(shot.data, 'base64'));
}
send('Browser.close');
if (sweep.exitCode === null) await new Promise((ended) => sweep.on('exit', ended));
process.exit();
