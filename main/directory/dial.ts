import { localizedText, type LocalizedText, type Phrase } from '../../i18n/index.ts';
import type { NodeRecord } from '../model/index.ts';
import type { Directory } from './directory.ts';

/** The longest string that is looked at. */
const MAX_DIALLED = 32;

export type Dialled =
  | {
      readonly kind: 'person';
      readonly extension: string;
      readonly nodes: readonly NodeRecord[];
      readonly sentence: string;
    }
  | { readonly kind: 'message'; readonly number: string; readonly sentence: string }
  | ({ readonly kind: 'nobody' } & LocalizedText);

/** What a dialled string is looked up in. */
export interface Dialling {
  readonly directory: Directory;
  /** Whether a message with that retrieval number is kept here. */
  readonly hasMessage: (number: string) => boolean;
}

/** One row of the dial plan: which strings it takes, how it is explained, and what it does. */
export interface DialRule {
  readonly name: 'message' | 'extension' | 'bare-message';
  readonly pattern: RegExp;
  /** How it is dialled, to be read. */
  readonly dialled: string;
  readonly explanation: string;
  /** Undefined: not this row's after all; the next one is asked. */
  readonly dial: (digits: string, lookUp: Dialling) => Dialled | undefined;
}

/** The dial plan, first match first. Codes to come are further rows. */
export const DIAL_PLAN: readonly DialRule[] = [
  {
    name: 'message',
    pattern: /^#([0-9]{1,12})$/,
    dialled: '# and a number',
    explanation: '# and a retrieval number plays that message.',
    dial: (number) => message(number),
  },
  {
    name: 'extension',
    pattern: /^([0-9]{2,6})$/,
    dialled: '2 to 6 digits',
    explanation: 'An extension of 2 to 6 digits talks to that person.',
    dial: (extension, { directory }) => {
      const nodes = directory.resolve(extension);
      const [first] = nodes;
      if (!first) return undefined;
      return { kind: 'person', extension, nodes, sentence: `Talks to ${first.name} (${extension}).` };
    },
  },
  {
    name: 'bare-message',
    pattern: /^([0-9]{4,12})$/,
    dialled: '4 digits or more',
    explanation: 'A retrieval number that is nobody’s extension plays that message, without # too.',
    dial: (number, lookUp) => (lookUp.hasMessage(number) ? message(number) : undefined),
  },
];

/** What a dialled string does. Spaces, dots and dashes between digits are as good as none. */
export function dial(
  dialled: string,
  directory: Directory,
  hasMessage: (number: string) => boolean = () => false,
): Dialled {
  const digits = dialled.slice(0, MAX_DIALLED + 1).replace(/[\s.-]/g, '');
  if (digits === '')
    return { kind: 'nobody', ...localizedText('dial-empty', 'Dial an extension of 2 to 6 digits.') };
  for (const rule of DIAL_PLAN) {
    const matched = rule.pattern.exec(digits);
    const reached = matched && rule.dial(matched[1] ?? '', { directory, hasMessage });
    if (reached) return reached;
  }
  if (/^[0-9]{2,6}$/.test(digits)) {
    const sentence = `Nobody has extension ${digits}. Look in the list of people.`;
    return { kind: 'nobody', ...localizedText('dial-nobody', sentence, { extension: digits }) };
  }
  const plan = DIAL_PLAN.map((rule) => rule.explanation).join(' ');
  return { kind: 'nobody', ...localizedText('dial-unknown', `The dial plan has no such number. ${plan}`) };
}

/** The two texts of a row, for another language. */
export function phrasesOf({ name }: DialRule): { readonly pattern: Phrase; readonly explanation: Phrase } {
  const code = `plan-${name}` as const;
  return {
    pattern: { code, details: { part: 'pattern' } },
    explanation: { code, details: { part: 'explanation' } },
  };
}

function message(number: string): Dialled {
  return { kind: 'message', number, sentence: `Plays message #${number}.` };
}
