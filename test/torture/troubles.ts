import { delay } from '../support/eventually.ts';
import type { Desk, SpokenMessage, TorturedOffice } from './tortured-office.ts';

/** What a round is made of: the office, and chance. */
export interface Round {
  readonly office: TorturedOffice;
  /** A whole number from 0 to below that. */
  readonly below: (count: number) => number;
  /** All that was said in this round. */
  readonly said: SpokenMessage[];
}

type End = () => void | Promise<void>;

/** A kind of trouble: what happens, for how long it lasts, and how it ends. */
export interface Trouble {
  /** Makes it. Returns what ends it; undefined: it cannot be made here. */
  readonly make: (round: Round) => End | undefined | Promise<End>;
  /** ms */
  readonly lasts: (round: Round) => number;
  /** It needs an office that is well but for it. */
  readonly isAlone?: boolean;
}

const SECOND_MS = 1000;
const YEAR_MS = 365 * 24 * 3600 * SECOND_MS;
/** How wrong clocks are. */
const SKEWS_MS = [-31 * SECOND_MS, 31 * SECOND_MS, -YEAR_MS, YEAR_MS];

const between = (fromMs: number, toMs: number) => (round: Round) => fromMs + round.below(toMs - fromMs);
const anybody = ({ office, below }: Round): Desk => office.running[below(office.running.length)]!;
/** Every second time it is the switch. */
const aVictim = async (round: Round): Promise<Desk> =>
  round.below(2) === 0 ? await round.office.switch() : anybody(round);

export const TROUBLES: Readonly<Record<string, Trouble>> = {
  /** One or two computers die at once. */
  kill: {
    lasts: between(0, 4000),
    make: async (round) => {
      const { office, below } = round;
      const victims = new Set([await aVictim(round), ...(below(3) === 0 ? [anybody(round)] : [])]);
      await Promise.all([...victims].map((desk) => office.kill(desk)));
      return async () => {
        for (const desk of victims) await office.start(desk);
      };
    },
  },
  /** Somebody speaks to a colleague who is off, and is lost for ever once two others have what was said. */
  fire: {
    lasts: between(0, 1000),
    isAlone: true,
    make: async ({ office, below, said }) => {
      // The founder stays, who makes the links.
      const others = office.running.filter((desk) => desk !== office.desks[0]);
      const talker = others[below(others.length)]!;
      const listener = office.running.find((desk) => desk !== talker)!;
      await office.kill(listener);
      await office.isOne();
      const message = await office.say(talker, [listener], 600);
      if (message) {
        await office.isStored(message, 2);
        said.push(message);
      }
      const bought = message ? await office.replace(talker) : undefined;
      return async () => {
        await office.start(listener);
        if (bought) await office.start(bought);
      };
    },
  },
  /** A process gets no time for a while. */
  stop: {
    lasts: between(1000, 9000),
    make: async (round) => {
      const victim = await aVictim(round);
      round.office.stall(victim, true);
      return () => round.office.stall(victim, false);
    },
  },
  split: {
    lasts: between(2000, 9000),
    make: ({ office, below }) => {
      const size = 1 + below(office.desks.length - 1);
      const at = below(office.desks.length);
      const half = office.desks.map((_, n) => office.desks[(at + n) % office.desks.length]!).slice(0, size);
      office.lan.split(half.map(({ host }) => host));
      return () => office.lan.join();
    },
  },
  /** Everybody loses many datagrams. */
  loss: {
    lasts: between(3000, 6000),
    make: ({ office, below }) => {
      const percent = 20 + below(21);
      for (const { host } of office.desks) office.lan.lose(host, percent);
      return () => {
        for (const { host } of office.desks) office.lan.lose(host, 0);
      };
    },
  },
  cable: {
    lasts: between(2000, 8000),
    make: async (round) => {
      const { host } = await aVictim(round);
      round.office.lan.cut(host);
      return () => round.office.lan.heal(host);
    },
  },
  /** The disk of one computer takes nothing more. */
  disk: {
    lasts: between(3000, 8000),
    make: ({ office }) => {
      if (!office.small) return undefined;
      office.fillDisk();
      return () => office.makeRoom();
    },
  },
  /** A computer is started with a wrong clock, which is right again at its next start. */
  clock: {
    lasts: between(1000, 4000),
    make: async (round) => {
      const { office, below } = round;
      const victim = anybody(round);
      await office.kill(victim);
      await office.start(victim, SKEWS_MS[below(SKEWS_MS.length)]);
      return async () => {
        await office.kill(victim);
        await office.start(victim);
      };
    },
  },
};

/** Lets a trouble last for as long as it does; people go on talking meanwhile. */
export const last = (trouble: Trouble, round: Round): Promise<void> => delay(trouble.lasts(round));
