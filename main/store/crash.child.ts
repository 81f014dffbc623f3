import { openStore, signed, speak } from './test-office.ts';

/** Run by the crash test: writes messages until it is killed, and tells of each that the store called complete. */
const folder = process.argv[2];
if (folder === undefined) throw new Error('usage: crash.child.ts FOLDER');
const store = await openStore(folder);
for (;;) {
  const spoken = speak(400);
  store.begin(signed(spoken.header), spoken.header, { keeps: true });
  for (let from = 0; from < 400; from += 20) {
    store.append(spoken.id, spoken.fragments.slice(from, from + 20));
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  const completion = await store.setManifest(spoken.id, signed(spoken.manifest), spoken.manifest);
  process.stdout.write(`${completion} ${spoken.id} ${spoken.manifest.hash}\n`);
}
