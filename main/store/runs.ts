import { RECORD_HEAD_BYTES } from './record.ts';

/** The most that one read spans. */
const RUN_BYTES = 256 * 1024;

/** Where a fragment's record lies in its message's file. */
export interface Place {
  readonly n: number;
  /** Offset of the record, bytes. */
  readonly from: number;
  /** Length of the fragment, bytes. */
  readonly length: number;
}

/** The offset after the record. */
export function endOf(place: Place): number {
  return place.from + RECORD_HEAD_BYTES + place.length;
}

/** Groups records that lie close together in the file, so that one read of bounded size covers each group. */
export function runsOf(places: readonly Place[]): Place[][] {
  const runs: Place[][] = [];
  for (const place of [...places].sort((a, b) => a.from - b.from)) {
    const run = runs[runs.length - 1];
    if (run && endOf(place) - run[0]!.from <= RUN_BYTES) run.push(place);
    else runs.push([place]);
  }
  return runs;
}
