/** Sets a volume in percent. Resolves with whether the node accepted it. */
export type SetVolume = (percent: number) => Promise<boolean>;
