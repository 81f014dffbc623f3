import type { TestContext } from 'node:test';
import { CorridorError } from '../model/index.ts';
import type { Captioner, LiveSpeech } from './speech.ts';

/** What a captioner said of a speech, and how it ended. */
export class Captions {
  readonly speech: LiveSpeech;
  readonly said: string[] = [];
  /** How often it ended. */
  ends = 0;
  /** The code of the error that it ended with; undefined: none. */
  readonly ended: Promise<string | undefined>;
  sentence = '';

  constructor(t: TestContext, captioner: Captioner) {
    let resolve: (code: string | undefined) => void = () => undefined;
    this.ended = new Promise((settled) => (resolve = settled));
    t.after(() => captioner.close());
    this.speech = captioner.listen({
      onPartial: (text) => this.said.push(`${text}…`),
      onPhrase: (text) => this.said.push(text),
      onEnd: (error) => {
        this.ends += 1;
        this.sentence = error instanceof Error ? error.message : '';
        resolve(error instanceof CorridorError ? error.code : (error as string | undefined));
      },
    });
  }

  /** Speaks silence, a tenth of a second at a time. */
  speak(seconds: number): void {
    for (let n = 0; n < seconds * 10; n++) this.speech.put(new Int16Array(4800));
  }
}
