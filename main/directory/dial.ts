import { localizedText, type Code, type LocalizedText, type Phrase } from '../../i18n/index.ts';
import {
  EXTENSION_DIGITS,
  isDialString,
  MAX_DIALLED,
  readNumber,
  RETRIEVAL_DIGITS,
  type KnownGroup,
  type NodeId,
  type KnownNode,
} from '../model/index.ts';
import { onlyAPerson, refusalOf, type DialledGroup } from './dialled-group.ts';

/** What a dialled string does. */
export type DialEffect =
  /** Reaches people: these are their nodes, this computer left out. */
  | {
      readonly kind: 'talk';
      /** How they are dialled: one extension, or several with commas between them. */
      readonly extension: string;
      readonly nodes: readonly [KnownNode, ...KnownNode[]];
      /** The groups by whose numbers some of them are dialled. */
      readonly groups?: readonly KnownGroup[];
      /** Nothing sounds there by itself: it is found later. */
      readonly isQuiet: boolean;
      /** It is heard also by who does not want to be disturbed. */
      readonly isOverride: boolean;
    }
  /** Pages everybody, or a group: these are the nodes of all of them, this computer left out. */
  | {
      readonly kind: 'page';
      readonly nodes: readonly [KnownNode, ...KnownNode[]];
      /** Left out: everybody. */
      readonly group?: KnownGroup;
    }
  /** Calls a person: both speak at once. These are their nodes. */
  | {
      readonly kind: 'call';
      readonly extension: string;
      readonly nodes: readonly [KnownNode, ...KnownNode[]];
    }
  /** Plays the message with this retrieval number. */
  | { readonly kind: 'play'; readonly number: string }
  /** Plays all that is unheard, the oldest first. */
  | { readonly kind: 'play-unheard'; readonly count: number }
  /** Plays the last 30 s that were heard, whatever messages they are of. */
  | { readonly kind: 'last-words' }
  /** Turns do not disturb on or off. */
  | { readonly kind: 'do-not-disturb'; readonly isOn: boolean }
  /** That person has this one's messages from then on; undefined: this one has them again. */
  | { readonly kind: 'divert'; readonly to: KnownNode | undefined }
  | { readonly kind: 'nothing'; readonly reason: LocalizedText };

/** What a dialled string is looked up in. */
export interface DialFacts {
  /** This node: nobody talks to themself. */
  readonly self: NodeId;
  /** The nodes of the person who has the extension; none where nobody has it. */
  readonly holdersOf: (extension: string) => readonly KnownNode[];
  /** The group that has the extension; undefined: none has it. */
  readonly groupWith: (extension: string) => DialledGroup | undefined;
  /** The nodes of everybody else in the office. */
  readonly everybody: () => readonly KnownNode[];
  /** Whether a message of this person with that retrieval number is here. */
  readonly hasMessage: (number: string) => boolean;
  /** The nodes of whoever talked to this person last; none where nobody did, or they are gone. */
  readonly lastTalker: () => readonly KnownNode[];
  /** The retrieval number of what this person heard last; undefined: nothing yet. */
  readonly lastHeard: () => string | undefined;
  /** Whether anything was heard that can be heard again. */
  readonly hasLastWords: () => boolean;
  /** Whether this person has the right to override do not disturb. */
  readonly mayOverride: () => boolean;
  /** How many messages this person has not heard. */
  readonly unheard: () => number;
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
const EFFECTS = {
  talk,
  several,
  mailbox,
  override,
  call,
  reply,
  everybody,
  play,
  again,
  lastWords,
  unheard,
  undisturbed: () => ({ kind: 'do-not-disturb', isOn: true }),
  disturbed: () => ({ kind: 'do-not-disturb', isOn: false }),
  divert,
  undivert: () => ({ kind: 'divert', to: undefined }),
} as const satisfies Record<string, Work>;

const EXTENSION = `[0-9]{${EXTENSION_DIGITS.least},${EXTENSION_DIGITS.most}}`;

/**
 * The rows, the first that takes a string before the others: exact codes, then codes with a number behind them, then mailboxes. The
 * codes are FreePBX's where it has one. The compiler misses none that has phrases, and none without.
 */
const ROWS: { readonly [Name in DialName]: Omit<DialRule, 'name'> } = {
  extension: {
    pattern: new RegExp(`^(${EXTENSION})$`),
    effect: 'talk',
    dialled: '2 to 6 digits',
    sentence: 'Talks to the person or the group with that extension.',
  },
  several: {
    pattern: new RegExp(`^(${EXTENSION}(?:[,+]${EXTENSION})+)$`),
    effect: 'several',
    dialled: '204,205 or 204+205',
    sentence: 'Talks to several people at once.',
  },
  unheard: {
    pattern: /^\*97$/,
    effect: 'unheard',
    dialled: '*97',
    sentence: 'Plays what you have not heard.',
  },
  everybody: {
    pattern: /^0$/,
    effect: 'everybody',
    dialled: '0',
    sentence: 'Pages everybody: what you say is heard at once, at all who may be disturbed.',
  },
  'last-talker': {
    pattern: /^\*69$/,
    effect: 'reply',
    dialled: '*69',
    sentence: 'Talks to whoever talked to you last.',
  },
  again: {
    pattern: /^\*1$/,
    effect: 'again',
    dialled: '*1',
    sentence: 'Plays the message that you heard last, again.',
  },
  // In FreePBX's voicemail 5 repeats what was heard; no code of its is *5, and no mailbox is dialled so.
  'last-words': {
    pattern: /^\*5$/,
    effect: 'lastWords',
    dialled: '*5',
    sentence: 'Plays the last 30 seconds that you heard, again.',
  },
  undisturbed: {
    pattern: /^\*78$/,
    effect: 'undisturbed',
    dialled: '*78',
    sentence: 'Turns do not disturb on.',
  },
  disturbed: {
    pattern: /^\*79$/,
    effect: 'disturbed',
    dialled: '*79',
    sentence: 'Turns do not disturb off.',
  },
  undivert: {
    pattern: /^\*73$/,
    effect: 'undivert',
    dialled: '*73',
    sentence: 'Ends your divert: what is said to you reaches you again.',
  },
  divert: {
    pattern: new RegExp(`^\\*72(${EXTENSION})$`),
    effect: 'divert',
    dialled: '*72 and an extension',
    sentence: 'Diverts what is said to you to the person with that extension.',
  },
  message: {
    pattern: /^#([0-9]+)$/,
    effect: 'play',
    dialled: '# and a number',
    sentence: 'Plays the message with that retrieval number.',
  },
  'message-by-code': {
    pattern: new RegExp(`^\\*97([0-9]{${RETRIEVAL_DIGITS.least},${RETRIEVAL_DIGITS.most}})$`),
    effect: 'play',
    dialled: '*97 and a number',
    sentence: 'Plays the message with that retrieval number, too.',
  },
  override: {
    pattern: new RegExp(`^\\*48(${EXTENSION})$`),
    effect: 'override',
    dialled: '*48 and an extension',
    sentence: 'Talks to that person, also where they do not want to be disturbed. It takes a right.',
  },
  call: {
    pattern: new RegExp(`^\\*80(${EXTENSION})$`),
    effect: 'call',
    dialled: '*80 and an extension',
    sentence: 'Calls that person: you both speak at once. A group is paged.',
  },
  mailbox: {
    pattern: new RegExp(`^\\*(${EXTENSION})$`),
    effect: 'mailbox',
    dialled: '* and an extension',
    sentence: 'Talks to that person’s mailbox: nothing sounds there by itself.',
  },
  'bare-message': {
    pattern: new RegExp(`^([0-9]{${RETRIEVAL_DIGITS.least},${RETRIEVAL_DIGITS.most}})$`),
    effect: 'play',
    dialled: '4 digits or more',
    sentence: 'Plays the message with that retrieval number, where it is nobody’s extension.',
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

function talk(extension: string, facts: DialFacts, isQuiet = false): DialEffect | Absent {
  const { self, holdersOf, groupWith } = facts;
  const group = groupWith(extension);
  if (group) return talkToGroup(group, extension, isQuiet);
  const nodes = holdersOf(extension);
  if (nodes.length === 0) {
    const sentence = `Nobody has extension ${extension}. Look in the list of people.`;
    return { kind: 'absent', reason: localizedText('dial-nobody', sentence, { extension }) };
  }
  const [first, ...rest] = nodes.filter(({ node }) => node !== self);
  if (first) return { kind: 'talk', extension, nodes: [first, ...rest], isQuiet, isOverride: false };
  return nothing(yourself(extension));
}

function yourself(extension: string): LocalizedText {
  return localizedText('yourself', `${extension} is your own extension.`, { extension });
}

function talkToGroup(dialled: DialledGroup, extension: string, isQuiet: boolean): DialEffect {
  const refusal = refusalOf(dialled);
  if (refusal) return nothing(refusal);
  const [first, ...rest] = dialled.nodes;
  if (!first) return nothing(unknown());
  const groups = [dialled.group];
  return { kind: 'talk', extension, nodes: [first, ...rest], groups, isQuiet, isOverride: false };
}

function several(dialled: string, facts: DialFacts): DialEffect {
  const extensions = [...new Set(dialled.split(/[,+]/))];
  if (extensions.length > MAX_DIALLED) return nothing(tooMany(extensions.length));
  const nodes = new Map<NodeId, KnownNode>();
  const groups: KnownGroup[] = [];
  for (const extension of extensions) {
    const reached = talk(extension, facts);
    if (reached.kind === 'absent') return nothing(reached.reason);
    if (reached.kind !== 'talk') return reached;
    for (const one of reached.nodes) nodes.set(one.node, one);
    groups.push(...(reached.groups ?? []));
  }
  const [first, ...rest] = nodes.values();
  if (!first) return nothing(unknown());
  const extension = extensions.join(',');
  return {
    ...{ kind: 'talk', extension, nodes: [first, ...rest], isQuiet: false, isOverride: false },
    ...(groups.length > 0 && { groups }),
  };
}

/** That nobody talks to so many at once. */
export function tooMany(count: number): LocalizedText {
  const sentence = `At most ${MAX_DIALLED} people can be dialled at once, and these are ${count}.`;
  return localizedText('dial-too-many', sentence, { most: MAX_DIALLED, count });
}

function mailbox(extension: string, facts: DialFacts): DialEffect | Absent {
  return talk(extension, facts, true);
}

function talkToPerson(extension: string, facts: DialFacts): DialEffect | Absent {
  const group = facts.groupWith(extension);
  return group ? nothing(onlyAPerson(group)) : talk(extension, facts);
}

function override(extension: string, facts: DialFacts): DialEffect | Absent {
  const reached = talkToPerson(extension, facts);
  if (reached.kind !== 'talk') return reached;
  if (facts.mayOverride()) return { ...reached, isOverride: true };
  const sentence =
    'You may not override do not disturb. An admin gives that right in Settings → Office, or by corridor grant.';
  return nothing(localizedText('may-not-override', sentence));
}

/** Whoever dials a group pages it: one cannot ring at all of them. */
function call(extension: string, facts: DialFacts): DialEffect | Absent {
  const reached = talk(extension, facts);
  if (reached.kind !== 'talk') return reached;
  const [group] = reached.groups ?? [];
  if (group) return { kind: 'page', nodes: reached.nodes, group };
  return { kind: 'call', extension, nodes: reached.nodes };
}

function reply(_: string, { lastTalker }: DialFacts): DialEffect {
  const [first, ...rest] = lastTalker();
  const how = { isQuiet: false, isOverride: false };
  if (first) return { kind: 'talk', extension: first.extension, nodes: [first, ...rest], ...how };
  return nothing(
    localizedText('nobody-spoke', 'Nobody has talked to you yet, so there is nobody to reply to.'),
  );
}

function everybody(_: string, facts: DialFacts): DialEffect {
  const [first, ...rest] = facts.everybody();
  if (first) return { kind: 'page', nodes: [first, ...rest] };
  return nothing(localizedText('nobody-to-page', 'Nobody else is in this office yet.'));
}

function again(_: string, { lastHeard }: DialFacts): DialEffect {
  const number = lastHeard();
  return number === undefined ? nothingHeard() : { kind: 'play', number };
}

function lastWords(_: string, { hasLastWords }: DialFacts): DialEffect {
  return hasLastWords() ? { kind: 'last-words' } : nothingHeard();
}

function unheard(_: string, facts: DialFacts): DialEffect {
  const count = facts.unheard();
  if (count > 0) return { kind: 'play-unheard', count };
  return nothing(localizedText('nothing-unheard', 'There is nothing unheard.'));
}

function divert(extension: string, facts: DialFacts): DialEffect | Absent {
  const { self, holdersOf } = facts;
  // A further computer of one's own is nobody else.
  if (holdersOf(extension).some(({ node }) => node === self)) return nothing(yourself(extension));
  const reached = talkToPerson(extension, facts);
  return reached.kind === 'talk' ? { kind: 'divert', to: reached.nodes[0] } : reached;
}

function play(number: string, { hasMessage }: DialFacts): DialEffect | Absent {
  if (hasMessage(number)) return { kind: 'play', number };
  const sentence = `No message here has the number ${number}. The list of messages shows their numbers.`;
  return { kind: 'absent', reason: localizedText('dial-no-message', sentence, { number }) };
}

function nothingHeard(): DialEffect {
  return nothing(localizedText('nothing-heard', 'You have heard no message yet.'));
}

function nothing(reason: LocalizedText): DialEffect {
  return { kind: 'nothing', reason };
}

function unknown(): LocalizedText {
  const sentence =
    'There is no such number. An extension has 2 to 6 digits; # and a retrieval number plays a message.';
  return localizedText('dial-unknown', sentence);
}
