import { Discovery, type Found } from '../../main/discovery/index.ts';

/** A host of the LAN test: `<interface> <control port>`. Says what it finds, a line of JSON each, until its input ends. */
const [chosen = '', port = '0'] = process.argv.slice(2);
const say = (line: object) => process.stdout.write(JSON.stringify(line) + '\n');
const discovery = new Discovery(
  {
    interfaces: chosen ? [chosen] : [],
    controlPort: Number(port),
    beatPort: Number(port) + 1,
    officeTag: '0123abcd',
  },
  {
    found: (found) => say({ type: 'found', ...found }),
    state: (state) => say({ type: 'state', kind: state.kind }),
  },
);
discovery.start();
/** How often the host looks who has left, ms. */
const LOOK_EVERY_MS = 50;
let known: readonly Found[] = [];
const looking = setInterval(() => {
  const found = discovery.found;
  for (const one of known)
    if (found.every(({ instance }) => instance !== one.instance)) say({ type: 'gone', ...one });
  known = found;
}, LOOK_EVERY_MS);
looking.unref();
process.stdin.resume();
process.stdin.on('end', () => void discovery.stop());
