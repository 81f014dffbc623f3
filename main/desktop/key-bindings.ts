import type { Settings } from '../../preload/api.ts';
import { sameKey } from './key-name.ts';
import type { TalkTarget } from './talk-switch.ts';

/** The action of a key: a talk, or what is done once when it goes down. */
export type KeyAction = TalkTarget | DoneAtOnce;

/** `preset`: the place of a sentence at hand, from 1. */
export type DoneAtOnce =
  { readonly kind: 'play-next' } | { readonly kind: 'preset'; readonly preset: number };

export function isTalk(action: KeyAction): action is TalkTarget {
  return action.kind !== 'play-next' && action.kind !== 'preset';
}

export interface KeyBinding {
  readonly key: string;
  readonly action: KeyAction;
}

interface KeyBindings {
  readonly bindings: readonly KeyBinding[];
  /** Keys bound to several actions; each does only its first. */
  readonly twice: readonly string[];
}

export type KeySettings = Pick<
  Settings,
  'talkKey' | 'replyKey' | 'pageKey' | 'playNextKey' | 'personKeys' | 'presetKeys'
>;

/** The bindings of the settings, each key once. */
export function bindingsOf({
  talkKey,
  replyKey,
  pageKey,
  playNextKey,
  personKeys,
  presetKeys,
}: KeySettings): KeyBindings {
  const wanted: readonly (readonly [string | null, KeyAction])[] = [
    [talkKey, { kind: 'talk' }],
    [replyKey, { kind: 'reply' }],
    [pageKey, { kind: 'page' }],
    [playNextKey, { kind: 'play-next' }],
    ...personKeys.map(({ key, ...whose }) => [key, { kind: 'person', ...whose }] as const),
    ...presetKeys.map(({ key, preset }) => [key, { kind: 'preset', preset }] as const),
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
