/** A custom factor written against the port alone: a word that the person has chosen. */

import {
  html,
  isRefusal,
  isSameSecret,
  readField,
  refusal,
  type Fields,
  type FactorDefinition,
  type FactorPart,
  type PageBody,
  type PageModel,
  type SubjectState,
} from '../../src/factors/index.js'

declare module '../../src/core/refusal.js' {
  interface RefusalCodes {
    word_missing: true
  }
}

/** The factor's part of a user's row. */
interface WordPart extends FactorPart {
  readonly held: true
  readonly word: string
}

/** Asks for the word. */
interface WordPage {
  readonly name: 'word'
  readonly isEnrolled: boolean
  readonly passed: boolean
}

function wordIn(row: SubjectState): string | null {
  return (row.factors['word'] as WordPart | undefined)?.word ?? null
}

function wordPage(model: WordPage): PageBody<WordPage> {
  return {
    model,
    heading: ({ passed }) => (passed ? 'The word was right' : 'Say the word'),
    body: ({ mountPath, isEnrolled, code }: PageModel<WordPage>) => html`
      <form method="post" action="${mountPath}${isEnrolled ? '/verify' : '/word'}">
        <label for="word">Word</label>
        <input
          id="word"
          name="word"
          ${code === 'code_incorrect' ? html`aria-invalid="true"` : null}
        />
        <button>Say it</button>
      </form>
    `,
  }
}

/** Makes the factor. */
export function wordFactor<User>(): FactorDefinition<User> {
  const readWord = (fields: Fields) => {
    const field = readField(fields, 'word')
    return isRefusal(field) ? field : field.text.trim()
  }
  return {
    create: ({ clock, read }) => ({
      kind: 'word',
      method: 'word',
      amr: ['kba', 'mfa'],
      isGuessable: true,
      isPhishingResistant: false,
      async isAvailable(_user, row) {
        return wordIn(await row()) !== null
      },
      readEvidence: readWord,
      judge(row, _now, { evidence, purpose }) {
        const word = evidence as string
        const part: WordPart = { held: true, word }
        if (purpose === 'enrolment') return { status: 'right', part, proof: word.length }
        const expected = wordIn(row)
        if (expected === null) return refusal('word_missing')
        if (isSameSecret(expected, word)) return { status: 'right', part }
        const stays: WordPart = { held: true, word: expected }
        return { status: 'wrong', part: stays, refusal: refusal('code_incorrect') }
      },
      statuses: { word_missing: 409 },
      sentence: (code) => (code === 'word_missing' ? 'Choose a word first.' : undefined),
      pageNames: ['word'],
      page({ row, passed }) {
        const isEnrolled = wordIn(row) !== null
        const page = wordPage({ name: 'word', isEnrolled, passed })
        return Promise.resolve({ page, refusal: null })
      },
      routes: [
        {
          path: '/word',
          async submit({ subject, fields, grant }) {
            const row = await read(subject)
            const isFirst = row === null || wordIn(row) === null
            if (!isFirst && grant === null) return refusal('second_factor_required')
            const evidence = readWord(fields)
            if (isRefusal(evidence)) return evidence
            const json = (proof: unknown) => ({ status: 'enrolled', letters: proof, at: clock() })
            return { status: 'enrol', evidence, json, isFirst }
          },
        },
      ],
    }),
  }
}
