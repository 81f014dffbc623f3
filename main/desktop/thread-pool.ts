/**
 * Imported before everything else, since libuv reads this when its pool is first used. With the default of four threads, disk and name
 * lookups would delay the unwrapping of message keys.
 */
process.env['UV_THREADPOOL_SIZE'] = '8';
