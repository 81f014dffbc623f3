import type { HistoryPort } from '../messages/index.ts';
import { MAX_HISTORIES } from './profile-fields.ts';
import type { Profile } from './profile.ts';

/** Which nodes have told this computer what was said to its person before it was there: kept in the profile. */
export function historyIn(profile: Pick<Profile, 'settings' | 'note'>): HistoryPort {
  return {
    has: (node) => profile.settings.historyOf.includes(node),
    add: (node) => {
      const others = profile.settings.historyOf.filter((one) => one !== node);
      void profile.note({ historyOf: [...others, node].slice(-MAX_HISTORIES) });
    },
  };
}
