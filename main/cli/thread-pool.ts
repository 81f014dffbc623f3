/**
 * Imported before all else: libuv reads this when its pool is first used. Its four threads would be held by the disk and by
 * name look-ups while message keys wait to be opened.
 */
process.env['UV_THREADPOOL_SIZE'] ??= '8';
