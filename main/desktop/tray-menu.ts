import type { MenuItemConstructorOptions } from 'electron';
import type { Person, PresenceChoice, Status } from '../../preload/api.ts';
import { strings } from './strings.ts';

const MAX_PEOPLE = 30;

export interface TrayActions {
  playNext(): void;
  stopPlaying(): void;
  /** Clicked once it talks, until `stopTalking`: a menu cannot be held. */
  talkTo(extension: string): void;
  stopTalking(): void;
  setPresence(presence: PresenceChoice): void;
  open(): void;
  quit(): void;
}

/** The tray's menu. All of it works where a click on the icon itself does nothing. */
export function trayMenu(
  status: Status,
  people: readonly Person[],
  actions: TrayActions,
): MenuItemConstructorOptions[] {
  const presences = Object.entries(strings.presences) as [PresenceChoice, string][];
  const isMember = status.state === 'running';
  return [
    ...(status.talking
      ? [{ id: 'stop-talking', label: strings.stopTalking, click: actions.stopTalking }]
      : []),
    {
      id: 'play',
      label: strings.playUnheard(status.unheard),
      enabled: status.unheard > 0,
      click: actions.playNext,
    },
    ...(status.playing
      ? [{ id: 'stop-playing', label: strings.stopPlaying, click: actions.stopPlaying }]
      : []),
    {
      id: 'talk-to',
      label: strings.talkTo,
      enabled: isMember && !status.talking,
      submenu:
        people.length === 0
          ? [{ label: strings.nobody, enabled: false }]
          : people.slice(0, MAX_PEOPLE).map((person) => ({
              id: `talk-to-${person.extension}`,
              label: `${person.name} · ${person.extension}`,
              click: () => actions.talkTo(person.extension),
            })),
    },
    {
      id: 'presence',
      label: strings.presence,
      enabled: isMember,
      submenu: presences.map(([presence, label]) => ({
        id: `presence-${presence}`,
        label,
        type: 'radio' as const,
        checked: status.presence === presence,
        click: () => actions.setPresence(presence),
      })),
    },
    { type: 'separator' },
    { id: 'open', label: strings.open, click: actions.open },
    { id: 'quit', label: strings.quit, click: actions.quit },
  ];
}
