import type { Check } from '../../preload/api.ts';
import { localizedText } from '../../i18n/index.ts';
import { fails, fine } from './health-check.ts';

/** Which computers have no room to keep messages for people who are away. */
export interface RoomFacts {
  /** The online ones, the switch first, then this one. */
  readonly full: readonly FullComputer[];
  /** Whether another one that is online has room. */
  readonly hasRoomElsewhere: boolean;
}

interface FullComputer {
  /** Its person; null: it is this computer. */
  readonly name: string | null;
  readonly isSwitch: boolean;
}

export function room({ full: [first, ...others], hasRoomElsewhere }: RoomFacts): Check {
  if (!first) {
    const sentence = 'The computers that are on have room to keep messages for people who are away.';
    return fine('room', localizedText('health-room', sentence));
  }
  const { name, isSwitch } = first;
  const details = { name, isSwitch, others: others.length, hasRoomElsewhere };
  const who = `${name === null ? 'This computer' : `${name}’s computer`}${isSwitch ? ', the switch,' : ''}`;
  const sentence = `${who} has no room on its disk to keep messages for people who are away. ${rest(others.length, hasRoomElsewhere)}`;
  return fails('room', localizedText('health-full', sentence, details), nextOf(name));
}

function rest(others: number, hasRoomElsewhere: boolean): string {
  if (!hasRoomElsewhere)
    return 'No other computer has room: what you say to them is kept on your computer alone.';
  const meanwhile = 'Other computers keep these messages meanwhile.';
  if (others === 0) return meanwhile;
  return `${others === 1 ? 'One more has none' : `${others} more have none`} either. ${meanwhile}`;
}

function nextOf(name: string | null) {
  if (name === null)
    return localizedText('next-storage', 'Free some disk space, or keep fewer messages in the settings.');
  return localizedText('next-room', `Ask ${name} to free some disk space on their computer.`, { name });
}
