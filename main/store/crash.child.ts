import { openStore, signed, speak } from './test-office.ts';

/**
 * Run by the crash test: writes messages, tells of each that the store called complete, and kills itself after so many of them and so
 * many fragments of the next. At 400 fragments all of a message is handed over, and its manifest is being written.
 */
const [folder, messages, fragments] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: crash.child.ts FOLDER MESSAGES FRAGMENTS');
const killAt = { messages: Number(messages), fragments: Number(fragments) };
let complete = 0;
const store = await openStore(folder);
for (;;) {
  const spoken = speak(400);
  store.begin(signed(spoken.header), spoken.header, { keeps: true });
  for (let from = 0; from < 400; from += 20) {
    if (complete === killAt.messages && from === killAt.fragments) process.kill(process.pid, 'SIGKILL');
    store.append(spoken.id, spoken.fragments.slice(from, from + 20));
    // The disk writes meanwhile.
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  const writing = store.setManifest(spoken.id, signed(spoken.manifest), spoken.manifest);
  if (complete === killAt.messages) process.kill(process.pid, 'SIGKILL');
  const completion = await writing;
  complete += 1;
  process.stdout.write(`${completion} ${spoken.id} ${spoken.manifest.hash}\n`);
}
