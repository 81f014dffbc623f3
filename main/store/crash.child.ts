import { openStore, signed, speak } from './test-office.ts';

/**
 * Run by the crash test: writes messages, prints each that the store reported complete, and kills itself after the given number of
 * messages and of fragments of the next one. At 400 fragments a message is complete, and its manifest is being written.
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
    // Gives the disk time to write.
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  const writing = store.setManifest(spoken.id, signed(spoken.manifest), spoken.manifest);
  if (complete === killAt.messages) process.kill(process.pid, 'SIGKILL');
  const completion = await writing;
  complete += 1;
  process.stdout.write(`${completion} ${spoken.id} ${spoken.manifest.hash}\n`);
}
