import type { Disk, DiskFile } from '../../main/model/index.ts';
import type { SimulatedDisk } from '../support/simulated-disk.ts';

/** When an operation happens: `how` says what it does, and how long it waits before and after. It never happens once the computer is off. */
type Turn = <T>(run: () => Promise<T>) => Promise<T>;

/** A disk whose operations take their time, so that the computer can die before, between and after each of them. */
export function slowDisk(disk: SimulatedDisk, turn: Turn): Disk {
  return {
    open: (path, mode) => turn(async () => slowFile(await disk.open(path, mode), turn)),
    readText: (path) => turn(() => disk.readText(path)),
    size: (path) => turn(() => disk.size(path)),
    list: (folder) => turn(() => disk.list(folder)),
    rename: (from, to) => turn(() => disk.rename(from, to)),
    link: (from, to) => turn(() => disk.link(from, to)),
    remove: (path) => turn(() => disk.remove(path)),
    makeFolder: (path) => turn(() => disk.makeFolder(path)),
    restrict: () => disk.restrict(),
    syncFolder: (path) => turn(() => disk.syncFolder(path)),
  };
}

function slowFile(file: DiskFile, turn: Turn): DiskFile {
  return {
    read: (into, offset, length, position) => turn(() => file.read(into, offset, length, position)),
    // The caller may use its buffer again once the write has ended, not before.
    write: (from, offset, length, position) => turn(() => file.write(from, offset, length, position)),
    truncate: (length) => turn(() => file.truncate(length)),
    sync: () => turn(() => file.sync()),
    stat: () => file.stat(),
    close: () => file.close(),
  };
}
