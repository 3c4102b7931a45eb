import { describe, expect, it } from 'vitest'
import { blameFor } from '../../../agent/run/blame.ts'

describe('whom an unknown points at', () => {
  it.each([
    ['unreachable', 'worked', true, 'candidate'],
    ['auth', 'failed', true, 'grader'],
    ['timeout', 'worked', false, 'room'],
    ['timeout', 'failed', false, 'room'],
    ['refused', undefined, true, 'undecidable'],
    ['refused', 'worked', null, 'undecidable'],
    ['identity', 'worked', true, 'candidate'],
    ['grader', 'worked', true, 'grader'],
    ['cancelled', 'worked', true, 'grader'],
    ['missing-tool', 'worked', true, 'undecidable'],
  ] as const)('%s, %s at preflight, control %s: %s', (cause, before, control, blame) => {
    expect(blameFor(cause, before, control)).toBe(blame)
  })
})
