import { checkArguments, type NodeApi, type NodeEvent } from '../../preload/api.ts';
import { CorridorError } from '../../main/model/index.ts';

/** A node whose talk key can be pressed; it remembers whether the key is held. */
export class TalkingNode implements NodeApi {
  readonly listeners = new Set<(event: NodeEvent) => void>();
  /** The arguments of each method that it was asked for last. */
  readonly asked = new Map<string, unknown>();
  talking: string | null = null;
  /** The message as which the talk goes on after a recipient was removed. */
  goesOnAs: string | undefined;
  /** Every answer waits for this. */
  answersAfter: Promise<void> = Promise.resolve();
  pressed = 0;

  call: NodeApi['call'] = async (method, args) => {
    const checked = checkArguments(method, args);
    if (!checked.ok) throw new CorridorError('bad-arguments', checked.error, { phrase: null });
    this.asked.set(method, checked.args);
    if (method === 'talkPress') this.pressed += 1;
    await this.answersAfter;
    if (method === 'talkPress') {
      this.talking = `talk-${this.pressed}`;
      return { id: this.talking, to: '102', names: ['Bo'] } as never;
    }
    if (method === 'talkRelease') {
      const id = this.talking;
      this.talking = null;
      return { id } as never;
    }
    if (method === 'status')
      return {
        talking: this.talking && { id: this.goesOnAs ?? this.talking, pressed: this.talking },
      } as never;
    if (['people', 'groups', 'dialPlan'].includes(method)) return [] as never;
    return { extension: '101' } as never;
  };

  onEvent = (listener: (event: NodeEvent) => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
}
