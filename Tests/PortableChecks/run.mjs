// Runs the checks of a WebAssembly build and compares them with what was recorded natively.
//
//     node run.mjs checks.wasm expected.txt [--bench]
//
// A page imports `difference`.

/// The checks' values, as [{ name, values }].
async function runChecks(bytes) {
  let message = '';
  const host = { print: (byte) => { message += String.fromCharCode(byte); } };
  const { instance } = await WebAssembly.instantiate(bytes, { host });
  const wasm = instance.exports;
  const results = [];
  for (let index = 0; index < wasm.checkCount(); index++) {
    const name = new TextDecoder().decode(
      new Uint8Array(wasm.memory.buffer, wasm.checkName(index), wasm.checkNameLength(index)));
    try {
      const count = wasm.checkRun(index);
      const values = new Float32Array(wasm.memory.buffer, wasm.checkValues(), count);
      results.push({ name, values: Array.from(values) });
    } catch (error) {
      throw new Error(`${name}: ${message || error.stack}`);
    }
  }
  return { results, wasm };
}

/// Sentences about what differs between results and the recorded text; none is agreement.
function differences(results, expected) {
  const recorded = expected.trim().split('\n').map((line) => {
    const [name, numbers] = line.split(': ');
    return { name, values: numbers.split(' ').map(Number) };
  });
  const found = [];
  if (recorded.length !== results.length) {
    found.push(`${results.length} checks ran, ${recorded.length} are recorded`);
  }
  recorded.forEach(({ name, values }, index) => {
    const result = results[index];
    if (!result || result.name !== name || result.values.length !== values.length) {
      found.push(`${name}: is missing, or has another number of values`);
      return;
    }
    const worst = values.map((value, i) =>
      Math.abs(value - result.values[i]) / Math.max(1, Math.abs(value)));
    const place = worst.findIndex((difference) => !(difference <= 2e-5));
    if (place >= 0) {
      found.push(`${name}: value ${place} is ${result.values[place]}, natively ${values[place]}`);
    }
  });
  return found;
}

/// GFLOP/s of products of n × n matrices: the best of several runs.
function rate(wasm, n) {
  const rounds = Math.ceil(1e9 / (2 * n ** 3));
  let best = Infinity;
  for (let run = 0; run < 9; run++) {
    const start = performance.now();
    wasm.multiply(n, rounds);
    best = Math.min(best, performance.now() - start);
  }
  return 2 * n ** 3 * rounds / best / 1e6;
}

/// What differs between a build, as base64, and the recorded text; for a page.
export async function difference(base64, expected) {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  return differences((await runChecks(bytes)).results, expected);
}

if (typeof process !== 'undefined' && process.argv[2]) {
  const { readFileSync } = await import('node:fs');
  const { results, wasm } = await runChecks(readFileSync(process.argv[2]));
  const found = differences(results, readFileSync(process.argv[3], 'utf8'));
  found.forEach((sentence) => console.error(`wasm: ${sentence}`));
  if (found.length) process.exit(1);
  const count = results.reduce((sum, result) => sum + result.values.length, 0);
  console.log(`wasm: ${results.length} checks, ${count} values agree with the native ones`);
  if (process.argv.includes('--bench')) {
    for (const n of [64, 128, 256, 512]) {
      console.log(`wasm: matmul ${n}: ${rate(wasm, n).toFixed(1)} GFLOP/s`);
    }
  }
}
