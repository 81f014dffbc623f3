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
  | { readonly kind: 'nobody'; readonly sentence: string };

/** One row of the dial plan: which strings it takes, how it is explained, and what it does. */
export interface DialRule {
  readonly name: string;
  readonly pattern: RegExp;
  readonly explanation: string;
  readonly dial: (digits: string, directory: Directory) => Dialled;
}

/** The dial plan, first match first. Codes to come are further rows. */
export const DIAL_PLAN: readonly DialRule[] = [
  {
    name: 'message',
    pattern: /^#([0-9]{1,8})$/,
    explanation: '# and a retrieval number plays that message.',
    dial: (number) => ({ kind: 'message', number, sentence: `Plays message #${number}.` }),
  },
  {
    name: 'extension',
    pattern: /^([0-9]{2,6})$/,
    explanation: 'An extension of 2 to 6 digits talks to that person.',
    dial: (extension, directory) => {
      const nodes = directory.resolve(extension);
      const [first] = nodes;
      if (!first) {
        return { kind: 'nobody', sentence: `Nobody has extension ${extension}. Look in the list of people.` };
      }
      return { kind: 'person', extension, nodes, sentence: `Talks to ${first.name} (${extension}).` };
    },
  },
];

/** What a dialled string does. Spaces, dots and dashes between digits are as good as none. */
export function dial(dialled: string, directory: Directory): Dialled {
  const digits = dialled.slice(0, MAX_DIALLED + 1).replace(/[\s.-]/g, '');
  if (digits === '') return { kind: 'nobody', sentence: 'Dial an extension of 2 to 6 digits.' };
  for (const rule of DIAL_PLAN) {
    const matched = rule.pattern.exec(digits);
    if (matched) return rule.dial(matched[1] ?? '', directory);
  }
  const plan = DIAL_PLAN.map((rule) => rule.explanation).join(' ');
  return { kind: 'nobody', sentence: `The dial plan has no such number. ${plan}` };
}
