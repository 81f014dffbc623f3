import eslint from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import tseslint from 'typescript-eslint';
import { mayImport } from './scripts/may-import.mjs';

const PORTS_ONLY =
  'Take it as a port (main/model/ports.ts): a simulation runs this room in its own time, on its own disk.';
const OUTSIDE_GLOBALS = ['setTimeout', 'setInterval', 'setImmediate', 'performance', 'crypto'];
const OUTSIDE_MODULES = [
  'fs',
  'fs/promises',
  'dgram',
  'timers',
  'timers/promises',
  'perf_hooks',
  'os',
  'child_process',
];
const SOCKETS = ['net', 'tls'];
/** @param {readonly string[]} modules */
const portsOnly = (modules) => ({
  'no-restricted-globals': ['error', ...OUTSIDE_GLOBALS.map((name) => ({ name, message: PORTS_ONLY }))],
  'no-restricted-properties': [
    'error',
    { object: 'Date', property: 'now', message: PORTS_ONLY },
    { object: 'Math', property: 'random', message: PORTS_ONLY },
  ],
  'no-restricted-syntax': [
    'error',
    { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: PORTS_ONLY },
  ],
  'no-restricted-imports': [
    'error',
    {
      paths: [
        ...modules.flatMap((name) => [name, `node:${name}`]).map((name) => ({ name, message: PORTS_ONLY })),
        ...['crypto', 'node:crypto'].map((name) => ({
          name,
          importNames: [
            'randomBytes',
            'randomInt',
            'randomUUID',
            'randomFill',
            'getRandomValues',
            'webcrypto',
          ],
          message: PORTS_ONLY,
        })),
      ],
    },
  ],
});

export default tseslint.config(
  { ignores: ['dist', 'release', 'node_modules', 'test-results', '.cache'] },
  eslint.configs.recommended,
  {
    files: ['**/*.{ts,svelte}'],
    plugins: { corridor: { rules: { 'may-import': mayImport } } },
    rules: { 'corridor/may-import': 'error' },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: false },
      ],
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', package: 'node:test', name: ['describe', 'it', 'suite', 'test'] },
          ],
        },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // A rejected system call is an ErrnoException; the parameter is typed so that its code can be read.
      '@typescript-eslint/use-unknown-in-catch-callback-variable': 'off',
      // If an interface wants a promise, `async` turns a thrown error into a rejection.
      '@typescript-eslint/require-await': 'off',
      // Sample loops index typed arrays, whose length the compiler does not know; `!` states that the index is valid.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // An empty method implements an interface where nothing has to be done.
      '@typescript-eslint/no-empty-function': 'off',
    },
  },
  {
    files: ['main/**/*.ts'],
    // State machines are read as a whole.
    ignores: [
      ...['main/calls/call-machine.ts', 'main/media/worker-lifecycle.ts', 'main/office/freshness.ts'],
      '**/*.test.ts',
    ],
    rules: { 'max-lines': ['error', 300] },
  },
  {
    files: ['main/store/**/*.ts'],
    ignores: ['**/*.test.ts', '**/test-*.ts', '**/*.child.ts', '**/*.bench.ts'],
    rules: portsOnly(OUTSIDE_MODULES),
  },
  {
    // Discovery exists to reach the LAN, so it may use sockets and network interfaces.
    files: ['main/discovery/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: portsOnly(OUTSIDE_MODULES.filter((name) => !['dgram', 'os'].includes(name))),
  },
  {
    // They reach the network through ports too.
    files: ['main/messages/**/*.ts', 'main/office/**/*.ts'],
    ignores: ['**/*.test.ts', '**/test-*.ts'],
    rules: portsOnly([...OUTSIDE_MODULES, ...SOCKETS]),
  },
  {
    files: ['**/*.test.ts', '**/test-*.ts', 'test/**/*.ts'],
    ignores: ['test/support/temp-folder.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: ['fs', 'fs/promises'].map((name) => ({
            name: `node:${name}`,
            importNames: ['mkdtemp', 'mkdtempSync'],
            message: 'test/support/temp-folder makes one that is removed when the test’s process ends.',
          })),
        },
      ],
    },
  },
  {
    files: ['**/*.test.ts', 'test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/restrict-plus-operands': 'off',
    },
  },
  {
    files: ['scripts/**', '*.js'],
    languageOptions: { globals: globals.node },
  },
  {
    // svelte-check checks the types; these are the rules of the language and of the import table.
    files: ['**/*.svelte'],
    extends: [svelte.configs.recommended],
    languageOptions: { globals: globals.browser, parserOptions: { parser: tseslint.parser } },
  },
);
