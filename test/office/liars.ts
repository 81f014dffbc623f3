import type { Beat } from '../../main/election/index.ts';
import { nextTerm } from '../../main/election/term.ts';
import type { NodeId } from '../../main/model/index.ts';
import type { Lie, Simulation } from './simulation.ts';

/** A node that keeps the protocol, but for what a lie makes of its beats. Times in ms. */
export interface Liar {
  readonly office: Simulation;
  readonly index: number;
}

/** Nobody's: the id of a node that does not exist. */
export const GHOST = 'ghost'.padEnd(22, 'A') as NodeId;
export const HIGHEST = Number.MAX_SAFE_INTEGER;

export function idOf(office: Simulation, index: number): NodeId {
  const machine = office.machines[index];
  if (!machine) throw new Error(`no node ${index}`);
  return machine.id;
}

/** The term that a node goes by: liars know it. */
export function termOf(office: Simulation, index: number): number {
  return office.machines[index]?.election?.state().term ?? 0;
}

/** A beat of a switch in that term. */
export function claimOf(beat: Beat, term: number, change: Partial<Beat> = {}): Beat {
  return { ...beat, role: 'switch', switch: beat.node, term, ...change };
}

/** Claims just above what the receiver knows. */
export function claimsOver({ office, index }: Liar, beat: Beat, to: number): Beat {
  return claimOf(beat, nextTerm(termOf(office, to), idOf(office, index), false));
}

/** Nodes that a liar can name, itself and one that does not exist included. */
function anyNode(office: Simulation): NodeId {
  const at = Math.floor(office.random() * (office.machines.length + 1));
  return office.machines[at]?.id ?? GHOST;
}

/** The ways of lying. Each is used for some seconds by a liar that tries everything. */
const WAYS: readonly ((liar: Liar) => Lie)[] = [
  // The highest term there is, and the highest that is its own.
  () => (beat) => claimOf(beat, HIGHEST),
  ({ office, index }) => {
    const term = nextTerm(HIGHEST, idOf(office, index), true);
    return (beat) => claimOf(beat, term);
  },
  // As much above each node's term as that one believes, again and again.
  ({ office, index }) => {
    const term = (to: number) => nextTerm(termOf(office, to) + 1023 * 2 ** 24, idOf(office, index), false);
    return (beat, to) => claimOf(beat, term(to));
  },
  // A switch to one node, a member to the others.
  (liar) => {
    const victim = Math.floor(liar.office.random() * liar.office.machines.length);
    return (beat, to) => (to === victim ? claimsOver(liar, beat, to) : beat);
  },
  // Claims, and is silent then.
  (liar) => {
    const { office } = liar;
    return (beat, to) => (office.now % 2500 < 300 ? claimsOver(liar, beat, to) : undefined);
  },
  // A switch that names a successor, another one each time.
  (liar) => (beat, to) => ({ ...claimsOver(liar, beat, to), successor: anyNode(liar.office) }),
  // A switch that says it yields to anybody.
  (liar) => {
    const { office } = liar;
    return (beat, to) => {
      if (office.now % 1000 < 500) return claimsOver(liar, beat, to);
      const other = anyNode(office);
      return { ...beat, role: 'member', switch: other, term: nextTerm(termOf(office, to), other, true) };
    };
  },
  // A standby that does not exist.
  (liar) => (beat, to) => ({ ...claimsOver(liar, beat, to), standby: GHOST }),
  // Accuses whom the receiver follows.
  ({ office }) => {
    const followed = (to: number) => office.machines[to]?.election?.state().switch ?? GHOST;
    return (beat, to) => ({ ...beat, accuses: followed(to) });
  },
  // Pinned, and takes over from nobody.
  () => (beat) => ({ ...beat, rank: 2000 }),
  // Quits every second.
  ({ office }) => {
    return (beat) => (office.now % 1000 < 100 ? { ...beat, role: 'leaving' } : beat);
  },
  // Asks everybody, always.
  () => (beat) => ({ ...beat, ask: true, members: 100_000, boot: beat.boot + 1 }),
  () => () => undefined,
];

/** Lies in one way after the other, by chance. */
export function liesByChance(liar: Liar): void {
  const { office, index } = liar;
  let lie: Lie = (beat) => beat;
  let until = 0;
  office.lies.set(index, (beat, to) => {
    if (office.now >= until) {
      until = office.now + 500 + office.random() * 4500;
      lie = WAYS[Math.floor(office.random() * WAYS.length)]!(liar);
    }
    return lie(beat, to);
  });
}

/** It stops lying, and whatever it said is over. */
export function repents(office: Simulation, index: number): void {
  office.lies.delete(index);
  office.kill(index);
}
