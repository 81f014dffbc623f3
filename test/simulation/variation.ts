import type { Disk, NodeId, Signed } from '../../main/model/index.ts';
import type { ControlMessage } from '../../main/signalling/index.ts';
import type { MessageStore } from '../../main/store/index.ts';

/** How every node of an office differs from what it is: at its ports alone. */
export interface Variation {
  readonly disk?: (disk: Disk) => Disk;
  readonly store?: (store: MessageStore) => MessageStore;
  /** What goes out instead of a frame; undefined: nothing does. One of them is made for each end of each link. */
  readonly frames?: (from: Sender, to: NodeId) => (frame: ControlMessage) => ControlMessage | undefined;
  /** Changes what is no port. Returns what undoes that. */
  readonly install?: () => () => void;
}

/** The node that sends. */
export interface Sender {
  readonly node: NodeId;
  readonly sign: (statement: unknown) => Signed;
  /** What outlasts its links, until it is switched off. */
  readonly memory: Map<string, string>;
}

/** The same object, with other methods or values in some places. */
export function varied<T extends object>(whole: T, changes: Partial<T>): T {
  return new Proxy(whole, {
    get: (target, name) => {
      if (Object.hasOwn(changes, name)) return Reflect.get(changes, name) as unknown;
      // Private fields are read from the object itself.
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}
