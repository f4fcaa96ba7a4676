// Trains for fifty steps in a WebAssembly build; the loss must fall, memory stay, the file be small.
//
//     node run.mjs step.wasm

import { readFileSync } from 'node:fs';

const limit = 40_000;
const bytes = readFileSync(process.argv[2]);
const { instance } = await WebAssembly.instantiate(bytes, {});
const sizes = [];
const losses = Array.from({ length: 50 }, () => {
  sizes.push(instance.exports.memory.buffer.byteLength);
  return instance.exports.step();
});
const [first, last] = [losses[0], losses[losses.length - 1]];
console.log(`wasm: the loss fell from ${first.toFixed(3)} to ${last.toFixed(3)} nats in 50 steps`);
if (!(last < first - 0.5)) {
  console.error('wasm: the loss should fall by half a nat at least');
  process.exit(1);
}
if (sizes[49] !== sizes[5]) {
  console.error(`wasm: memory grew from ${sizes[5]} to ${sizes[49]} bytes after the fifth step`);
  process.exit(1);
}
if (bytes.length > limit) {
  console.error(`wasm: a training step weighs ${bytes.length} bytes; it may weigh ${limit}`);
  process.exit(1);
}
