import { localizedText, type LocalizedText } from '../../i18n/index.ts';
import { CorridorError } from '../model/index.ts';

export const NO_NETWORK = localizedText(
  'no-network',
  'This computer is on no network now. What you say is kept here, and reaches your colleagues when the network is back.',
);

/** Why the network cannot be used yet. */
export function unusableNetwork(error: Error): LocalizedText {
  const phrase = error instanceof CorridorError ? error.phrase : null;
  if (phrase?.code === 'no-such-interface')
    return localizedText(
      'interface-gone',
      `${error.message} Corridor looks for it, and what you say is kept here.`,
      phrase.details,
    );
  return localizedText(
    'network-unusable',
    'This computer’s network cannot be used yet, and Corridor tries again by itself. What you say is kept here, and reaches your colleagues then.',
  );
}
