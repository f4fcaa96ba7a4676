// Trains for fifty steps in a WebAssembly build; the loss must fall, and the build stay small.
//
//     node run.mjs step.wasm

import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const bytes = readFileSync(process.argv[2]);
const { instance } = await WebAssembly.instantiate(bytes, {});
const losses = Array.from({ length: 50 }, () => instance.exports.step());
const [first, last] = [losses[0], losses[losses.length - 1]];
const compressed = gzipSync(bytes, { level: 9 }).length;
console.log(`wasm: the loss fell from ${first.toFixed(3)} to ${last.toFixed(3)} nats in 50 steps`);
if (!(last < first - 0.5)) {
  console.error('wasm: the loss should fall by half a nat at least');
  process.exit(1);
}
if (compressed > 48_000) {
  console.error(`wasm: a training step weighs ${compressed} bytes compressed; the budget is 48000`);
  process.exit(1);
}
