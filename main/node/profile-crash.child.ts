import { nodePorts, type Disk, type DiskFile } from '../model/index.ts';
import { closeProfileFolder, openProfileFolder } from './profile-folder.ts';

/**
 * Run by the crash test: uses a profile folder, prints what it has promised, and kills itself instead of the change to the disk of this
 * number, wherever that falls.
 */
const [folder, number] = process.argv.slice(2);
if (folder === undefined || number === undefined)
  throw new Error('usage: profile-crash.child.ts FOLDER CHANGE');
let left = Number(number);

/** Counts down, and dies before the change at which none is left. */
function change<A extends unknown[], R>(work: (...args: A) => R): (...args: A) => R {
  return (...args) => {
    left -= 1;
    if (left === 0) process.kill(process.pid, 'SIGKILL');
    return work(...args);
  };
}

function counted(file: DiskFile): DiskFile {
  return {
    read: file.read.bind(file),
    stat: file.stat.bind(file),
    close: file.close.bind(file),
    write: change(file.write.bind(file)),
    truncate: change(file.truncate.bind(file)),
    sync: change(file.sync.bind(file)),
  };
}

const real = nodePorts.disk;
const disk: Disk = {
  ...real,
  open: async (path, mode) => counted(await real.open(path, mode)),
  rename: change((from: string, to: string) => real.rename(from, to)),
  link: change((from: string, to: string) => real.link(from, to)),
  remove: change((path: string) => real.remove(path)),
  makeFolder: change((path: string) => real.makeFolder(path)),
  syncFolder: change((path: string) => real.syncFolder(path)),
};

for (let round = 1; ; round++) {
  const opened = await openProfileFolder(folder, (line) => process.stdout.write(`said ${line}\n`), {
    ...nodePorts,
    disk,
  });
  process.stdout.write(`node ${opened.identity.nodeId}\n`);
  await opened.profile.change({ name: `Dana ${round}` });
  process.stdout.write(`name Dana ${round}\n`);
  process.stdout.write(`boot ${await opened.starts.next()}\n`);
  opened.addresses.give(`colleague-${round}.local`);
  await closeProfileFolder(opened);
  process.stdout.write(`address colleague-${round}.local\n`);
}
