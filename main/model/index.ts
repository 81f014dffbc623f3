export * from './atomic-file.ts';
export * from './bytes.ts';
export * from './errors.ts';
export * from './ids.ts';
export * from './message.ts';
export * from './node-record.ts';
export * from './redact.ts';
export * from './signed.ts';
