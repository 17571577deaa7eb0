import js from '@eslint/js'
import { defineConfig, globalIgnores } from 'eslint/config'
import tseslint from 'typescript-eslint'

const nodeGlobals = [
  ...['process', 'console', 'Buffer', 'URL', 'AbortSignal', 'fetch', 'performance'],
  ...['setTimeout', 'clearTimeout', 'setImmediate', 'structuredClone'],
]

const browserGlobals = [
  ...['window', 'document', 'navigator', 'addEventListener', 'fetch'],
  ...['setTimeout', 'clearTimeout', 'HTMLInputElement', 'KeyboardEvent'],
  ...['AbortController', 'Event', 'FormData', 'DOMParser', 'location'],
  ...['PublicKeyCredential', 'atob', 'btoa'],
]

/** What browsers load as it stands. */
const browserScripts = [
  ...['src/pages/assets/*.js', 'src/factors/passkeys/assets/*.js'],
  ...['example-app/public/*.js', 'example-app/minimal/spa/public/*.js'],
]

const readonly = (names) => Object.fromEntries(names.map((name) => [name, 'readonly']))

export default defineConfig(
  // NestJS is not installed here; the test of adopters compiles this example.
  globalIgnores(['**/dist/', 'coverage/', 'example-app/minimal/nest/']),
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: {
        project: [
          ...['./test/tsconfig.json', './example-app/tsconfig.json'],
          './example-app/minimal/tsconfig.json',
        ],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // A field is left out of an object by naming it beside the rest.
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      // An empty text counts as absent wherever `||` is written.
      '@typescript-eslint/prefer-nullish-coalescing': [
        'error',
        { ignorePrimitives: { string: true } },
      ],
      // Express and express-session are told about users and sessions in this way only.
      '@typescript-eslint/no-namespace': ['error', { allowDeclarations: true }],
      '@typescript-eslint/no-empty-object-type': [
        'error',
        { allowInterfaces: 'with-single-extends' },
      ],
    },
  },
  {
    files: ['**/*.{js,mjs,cjs}'],
    ignores: browserScripts,
    languageOptions: {
      globals: readonly(nodeGlobals),
    },
  },
  {
    files: ['**/*.cjs'],
    languageOptions: { sourceType: 'commonjs' },
  },
  {
    files: browserScripts,
    languageOptions: { globals: readonly(browserGlobals) },
  },
)
