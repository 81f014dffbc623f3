import type { Settings } from '../../preload/api.ts';
import { sameKey } from './key-name.ts';
import type { TalkTarget } from './talk-switch.ts';

/** The action of a key. */
export type KeyAction = TalkTarget | { readonly kind: 'play-next' };

export interface KeyBinding {
  readonly key: string;
  readonly action: KeyAction;
}

interface KeyBindings {
  readonly bindings: readonly KeyBinding[];
  /** Keys bound to several actions; each does only its first. */
  readonly twice: readonly string[];
}

export type KeySettings = Pick<Settings, 'talkKey' | 'replyKey' | 'pageKey' | 'playNextKey' | 'personKeys'>;

/** The bindings of the settings, each key once. */
export function bindingsOf({
  talkKey,
  replyKey,
  pageKey,
  playNextKey,
  personKeys,
}: KeySettings): KeyBindings {
  const wanted: readonly (readonly [string | null, KeyAction])[] = [
    [talkKey, { kind: 'talk' }],
    [replyKey, { kind: 'reply' }],
    [pageKey, { kind: 'page' }],
    [playNextKey, { kind: 'play-next' }],
    ...personKeys.map(({ key, ...whose }) => [key, { kind: 'person', ...whose }] as const),
  ];
  const taken = new Set<string>();
  const bindings: KeyBinding[] = [];
  const twice: string[] = [];
  for (const [key, action] of wanted) {
    if (key === null) continue;
    if (taken.has(sameKey(key))) twice.push(key);
    else bindings.push({ key, action });
    taken.add(sameKey(key));
  }
  return { bindings, twice };
}
