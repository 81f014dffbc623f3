import { Eavesdropper, type Target } from '../support/eavesdropper.ts';
import type { Door } from '../support/by-link.ts';

/** What it is started with, as JSON. */
export interface EavesdroppingHost {
  readonly folder: string;
  readonly address: string;
  readonly link: string;
  readonly door: Door;
  readonly extension: string;
}

/*
 * A host of a LAN on which an eavesdropper runs: prints its id, then a line of JSON for everything that reaches it. A line of its
 * input names the nodes that it tries from then on; it ends with its input.
 */
const say = (line: unknown): void => void process.stdout.write(`${JSON.stringify(line)}\n`);
const { folder, address, link, door, extension } = JSON.parse(process.argv[2] ?? '') as EavesdroppingHost;
const eavesdropper = await Eavesdropper.join({ folder, address }, link, door, extension, say);
say(eavesdropper.id);
let input = '';
process.stdin.setEncoding('utf8').on('data', (chunk: string) => {
  const lines = (input + chunk).split('\n');
  input = lines.pop() ?? '';
  for (const line of lines) eavesdropper.targets = JSON.parse(line) as Target[];
});
process.stdin.on('end', () => eavesdropper.close());
