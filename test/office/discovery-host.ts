import { Discovery } from '../../main/discovery/index.ts';

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
    gone: (gone) => say({ type: 'gone', ...gone }),
    state: (state) => say({ type: 'state', kind: state.kind }),
  },
);
discovery.start();
process.stdin.resume();
process.stdin.on('end', () => void discovery.stop());
