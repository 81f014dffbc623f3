import { Discovery, type Found } from '../../main/discovery/index.ts';
import { nodePorts } from '../../main/model/index.ts';

/** A host of the LAN test: `<interface> <control port>`. Prints a line of JSON for each node that it finds or loses, until its input ends. */
const [chosen = '', port = '0'] = process.argv.slice(2);
const say = (line: object) => process.stdout.write(JSON.stringify(line) + '\n');
/** Every node that was found and has not left. */
const known = new Map<string, Found>();
const discovery = new Discovery(
  {
    interfaces: chosen ? [chosen] : [],
    shown: { controlPort: Number(port), beatPort: Number(port) + 1, officeTag: '0123abcd' },
  },
  {
    found: (found) => {
      known.set(found.instance, found);
      say({ type: 'found', ...found });
    },
    state: (state) => say({ type: 'state', kind: state.kind }),
  },
  nodePorts,
);
discovery.start();
/** How often the host looks which nodes have left, ms. */
const LOOK_EVERY_MS = 50;
const looking = setInterval(() => {
  const found = new Set(discovery.found.map(({ instance }) => instance));
  for (const [instance, one] of known) {
    if (found.has(instance)) continue;
    known.delete(instance);
    say({ type: 'gone', ...one });
  }
}, LOOK_EVERY_MS);
looking.unref();
process.stdin.resume();
process.stdin.on('end', () => void discovery.stop());
