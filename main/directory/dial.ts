import { localizedText, type Code, type LocalizedText, type Phrase } from '../../i18n/index.ts';
import {
  EXTENSION_DIGITS,
  isDialString,
  readNumber,
  RETRIEVAL_DIGITS,
  type NodeId,
  type KnownNode,
} from '../model/index.ts';

/** What a dialled string does. */
export type DialEffect =
  /** Reaches a person: these are their nodes, this computer left out. */
  | {
      readonly kind: 'talk';
      readonly extension: string;
      readonly nodes: readonly [KnownNode, ...KnownNode[]];
    }
  /** Plays the message with this retrieval number. */
  | { readonly kind: 'play'; readonly number: string }
  | { readonly kind: 'nothing'; readonly reason: LocalizedText };

/** What a dialled string is looked up in. */
export interface DialFacts {
  /** This node: nobody talks to themself. */
  readonly self: NodeId;
  /** The nodes of the person who has the extension; none where nobody has it. */
  readonly holdersOf: (extension: string) => readonly KnownNode[];
  /** Whether a message of this person with that retrieval number is here. */
  readonly hasMessage: (number: string) => boolean;
}

/** The rows that there are phrases for. */
export type DialName = Code extends infer C ? (C extends `plan-${infer Name}` ? Name : never) : never;

/** One row of the dial plan: which strings it takes, what they do, and how both are explained to a person. */
export interface DialRule {
  readonly name: DialName;
  /** Tested against the number as `readNumber` gives it. The effect gets its first group, or the whole string where it has none. */
  readonly pattern: RegExp;
  readonly effect: keyof typeof EFFECTS;
  /** How it is dialled, in English. */
  readonly dialled: string;
  /** What it does, in English. */
  readonly sentence: string;
}

/** A row takes the string and finds nothing under it: a later row may, else this is the reason. */
interface Absent {
  readonly kind: 'absent';
  readonly reason: LocalizedText;
}
type Work = (argument: string, facts: DialFacts) => DialEffect | Absent;

/** What a row can do with the digits of its pattern. */
const EFFECTS = { talk, play } as const satisfies Record<Exclude<DialEffect['kind'], 'nothing'>, Work>;

/** The rows, the first that takes a string before the others. The compiler misses none that has phrases, and none without. */
const ROWS: { readonly [Name in DialName]: Omit<DialRule, 'name'> } = {
  message: {
    pattern: /^#([0-9]+)$/,
    effect: 'play',
    dialled: '# and a number',
    sentence: '# and a retrieval number plays that message.',
  },
  extension: {
    pattern: new RegExp(`^([0-9]{${EXTENSION_DIGITS.least},${EXTENSION_DIGITS.most}})$`),
    effect: 'talk',
    dialled: '2 to 6 digits',
    sentence: 'An extension of 2 to 6 digits talks to that person.',
  },
  'bare-message': {
    pattern: new RegExp(`^([0-9]{${RETRIEVAL_DIGITS.least},${RETRIEVAL_DIGITS.most}})$`),
    effect: 'play',
    dialled: '4 digits or more',
    sentence: 'A retrieval number that is nobody’s extension plays that message, without # too.',
  },
};

/** The dial plan, in the order in which its rows are asked. */
export const DIAL_PLAN: readonly DialRule[] = (Object.keys(ROWS) as DialName[]).map((name) => ({
  name,
  ...ROWS[name],
}));

/** What a typed, pasted or linked string does. The one look-up: preview, talk, forward, links, tray and command line ask it. */
export function resolveDial(typed: string, facts: DialFacts): DialEffect {
  const number = readNumber(typed);
  if (number.trim() === '') {
    return nothing(localizedText('dial-empty', 'Dial an extension of 2 to 6 digits.'));
  }
  let reason: LocalizedText | undefined;
  for (const { pattern, effect } of isDialString(number) ? DIAL_PLAN : []) {
    const taken = pattern.exec(number);
    if (taken === null) continue;
    const found = EFFECTS[effect](taken[1] ?? taken[0], facts);
    if (found.kind !== 'absent') return found;
    reason ??= found.reason;
  }
  return nothing(reason ?? unknown());
}

/** The two texts of a row, for another language. */
export function phrasesOf({ name }: DialRule): { readonly pattern: Phrase; readonly explanation: Phrase } {
  const code = `plan-${name}` as const;
  return {
    pattern: { code, details: { part: 'pattern' } },
    explanation: { code, details: { part: 'explanation' } },
  };
}

function talk(extension: string, { self, holdersOf }: DialFacts): DialEffect | Absent {
  const nodes = holdersOf(extension);
  if (nodes.length === 0) {
    const sentence = `Nobody has extension ${extension}. Look in the list of people.`;
    return { kind: 'absent', reason: localizedText('dial-nobody', sentence, { extension }) };
  }
  const [first, ...rest] = nodes.filter(({ node }) => node !== self);
  if (first) return { kind: 'talk', extension, nodes: [first, ...rest] };
  return nothing(localizedText('yourself', `${extension} is your own extension.`, { extension }));
}

function play(number: string, { hasMessage }: DialFacts): DialEffect | Absent {
  if (hasMessage(number)) return { kind: 'play', number };
  const sentence = `No message here has the number ${number}. The list of messages shows their numbers.`;
  return { kind: 'absent', reason: localizedText('dial-no-message', sentence, { number }) };
}

function nothing(reason: LocalizedText): DialEffect {
  return { kind: 'nothing', reason };
}

function unknown(): LocalizedText {
  const plan = DIAL_PLAN.map(({ sentence }) => sentence).join(' ');
  return localizedText('dial-unknown', `The dial plan has no such number. ${plan}`);
}
