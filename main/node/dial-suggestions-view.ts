import type { DialMeant, DialPreview, DialRow } from '../../preload/api.ts';
import { DIAL_CODES } from '../model/index.ts';
import {
  phrasesOf,
  suggestDials,
  type DialRule,
  type DialSuggestion,
  type SuggestionFacts,
} from '../directory/index.ts';

/** A row of the dial plan as it is explained to a person. `lost`: a code that an admin chose and that is ignored. */
export function dialRowOf(rule: DialRule, lost?: string): DialRow {
  const { name, code } = rule;
  const { code: usualCode, isFixed = false } = DIAL_CODES[name];
  return {
    ...{ name, code, usualCode, isFixed, lostCode: lost ?? null },
    ...{ pattern: rule.dialled, explanation: rule.sentence, phrases: phrasesOf(rule) },
  };
}

/** What a string that is being typed may become, and what may be meant by it. */
export function suggestionsOf(
  typed: string,
  facts: SuggestionFacts,
): Pick<DialPreview, 'becomes' | 'suggests'> {
  const { becomes, suggests } = suggestDials(typed, facts);
  return { becomes: becomes.map(shown), suggests: suggests.map(shown) };
}

function shown(meant: DialSuggestion): DialMeant {
  const { dialled } = meant;
  return meant.kind === 'row'
    ? { dialled, name: null, row: dialRowOf(meant.rule) }
    : { dialled, name: meant.name, row: null };
}
