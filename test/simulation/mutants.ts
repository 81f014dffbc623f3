import { Election, type ElectionInput, type ElectionOutput } from '../../main/election/index.ts';
import type { Manifest } from '../../main/model/index.ts';
import type { ControlMessage } from '../../main/signalling/index.ts';
import { varied, type Sender, type Variation } from './variation.ts';

/** Defects that a node could have. The simulation has to find each of them. */
export const MUTANTS = {
  'a file is never synced': {
    disk: (disk) =>
      varied(disk, {
        open: async (path, mode) => varied(await disk.open(path, mode), { sync: async () => undefined }),
      }),
  },
  'the names in a folder are never synced': {
    disk: (disk) => varied(disk, { syncFolder: async () => undefined }),
  },
  'that it was heard is told before the disk has it': {
    store: (store) =>
      varied(store, { saveReceipt: async (signed, facts) => store.setReceipt(signed, facts) }),
  },
  'of a range that is missing the last one is never asked for': {
    store: (store) =>
      varied(store, {
        missing: (id) =>
          store.missing(id).flatMap(({ from, to }) => (to - from > 1 ? [{ from, to: to - 1 }] : [])),
      }),
  },
  'a message is only asked for where it was asked for first': {
    frames:
      ({ memory }, to) =>
      (frame) => {
        if (frame.type !== 'fetch') return frame;
        const first = memory.get(frame.id) ?? to;
        memory.set(frame.id, first);
        return first === to ? frame : undefined;
      },
  },
  'the first message is left out where two stores are merged': {
    frames: () => {
      let isFirst = true;
      return (frame) => {
        if (frame.type !== 'announce' || !isFirst) return frame;
        isFirst = false;
        return undefined;
      };
    },
  },
  'each link is told another end of a message': {
    frames: (from) => (frame) => (frame.type === 'manifest' ? otherEnd(from, frame) : frame),
  },
  'a receipt is told once, and never again': {
    frames:
      ({ memory, node }) =>
      (frame) => {
        if (frame.type !== 'receipt') return frame;
        const { payload } = frame.receipt;
        if (payload.includes(node) && memory.has(payload)) return undefined;
        memory.set(payload, 'told');
        return frame;
      },
  },
  'the statements of the ledger are told to nobody': {
    frames: () => (frame) => (frame.type === 'statements' ? undefined : frame),
  },
  'a switch never yields to another one': {
    install: () => onElections(({ election, input }) => !(isSwitch(election) && isOfSwitch(input))),
  },
  'that it is deleted is told before the disk has it': {
    store: (store) =>
      varied(store, {
        hide: async (id) => {
          if (store.get(id)?.local.deletedAt !== undefined) return false;
          void store.hide(id).catch(() => undefined);
          return true;
        },
      }),
  },
  'what a person deleted is kept for nobody else': {
    store: (store) => varied(store, { wasDeleted: (id) => store.wasDeleted(id) }),
  },
} as const satisfies Record<string, Variation>;

export type MutantName = keyof typeof MUTANTS;

/** The same end, a millisecond later, and signed for it. */
function otherEnd(
  { node, sign, memory }: Sender,
  frame: ControlMessage & { readonly type: 'manifest' },
): ControlMessage {
  const facts = JSON.parse(frame.manifest.payload) as Manifest;
  if (facts.talker !== node) return frame;
  const key = `end ${facts.id}`;
  const times = Number(memory.get(key) ?? 0) + 1;
  memory.set(key, String(times));
  return { ...frame, manifest: sign({ ...facts, endedAt: facts.endedAt + times - 1 }) };
}

const isSwitch = (election: Election): boolean => election.state().role === 'switch';
const isOfSwitch = (input: ElectionInput): boolean => input.type === 'heard' && input.beat.role === 'switch';

/** Every election passes over what `takes` refuses. */
function onElections(
  takes: (step: { readonly election: Election; readonly input: ElectionInput }) => boolean,
): () => void {
  const prototype: object = Election.prototype;
  const whole = Object.getOwnPropertyDescriptor(prototype, 'step')!;
  const real = whole.value as (this: Election, input: ElectionInput, now: number) => ElectionOutput[];
  const step = function (this: Election, input: ElectionInput, now: number): ElectionOutput[] {
    return real.call(this, takes({ election: this, input }) ? input : { type: 'tick' }, now);
  };
  Object.defineProperty(prototype, 'step', { ...whole, value: step });
  return () => void Object.defineProperty(prototype, 'step', whole);
}
