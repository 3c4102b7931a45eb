import type { Text } from '../../checks/text.ts'

/** Why an agent can't work for a server at all: one sentence that says what to do. */
export class AgentFailure extends Error {
  override readonly name = 'AgentFailure'
  readonly text: Text

  constructor(text: Text) {
    super(text.en)
    this.text = text
  }
}

/** Why one work can't be done here: shown to the surveillant by the server. */
export class CannotDo extends Error {
  override readonly name = 'CannotDo'
  readonly text: Text

  constructor(text: Text) {
    super(text.en)
    this.text = text
  }
}
