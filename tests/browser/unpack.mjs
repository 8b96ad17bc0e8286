// Unpacks the files of a Chromium package, each compressed with Brotli: node unpack.mjs <from> <to>
import { createReadStream, createWriteStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createBrotliDecompress } from "node:zlib";

const [from, to] = process.argv.slice(2);
for (const name of (await readdir(from)).filter((name) => name.endsWith(".br"))) {
  const output = createWriteStream(join(to, name.slice(0, -".br".length)), { mode: 0o755 });
  await pipeline(createReadStream(join(from, name)), createBrotliDecompress(), output);
}
