// The environment that Vega expects, without a browser or Node.
globalThis.setTimeout = (f) => { Promise.resolve().then(f); return 0; };
globalThis.clearTimeout = () => {};
globalThis.console = { log() {}, info() {}, debug() {}, warn() {}, error() {} };
globalThis.structuredClone = function clone(x) {
  if (Array.isArray(x)) return x.map(clone);
  if (x instanceof Date) return new Date(x);
  if (x === null || typeof x !== 'object') return x;
  return Object.fromEntries(Object.entries(x).map(([k, v]) => [k, clone(v)]));
};
